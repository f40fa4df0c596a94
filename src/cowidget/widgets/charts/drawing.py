"""What feeds, derived feeds and charts have in common: `.line()`, `.candles()` and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack, cast

from ipywidgets import Widget

from cowidget.errors import ShareError
from cowidget.widgets.charts.options import ChartOptions
from cowidget.widgets.charts.series import EVERY_COLUMN, Look, Series, SeriesKind, checked_look
from cowidget.widgets.feeds.spans import Amount, Span, amount

if TYPE_CHECKING:
    from cowidget.widgets.charts.chart import Chart
    from cowidget.widgets.feeds.feed import Feed

_CANDLE = ("open", "high", "low", "close")
_NUMBERS = frozenset({"number", "single", "integer"})
# What also shows words: their axis has them in place of numbers.
_FOR_WORDS = frozenset({"step", "scatter", "value"})


class LookAndOptions(Look, ChartOptions, total=False):
    """How a series looks, and how its chart begins."""


class Drawable:
    """Something with columns that a chart can draw. Each method makes a chart; `|` puts two into one.

    All of them take how the series looks (see `Look`) and how the chart begins (see `ChartOptions`); what is made of
    a chart begins as that one does, with its window, title, zone and axes.
    """

    __slots__ = ()

    def line(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """Lines, one for each of these columns; without any, for each column of numbers."""
        return self._chart("line", columns, look)

    def step(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """Steps: a value holds until the next one. For scores, counters, and states, also those in words."""
        return self._chart("step", columns, look)

    def area(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """Lines with the area below them filled."""
        return self._chart("area", columns, look)

    def bar(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """A bar for each row; of many rows, say with `resample` what a bar is to hold."""
        return self._chart("bar", columns, look)

    def scatter(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """A dot for each row."""
        return self._chart("scatter", columns, look)

    def gauge(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """The newest value on a scale; `min` and `max` are its ends."""
        return self._chart("gauge", columns, look)

    def spark(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """Small lines without axes, each with its newest value."""
        return self._chart("spark", columns, look)

    def value(self, *columns: str, **look: Unpack[LookAndOptions]) -> Chart:
        """The newest value as a number."""
        return self._chart("value", columns, look)

    def candles(self, **options: Any) -> Chart:
        """Candles with their volume: of `ohlc(...)`, or of a feed with the columns open, high, low and close.

        Args:
            options: `open`, `high`, `low`, `close`, `volume`: other names of these columns (`volume=None`: without
                it); how they look, and how the chart begins.

        Raises:
            ShareError: a column is not there.
        """
        names = {part: options.pop(part, part) for part in (*_CANDLE, "volume")}
        look, begun = self._parted(options)
        return _made([self._candles(names, look)], begun)

    def bind(self, chart: Any, mapping: Mapping[Any, Any] | None = None, window: Span | None = None) -> Widget:
        """Feed somebody's own chart: the newest rows, ten times a second at most. Display or share what it returns.

            ticks.bind(alt.Chart().mark_line().encode(x="t:T", y="price:Q"))
            ticks.bind(fig, {0: ("t", "price")})

        Args:
            chart: one of Altair, or a figure of plotly.
            mapping: Altair: the chart's own names for columns, `{"time": "t"}`. Plotly: a trace's columns,
                `{0: ("t", "price")}` or `{0: {"x": "t", "open": "open", …}}`.
            window: how much is shown, "5m" or a number of rows; default: what a chart of ours shows, else all. Of
                more than 2,000 rows, the lowest and highest are shown.

        Raises:
            ShareError: it is no such chart, or the mapping does not fit it; says what to do.
        """
        from cowidget.widgets.charts.binding import bound  # it needs feeds, which are drawable themselves

        much = self._shown() if window is None else amount(window, "window")
        return bound(self._rows_of(), self._of_feed(), chart, mapping, much)

    # For the classes that have these methods.

    def _shown(self) -> Amount:
        return Amount()

    def _begun_as(self) -> ChartOptions:
        """How charts of it begin, where nobody says another thing."""
        return ChartOptions()

    def _rows_of(self) -> Any:
        """What has the newest rows."""
        return self

    def _of_feed(self) -> Feed:
        raise NotImplementedError

    def _transform(self) -> Mapping[str, Any] | None:
        return None

    def _drawn_columns(self) -> Sequence[str]:
        """What is drawn when nobody has said it."""
        transform = self._transform()
        if transform is None:
            return (EVERY_COLUMN,)
        if transform["op"] == "ohlc":
            return ("close",)
        own = getattr(self, "column", None)
        return (str(own),) if own else (EVERY_COLUMN,)

    def _known_columns(self) -> Sequence[str] | None:
        """The columns that there are; None if nobody knows yet."""
        transform, feed = self._transform(), self._of_feed()
        if transform is not None and transform["op"] == "ohlc":
            return (*_CANDLE, "volume") if transform.get("volume") else _CANDLE
        return [column.name for column in feed.columns if column.type in _NUMBERS] or None

    def _drawn_by_itself(self) -> Sequence[Series]:
        """What a chart shows when nobody has said how."""
        transform = self._transform()
        if transform is not None and transform["op"] == "ohlc":
            return [self._candles({part: part for part in (*_CANDLE, "volume")}, Look())]
        return self._series("line", self._drawn_columns(), Look())

    # Making.

    def _chart(self, kind: SeriesKind, columns: Sequence[str], options: LookAndOptions) -> Chart:
        look, begun = self._parted(options)
        if "label" in look and len(columns) > 1:
            raise ShareError("label= is for one column; draw each with its own and put them together with |.")
        return _made(self._series(kind, columns or self._drawn_columns(), look), begun)

    def _parted(self, options: Mapping[str, Any]) -> tuple[Look, ChartOptions]:
        begun = {name: options[name] for name in ChartOptions.__annotations__ if name in options}
        look = {name: value for name, value in options.items() if name not in begun}
        return checked_look(cast(Look, look)), cast(ChartOptions, {**self._begun_as(), **begun})

    def _series(self, kind: SeriesKind, columns: Sequence[str], look: Look) -> list[Series]:
        for column in columns:
            self._check_column(column, kind)
        return [Series(self._of_feed(), kind, column, transform=self._transform(), look=look) for column in columns]

    def _candles(self, names: Mapping[str, str | None], look: Look) -> Series:
        known = self._known_columns()
        columns: dict[str, str] = {}
        for part, name in names.items():
            if name is None or (name == "volume" and known is not None and name not in known):
                continue  # candles may have no volume
            self._check_column(name, "candle")
            columns[part] = name
        return Series(self._of_feed(), "candle", columns=columns, transform=self._transform(), look=look)

    def _check_column(self, column: str, kind: SeriesKind) -> None:
        known = self._known_columns()
        if column == EVERY_COLUMN or known is None or column in known:
            return
        texts = [each.name for each in self._of_feed().columns if each.type == "text"]
        if self._transform() is None and column in texts:
            if kind in _FOR_WORDS:
                return
            raise ShareError(f"{column} holds text, of which there is no {kind}. Draw it with .step({column!r}).")
        hint = " Make candles of ticks with .ohlc('1m')." if column in _CANDLE else ""
        raise ShareError(f"There is no column {column!r} to draw. There are: {', '.join(known)}.{hint}")


def _made(series: Sequence[Series], begun: ChartOptions) -> Chart:
    from cowidget.widgets.charts.chart import Chart  # a chart is drawable itself

    return Chart(series, **begun)
