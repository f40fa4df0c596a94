"""What a room asks of the store about its feeds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from cowidget.core import columns
from cowidget.core.effects import Effect, KeepFeeds, ReadLog, ReadRows, SealFeed
from cowidget.core.feeds.changes import FeedChange, FeedRecord, KeptRows, PutFeed, PutRows
from cowidget.core.frames import Page
from cowidget.errors import Fenced, StoreError
from cowidget.relay.blob_cache import BlobCache
from cowidget.relay.feed_work import FeedWork
from cowidget.relay.keeping import Keeping
from cowidget.stores.memory import MemoryStore
from tests.support.feed_clients import PRICES, ticks

TICKS = PutFeed(FeedRecord("ticks", "e1", PRICES))


class ShakyStore(MemoryStore):
    """Fails when it is told to."""

    failure: Exception | None = None
    kept: list[int]

    async def keep_feeds(self, room: str, fence: int, changes: Sequence[FeedChange]) -> None:
        if self.failure is not None:
            raise self.failure
        await super().keep_feeds(room, fence, changes)
        self.kept.append(len(changes))

    async def read_rows(self, room: str, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        if self.failure is not None:
            raise self.failure
        return await super().read_rows(room, feed, first, last, max_bytes)


class Listener:
    """Stands for the room: what it was told."""

    name = "lab"

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def receive_feeds_kept(self, changes: Sequence[FeedChange], now: float) -> list[Effect]:
        return self._note("kept", len(changes))

    def receive_feeds_lost(self, changes: Sequence[FeedChange], now: float) -> list[Effect]:
        return self._note("lost", len(changes))

    def receive_sealed(self, sealed: SealFeed, chunks: Sequence[KeptRows], now: float) -> list[Effect]:
        return self._note("sealed", [chunk.first for chunk in chunks])

    def receive_rows(self, read: ReadRows, blocks: Sequence[KeptRows], now: float) -> list[Effect]:
        return self._note("read", [block.first for block in blocks])

    def receive_unread(self, read: ReadRows, now: float) -> list[Effect]:
        return self._note("unread", read.feed)

    def _note(self, what: str, value: object) -> list[Effect]:
        self.told.append((what, value))
        return []


class Bench:
    def __init__(self, store: ShakyStore, keeping: Keeping) -> None:
        self.store = store
        self.room = Listener()
        self.queue: deque[Any] = deque()
        self._work = FeedWork(keeping, self.queue, self._step)

    async def do(self, work: KeepFeeds | SealFeed | ReadRows) -> tuple[str, Any]:
        """What the room is told when this is done."""
        await self._work.do(self.room, work)  # type: ignore[arg-type]
        return self.room.told[-1]

    def _step(self, decide: Callable[[float], list[Effect]]) -> None:
        decide(0.0)


@pytest.fixture
async def bench() -> Bench:
    store = ShakyStore()
    store.kept = []
    keeping = Keeping(store, BlobCache(), "lab")
    await keeping.open(create=True)
    return Bench(store, keeping)


def put(first: int, count: int) -> PutRows:
    block = ticks(first, count)
    return PutRows("ticks", columns.encode(block), block)


async def test_changes_that_wait_share_a_transaction(bench: Bench) -> None:
    bench.queue.extend([KeepFeeds((put(0, 5), put(5, 5))), KeepFeeds((put(10, 5),)), ReadLog("c1", Page())])
    assert await bench.do(KeepFeeds((TICKS,))) == ("kept", 4)
    assert (bench.store.kept, len(bench.queue)) == ([4], 1)


async def test_what_cannot_be_kept_is_lost_with_all_that_waits_behind_it(bench: Bench) -> None:
    bench.store.failure = StoreError("full")
    bench.queue.extend([ReadLog("c1", Page()), KeepFeeds((put(0, 5),))])
    assert await bench.do(KeepFeeds((TICKS,))) == ("lost", 2)
    assert list(bench.queue) == [ReadLog("c1", Page())]


async def test_rows_are_sealed_in_their_place(bench: Bench) -> None:
    rows = [put(0, 60), put(60, 40)]
    await bench.do(KeepFeeds((TICKS, *rows)))
    sealed = await bench.do(SealFeed("ticks", "e1", 50, tuple(each.block for each in rows)))
    read = await bench.do(ReadRows("ticks", 0, 1000))
    assert (sealed, read) == (("sealed", [0, 50]), ("read", [0, 50]))


async def test_rows_that_cannot_be_sealed_or_read_are_told_so(bench: Bench) -> None:
    bench.store.failure = StoreError("broken")
    sealed = await bench.do(SealFeed("ticks", "e1", 50, (ticks(0, 60),)))
    assert (sealed, await bench.do(ReadRows("ticks", 0, 1000))) == (("sealed", []), ("unread", "ticks"))


async def test_a_room_that_is_elsewhere_ends(bench: Bench) -> None:
    bench.store.failure = Fenced("elsewhere")
    for work in (KeepFeeds((TICKS,)), SealFeed("ticks", "e1", 50, (ticks(0, 60),))):
        with pytest.raises(Fenced):
            await bench.do(work)
    assert bench.room.told == []
