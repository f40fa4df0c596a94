"""What a chart can do with the feeds that it draws."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cowidget.core.feed_values import Column, FeedError
from cowidget.errors import ShareError
from cowidget.widgets.charts.options import ChartOptions
from cowidget.widgets.feeds.spans import Span

if TYPE_CHECKING:
    from cowidget.widgets.feeds.alerts import Alert
    from cowidget.widgets.feeds.derived import Derived, Rolling
    from cowidget.widgets.feeds.feed import Feed
    from cowidget.widgets.feeds.health import Health


class Fed:
    """Its feeds' own methods, for those of a chart with one feed."""

    _feeds: tuple[Feed, ...]

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What it draws, each once."""
        return self._feeds

    @property
    def feed(self) -> Feed:
        """Its one feed.

        Raises:
            ShareError: it has several; take one of `feeds`.
        """
        if len(self._feeds) != 1:
            names = ", ".join(feed.name for feed in self._feeds)
            raise ShareError(f"This chart draws several feeds ({names}). Say which one, as in: chart.feeds[0].push(…).")
        return self._feeds[0]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The feed's columns beside the time."""
        return self.feed.columns

    @property
    def status(self) -> Health | Mapping[str, Health]:
        """How its source is doing; of several feeds each, by name."""
        if len(self.feeds) == 1:
            return self.feed.status
        return {feed.name: feed.status for feed in self.feeds}

    @property
    def errors(self) -> list[FeedError]:
        """What went wrong with its sources lately, oldest first."""
        return sorted((error for feed in self.feeds for error in feed.errors), key=lambda error: error.time)

    def push(self, rows: Any = None, /, **cells: Any) -> int:
        """Add rows: cells by name, a dict of columns, or a table; see `Feed.push`. Never waits for the network.

        Returns:
            The number of the first of them.
        """
        return self.feed.push(rows, **cells)

    def wait(self, rows: int = 1, timeout: float | None = None) -> bool:
        """Wait until the feed has so many rows; whether it does, within the time."""
        return self.feed.wait(rows, timeout)

    async def wait_async(self, rows: int = 1, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - as `wait`
        """`wait` for a coroutine."""
        return await self.feed.wait_async(rows, timeout)

    def clear(self) -> None:
        """Begin without rows again, for everybody."""
        for feed in self.feeds:
            feed.clear()

    def stop(self) -> None:
        """End its sources; what has come stays."""
        for feed in self.feeds:
            feed.stop()

    def to_pandas(self) -> Any:
        """All rows that are kept, as a DataFrame with their times as index."""
        return self.feed.to_pandas()

    def to_arrow(self) -> Any:
        """All rows that are kept, as a table of pyarrow."""
        return self.feed.to_arrow()

    def save(self, path: str | Path) -> None:
        """Write all rows that are kept into a file; its ending says how, see `Feed.save`."""
        self.feed.save(path)

    def alert(self, **conditions: Any) -> Alert:
        """Tell when a condition comes true: `c.alert(price=lambda p: p > 70_000, to="chat")`; see `Feed.alert`."""
        return self.feed.alert(**conditions)

    # Feeds made of it: what is drawn of them begins as this chart does.

    def _begun_as(self) -> ChartOptions:
        raise NotImplementedError

    def ohlc(self, every: Span, price: str | None = None, volume: str | None = None) -> Derived:
        """Open, high, low and close of each span, and the volume; see `Feed.ohlc`."""
        return self.feed.ohlc(every, price, volume).begun_as(self._begun_as)

    def resample(self, every: Span, how: str = "last", **column: str) -> Derived:
        """One row for each span; see `Feed.resample`."""
        return self.feed.resample(every, how, **column).begun_as(self._begun_as)

    def rolling(self, span: Span) -> Rolling:
        """What moves along with a window of this length; see `Feed.rolling`."""
        return self.feed.rolling(span).begun_as(self._begun_as)
