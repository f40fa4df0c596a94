"""Plotly's FigureWidget: it speaks in messages that it assigns to traits, and keeps the figure elsewhere.

`_py2js_relayout` and the like are set and at once set to None: each assignment is an event. The traits that a
page begins with, `_widget_data` and `_widget_layout`, hold the figure as it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import Widget

EVENTS = frozenset(
    f"_py2js_{name}"
    for name in (
        "addTraces",
        "animate",
        "deleteTraces",
        "moveTraces",
        "relayout",
        "removeLayoutProps",
        "removeTraceProps",
        "restyle",
        "update",
    )
)

# What a page reports of itself: its defaults, zooms and clicks, and the number of the message that it answers.
# With several pages these are several answers to one question.
REPORTS = frozenset(
    {
        "_js2py_layoutDelta",
        "_js2py_pointsCallback",
        "_js2py_relayout",
        "_js2py_restyle",
        "_js2py_traceDeltas",
        "_js2py_update",
        "_last_layout_edit_id",
        "_last_trace_edit_id",
    }
)


def figure_now(figure: Widget) -> Mapping[str, Any]:
    """What a page begins with, from the figure as it is now."""
    # A page of JupyterLab reports what it drew as defaults, and what is among these leaves the figure's own
    # properties [plotly 7.1: the `y` of a trace, once it was assigned]. The two together are the trace.
    traces = [_merged(defaults, trace) for defaults, trace in zip(figure._data_defaults, figure._data, strict=True)]
    return {
        name: figure.trait_metadata(name, "to_json")(value, figure)
        for name, value in (("_widget_data", traces), ("_widget_layout", figure._layout))
    }


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
