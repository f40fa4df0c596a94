"""Plotly's figures on a feed: each trace gets the columns that it is mapped to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from ipywidgets import Widget

from cowidget.errors import ShareError

_HOW = 'The mapping of a figure is from traces to columns: {0: ("t", "price")} or {0: {"x": "t", "close": "price"}}.'


def plotly_widget(figure: Any, mapping: Mapping[Any, Any] | None) -> tuple[Widget, Callable[[Mapping[str, Any]], None]]:
    """The figure's widget, and what shows rows in it.

    Args:
        figure: a figure, or its FigureWidget.
        mapping: for a trace, its number or name, the columns of x and y, or of any of its properties. Default: the
            traces get the columns of numbers, in their order, over the time.

    Raises:
        ShareError: the mapping names a trace that there is not.
    """
    graph = import_module("plotly.graph_objects")
    widget = figure if isinstance(figure, graph.FigureWidget) else graph.FigureWidget(figure)
    if not widget.data:
        raise ShareError("This figure has no trace yet. Add one without data: fig.add_scatter(mode='lines').")
    chosen = None if mapping is None else {_trace(widget, name): _columns(columns) for name, columns in mapping.items()}

    def show(rows: Mapping[str, Any]) -> None:
        fed = chosen if chosen is not None else _in_order(widget, rows)
        with widget.batch_update():
            for at, columns in fed.items():
                for attribute, column in columns.items():
                    widget.data[at][attribute] = _values(rows, column)

    return widget, show


def _trace(widget: Any, name: Any) -> int:
    names = [trace.name for trace in widget.data]
    at = names.index(name) if isinstance(name, str) and name in names else name
    if not isinstance(at, int) or not 0 <= at < len(names):
        raise ShareError(f"This figure has no trace {name!r}; it has {len(names)}. {_HOW}")
    return at


def _columns(columns: Any) -> Mapping[str, str]:
    match columns:
        case (str(x), str(y)):
            return {"x": x, "y": y}
        case dict() if columns and all(isinstance(name, str) for pair in columns.items() for name in pair):
            return columns
    raise ShareError(_HOW)


def _in_order(widget: Any, rows: Mapping[str, Any]) -> Mapping[int, Mapping[str, str]]:
    numbers: Sequence[str] = [name for name, values in rows.items() if name != "t" and not isinstance(values, list)]
    return {at: {"x": "t", "y": name} for at, name in enumerate(numbers[: len(widget.data)])}


def _values(rows: Mapping[str, Any], column: str) -> Any:
    if column not in rows:
        raise ShareError(f"There is no column {column!r}. There are: {', '.join(rows)}.")
    if column != "t":
        return rows[column]
    # Plotly takes a time without a zone as it is; on the wire and in its axis it is UTC.
    return (np.asarray(rows["t"]) * 1e6).astype("datetime64[us]").astype("datetime64[ms]")
