"""The words of messages in the SQLite store, and an index of them (FTS5).

To index a message costs more than to keep it, and nobody waits for that: its words are kept with it, and come into the
index when the store has nothing else to do, or when somebody searches.
"""

from __future__ import annotations

import sqlite3
from collections import Counter

from cowidget.core.frames import Search
from cowidget.stores import words
from cowidget.stores.rows_writer import RowsWriter

# A line of `texts` is the room's number and, in the lower bits, the entry's offset: an index of all rooms together
# is searched in the range of one, from its end.
_OFFSET_BITS = 40

# Lines that are indexed at once, some 10 µs each. More: what is asked meanwhile waits longer. Fewer: more segments,
# which have to be merged.
BATCH = 256

SCHEMA = (
    # The folded words. To take a line out of the index, FTS5 must be told what is in it: not what another version of
    # Python, with another Unicode, would fold the message to.
    "CREATE TABLE texts (id INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    # The last offset of each room whose line is in the index, with all before it.
    "CREATE TABLE indexed (room INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
    """CREATE VIRTUAL TABLE found USING fts5(
        words, content='texts', content_rowid='id', columnsize=0, prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 2")""",
)


class WordIndex:
    """The statements, on a connection whose transactions belong to somebody else."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._texts = RowsWriter(connection, "INSERT INTO texts", 2)
        # Lines of each room that this process has added since it last indexed them. A transaction that fails leaves
        # it too high, which costs a look.
        self._behind: Counter[int] = Counter()

    # Messages come and change.

    def add(self, room: int, at: int, text: str) -> None:
        """Keep the words of a new message; `write` puts them into the table."""
        if folded := words.folded(text):
            self._texts.add((room << _OFFSET_BITS) + at, folded)
            self._behind[room] += 1

    def change(self, room: int, at: int, text: str) -> None:
        """A message says something else now; nothing, when it was erased."""
        self.write()
        id, is_indexed = (room << _OFFSET_BITS) + at, at <= self._top(room)
        known = self._sql.execute("SELECT words FROM texts WHERE id = ?", (id,)).fetchone()
        if known is not None:
            if is_indexed:
                self._sql.execute("INSERT INTO found (found, rowid, words) VALUES ('delete', ?, ?)", (id, known[0]))
            self._sql.execute("DELETE FROM texts WHERE id = ?", (id,))
        if folded := words.folded(text):
            self._sql.execute("INSERT INTO texts VALUES (?, ?)", (id, folded))
            if is_indexed:
                self._sql.execute("INSERT INTO found (rowid, words) VALUES (?, ?)", (id, folded))

    def write(self) -> None:
        """Write what `add` has kept so far: before anything is read, and before the transaction ends."""
        self._texts.write()

    def drop_unwritten(self) -> None:
        """The transaction in which it was added has failed."""
        self._texts.drop()

    # Finding.

    def find(self, room: int, search: Search) -> list[int]:
        """Offsets of the newest messages that hold all words of a query, one more than are asked for."""
        phrases = words.phrases(search.query)
        if not phrases:
            return []
        self.catch_up(room)
        # Words are letters and digits only: nothing in the quotes means anything to FTS5.
        query = " AND ".join(f'"{phrase}"' for phrase in phrases) + "*"
        first, end = room << _OFFSET_BITS, (room + 1) << _OFFSET_BITS
        before = end if search.before is None else min(first + search.before, end)
        rows = self._sql.execute(
            "SELECT rowid FROM found WHERE found MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
            (query, first, before, search.count + 1),
        )
        return [id - first for (id,) in rows]

    # Indexing.

    @property
    def is_behind(self) -> bool:
        """Whether so many lines wait that it is worth while to index some."""
        return any(count >= BATCH for count in self._behind.values())

    def catch_up_some(self) -> None:
        """Index a batch of what waits, of one room."""
        room = next((room for room, count in self._behind.items() if count >= BATCH), None)
        if room is not None:
            self._behind[room] -= BATCH
            self._index(room, BATCH)

    def catch_up(self, room: int) -> None:
        """Index all that waits of a room."""
        self._index(room, -1)
        del self._behind[room]

    def optimize(self) -> None:
        """Take what was deleted out of the index.

        Lines that are taken out only get a mark beside them until their segment is merged. (The option
        `secure-delete` would make the file unreadable for SQLite before 3.42.) A quarter of a second per 100,000
        messages, in the store's thread.
        """
        self._sql.execute("INSERT INTO found(found) VALUES ('optimize')")

    def _index(self, room: int, most: int) -> None:
        after, end = (room << _OFFSET_BITS) + self._top(room), (room + 1) << _OFFSET_BITS
        (last,) = self._sql.execute(
            "SELECT max(id) FROM (SELECT id FROM texts WHERE id > ? AND id < ? ORDER BY id LIMIT ?)", (after, end, most)
        ).fetchone()
        if last is None:
            return
        lines = "SELECT id, words FROM texts WHERE id > ? AND id <= ? ORDER BY id"
        self._sql.execute(f"INSERT INTO found (rowid, words) {lines}", (after, last))
        self._sql.execute("INSERT OR REPLACE INTO indexed VALUES (?, ?)", (room, last - (room << _OFFSET_BITS)))

    def _top(self, room: int) -> int:
        found = self._sql.execute("SELECT at FROM indexed WHERE room = ?", (room,)).fetchone()
        return 0 if found is None else found[0]
