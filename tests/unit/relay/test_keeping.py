from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from cowidget.core.effects import KeepPhoto, PhotoRecord, Row, Save
from cowidget.core.values import Photo
from cowidget.errors import Fenced, StoreError
from cowidget.relay.assets import Assets
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


async def test_code_of_a_panel_is_a_blob_that_no_room_keeps(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("page")
    (tmp_path / "page.html.gz").write_bytes(b"compressed")
    (tmp_path / "chat.js").write_text("chat")
    manifest = {"page": "page.html", "assets": {}, "parts": {"chat": {"file": "chat.js", "sha256": "c"}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    keeping = Keeping(MemoryStore(), BlobCache(), "lab", Assets(tmp_path))
    await keeping.open(create=True)

    assert [await keeping.get_blob(blob) for blob in ("c", "d")] == [b"chat", None]


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


# Photos.

PHOTO = Photo("a" * 64, "b" * 64, "image/png", 4, 3, 5, b"tiny")
KEEP = KeepPhoto(PhotoRecord(PHOTO, (), 1.0), b"photo", b"thumb")


class FailingStore(MemoryStore):
    """Cannot drop photos."""

    async def drop_photos(self, room: str, fence: int, photos: Sequence[str]) -> None:
        raise StoreError("the disk is full")


async def test_a_photo_and_its_thumbnail_are_read_as_blobs_are() -> None:
    keeping = await opened(MemoryStore())
    await keeping.keep_photo(KEEP)
    assert [await keeping.get_blob(each) for each in ("a" * 64, "b" * 64, "c" * 64)] == [b"photo", b"thumb", None]


@pytest.mark.rule("U6")
async def test_no_copy_of_a_dropped_photo_is_left() -> None:
    keeping = await opened(MemoryStore())
    await keeping.keep_photo(KEEP)
    await keeping.get_blob("a" * 64)
    await keeping.drop_photos((PHOTO,), erased=False)
    assert [await keeping.get_blob(each) for each in ("a" * 64, "b" * 64)] == [None, None]


@pytest.mark.rule("U6")
async def test_what_was_erased_and_kept_anew_stays() -> None:
    cache = BlobCache()
    keeping = await opened(MemoryStore(), cache)
    await keeping.keep_photo(KEEP)
    cache.put("a" * 64, b"a copy")
    await keeping.drop_photos((PHOTO,), erased=True)
    assert await keeping.get_blob("a" * 64) == b"photo"


async def test_photos_that_cannot_be_dropped_are_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    keeping = await opened(FailingStore())
    await keeping.drop_photos((PHOTO,), erased=False)
    assert "the disk is full" in caplog.text


async def test_who_has_lost_the_room_is_told_when_photos_are_dropped() -> None:
    store = MemoryStore()
    keeping = await opened(store)
    await store.open("lab")
    with pytest.raises(Fenced):
        await keeping.drop_photos((PHOTO,), erased=False)
