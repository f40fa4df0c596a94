"""What a chart takes from a feed that follows an address, for tests of sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cowidget.core.feed_values import Column, FeedStatus, Source
from cowidget.feeds import patience, polled
from cowidget.feeds.fields import Row, parse_fields
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import Reach
from cowidget.feeds.run import run_feed

EVERYTHING = Reach(Networks(everything=True))
PATIENCE = 15.0


class Chart:
    """Takes what a feed gives: `rows` with NaN rows as None, the newest `status`, and each state it went through."""

    def __init__(self) -> None:
        self.rows: list[Row | None] = []
        self.columns: tuple[Column, ...] = ()
        self.states: list[str] = []
        self.status: FeedStatus = FeedStatus("idle")
        self._changed = asyncio.Event()

    async def ready(self) -> None:
        return

    def send_rows(self, columns: Sequence[Column], rows: Sequence[Row], *, gap: bool) -> None:
        self.columns = tuple(columns)
        self.rows += [None, *rows] if gap else rows
        self._changed.set()

    def send_report(self, status: FeedStatus) -> None:
        self.status = status
        if not self.states or self.states[-1] != status.state:
            self.states.append(status.state)
        self._changed.set()

    @property
    def cells(self) -> list[Any]:
        return [row if row is None else row.cells[0] for row in self.rows]

    @property
    def errors(self) -> list[str]:
        return [error.text for error in self.status.recent]

    async def shows(self, condition: Callable[[], bool]) -> None:
        """Wait until this is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def says(self, text: str) -> None:
        """Wait until an error with this text is listed."""
        await self.shows(lambda: any(text in error for error in self.errors))


@asynccontextmanager
async def following(url: str, reach: Reach = EVERYTHING, **options: Any) -> AsyncIterator[Chart]:
    source = Source(url, **{"fields": {"price": "p"}, "stale_after": 600.0, **options})
    chart = Chart()
    task = asyncio.create_task(run_feed(source, parse_fields(source.fields).columns, chart, reach, None))
    try:
        yield chart
    finally:
        task.cancel()
        await asyncio.wait((task,))
        assert task.cancelled() or task.exception() is None, task.exception()


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the waits of sources such as a test can wait for."""
    monkeypatch.setattr(patience, "FIRST", 0.05)
    monkeypatch.setattr(polled, "SHORTEST", 0.02)
