"""Altair's charts on a feed: the data has a name, and Vega gets other rows under it.

Its widget has a way for that, which VegaFusion uses: assignments to a trait that each page applies. A page that comes
later begins with the chart's text, so that holds the rows as well (see `kinds/charts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from ipywidgets import Widget

from cowidget.errors import ShareError

DATA = "cowidget"
EVENTS = frozenset({"_py_to_js_updates"})


def altair_widget(chart: Any, mapping: Mapping[Any, Any] | None) -> tuple[Widget, Callable[[Mapping[str, Any]], None]]:
    """The chart's widget, and what shows rows in it.

    Args:
        chart: a chart, or its JupyterChart.
        mapping: the names that the chart has for columns; default: the columns' own, and `t`.

    Raises:
        ShareError: the mapping is none of names.
    """
    if mapping is not None and not all(isinstance(name, str) for pair in mapping.items() for name in pair):
        raise ShareError('The mapping of an Altair chart is from its names to columns: {"time": "t", "y": "price"}.')
    altair = import_module("altair")
    plain = chart.chart if isinstance(chart, altair.JupyterChart) else chart
    widget = _bound_class()(plain.properties(data=altair.NamedData(DATA)))

    def show(rows: Mapping[str, Any]) -> None:
        names = mapping if mapping is not None else {name: name for name in rows}
        if unknown := [column for column in names.values() if column not in rows]:
            raise ShareError(f"There is no column {unknown[0]!r}. There are: {', '.join(rows)}.")
        columns = {name: _values(column, rows[column]) for name, column in names.items()}
        widget._rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        widget._py_to_js_updates = [{"namespace": "data", "name": DATA, "scope": [], "value": widget._rows}]

    return widget, show


def spec_now(widget: Widget) -> Mapping[str, Any]:
    """What a page begins with: the chart with the rows that it shows now."""
    spec = widget.spec
    return {"spec": None if spec is None else {**spec, "datasets": {**spec.get("datasets", {}), DATA: widget._rows}}}


@cache
def _bound_class() -> Any:
    # A class of ours, so that the room knows what its pages begin with.
    base = import_module("altair").JupyterChart
    return type("BoundJupyterChart", (base,), {"__module__": __name__, "_rows": []})


def _values(column: str, values: Any) -> list[Any]:
    if column == "t":
        return list(np.round(np.asarray(values) * 1000.0, 3).tolist())
    if isinstance(values, list):
        return values
    # JSON has no NaN; Vega leaves out what is null.
    return [None if value != value else value for value in np.asarray(values).tolist()]
