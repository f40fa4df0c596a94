"""What every store promises about feeds (`stores/base.py`)."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from cowidget.core import columns
from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedStatus, Source
from cowidget.core.feeds.changes import DropFeed, DropRows, FeedRecord, KeptRows, PutFeed, PutRows, SealRows
from cowidget.errors import Fenced, StoreError
from cowidget.stores.base import Store
from tests.support.feed_clients import PRICES, ticks
from tests.support.shelves import Shelf

MIB = 1 << 20
EVERYTHING = (0, 1 << 53, 8 * MIB)
TICKS = FeedRecord("ticks", "e1", PRICES, Source("wss://a", headers={"k": "v"}), FeedStatus("live", errors=2))


def put(first: int, count: int, feed: str = "ticks") -> PutRows:
    block = ticks(first, count)
    return PutRows(feed, columns.encode(block), block)


def large(first: int) -> PutRows:
    block = Block(first, {0: np.random.default_rng(first).random(60_000)})
    return PutRows("ticks", columns.encode(block), block)


def kept(rows: PutRows) -> KeptRows:
    return KeptRows(rows.block.first, rows.data)


async def records(store: Store) -> list[FeedRecord]:
    opened = await store.open("lab")
    assert opened is not None
    return sorted(opened.feeds, key=lambda record: record.name)


async def test_feeds_come_back_as_they_were(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    other = FeedRecord("other", "e2", PRICES)
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), PutFeed(other), PutFeed(TICKS)])
    assert (room.feeds, await records(await shelf.reopened())) == ([], [other, TICKS])


async def test_rows_come_back_in_their_order(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    rows = [put(first, 10) for first in range(0, 100, 10)]
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), *rows])
    read = await (await shelf.reopened()).read_rows("lab", "ticks", *EVERYTHING)
    assert read == [kept(each) for each in rows]


async def test_blocks_are_read_that_begin_in_a_range(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), *(put(first, 10) for first in range(0, 100, 10))])
    read = await store.read_rows("lab", "ticks", 15, 50, MIB)
    assert [block.first for block in read] == [20, 30, 40]


async def test_as_many_blocks_are_read_as_fit_and_one_in_any_case(store: Store) -> None:
    room = await store.create("lab")
    rows = [put(first, 100) for first in range(0, 1000, 100)]
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), *rows])
    size = len(rows[0].data) + len(rows[1].data)
    some = await store.read_rows("lab", "ticks", 0, 1000, size)
    one = await store.read_rows("lab", "ticks", 0, 1000, 1)
    assert ([block.first for block in some], [block.first for block in one]) == ([0, 100], [0])


async def test_rows_of_a_feed_that_is_not_there_are_none(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [put(0, 10), DropRows("ticks", 5), DropFeed("ticks")])
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS)])
    assert await store.read_rows("lab", "ticks", *EVERYTHING) == []
    assert await store.read_rows("lab", "never", *EVERYTHING) == []


async def test_a_block_that_is_kept_again_is_kept_once(store: Store) -> None:
    room = await store.create("lab")
    for _ in range(2):
        await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), put(0, 10), put(10, 10)])
    assert [block.first for block in await store.read_rows("lab", "ticks", *EVERYTHING)] == [0, 10]


async def test_sealed_blocks_take_the_place_of_those_in_their_range(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    chunks = (KeptRows(0, b"first", sealed=True), KeptRows(25, b"second", sealed=True))
    rows = [put(first, 10) for first in range(0, 70, 10)]
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), *rows])
    await store.keep_feeds("lab", room.fence, [SealRows("ticks", 0, 50, chunks)])
    read = await (await shelf.reopened()).read_rows("lab", "ticks", *EVERYTHING)
    assert read == [*chunks, kept(rows[5]), kept(rows[6])]


async def test_dropped_rows_are_gone_and_the_others_stay(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    rows = [put(first, 10) for first in range(0, 50, 10)]
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), *rows, DropRows("ticks", 30)])
    read = await (await shelf.reopened()).read_rows("lab", "ticks", *EVERYTHING)
    assert [block.first for block in read] == [30, 40]


async def test_a_dropped_feed_leaves_nothing_behind(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    other = FeedRecord("other", "e2", PRICES)
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), PutFeed(other), put(0, 10), put(0, 5, "other")])
    await store.keep_feeds("lab", room.fence, [DropFeed("ticks")])
    store = await shelf.reopened()
    assert await records(store) == [other]
    assert await store.read_rows("lab", "ticks", *EVERYTHING) == []
    assert await store.read_rows("lab", "other", *EVERYTHING) == [kept(put(0, 5, "other"))]


async def test_a_feed_that_begins_anew_has_no_rows(store: Store) -> None:
    room = await store.create("lab")
    anew = FeedRecord("ticks", "e2", PRICES)
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), put(0, 10), PutFeed(anew, anew=True), put(0, 3)])
    read = await store.read_rows("lab", "ticks", *EVERYTHING)
    assert (read, await records(store)) == ([kept(put(0, 3))], [anew])


async def test_feeds_of_rooms_do_not_see_each_other(store: Store) -> None:
    lab, hall = await store.create("lab"), await store.create("hall")
    await store.keep_feeds("lab", lab.fence, [PutFeed(TICKS), put(0, 10)])
    await store.keep_feeds("hall", hall.fence, [PutFeed(TICKS), put(0, 7)])
    await store.keep_feeds("hall", hall.fence, [DropFeed("ticks")])
    assert await store.read_rows("lab", "ticks", *EVERYTHING) == [kept(put(0, 10))]


async def test_who_has_lost_a_room_keeps_no_rows_in_it(store: Store) -> None:
    stale = await store.create("lab")
    fresh = await store.create("lab")
    with pytest.raises(Fenced):
        await store.keep_feeds("lab", stale.fence, [PutFeed(TICKS)])
    await store.keep_feeds("lab", fresh.fence, [PutFeed(TICKS)])


async def test_a_store_that_is_full_keeps_none_of_the_changes(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), put(0, 10)])
    with pytest.raises(StoreError):
        await store.keep_feeds("lab", room.fence, [put(10, 10), *(large(20 + n * 60_000) for n in range(12))])
    assert [block.first for block in await store.read_rows("lab", "ticks", *EVERYTHING)] == [0]


async def test_dropped_rows_make_room_for_others(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS)])
    for number in range(12):
        first = number * 60_000
        await store.keep_feeds("lab", room.fence, [large(first), DropRows("ticks", first)])
    assert len(await store.read_rows("lab", "ticks", *EVERYTHING)) == 1


async def test_changes_that_are_asked_for_at_once_keep_their_order(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS)])
    calls = [
        store.keep_feeds("lab", room.fence, [put(first, 10), DropRows("ticks", first)]) for first in range(0, 500, 10)
    ]
    await asyncio.gather(*calls)
    assert [block.first for block in await store.read_rows("lab", "ticks", *EVERYTHING)] == [490]


async def test_a_clean_close_keeps_the_feeds(store: Store) -> None:
    room = await store.create("lab")
    await store.keep_feeds("lab", room.fence, [PutFeed(TICKS), put(0, 10)])
    await store.close_room("lab", room.fence, frozenset())
    assert await records(store) == [TICKS]
    assert await store.read_rows("lab", "ticks", *EVERYTHING) == [kept(put(0, 10))]
