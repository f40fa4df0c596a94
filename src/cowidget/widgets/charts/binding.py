"""People's own charts, fed by a feed: the newest rows, as many as a screen shows, some times a second.

This runs in the kernel, so it stands still while a cell holds it up for long; charts of ours don't.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from ipywidgets import Widget
from numpy.typing import NDArray

from cowidget.client.link import link_thread
from cowidget.errors import ShareError
from cowidget.widgets.charts.bound_altair import altair_widget
from cowidget.widgets.charts.bound_plotly import plotly_widget
from cowidget.widgets.feeds.feed import Feed
from cowidget.widgets.feeds.spans import Amount
from cowidget.widgets.kinds.kind import named
from cowidget.widgets.main_thread import MainThread, Once
from cowidget.widgets.tee import LOCK

_log = logging.getLogger("cowidget")

# Seconds. Vega and plotly draw a few thousand points in some 20 ms: more often, and a page does little else.
INTERVAL = 0.1
# A screen has about as many columns of pixels; each shows a lowest and a highest value.
MAX_POINTS = 2000
# What is looked at for them, when the chart shows everything.
MAX_ROWS = 200_000
# Seconds that the main thread has, before a worker beside it does what is to be done.
GRACE = 0.5

Rows = Mapping[str, Any]
"""Columns by name, the time as `t`: arrays, or lists of texts."""
Mapped = Mapping[Any, Any] | None


class Tail(Protocol):
    """What has newest rows: a feed, or one that is derived."""

    def tail(self, rows: int | None = None, seconds: float | None = None) -> Rows:
        """The newest rows."""
        ...


def bound(source: Tail, feed: Feed, thing: Any, mapping: Mapped, much: Amount) -> Widget:
    """A widget that shows the newest rows in somebody's own chart, until it is closed.

    Raises:
        ShareError: it is no chart that can be fed, or the mapping does not fit it; says what to do.
    """
    names = {named(base) for base in type(thing).__mro__}
    for name, make in _MAKERS.items():
        if name in names:
            widget, show = make(thing, mapping)
            _Follower(widget, show, lambda: _newest(source, much), feed).begin()
            return widget
    raise ShareError(
        f"{type(thing).__name__} cannot be fed. bind() takes a chart of Altair or a figure of plotly; a picture of "
        "matplotlib is shared by itself, and drawn anew whenever it changes."
    )


_MAKERS: Mapping[str, Callable[[Any, Mapped], tuple[Widget, Callable[[Rows], None]]]] = {
    "altair:TopLevelMixin": altair_widget,
    "altair:JupyterChart": altair_widget,
    "plotly:BaseFigure": plotly_widget,
}


class _Follower:
    """Shows rows in a widget, as long as that is open. The feed keeps it alive, and it does not keep the widget."""

    def __init__(self, widget: Widget, show: Callable[[Rows], None], read: Callable[[], Rows], feed: Feed) -> None:
        self._find_widget = weakref.ref(widget)
        self._show = show
        self._read = read
        self._thread = link_thread()
        self._main = MainThread(self._thread)
        self._scheduled = False
        self._unlisten: Callable[[], None] = lambda: None
        self._feed = feed

    def begin(self) -> None:
        """Show what is there, and what comes."""
        self._draw()
        self._unlisten = self._feed.listen(lambda block: self._hear())

    # The link's thread.

    def _hear(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            once = Once(self._act)
            self._thread.loop.call_later(INTERVAL, self._main.call, once)
            self._thread.loop.call_later(INTERVAL + GRACE, self._thread.apply, once)

    # The main thread, or the worker beside it.

    def _act(self) -> None:
        self._scheduled = False
        widget = self._find_widget()
        if widget is None or widget.comm is None:
            self._unlisten()
            return
        try:
            self._draw()
        except Exception:  # noqa: BLE001 - the user's chart; the feed goes on
            _log.exception("%s cannot show the newest rows", type(widget).__name__)

    def _draw(self) -> None:
        rows = self._read()
        with LOCK:
            self._show(rows)


def _newest(source: Tail, much: Amount) -> Rows:
    return thinned(source.tail(rows=much.rows or MAX_ROWS, seconds=much.seconds or None))


def thinned(rows: Rows, most: int = MAX_POINTS) -> Rows:
    """At most about so many of the rows: of each stretch those with the lowest and the highest value of a column."""
    count = len(rows["t"])
    if count <= most:
        return rows
    numbers = [np.asarray(values) for name, values in rows.items() if name != "t" and not isinstance(values, list)]
    kept = _extremes(numbers, count, most) if numbers else np.linspace(0, count - 1, most).astype(np.int64)
    return {name: _taken(values, kept) for name, values in rows.items()}


def _extremes(columns: list[NDArray[Any]], count: int, most: int) -> NDArray[np.int64]:
    stretches = max(most // (2 * len(columns)), 1)
    size = -(-count // stretches)
    found = [np.array([0, count - 1])]
    for column in columns:
        # The last stretch is filled up with its last value.
        padded = np.pad(column.astype(np.float64), (0, -count % size), mode="edge").reshape(-1, size)
        begins = np.arange(len(padded)) * size
        found.append(begins + np.where(np.isnan(padded), np.inf, padded).argmin(axis=1))
        found.append(begins + np.where(np.isnan(padded), -np.inf, padded).argmax(axis=1))
    return np.unique(np.minimum(np.concatenate(found), count - 1))


def _taken(values: Any, kept: NDArray[np.int64]) -> Any:
    return [values[at] for at in kept] if isinstance(values, list) else np.asarray(values)[kept]
