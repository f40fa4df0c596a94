"""Rows on their way into a table, many with one statement.

SQLite's module gives up Python's lock for each step of a statement, and gets it back behind whatever the event loop
does meanwhile: with a statement per row, a busy relay would wait longer for its lock than for its disk.
"""

from __future__ import annotations

import sqlite3
from typing import Any

# Rows of one statement; what is left goes into smaller ones. Few sizes, because each is prepared once and kept.
SIZES = (64, 32, 16, 8, 4, 2, 1)


class RowsWriter:
    """Keeps rows until `write`.

    Args:
        connection: its transactions belong to somebody else.
        into: the statement up to its values.
        columns: how many values a row has.
    """

    def __init__(self, connection: sqlite3.Connection, into: str, columns: int) -> None:
        self._sql = connection
        row = f"({', '.join('?' * columns)})"
        self._statements = {size * columns: f"{into} VALUES {', '.join([row] * size)}" for size in SIZES}
        self._values: list[Any] = []

    def add(self, *row: Any) -> None:
        """One row more."""
        self._values += row

    def write(self) -> None:
        """Insert the rows, in their order."""
        values, self._values = self._values, []
        at = 0
        for count, statement in self._statements.items():
            while len(values) - at >= count:
                self._sql.execute(statement, values[at : at + count])
                at += count

    def drop(self) -> None:
        """Forget the rows that were not written: their transaction has failed."""
        self._values.clear()
