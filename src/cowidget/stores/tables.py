"""The tables of the SQLite store and what each call of the contract does with them.

Everything here runs inside a transaction that `sqlite.py` begins and ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cowidget.core import limits
from cowidget.core.acts import act_of, photos_of
from cowidget.core.effects import Entry, Hits, Opened, Ordered, PhotoRecord, Row
from cowidget.core.feeds.changes import FeedChange, KeptRows
from cowidget.core.frames import Page, Search
from cowidget.core.values import Erase, Position
from cowidget.errors import Fenced, StoreError
from cowidget.stores import feed_tables, log_tables, photo_tables, record
from cowidget.stores.feed_tables import FeedTables
from cowidget.stores.log_tables import LogTables
from cowidget.stores.photo_tables import PhotoTables
from cowidget.stores.rows_writer import SIZES, RowsWriter

VERSION = 4

SCHEMA = (
    """CREATE TABLE rooms (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fence INTEGER NOT NULL, clean INTEGER NOT NULL,
        state_epoch TEXT NOT NULL, state_top INTEGER NOT NULL, log_epoch TEXT NOT NULL, log_top INTEGER NOT NULL)""",
    """CREATE TABLE peers (
        room INTEGER NOT NULL, peer TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (room, peer)) WITHOUT ROWID""",
    """CREATE TABLE journal (
        room INTEGER NOT NULL, at INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (room, at)) WITHOUT ROWID""",
    """CREATE TABLE log (
        room INTEGER NOT NULL, at INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (room, at)) WITHOUT ROWID""",
    """CREATE TABLE rows (
        room INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (room, name)) WITHOUT ROWID""",
    # With a rowid: large values would fill the inner pages of the tree otherwise.
    """CREATE TABLE blobs (
        room INTEGER NOT NULL, hash TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (room, hash))""",
)

# From it on, the words of messages are indexed.
LOG_VERSION = 3

# What each version added to the tables of the one before it.
ADDED = {1: SCHEMA, 2: feed_tables.SCHEMA, 3: log_tables.SCHEMA, 4: photo_tables.SCHEMA}

# The last ids of several peers, as columns of one row: like `RowsWriter`, to give up Python's lock less often.
_LAST = {size: f"SELECT {', '.join(['(SELECT last FROM peers WHERE room = ? AND peer = ?)'] * size)}" for size in SIZES}  # noqa: S608 - our own words


@dataclass(slots=True)
class _Room:
    """A line of the table `rooms`."""

    id: int
    fence: int
    clean: int
    state_epoch: str
    state_top: int
    log_epoch: str
    log_top: int


class Tables:
    """The statements, on a connection whose transactions belong to somebody else."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self.log = LogTables(connection)
        self._feeds = FeedTables(connection)
        self._photos = PhotoTables(connection)
        self._journal = RowsWriter(connection, "INSERT INTO journal", 3)
        self._peers = RowsWriter(connection, "INSERT OR REPLACE INTO peers", 3)

    def migrate(self) -> None:
        """Make the tables of a new file, and those that an earlier version did not have.

        Raises:
            StoreError: the file is of a later version.
        """
        (version,) = self._sql.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        if not 0 <= version < VERSION:
            raise StoreError(f"this store has version {version}; this cowidget reads up to version {VERSION}")
        for number in range(version + 1, VERSION + 1):
            for statement in ADDED[number]:
                self._sql.execute(statement)
        if version < LOG_VERSION:
            self.log.fill()
        self._sql.execute(f"PRAGMA user_version={VERSION}")

    def open(self, name: str) -> Opened | None:
        """See `Store.open`."""
        room = self._find(name)
        if room is None:
            return None
        room.fence += 1
        if not room.clean:
            room.state_epoch = record.new_epoch()
        self._sql.execute(
            "UPDATE rooms SET fence = ?, clean = 0, state_epoch = ? WHERE id = ?",
            (room.fence, room.state_epoch, room.id),
        )
        return self._read(room)

    def create(self, name: str) -> Opened:
        """See `Store.create`."""
        if self._find(name) is None:
            self._sql.execute(
                "INSERT INTO rooms (name, fence, clean, state_epoch, state_top, log_epoch, log_top)"
                " VALUES (?, 0, 1, ?, 0, ?, 0)",
                (name, record.new_epoch(), record.new_epoch()),
            )
        opened = self.open(name)
        if opened is None:
            raise AssertionError("the room was inserted in this transaction")
        return opened

    def append(self, name: str, fence: int, entries: Sequence[tuple[Entry, bytes]]) -> list[Ordered]:
        """See `Store.append`; each entry comes with its bytes."""
        room = self._fenced(name, fence)
        self._drop_unwritten()
        acked = self._acked(room, list({entry.author for entry, _ in entries if entry.id}))
        before = dict(acked)
        ordered = []
        for entry, data in entries:
            if entry.id and entry.id <= acked.get(entry.author, 0):
                ordered.append(Ordered(entry, None))
                continue
            if entry.id:
                acked[entry.author] = entry.id
            if record.is_log(entry):
                ordered.append(self._add(room, entry, data))
                continue
            room.state_top += 1
            if record.is_kept(entry):
                self._journal.add(room.id, room.state_top, data)
            ordered.append(Ordered(entry, room.state_top))
        self.log.write()
        self._journal.write()
        self._advance(room, [(peer, last) for peer, last in acked.items() if before.get(peer) != last])
        return ordered

    def save(self, name: str, fence: int, rows: Sequence[Row], removed: Sequence[str], at: int) -> None:
        """See `Store.save`."""
        room = self._fenced(name, fence)
        self._sql.executemany(
            "INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", [(room.id, row.name, row.value) for row in rows]
        )
        self._sql.executemany("DELETE FROM rows WHERE room = ? AND name = ?", [(room.id, row) for row in removed])
        self._sql.execute("DELETE FROM journal WHERE room = ? AND at <= ?", (room.id, at))

    def read_log(self, name: str, page: Page) -> list[Ordered]:
        """See `Store.read_log`."""
        room = self._known(name)
        return self.log.read(room.id, page, room.log_top)

    def search_log(self, name: str, search: Search) -> Hits:
        """See `Store.search_log`."""
        return self.log.search(self._known(name).id, search)

    def put_blob(self, name: str, blob: str, data: bytes) -> None:
        """See `Store.put_blob`."""
        room = self._known(name)
        self._sql.execute("INSERT OR IGNORE INTO blobs (room, hash, data) VALUES (?, ?, ?)", (room.id, blob, data))

    def get_blob(self, name: str, blob: str) -> bytes | None:
        """See `Store.get_blob`."""
        room = self._known(name)
        found = self._sql.execute("SELECT data FROM blobs WHERE room = ? AND hash = ?", (room.id, blob)).fetchone()
        return None if found is None else found[0]

    def drop_blobs(self, name: str, fence: int, blobs: Iterable[str]) -> None:
        """See `Store.drop_blobs`."""
        self._drop(self._fenced(name, fence), blobs)

    def keep_photo(self, name: str, fence: int, kept: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """See `Store.keep_photo`."""
        self._photos.keep(self._fenced(name, fence).id, kept, data, thumb)

    def read_photo(self, name: str, sha256: str) -> bytes | None:
        """See `Store.read_photo`."""
        return self._photos.read(self._known(name).id, sha256)

    def drop_photos(self, name: str, fence: int, photos: Iterable[str]) -> None:
        """See `Store.drop_photos`."""
        self._photos.drop(self._fenced(name, fence).id, photos)

    def keep_feeds(self, name: str, fence: int, changes: Iterable[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        self._feeds.apply(self._fenced(name, fence).id, changes)

    def read_rows(self, name: str, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        return self._feeds.read(self._known(name).id, feed, first, last, max_bytes)

    def close_room(self, name: str, fence: int, keep: frozenset[str]) -> None:
        """See `Store.close_room`."""
        room = self._known(name)
        if room.fence != fence:
            return
        self._sql.execute("UPDATE rooms SET clean = 1 WHERE id = ?", (room.id,))
        self.log.words.catch_up(room.id)
        self._drop(room, self._blobs(room) - keep)

    def _drop(self, room: _Room, blobs: Iterable[str]) -> None:
        self._sql.executemany("DELETE FROM blobs WHERE room = ? AND hash = ?", [(room.id, blob) for blob in blobs])

    def _find(self, name: str) -> _Room | None:
        found = self._sql.execute(
            "SELECT id, fence, clean, state_epoch, state_top, log_epoch, log_top FROM rooms WHERE name = ?", (name,)
        ).fetchone()
        return None if found is None else _Room(*found)

    def _known(self, name: str) -> _Room:
        room = self._find(name)
        if room is None:
            raise StoreError(f"the store has no room {name!r}")
        return room

    def _fenced(self, name: str, fence: int) -> _Room:
        room = self._known(name)
        if room.fence != fence:
            raise Fenced(f"room {name!r} has been opened again")
        return room

    def _read(self, room: _Room) -> Opened:
        rows = self._sql.execute("SELECT name, value FROM rows WHERE room = ?", (room.id,))
        acked = self._sql.execute("SELECT peer, last FROM peers WHERE room = ?", (room.id,))
        return Opened(
            fence=room.fence,
            state=Position(room.state_epoch, room.state_top),
            log=Position(room.log_epoch, room.log_top),
            rows=[Row(name, value) for name, value in rows],
            journal=self._entries("SELECT at, entry FROM journal WHERE room = ? ORDER BY at", (room.id,)),
            tail=self.log.last(room.id, room.log_top + 1, limits.LOG_TAIL),
            acked=dict(acked.fetchall()),
            blobs=frozenset(self._blobs(room)),
            feeds=self._feeds.records(room.id),
            photos=self._photos.records(room.id),
        )

    def _add(self, room: _Room, entry: Entry, data: bytes) -> Ordered:
        if refusal := self.log.refusal(room.id, entry) or self._photos.refusal(room.id, entry):
            return Ordered(entry, None, refusal)
        gone: tuple[str, ...] = ()
        if isinstance(act := act_of(entry), Erase):
            gone = self._photos.show(room.id, photos_of(self.log.entry(room.id, act.entry)), -1)
        if photos := photos_of(entry):
            self._photos.show(room.id, photos, 1)
        room.log_top += 1
        self.log.add(room.id, room.log_top, entry, data)
        return Ordered(entry, room.log_top, gone=gone)

    def _acked(self, room: _Room, authors: Sequence[str]) -> dict[str, int]:
        acked: dict[str, int] = {}
        at = 0
        for size, query in _LAST.items():
            while len(authors) - at >= size:
                asked = authors[at : at + size]
                found = self._sql.execute(query, [value for author in asked for value in (room.id, author)]).fetchone()
                acked |= {author: last for author, last in zip(asked, found, strict=True) if last is not None}
                at += size
        return acked

    def _advance(self, room: _Room, acked: Iterable[tuple[str, int]]) -> None:
        for peer, last in acked:
            self._peers.add(room.id, peer, last)
        self._peers.write()
        self._sql.execute(
            "UPDATE rooms SET state_top = ?, log_top = ? WHERE id = ?", (room.state_top, room.log_top, room.id)
        )

    def _drop_unwritten(self) -> None:
        """What a transaction that failed has left behind."""
        self.log.drop_unwritten()
        self._journal.drop()
        self._peers.drop()

    def _entries(self, query: str, values: tuple[int, ...]) -> list[Ordered]:
        return [record.decode(at, data) for at, data in self._sql.execute(query, values)]

    def _blobs(self, room: _Room) -> set[str]:
        return {blob for (blob,) in self._sql.execute("SELECT hash FROM blobs WHERE room = ?", (room.id,))}
