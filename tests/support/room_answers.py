"""What the store and the workshop answer to the room on the bench, about feeds and photos."""

from __future__ import annotations

import hashlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from cowidget.core import limits
from cowidget.core.effects import CleanPhoto, DropPhotos, Effect, KeepFeeds, KeepPhoto, ReadRows, SealFeed
from cowidget.core.feeds import ring
from cowidget.core.feeds.changes import SealRows
from cowidget.core.values import Photo

if TYPE_CHECKING:
    from tests.support.rooms import AskedOfFeeds, AskedOfPhotos, RoomBench


NAME = "lesson"

T = TypeVar("T")


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("the memory store does not wait")


def clean_photo(data: bytes) -> tuple[Photo, bytes, bytes]:
    """What the bench's workshop makes of these bytes: all that begin alike are the same photo."""
    clean, thumb = b"clean " + data[:3], b"thumb " + data[:3]
    hashes = [hashlib.sha256(each).hexdigest() for each in (clean, thumb)]
    return Photo(*hashes, "image/png", 4, 3, len(clean), b"tiny"), clean, thumb


def answer_photos(bench: RoomBench, asked: AskedOfPhotos) -> list[Effect]:
    """What store and workshop say. What begins with `bad` is no photo, and with `busy` there are too many."""
    desk = bench.room.photos
    match asked:
        case CleanPhoto(raw=raw, data=data) if data.startswith(b"bad"):
            return desk.receive_unfit(raw, "not-a-photo", "This is no photo.", bench.now)
        case CleanPhoto(raw=raw, data=data) if data.startswith(b"busy"):
            return desk.receive_unfit(raw, "busy", "Too many.", bench.now)
        case CleanPhoto(raw=raw, data=data):
            return desk.receive_clean(raw, *clean_photo(data), bench.now)
        case KeepPhoto(record=record) if bench.failing:
            return desk.receive_keep_failed(record, bench.now)
        case KeepPhoto(record=record, data=data, thumb=thumb):
            drive(bench.store.keep_photo(NAME, bench.fence, record, data, thumb))
            return desk.receive_kept(record, bench.now)
        case DropPhotos(photos=photos, erased=erased):
            names = [photo.sha256 for photo in photos]
            bench.dropped += names
            if not erased:
                drive(bench.store.drop_photos(NAME, bench.fence, names))
            return []


def answer_feeds(bench: RoomBench, asked: AskedOfFeeds) -> list[Effect]:
    """What the store says."""
    match asked:
        case KeepFeeds(changes=changes) if bench.failing:
            return bench.room.receive_feeds_lost(changes, bench.now)
        case KeepFeeds(changes=changes):
            drive(bench.store.keep_feeds(NAME, bench.fence, changes))
            return bench.room.receive_feeds_kept(changes, bench.now)
        case SealFeed() if bench.failing:
            return bench.room.receive_sealed(asked, (), bench.now)
        case SealFeed(feed=feed, blocks=blocks, rows=rows):
            chunks = ring.seal(blocks, rows)
            sealed = SealRows(feed, blocks[0].first, blocks[-1].end, chunks)
            drive(bench.store.keep_feeds(NAME, bench.fence, [sealed]))
            return bench.room.receive_sealed(asked, chunks, bench.now)
        case ReadRows() if bench.failing:
            return bench.room.receive_unread(asked, bench.now)
        case ReadRows(feed=feed, first=first, last=last):
            read = drive(bench.store.read_rows(NAME, feed, first, last, limits.MIB))
            return bench.room.receive_rows(asked, read, bench.now)
