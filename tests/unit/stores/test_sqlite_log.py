"""What only the SQLite store promises of the log: erased bytes leave the file, old files gain an index."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from cowidget.core.effects import Entry
from cowidget.core.frames import Page, Post, Search
from cowidget.core.values import Body, Edit, Erase, Moment, Text
from cowidget.errors import StoreError
from cowidget.stores.log_tables import LogTables
from cowidget.stores.sqlite import QUIET, SqliteStore
from cowidget.stores.word_index import BATCH, WordIndex

SECRETS = (b"xylophon", b"quadrille", b"zeppelin", b"PICTURE")


def entries(*bodies: Body, first: int = 1) -> list[Entry]:
    return [Entry("ada", id, "viewer", 1.0, Post(id, body)) for id, body in enumerate(bodies, first)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rooms.sqlite"


def left_in(path: Path) -> list[bytes]:
    """Which secrets can be read in the files of the store."""
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    return [secret for secret in SECRETS if secret in held]


@pytest.mark.rule("L8")
async def test_what_is_erased_leaves_the_file_while_the_store_is_open(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    moment = Moment("chart", 1.0, 2.0, b"\x89PNG\r\n\x1a\n" + b"PICTURE" * 9000, "zeppelin")
    said = entries(Text("a xylophon"), moment, Edit(1, "a quadrille"), *(Text(f"line {n}") for n in range(2000)))
    for entry in said:
        await store.append("lab", room.fence, [entry])
    assert left_in(path) == list(SECRETS)
    await store.append("lab", room.fence, entries(Erase(1), Erase(2), first=len(said) + 1))
    assert left_in(path) == []
    await store.aclose()


async def test_bytes_that_cannot_leave_the_file_yet_are_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("a xylophon"), Text("b")))
    with monkeypatch.context() as patch:
        patch.setattr(LogTables, "purge", _fail)
        (erased,) = await store.append("lab", room.fence, entries(Erase(1), first=3))
    assert (erased.at, caplog.record_tuples[-1][1]) == (3, logging.WARNING)
    await store.append("lab", room.fence, entries(Text("c"), first=4))
    await store.aclose()
    assert left_in(path) == []


async def test_what_a_killed_process_has_erased_leaves_the_file_when_it_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("a xylophon"), Edit(1, "a quadrille")))
    assert len((await store.search_log("lab", Search("quadrille"))).entries) == 1
    with monkeypatch.context() as patch:
        patch.setattr(LogTables, "purge", _fail)
        await store.append("lab", room.fence, entries(Erase(1), first=3))
        await store.aclose()
    assert left_in(path) != []
    store = await SqliteStore.connect(path)
    assert left_in(path) == []
    await store.aclose()


def _fail(*_: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.rule("L9")
async def test_a_file_of_the_version_before_search_is_indexed_when_it_is_opened(path: Path) -> None:
    store = await SqliteStore.connect(path)
    for name in ("lab", "hall"):
        room = await store.create(name)
        await store.append(name, room.fence, entries(Text(f"the {name}"), Moment("c", 1.0, 2.0, b"", "a moment")))
    await store.aclose()
    with sqlite3.connect(path) as old:
        old.executescript(
            "DROP TABLE found; DROP TABLE texts; DROP TABLE indexed; DROP TABLE edits; DROP TABLE purges;"
            "DROP TABLE photos; DROP TABLE raws; PRAGMA user_version=2;"
        )
    old.close()
    store = await SqliteStore.connect(path)
    assert [each.at for each in (await store.search_log("hall", Search("hall"))).entries] == [1]
    assert [each.at for each in (await store.search_log("lab", Search("moment"))).entries] == [2]
    room = await store.create("lab")
    (edited, erased) = await store.append("lab", room.fence, entries(Edit(1, "new"), Erase(2), first=3))
    assert (edited.at, erased.at) == (3, 4)
    assert (await store.search_log("lab", Search("lab"))).entries == []
    await store.aclose()


def indexed(path: Path) -> dict[int, int]:
    """Up to which offset the words of each room are in the index."""
    with sqlite3.connect(path) as file:
        found = dict(file.execute("SELECT room, at FROM indexed").fetchall())
    file.close()
    return found


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(QUIET)


@pytest.mark.rule("L9")
@pytest.mark.parametrize("before", [True, False])
async def test_a_message_that_changes_is_found_by_what_it_says_now(path: Path, before: bool) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("a xylophon"), Text("a quadrille"), Text("!")))
    if before:  # they are in the index when they change
        assert len((await store.search_log("lab", Search("a"))).entries) == 2
    changes = entries(Edit(1, "a zeppelin"), Erase(2), Edit(3, "words"), first=4)
    await store.append("lab", room.fence, changes)
    queries = ("xylophon", "quadrille", "zeppelin", "words", "a")
    hits = [[each.at for each in (await store.search_log("lab", Search(query))).entries] for query in queries]
    assert hits == [[], [], [1], [3], [1]]
    await store.aclose()


async def test_words_come_into_the_index_when_the_store_has_nothing_else_to_do(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(*(Text(f"line {n}") for n in range(2 * BATCH + 1))))
    # A call would not leave it alone.
    await until(lambda: not (store._tables.log.words.is_behind or store._busy))
    await store.aclose()
    assert indexed(path) == {1: 2 * BATCH}


async def test_nothing_is_indexed_while_the_store_is_asked_for_something(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(*(Text(f"line {n}") for n in range(BATCH))))
    await store.read_log("lab", Page())
    await store.aclose()
    assert indexed(path) == {}


async def test_words_that_cannot_be_indexed_are_found_by_the_search(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    with monkeypatch.context() as patch:
        patch.setattr(WordIndex, "_index", _fail)
        await store.append("lab", room.fence, entries(*(Text(f"line {n}") for n in range(BATCH))))
        await until(lambda: bool(caplog.record_tuples))
    assert caplog.record_tuples[-1][1] == logging.WARNING
    assert len((await store.search_log("lab", Search("line 255"))).entries) == 1
    await store.aclose()


async def test_a_room_that_is_closed_is_indexed(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("one"), Text("two")))
    await store.close_room("lab", room.fence, frozenset())
    await store.aclose()
    assert indexed(path) == {1: 2}


async def test_an_append_that_fails_leaves_the_index_as_it_was(path: Path) -> None:
    store = await SqliteStore.connect(path, max_bytes=1 << 20)
    room = await store.create("lab")
    await store.append("lab", room.fence, entries(Text("before")))
    large = [Moment("c", 1.0, 2.0, bytes(128 << 10), "lost") for _ in range(9)]
    with pytest.raises(StoreError):
        await store.append("lab", room.fence, entries(Edit(1, "after"), *large, first=2))
    assert [each.at for each in (await store.search_log("lab", Search("before"))).entries] == [1]
    assert (await store.search_log("lab", Search("lost"))).entries == []
    await store.aclose()


async def test_what_a_transaction_that_failed_left_behind_is_not_written_by_the_next(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    with monkeypatch.context() as patch:
        patch.setattr(LogTables, "write", _fail)
        with pytest.raises(StoreError):
            await store.append("lab", room.fence, entries(Text("a xylophon")))
    (ordered,) = await store.append("lab", room.fence, entries(Text("a zeppelin")))
    hits = await store.search_log("lab", Search("a", count=9))
    assert [(each.at, each.entry) for each in hits.entries] == [(1, ordered.entry)]
    await store.aclose()
