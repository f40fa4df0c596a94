"""A guest who watches the prices of a feed over the wire."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cowidget.core import columns
from cowidget.core.feed_values import FeedStatus
from cowidget.core.frames import Report, Rows, Watched
from tests.support.feed_clients import WireWatcher
from tests.support.wire_client import WireClient, guest_client


class PriceWatcher:
    """Holds all prices of a feed, NaN as None, in the order of their rows, and the status of its source."""

    def __init__(self, client: WireClient, feed: str = "ticks") -> None:
        self.client = client
        self.feed = feed
        self.prices: dict[int, float | None] = {}
        self.status = FeedStatus("idle")

    async def watch(self) -> Watched:
        watcher = WireWatcher(self.client, self.feed)
        watched = await watcher.watch()
        await watcher.fetch_all(watched.first, watched.end)
        for block in watcher.blocks.values():
            self._take(block)
        self.status = watched.status
        return watched

    async def sees(self, *prices: float | None) -> None:
        """Wait until these are all rows there are."""
        while list(self.prices.values()) != list(prices):
            rows = await self.client.sees(Rows, self._is_mine)
            block = columns.decode(rows.block)
            assert isinstance(block, columns.Block)
            self._take(block)

    async def reads(self, state: str, text: str = "") -> None:
        """Wait until the source is said to be in this state."""
        while self.status.state != state or text not in self.status.text:
            self.status = (await self.client.sees(Report, self._is_mine)).status

    async def says(self, text: str) -> None:
        """Wait until this is among the errors of the source."""
        while not any(text in error.text for error in self.status.recent):
            self.status = (await self.client.sees(Report, self._is_mine)).status

    def _is_mine(self, frame: Rows | Report) -> bool:
        return frame.feed == self.feed

    def _take(self, block: columns.Block) -> None:
        values = block.columns.get(1, [math.nan] * block.count)
        for number, value in enumerate(values, block.first):
            self.prices[number] = None if math.isnan(float(value)) else float(value)
        self.prices = dict(sorted(self.prices.items()))


@asynccontextmanager
async def watching(url: str, feed: str = "ticks", **fields: Any) -> AsyncIterator[PriceWatcher]:
    """A guest who watches."""
    async with guest_client(url, **fields) as client:
        watcher = PriceWatcher(client, feed)
        await watcher.watch()
        yield watcher
