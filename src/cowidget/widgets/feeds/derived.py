"""Feeds made of a feed: bars, one row for each span, moving values. Each viewer computes them from the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, get_args

import numpy as np

from cowidget.core.columns import Values
from cowidget.errors import FeedError
from cowidget.widgets.charts.drawing import Drawable
from cowidget.widgets.charts.options import ChartOptions
from cowidget.widgets.feeds import reading, windows
from cowidget.widgets.feeds.reading import Table
from cowidget.widgets.feeds.schema import TIME
from cowidget.widgets.feeds.spans import Span, seconds

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed


class Derived(Drawable):
    """What a chart draws instead of a feed's own rows.

    Attributes:
        feed: whose rows it is made of.
        transform: how, as charts are told.
        column: which of the feed's columns it is made of; empty for bars, which have several.
    """

    def __init__(self, feed: Feed, transform: Mapping[str, Any], column: str = "") -> None:
        self.feed = feed
        self.transform = dict(transform)
        self.column = column
        self._begun: Callable[[], ChartOptions] = ChartOptions

    def begun_as(self, begun: Callable[[], ChartOptions]) -> Self:
        """Let charts of it begin as `begun` says; returns itself."""
        self._begun = begun
        return self

    def __repr__(self) -> str:
        how = ", ".join(f"{name}={value!r}" for name, value in self.transform.items() if name != "op")
        return f"<{self.transform['op']} of {self.feed.name}: {how}>"

    def tail(self, rows: int | None = None, seconds: float | None = None) -> Table:
        """The newest rows of it, as columns by name."""
        made = self._made()
        start = max(len(made[TIME]) - rows, 0) if rows is not None else 0
        if seconds is not None and len(made[TIME]):
            times = np.asarray(made[TIME])
            start = max(start, int(np.searchsorted(times, times[-1] - seconds)))
        return {name: values[start:] for name, values in made.items()}

    def to_pandas(self) -> Any:
        """All of it, as a DataFrame with its times as index."""
        return reading.to_pandas(self._made())

    def to_arrow(self) -> Any:
        """All of it, as a table of pyarrow."""
        return reading.to_arrow(self._made())

    def save(self, path: str | Path) -> None:
        """Write all of it into a file: .csv, .arrow or .parquet."""
        reading.save(self._made(), path)

    def _of_feed(self) -> Feed:
        return self.feed

    def _transform(self) -> Mapping[str, Any]:
        return self.transform

    def _begun_as(self) -> ChartOptions:
        return self._begun()

    def _made(self) -> Table:
        rows = self.feed._table()
        time, how = _numbers(rows, TIME), self.transform
        match how["op"]:
            case "ohlc":
                volume = how.get("volume")
                amounts = _numbers(rows, volume) if volume else None
                return dict(windows.bars(time, _numbers(rows, how["price"]), amounts, how["every"]))
            case "resample":
                times, values = windows.resampled(time, _numbers(rows, self.column), how["every"], how["how"])
                return {TIME: times, self.column: values}
            case _:
                return {
                    TIME: time,
                    self.column: windows.rolling(time, _numbers(rows, self.column), how["span"], how["how"]),
                }


class Rolling:
    """A window that moves along with the rows; say what of it: `feed.rolling("30s").mean("price")`."""

    def __init__(self, feed: Feed, span: Span) -> None:
        self._feed = feed
        self._span = _span(span, "span")
        self._begun: Callable[[], ChartOptions] = ChartOptions

    def begun_as(self, begun: Callable[[], ChartOptions]) -> Self:
        """Let charts of what is made of it begin as `begun` says; returns itself."""
        self._begun = begun
        return self

    def mean(self, column: str | None = None) -> Derived:
        """The mean of the values in the window."""
        return self._derived("mean", column)

    def min(self, column: str | None = None) -> Derived:
        """The least of them."""
        return self._derived("min", column)

    def max(self, column: str | None = None) -> Derived:
        """The greatest of them."""
        return self._derived("max", column)

    def sum(self, column: str | None = None) -> Derived:
        """Their sum."""
        return self._derived("sum", column)

    def std(self, column: str | None = None) -> Derived:
        """Their standard deviation, as of a sample."""
        return self._derived("std", column)

    def _derived(self, how: str, column: str | None) -> Derived:
        transform = {"op": "rolling", "span": self._span, "how": how}
        return Derived(self._feed, transform, chosen(self._feed, column)).begun_as(self._begun)


def ohlc(feed: Feed, every: Span, price: str | None, volume: str | None) -> Derived:
    """Bars of a feed; see `Feed.ohlc`."""
    transform = {"op": "ohlc", "every": _span(every, "every"), "price": chosen(feed, price)}
    return Derived(feed, transform | {"volume": chosen(feed, volume) if volume is not None else None})


def resample(feed: Feed, every: Span, how: str, columns: Mapping[str, str]) -> Derived:
    """One row of a feed for each span; see `Feed.resample`."""
    if len(columns) > 1:
        raise FeedError("resample() makes one column at a time: feed.resample('1s', price='last').")
    column, how = next(iter(columns.items())) if columns else (None, how)
    if how not in get_args(windows.Resampling):
        raise FeedError(f"{how!r} is none of: {', '.join(get_args(windows.Resampling))}.")
    return Derived(feed, {"op": "resample", "every": _span(every, "every"), "how": how}, chosen(feed, column))


def chosen(feed: Feed, column: str | None) -> str:
    """A column of numbers by its name; None: the first.

    Raises:
        FeedError: there is no such column.
    """
    known = {each.name: each.type for each in feed.columns}
    if column is None:
        column = next((name for name, kind in known.items() if kind != "text"), None)
        if column is None:
            raise FeedError(f"{feed.name} has no column of numbers yet; name the one that it will have.")
    if known and column not in known:
        raise FeedError(f"{feed.name} has no column {column!r}; it has {', '.join(known)}.")
    if known.get(column) == "text":
        raise FeedError(f"{column} holds text; take a column of numbers.")
    return column


def _span(span: Span, what: str) -> float:
    length = seconds(span, what)
    if not length:
        raise FeedError(f"{what}={span!r} is no span of time. Write for example '1s' or '5m'.")
    return length


def _numbers(rows: Mapping[str, Values], name: str) -> windows.Floats:
    if name not in rows:
        raise FeedError(f"There is no column {name!r}; there are {', '.join(rows)}.")
    return np.asarray(rows[name], np.float64)
