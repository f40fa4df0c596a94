"""Charts of libraries that have a widget for them, too: the chart becomes that widget.

Their rich repr loads a library from the network, which guests' pages do not; the widgets are known offline.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ipywidgets import Widget

from cowidget.widgets.kinds.kind import named
from cowidget.widgets.objects.moments import Moments


class Chart:
    """A library's widget made from a chart, and kept in step with it while the chart lives."""

    def __init__(self, thing: Any, make: Callable[[Any], Widget]) -> None:
        self._find_thing = weakref.ref(thing)
        self._shown = make(thing)
        self._state = _state(thing)
        self._moments = Moments(self._renew)

    @property
    def _thing(self) -> Any:
        return self._find_thing()

    def _begin(self) -> None:
        self._renew()

    def _renew(self) -> None:
        thing = self._thing
        if thing is not None and (state := _state(thing)) != self._state:
            self._state = state
            _redraw(self._shown, thing)

    def close(self) -> None:
        """Undo every hook, and close the widget."""
        self._moments.close()
        self._shown.close()


def maker_for(thing: Any) -> Callable[[Any], Widget] | None:
    """What makes a chart's widget, or None if it is no such chart."""
    names = {named(base) for base in type(thing).__mro__}
    return next((make for name, make in _MAKERS.items() if name in names), None)


def _of_plotly(figure: Any) -> Widget:
    return import_module("plotly.graph_objects").FigureWidget(figure)


def _of_altair(chart: Any) -> Widget:
    return import_module("altair").JupyterChart(chart)


_MAKERS: dict[str, Callable[[Any], Widget]] = {"plotly:BaseFigure": _of_plotly, "altair:TopLevelMixin": _of_altair}


def _state(chart: Any) -> Any:
    # Altair's charts are values: what changes one makes another.
    return chart.to_json() if hasattr(chart, "add_traces") else None


def _redraw(widget: Any, figure: Any) -> None:
    with widget.batch_update():
        widget.data = ()
        widget.add_traces(figure.data)
        widget.layout = figure.layout
