"""A widget of each chart library, each with a word that says how old it is: "first", and "later" after `change`."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from arro3.core import Array, DataType, Field, Schema, Table, fixed_size_list_array
from ipywidgets import Widget

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # some of them use their libraries as these were
    import altair
    import bqplot
    import ipycanvas
    import ipyleaflet
    import jscatter
    import lonboard
    from perspective.widget import PerspectiveWidget
    from plotly.graph_objects import FigureWidget, Scatter

RED, BLUE = "#ff0000", "#0000ff"


def _bars(word: str) -> Any:
    values = altair.Data(values=[{"a": "A", "b": 1}, {"a": "B", "b": 2}])
    return altair.Chart(values, title=word).mark_bar().encode(x="a:N", y="b:Q")


def _place(word: str) -> Table:
    """One point in the middle of its map."""
    places = fixed_size_list_array(Array.from_numpy(np.zeros(2)), 2)
    metadata = {"ARROW:extension:name": "geoarrow.point", "ARROW:extension:metadata": '{"crs": "OGC:CRS84"}'}
    fields = [Field("geometry", places.type, metadata=metadata), Field("word", DataType.string())]
    return Table.from_arrays([places, Array([word], DataType.string())], schema=Schema(fields))


class Charts:
    """All of them."""

    def __init__(self) -> None:
        self.figure = FigureWidget([Scatter(y=[1, 2, 3], name="first", showlegend=True)])
        self.altair = altair.JupyterChart(_bars("first"), embed_options={"renderer": "svg"})
        points = pd.DataFrame({"x": [1, 2, 3], "y": [1, 3, 2]})
        self.scatter = jscatter.Scatter(data=points, x="x", y="y", height=160)
        self.scatter.axes(labels=["first", "y"])
        self.table = PerspectiveWidget({"key": [1], "word": ["first"]}, index="key", settings=False)
        self.place = lonboard.ScatterplotLayer(_place("first"), radius_min_pixels=70)
        self.world = lonboard.Map(self.place, show_tooltip=True, height=160)
        scales = {"x": bqplot.LinearScale(), "y": bqplot.LinearScale()}
        self.lines = bqplot.Figure(marks=[bqplot.Lines(x=[0, 1], y=[0, 1], scales=scales)], title="first")
        self.map = ipyleaflet.Map(center=(52, 10), zoom=5, layout={"height": "160px"})
        self.map.add(ipyleaflet.Marker(location=(52, 10), alt="first"))
        self.canvas = ipycanvas.Canvas(width=20, height=20, layout={"width": "20px"})

    @property
    def widgets(self) -> dict[str, Widget]:
        """By the name to share it under."""
        return {
            "plotly": self.figure,
            "altair": self.altair,
            "jscatter": self.scatter.widget,
            "perspective": self.table,
            "lonboard": self.world,
            "bqplot": self.lines,
            "ipyleaflet": self.map,
            "ipycanvas": self.canvas,
        }

    def share(self, room: Any) -> None:
        """Share each, then draw."""
        for name, widget in self.widgets.items():
            room.share(widget, name=name)
        self._paint(RED)

    def change(self) -> None:
        """What the kernel changes while somebody looks."""
        self.figure.data[0].name = "later"
        self.figure.add_bar(y=[1, 1], name="added")
        self.altair.chart = _bars("later")
        self.scatter.axes(labels=["later", "y"])
        self.table.update({"key": [1], "word": ["later"]})
        self.place.table = _place("later")
        self.lines.title = "later"
        self.map.add(ipyleaflet.Marker(location=(52, 11), alt="later"))
        self.canvas.clear()
        self._paint(BLUE)

    def _paint(self, colour: str) -> None:
        self.canvas.fill_style = colour
        self.canvas.fill_rect(0, 0, 20)
