"""Widgets that an `Output` shows. It names them by their bare ids; a room names them as all other values do."""

from __future__ import annotations

from typing import Any

from ipywidgets import Output, Widget

from cowidget.widgets.values import CLASSIC, VIEW

# Where in an output its widget is named.
_PLACE = f".data.{VIEW}.model_id"


def referring(widget: Widget, trait: str, value: Any) -> Any:
    """The trait's plain value, with references where it shows widgets."""
    return [_referring(output) for output in value] if trait == "outputs" and isinstance(widget, Output) else value


def step(place: str) -> str:
    """A reference's place in a value, as a part of a path: "outputs.0" for the widget that the first output shows."""
    return place.removesuffix(_PLACE)


def _referring(output: Any) -> Any:
    match output:
        case {"data": {**data}} if VIEW in data:
            return {**output, "data": {**data, VIEW: _named(data[VIEW])}}
    return output


def _named(view: Any) -> Any:
    match view:
        case {"model_id": str(identity)}:
            return {**view, "model_id": CLASSIC + identity}
    return view
