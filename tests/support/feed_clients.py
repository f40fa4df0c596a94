"""Producers and watchers of feeds that speak frames and nothing else, and hold rows so that they can be compared."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np

from cowidget.core import columns
from cowidget.core.columns import Bins, Block
from cowidget.core.feed_values import Column, FeedSpec
from cowidget.core.frames import Drawn, Fed, Feed, Fetch, Fetched, Rows, Watch, Watched
from tests.support.wire_client import PATIENCE, WireClient

PRICES = FeedSpec((Column("price"), Column("volume", "integer")))


def ticks(first: int, count: int, start: float = 1_700_000_000.0) -> Block:
    """Rows of `PRICES`, all different; the same rows for the same numbers."""
    rows = np.arange(first, first + count)
    price = np.round(100 + np.sin(rows / 50) * 10, 2)
    return Block(first, {0: start + rows / 100, 1: price, 2: rows * 7 % 1000}, sent=start)


def rows_frame(feed: str, block: Block) -> Rows:
    return Rows(feed, columns.encode(block))


async def declare(owner: WireClient, feed: str = "ticks", spec: FeedSpec | None = PRICES, **fields: Any) -> Fed:
    """Declare a feed, and wait until the relay has it."""
    await owner.send(Feed(feed, spec, **fields))
    return await owner.sees(Fed, lambda fed: fed.feed == feed)


async def push(owner: WireClient, block: Block, feed: str = "ticks") -> Fed:
    """Send rows, and wait until the store has them."""
    await owner.send(rows_frame(feed, block))
    return await owner.sees(Fed, lambda fed: fed.feed == feed and fed.end >= block.end)


class WireWatcher:
    """Watches one feed over a wire client and fetches what it lacks, newest first."""

    def __init__(self, client: WireClient, feed: str = "ticks") -> None:
        self.client = client
        self.feed = feed
        self.epoch = ""
        self.blocks: dict[int, Block] = {}
        self.watched: Watched | None = None
        self.end = 0
        self._ids = 0
        self._told = 0.0

    def rows(self) -> int:
        """How many rows are here."""
        return sum(block.count for block in self.blocks.values())

    def crc(self) -> int:
        crc = 0
        for block in self.blocks.values():
            crc = columns.checksum(block, crc)
        return crc

    def overview(self) -> Sequence[Bins]:
        assert self.watched is not None
        return [bins for data in self.watched.overview if isinstance(bins := columns.decode(data), Bins)]

    async def watch(self, **fields: Any) -> Watched:
        """Watch, and wait for what there is."""
        await self.client.send(Watch(self.feed, **{"epoch": self.epoch, "after": self.end, **fields}))
        self.watched = await self.client.sees(Watched, lambda watched: watched.feed == self.feed)
        if self.watched.epoch != self.epoch:
            self.blocks.clear()
            self.end = 0
            self.epoch = self.watched.epoch
        return self.watched

    async def follow(self, end: int, *, drawn: bool = True) -> None:
        """Take what is told until row `end` is here."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while self.end < end:
                rows = await self.client.sees(Rows, lambda rows: rows.feed == self.feed)
                block = columns.decode(rows.block)
                assert isinstance(block, Block)
                self._take(block)
                # As browsers do, not for each: a guest's budget is 120 messages a second.
                if drawn and (loop.time() - self._told > 0.05 or self.end >= end):
                    self._told = loop.time()
                    await self.client.send(Drawn(self.feed, self.end))

    async def fetch_all(self, first: int, end: int) -> None:
        """Fetch every row of `[first, end)` that is not here."""
        for start, stop in reversed(self.holes(first, end)):
            await self.fetch(start, stop)

    async def fetch(self, first: int, last: int) -> int:
        """Fetch these rows; how many answers it took."""
        self._ids += 1
        await self.client.send(Fetch(self.feed, self._ids, first, last))
        answers = 0
        more = True
        while more:
            fetched = await self.client.sees(Fetched, lambda each: each.feed == self.feed and each.id == self._ids)
            for data in fetched.blocks:
                block = columns.decode(data)
                assert isinstance(block, Block)
                wanted = columns.slice_block(block, first, last)
                if wanted.count:
                    self._take(wanted)
            more = fetched.more
            answers += 1
        return answers

    def holes(self, first: int, end: int) -> list[tuple[int, int]]:
        """The ranges of `[first, end)` that are not here."""
        missing = []
        for start in sorted(self.blocks):
            if start > first:
                missing.append((first, min(start, end)))
            first = max(first, self.blocks[start].end)
        if first < end:
            missing.append((first, end))
        return [hole for hole in missing if hole[0] < hole[1]]

    def _take(self, block: Block) -> None:
        holes = [(block.first, block.end)] if block.first >= self.end else self.holes(block.first, block.end)
        for start, stop in holes:
            self.blocks[start] = columns.slice_block(block, start, stop)
        self.end = max(self.end, block.end)
