"""The log in the SQLite store: entries, and what acts make of them.

Everything here runs inside a transaction that `sqlite.py` begins and ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Literal

from cowidget.core.acts import act_of, body_of, refusal_of
from cowidget.core.effects import Entry, Hits, Ordered
from cowidget.core.frames import Page, Search
from cowidget.core.values import Edit, Erase, Refusal, Speech
from cowidget.stores import record, word_index
from cowidget.stores.rows_writer import RowsWriter
from cowidget.stores.word_index import WordIndex

SCHEMA = (
    """CREATE TABLE edits (
        room INTEGER NOT NULL, entry INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room, entry, at)) WITHOUT ROWID""",
    # A line while a purge is due: the process may be killed before it comes to that.
    "CREATE TABLE purges (due INTEGER PRIMARY KEY)",
    *word_index.SCHEMA,
)


class LogTables:
    """The statements, on a connection whose transactions belong to somebody else.

    Attributes:
        words: of the messages.
        erased: bytes that must leave the file may still be in it; `purge` when the transaction is committed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self.words = WordIndex(connection)
        self.erased = False
        self._log = RowsWriter(connection, "INSERT INTO log", 3)

    def fill(self) -> None:
        """Keep the words of what an earlier version has kept: it knew no acts."""
        for room, at, data in self._sql.execute("SELECT room, at, entry FROM log"):
            self._add_words(room, at, record.decode(at, data).entry)
        self.write()

    def write(self) -> None:
        """Write what `add` has kept so far: before anything is read, and before the transaction ends."""
        self._log.write()
        self.words.write()

    def drop_unwritten(self) -> None:
        """The transaction in which it was added has failed."""
        self._log.drop()
        self.words.drop_unwritten()

    def refusal(self, room: int, entry: Entry) -> Refusal | Literal[""]:
        """Why an entry has no effect (L7)."""
        act = act_of(entry)
        if act is None:
            return ""
        self.write()  # it may be about one of them
        return refusal_of(entry, self.entry(room, act.entry))

    def add(self, room: int, at: int, entry: Entry, data: bytes) -> None:
        """Keep an entry that has an effect, and what it makes of others; `write` puts it into the tables."""
        self._log.add(room, at, data)
        match act_of(entry):
            case Edit(entry=target, text=text):
                self._sql.execute("INSERT INTO edits VALUES (?, ?, ?)", (room, target, at))
                self.words.change(room, target, text)
            case Erase(entry=target):
                self._erase(room, target)
            case None:
                self._add_words(room, at, entry)

    def read(self, room: int, page: Page, top: int) -> list[Ordered]:
        """See `Store.read_log`."""
        if page.after is None:
            return self.last(room, top + 1 if page.before is None else page.before, page.count)
        query = "SELECT at, entry FROM log WHERE room = ? AND at > ? ORDER BY at LIMIT ?"
        return record.read(self._sql.execute(query, (room, page.after, page.count)))

    def last(self, room: int, before: int, count: int) -> list[Ordered]:
        """The last entries before an offset, in order."""
        query = "SELECT at, entry FROM log WHERE room = ? AND at < ? ORDER BY at DESC LIMIT ?"
        return record.read(self._sql.execute(query, (room, before, count)))[::-1]

    def entry(self, room: int, at: int) -> Entry | None:
        """What is at an offset, or None."""
        found = self._sql.execute("SELECT entry FROM log WHERE room = ? AND at = ?", (room, at)).fetchone()
        return None if found is None else record.decode(at, found[0]).entry

    def search(self, room: int, search: Search) -> Hits:
        """See `Store.search_log`."""
        offsets = self.words.find(room, search)
        return record.hits(self._as_edited(room, offsets), search.count, len(offsets))

    def purge(self) -> None:
        """Take what was erased out of the index and out of the log of the database; outside of a transaction."""
        self.words.optimize()
        self._sql.execute("DELETE FROM purges")
        self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.erased = False

    def purge_left(self) -> None:
        """Purge what the process before this one erased and did not come to purge."""
        if self._sql.execute("SELECT 1 FROM purges").fetchone() is not None:
            self.purge()

    def _erase(self, room: int, target: int) -> None:
        edits = self._sql.execute("SELECT at FROM edits WHERE room = ? AND entry = ?", (room, target)).fetchall()
        self._blank(room, target, 0)
        for (at,) in edits:
            self._blank(room, at, target)
        self._sql.execute("DELETE FROM edits WHERE room = ? AND entry = ?", (room, target))
        self.words.change(room, target, "")
        self._sql.execute("INSERT OR IGNORE INTO purges VALUES (1)")
        self.erased = True

    def _blank(self, room: int, at: int, edited: int) -> None:
        entry = self.entry(room, at)
        if entry is None:
            raise AssertionError("the store has what it was told to erase")
        data = record.encode(record.blank(entry, edited))
        self._sql.execute("UPDATE log SET entry = ? WHERE room = ? AND at = ?", (data, room, at))

    def _as_edited(self, room: int, offsets: list[int]) -> Iterator[tuple[int, Entry]]:
        for at in offsets:
            last = self._sql.execute("SELECT max(at) FROM edits WHERE room = ? AND entry = ?", (room, at)).fetchone()
            entry = self.entry(room, at)
            if entry is None:
                raise AssertionError("the index holds what is in the log")
            yield at, record.as_edited(entry, self.entry(room, last[0] or 0))

    def _add_words(self, room: int, at: int, entry: Entry) -> None:
        body = body_of(entry)
        if isinstance(body, Speech):
            self.words.add(room, at, body.text)
