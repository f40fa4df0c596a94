"""Photos in the file of the SQLite store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cowidget.core.effects import Entry, PhotoRecord
from cowidget.core.frames import Post
from cowidget.core.values import Body, Erase, Photo, Photos, Text
from cowidget.stores.sqlite import SqliteStore

PHOTO = Photo("a" * 64, "b" * 64, "image/jpeg", 4, 3, 5, b"tiny")
SECRET = bytes(range(256)) * 300


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "rooms.sqlite"


def entries(*bodies: Body) -> list[Entry]:
    return [Entry("ada", n, "owner", 1.0, Post(n, body)) for n, body in enumerate(bodies, 1)]


@pytest.mark.rule("U6")
async def test_the_bytes_of_an_erased_photo_leave_the_file_while_it_is_open(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.keep_photo("lab", room.fence, PhotoRecord(PHOTO, ("c" * 64,), 1.0), SECRET, SECRET[::-1])
    await store.append("lab", room.fence, entries(Photos((PHOTO,)), Erase(1)))
    left = b"".join(each.read_bytes() for each in path.parent.iterdir())
    await store.aclose()
    assert not any(part in left for part in (SECRET[:99], SECRET[::-1][:99], b"tiny", b"c" * 64))


async def test_a_file_of_the_version_before_photos_opens_with_all_that_it_holds(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("hello")))
    await store.aclose()
    with sqlite3.connect(path) as old:
        old.executescript("DROP TABLE photos; DROP TABLE raws; PRAGMA user_version=3;")
    old.close()
    store = await SqliteStore.connect(path)
    again = await store.open("lab")
    assert again is not None
    await store.keep_photo("lab", again.fence, PhotoRecord(PHOTO, (), 1.0), SECRET, SECRET)
    assert (len(again.tail), await store.read_photo("lab", PHOTO.sha256)) == (1, SECRET)
    await store.aclose()
