"""The tables of feeds in the SQLite store. As in `tables.py`, transactions belong to `sqlite.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from cowidget.core.feeds.changes import DropFeed, DropRows, FeedChange, FeedRecord, KeptRows, PutFeed, PutRows, SealRows
from cowidget.stores import record

SCHEMA = (
    """CREATE TABLE feeds (
        id INTEGER PRIMARY KEY, room INTEGER NOT NULL, name TEXT NOT NULL, record BLOB NOT NULL,
        UNIQUE (room, name))""",
    # With a rowid, as for blobs.
    """CREATE TABLE blocks (
        feed INTEGER NOT NULL, first INTEGER NOT NULL, sealed INTEGER NOT NULL, data BLOB NOT NULL,
        UNIQUE (feed, first))""",
)

_PUT_BLOCK = "INSERT OR REPLACE INTO blocks (feed, first, sealed, data) VALUES (?, ?, ?, ?)"


class FeedTables:
    """The statements about feeds; a room is named by its id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def records(self, room: int) -> list[FeedRecord]:
        """The feeds of a room."""
        found = self._sql.execute("SELECT record FROM feeds WHERE room = ?", (room,))
        return [record.decode_feed(data) for (data,) in found]

    def apply(self, room: int, changes: Iterable[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        ids: dict[str, int] = dict(self._sql.execute("SELECT name, id FROM feeds WHERE room = ?", (room,)).fetchall())
        for change in changes:
            if isinstance(change, PutFeed):
                self._put(room, change, ids)
            elif (feed := ids.get(change.feed)) is not None:
                self._change(feed, change)
                if isinstance(change, DropFeed):
                    del ids[change.feed]

    def read(self, room: int, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        found = self._sql.execute(
            "SELECT first, data, sealed FROM blocks WHERE feed = (SELECT id FROM feeds WHERE room = ? AND name = ?)"
            " AND first >= ? AND first < ? ORDER BY first",
            (room, feed, first, last),
        )
        blocks: list[KeptRows] = []
        size = 0
        for row, data, sealed in found:
            size += len(data)
            if blocks and size > max_bytes:
                break
            blocks.append(KeptRows(row, data, bool(sealed)))
        return blocks

    def _put(self, room: int, change: PutFeed, ids: dict[str, int]) -> None:
        name = change.record.name
        put = self._sql.execute(
            "INSERT INTO feeds (room, name, record) VALUES (?, ?, ?)"
            " ON CONFLICT (room, name) DO UPDATE SET record = excluded.record RETURNING id",
            (room, name, record.encode_feed(change.record)),
        )
        (ids[name],) = put.fetchone()
        if change.anew:
            self._drop(ids[name])

    def _change(self, feed: int, change: PutRows | SealRows | DropRows | DropFeed) -> None:
        match change:
            case PutRows(data=data, block=block):
                self._sql.execute(_PUT_BLOCK, (feed, block.first, 0, data))
            case SealRows(first=first, last=last, chunks=chunks):
                self._sql.execute("DELETE FROM blocks WHERE feed = ? AND first >= ? AND first < ?", (feed, first, last))
                self._sql.executemany(_PUT_BLOCK, _sealed(feed, chunks))
            case DropRows(before=before):
                self._sql.execute("DELETE FROM blocks WHERE feed = ? AND first < ?", (feed, before))
            case DropFeed():
                self._drop(feed)
                self._sql.execute("DELETE FROM feeds WHERE id = ?", (feed,))

    def _drop(self, feed: int) -> None:
        self._sql.execute("DELETE FROM blocks WHERE feed = ?", (feed,))


def _sealed(feed: int, chunks: Sequence[KeptRows]) -> list[tuple[int, int, int, bytes]]:
    return [(feed, chunk.first, 1, chunk.data) for chunk in chunks]
