"""The photos in the SQLite store. As in `tables.py`, transactions belong to `sqlite.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

from cowidget.core.acts import photos_of
from cowidget.core.effects import Entry, PhotoRecord
from cowidget.core.values import Refusal
from cowidget.stores import record

SCHEMA = (
    # The bytes come last: what is read without them does not touch their pages.
    """CREATE TABLE photos (
        room INTEGER NOT NULL, hash TEXT NOT NULL, thumb TEXT NOT NULL, shown INTEGER NOT NULL, since REAL NOT NULL,
        photo BLOB NOT NULL, small BLOB NOT NULL, data BLOB NOT NULL, UNIQUE (room, hash))""",
    "CREATE INDEX thumbs ON photos (room, thumb)",
    # What was sent, and the photo that it became.
    """CREATE TABLE raws (
        room INTEGER NOT NULL, raw TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (room, raw)) WITHOUT ROWID""",
)

_PUT = (
    "INSERT OR IGNORE INTO photos (room, hash, thumb, shown, since, photo, small, data) VALUES (?, ?, ?, 0, ?, ?, ?, ?)"
)


class PhotoTables:
    """The statements about photos; a room is named by its id. `shown` counts the messages that show a photo."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def records(self, room: int) -> list[PhotoRecord]:
        """The photos of a room, the oldest first."""
        raws: dict[str, list[str]] = {}
        for raw, sha256 in self._sql.execute("SELECT raw, hash FROM raws WHERE room = ?", (room,)):
            raws.setdefault(sha256, []).append(raw)
        found = self._sql.execute("SELECT hash, photo, since, shown FROM photos WHERE room = ? ORDER BY rowid", (room,))
        return [
            PhotoRecord(record.decode_photo(photo), tuple(raws.get(sha256, ())), since, shown > 0)
            for sha256, photo, since, shown in found
        ]

    def keep(self, room: int, kept: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """See `Store.keep_photo`."""
        photo = kept.photo
        line = (room, photo.sha256, photo.thumb, kept.since, record.encode_photo(photo), thumb, data)
        self._sql.execute(_PUT, line)
        lines = [(room, raw, photo.sha256) for raw in kept.raws]
        self._sql.executemany("INSERT OR REPLACE INTO raws VALUES (?, ?, ?)", lines)

    def read(self, room: int, sha256: str) -> bytes | None:
        """See `Store.read_photo`."""
        for column, name in (("data", "hash"), ("small", "thumb")):
            query = f"SELECT {column} FROM photos WHERE room = ? AND {name} = ? LIMIT 1"  # noqa: S608 - our own words
            if (found := self._sql.execute(query, (room, sha256)).fetchone()) is not None:
                return bytes(found[0])
        return None

    def drop(self, room: int, photos: Iterable[str]) -> tuple[str, ...]:
        """See `Store.drop_photos`; the ones that are gone."""
        query = "DELETE FROM photos WHERE room = ? AND hash = ? AND shown = 0"
        gone = tuple(sha256 for sha256 in photos if self._sql.execute(query, (room, sha256)).rowcount)
        self._sql.executemany("DELETE FROM raws WHERE room = ? AND hash = ?", [(room, sha256) for sha256 in gone])
        return gone

    # What messages do.

    def refusal(self, room: int, entry: Entry) -> Refusal | Literal[""]:
        """Why an entry cannot be shown (U5)."""
        here = (self._shows(room, sha256) is not None for sha256 in photos_of(entry))
        return "" if all(here) else "unknown"

    def show(self, room: int, photos: Sequence[str], change: Literal[1, -1]) -> tuple[str, ...]:
        """One message more or less shows these; the ones that none shows any more are gone."""
        lines = [(change, room, sha256) for sha256 in photos]
        self._sql.executemany("UPDATE photos SET shown = shown + ? WHERE room = ? AND hash = ?", lines)
        return self.drop(room, photos) if change < 0 else ()

    def _shows(self, room: int, sha256: str) -> int | None:
        query = "SELECT shown FROM photos WHERE room = ? AND hash = ?"
        found = self._sql.execute(query, (room, sha256)).fetchone()
        return None if found is None else found[0]
