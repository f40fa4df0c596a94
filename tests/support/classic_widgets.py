"""A notebook full of ipywidgets, by the names that they are shared under, and three packages built on them."""

from __future__ import annotations

import base64
from typing import Any

import ipywidgets
from ipywidgets import Widget

_OPTIONS = {"options": ["a", "b", "c"]}
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADklEQVR4nGM4IWcBRAAJqAJhHnXK5AAAAABJRU5ErkJggg=="
)


class Desk:
    """Every kind of control; what has no value to look at has an attribute here."""

    def __init__(self) -> None:
        self.clicks = 0
        self.widgets: dict[str, Widget] = {**_controls(), **_containers()}
        self.widgets["button"].on_click(self._count)
        self._links = _linked(self.widgets)

    def __getitem__(self, name: str) -> Any:
        return self.widgets[name]

    def _count(self, _button: Widget) -> None:
        self.clicks += 1
        self["clicks"].value = f"{self.clicks} clicks"


def _controls() -> dict[str, Widget]:
    return {
        "slider": ipywidgets.IntSlider(description="slider"),
        "dragged": ipywidgets.FloatSlider(max=10.0),
        "range": ipywidgets.IntRangeSlider(value=(20, 60)),
        "progress": ipywidgets.IntProgress(),
        "number": ipywidgets.BoundedIntText(),
        "text": ipywidgets.Text(),
        "textarea": ipywidgets.Textarea(),
        "password": ipywidgets.Password(),
        "combobox": ipywidgets.Combobox(options=["ada", "bob"]),
        "checkbox": ipywidgets.Checkbox(),
        "toggle": ipywidgets.ToggleButton(description="toggle"),
        "toggles": ipywidgets.ToggleButtons(**_OPTIONS),
        "radio": ipywidgets.RadioButtons(**_OPTIONS),
        "dropdown": ipywidgets.Dropdown(**_OPTIONS),
        "select": ipywidgets.Select(**_OPTIONS),
        "several": ipywidgets.SelectMultiple(**_OPTIONS),
        "steps": ipywidgets.SelectionSlider(**_OPTIONS),
        "date": ipywidgets.DatePicker(),
        "time": ipywidgets.TimePicker(),
        "color": ipywidgets.ColorPicker(value="black"),
        "tags": ipywidgets.TagsInput(value=["one"]),
        "upload": ipywidgets.FileUpload(),
        "play": ipywidgets.Play(interval=20, max=1000),
        "valid": ipywidgets.Valid(),
        "button": ipywidgets.Button(description="press"),
        "clicks": ipywidgets.Label("0 clicks"),
        "html": ipywidgets.HTML("<em>before</em>"),
        "image": ipywidgets.Image(value=_PNG, width=20, height=10),
        "output": ipywidgets.Output(),
    }


def _containers() -> dict[str, Widget]:
    pages = {"titles": ["One", "Two"]}
    return {
        "tab": ipywidgets.Tab([ipywidgets.Label("first"), ipywidgets.Label("second")], **pages),
        "accordion": ipywidgets.Accordion([ipywidgets.Label("first"), ipywidgets.Label("second")], **pages),
        "box": ipywidgets.VBox([ipywidgets.IntSlider(), ipywidgets.Label("stays")]),
        "source": ipywidgets.IntSlider(),
        "target": ipywidgets.IntText(),
    }


def _linked(widgets: dict[str, Widget]) -> Widget:
    return ipywidgets.jslink((widgets["source"], "value"), (widgets["target"], "value"))


def figure() -> Any:
    """A line of bqplot, and a brush over it."""
    import bqplot

    scales = {"x": bqplot.LinearScale(), "y": bqplot.LinearScale()}
    line = bqplot.Lines(x=[0.0, 1.0, 2.0], y=[1.0, 3.0, 2.0], scales=scales)
    brush = bqplot.interacts.BrushIntervalSelector(scale=scales["x"], marks=[line])
    axes = [bqplot.Axis(scale=scales["x"]), bqplot.Axis(scale=scales["y"], orientation="vertical")]
    return bqplot.Figure(marks=[line], axes=axes, title="waves", interaction=brush)


def geography() -> Any:
    """A map with a marker on it, which can be moved."""
    import ipyleaflet

    chart = ipyleaflet.Map(center=(48.0, 16.0), zoom=5)
    chart.add(ipyleaflet.Marker(location=(48.0, 16.0)))
    return chart


def canvas() -> Any:
    """A canvas. What is drawn before it is shared nobody keeps: neither does JupyterLab for views that come later."""
    import ipycanvas

    return ipycanvas.Canvas(width=100, height=100)
