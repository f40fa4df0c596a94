from __future__ import annotations

import logging

import pytest

from cowidget.core.effects import Row, Save
from cowidget.errors import Fenced, StoreError
from cowidget.relay.blob_cache import BlobCache
from cowidget.relay.keeping import Keeping, joined
from cowidget.stores.memory import KeptRoom, MemoryStore


class CountingStore(MemoryStore):
    """Counts how often a blob is read."""

    reads = 0

    async def get_blob(self, room: str, blob: str) -> bytes | None:
        self.reads += 1
        return await super().get_blob(room, blob)


async def opened(store: MemoryStore, cache: BlobCache | None = None, room: str = "lab") -> Keeping:
    keeping = Keeping(store, cache or BlobCache(), room)
    await keeping.open(create=True)
    return keeping


def row(name: str, value: bytes) -> Row:
    return Row(name, value)


def test_one_save_is_itself() -> None:
    save = Save((row("a", b"1"),), ("b",), 3)
    assert joined(None, save) is save


def test_the_later_save_decides_about_a_row() -> None:
    earlier = Save((row("a", b"1"), row("b", b"1"), row("c", b"1")), ("d", "e"), 3)
    later = Save((row("b", b"2"), row("d", b"2")), ("c",), 5)
    both = joined(earlier, later)
    assert {each.name: each.value for each in both.rows} == {"a": b"1", "b": b"2", "d": b"2"}
    assert (set(both.removed), both.at) == ({"c", "e"}, 5)


# Blobs.


async def test_a_blob_is_read_from_the_store_once() -> None:
    rooms: dict[str, KeptRoom] = {}
    await (await opened(MemoryStore(rooms))).put_blob("a", b"data")
    store = CountingStore(rooms)
    keeping = await opened(store)
    parts = [await keeping.get_blob("a") for _ in range(40)]
    assert (parts, store.reads) == ([b"data"] * 40, 1)


async def test_a_blob_that_was_just_put_is_not_read_at_all() -> None:
    store = CountingStore()
    keeping = await opened(store)
    await keeping.put_blob("a", b"data")
    assert (await keeping.get_blob("a"), store.reads) == (b"data", 0)


async def test_two_rooms_share_the_bytes_of_a_blob() -> None:
    store, cache = CountingStore(), BlobCache()
    for name in ("lab", "hall"):
        await (await opened(store, cache, name)).put_blob("a", b"data")
    assert (await (await opened(store, cache)).get_blob("a"), store.reads) == (b"data", 0)


async def test_a_dropped_blob_is_gone_from_cache_and_store() -> None:
    store = CountingStore()
    keeping = await opened(store)
    await keeping.put_blob("a", b"data")
    await keeping.drop_blobs(["a"])
    assert (await keeping.get_blob("a"), store.reads) == (None, 1)


async def test_blobs_that_cannot_be_dropped_now_are_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(MemoryStore):
        async def drop_blobs(self, *_: object) -> None:
            raise StoreError("the disk is gone")

    keeping = await opened(Stuck())
    with caplog.at_level(logging.WARNING):
        await keeping.drop_blobs(["a"])
    assert "cannot drop blobs: the disk is gone" in caplog.text


async def test_who_has_lost_the_room_drops_nothing() -> None:
    store = MemoryStore()
    before = await opened(store)
    await before.put_blob("a", b"data")
    after = await opened(store)
    with pytest.raises(Fenced):
        await before.drop_blobs(["a"])
    assert await after.get_blob("a") == b"data"
