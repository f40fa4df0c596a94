"""What only the SQLite store promises: kills, locks, group commit, the file itself."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cowidget.core.effects import Entry
from cowidget.core.feed_values import FeedSpec
from cowidget.core.feeds.changes import FeedRecord, PutFeed
from cowidget.core.frames import Page, Post, Set
from cowidget.core.values import Change, Text
from cowidget.errors import StoreError, StoreLocked
from cowidget.stores.sqlite import SqliteStore
from cowidget.stores.tables import Tables

# Appends as fast as it can, in bunches, and prints what append() has returned.
WRITER = """
import asyncio, sys
from pathlib import Path
from cowidget.core.effects import Entry
from cowidget.core.frames import Post, Set
from cowidget.core.values import Change, Text
from cowidget.stores.sqlite import SqliteStore

async def write(store, fence, author):
    for id in range(1, 1 << 30):
        push = Post(id=id, body=Text(text=author)) if id % 2 else Set(id=id, changes=(Change(key="/n", value=id),))
        (ordered,) = await store.append("lab", fence, [Entry(author, id, "viewer", 1.0, push)])
        print(author, id, ordered.at, flush=True)

async def main():
    store = await SqliteStore.connect(Path(sys.argv[1]))
    room = await store.create("lab")
    await asyncio.gather(*(write(store, room.fence, f"author-{n}") for n in range(8)))

asyncio.run(main())
"""

HOLDER = """
import asyncio, sys
from pathlib import Path
from cowidget.stores.sqlite import SqliteStore

async def main():
    store = await SqliteStore.connect(Path(sys.argv[1]))
    print("held", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await store.aclose()

asyncio.run(main())
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def post(author: str, id: int) -> Entry:
    return Entry(author, id, "viewer", 1.0, Post(id=id, body=Text(text="hello")))


def change(author: str, id: int) -> Entry:
    return Entry(author, id, "viewer", 1.0, Set(id=id, changes=(Change(key="/n", value=id),)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "rooms.sqlite"


@pytest.mark.parametrize("lines", [1, 300, 2000])
async def test_a_kill_in_the_midst_of_appends_loses_nothing_that_was_returned(path: Path, lines: int) -> None:
    with start(WRITER, path) as writer:
        assert writer.stdout is not None
        returned = [writer.stdout.readline().split() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        returned += [line.split() for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    store = await SqliteStore.connect(path)
    room = await store.open("lab")
    assert room is not None
    held = {(each.entry.author, each.entry.id): each.at for each in room.journal}
    after = 0
    while page := await store.read_log("lab", Page(after=after, count=200)):
        held.update({(each.entry.author, each.entry.id): each.at for each in page})
        after += len(page)
    await store.aclose()
    lost = [line for line in returned if held.get((line[0], int(line[1]))) != int(line[2])]
    assert lost == []
    assert (after, len(room.journal)) == (room.log.at, room.state.at)


async def test_a_second_process_is_told_that_the_store_is_held(path: Path) -> None:
    with start(HOLDER, path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked):
            await SqliteStore.connect(path)
        holder.communicate("let go\n")
    await (await SqliteStore.connect(path)).aclose()


async def test_a_relay_may_wait_for_the_one_before_it(path: Path) -> None:
    before = await SqliteStore.connect(path)
    waiting = asyncio.create_task(SqliteStore.connect(path, wait=5))
    await before.create("lab")
    await before.aclose()
    after = await waiting
    assert await after.open("lab") is not None
    await after.aclose()


async def test_a_second_store_in_the_same_process_is_refused_too(path: Path) -> None:
    store = await SqliteStore.connect(path)
    with pytest.raises(StoreLocked):
        await SqliteStore.connect(path)
    await store.aclose()


async def test_a_file_of_another_version_is_refused_in_one_sentence(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match="version 99"):
        await SqliteStore.connect(path)


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    await asyncio.to_thread(path.write_bytes, b"not a database, not at all" * 100)
    with pytest.raises(StoreError, match=r"rooms\.sqlite"):
        await SqliteStore.connect(path)


async def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot open"):
        await SqliteStore.connect(tmp_path / "file" / "rooms.sqlite")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
async def test_the_file_belongs_to_its_user_alone(path: Path) -> None:
    store = await SqliteStore.connect(path)
    await store.create("lab")
    assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}
    assert path.parent.stat().st_mode & 0o077 == 0
    await store.aclose()


class Statements:
    """What SQLite was asked to do, as it reports it."""

    def __init__(self, store: SqliteStore) -> None:
        self._seen: list[str] = []
        store._connection.set_trace_callback(self._seen.append)

    def count(self, beginning: str) -> int:
        return sum(statement.startswith(beginning) for statement in self._seen)


async def test_appends_that_queue_while_a_commit_runs_share_the_next_one(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    statements = Statements(store)
    await asyncio.gather(*(store.append("lab", room.fence, [change(f"author-{n}", 1)]) for n in range(100)))
    assert statements.count("COMMIT") == 2
    await store.aclose()


async def test_only_transactions_with_log_entries_are_synced_to_the_disk(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    statements = Statements(store)
    await store.append("lab", room.fence, [change("ada", 1)])
    await store.append("lab", room.fence, [change("ada", 2)])
    assert statements.count("PRAGMA synchronous=FULL") == 0
    await store.append("lab", room.fence, [change("ada", 3), post("ada", 4)])
    assert statements.count("PRAGMA synchronous=FULL") == 1
    await store.append("lab", room.fence, [change("ada", 5)])
    assert statements.count("PRAGMA synchronous=NORMAL") == 1
    await store.aclose()


async def test_a_cancelled_append_is_there_or_may_be_repeated(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    task = asyncio.create_task(store.append("lab", room.fence, [post("ada", 1)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.append("lab", room.fence, [post("ada", 1)])
    assert len(await store.read_log("lab", Page())) == 1
    await store.aclose()


async def test_an_error_of_our_own_reaches_whoever_called_and_holds_up_nobody(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    with monkeypatch.context() as patch:
        patch.setattr(Tables, "append", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await store.append("lab", room.fence, [post("ada", 1)])
    (ordered,) = await store.append("lab", room.fence, [post("ada", 1)])
    assert ordered.at == 1
    await store.aclose()


async def test_closing_finishes_what_was_called_before(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    appends = [asyncio.create_task(store.append("lab", room.fence, [post("ada", n)])) for n in range(1, 9)]
    await asyncio.sleep(0)
    await store.aclose()
    assert [ordered.at for task in appends for ordered in await task] == list(range(1, 9))


async def test_a_file_of_the_version_before_feeds_opens_with_all_that_it_holds(path: Path) -> None:
    store = await SqliteStore.connect(path)
    room = await store.create("lab")
    await store.append("lab", room.fence, [post("ada", 1)])
    await store.aclose()
    with sqlite3.connect(path) as old:
        old.executescript(
            "DROP TABLE feeds; DROP TABLE blocks; DROP TABLE found; DROP TABLE texts; DROP TABLE edits;"
            "DROP TABLE indexed; DROP TABLE purges; DROP TABLE photos; DROP TABLE raws; PRAGMA user_version=1;"
        )
    old.close()
    store = await SqliteStore.connect(path)
    again = await store.open("lab")
    assert again is not None
    await store.keep_feeds("lab", again.fence, [PutFeed(FeedRecord("ticks", "e", FeedSpec(())))])
    reopened = await store.open("lab")
    await store.aclose()
    assert reopened is not None
    assert (len(reopened.tail), [feed.name for feed in reopened.feeds]) == (1, ["ticks"])
