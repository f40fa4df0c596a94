"""Rows that go into a table many at a time."""

from __future__ import annotations

import sqlite3

import pytest

from cowidget.stores.rows_writer import RowsWriter


@pytest.fixture
def table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE notes (at INTEGER PRIMARY KEY, text TEXT)")
    return connection


def held(table: sqlite3.Connection) -> list[tuple[int, str]]:
    return table.execute("SELECT at, text FROM notes ORDER BY at").fetchall()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 63, 64, 65, 127, 200])
def test_any_number_of_rows_is_written_once(table: sqlite3.Connection, count: int) -> None:
    rows = RowsWriter(table, "INSERT INTO notes", 2)
    for at in range(count):
        rows.add(at, f"note {at}")
    rows.write()
    rows.write()
    assert held(table) == [(at, f"note {at}") for at in range(count)]


def test_nothing_is_in_the_table_before_it_is_written(table: sqlite3.Connection) -> None:
    rows = RowsWriter(table, "INSERT INTO notes", 2)
    rows.add(1, "one")
    assert held(table) == []


def test_many_rows_take_few_statements(table: sqlite3.Connection) -> None:
    rows = RowsWriter(table, "INSERT INTO notes", 2)
    for at in range(100):
        rows.add(at, "")
    statements: list[str] = []
    table.set_trace_callback(statements.append)
    rows.write()
    assert len([each for each in statements if each.startswith("INSERT")]) == 3


def test_rows_are_written_in_their_order(table: sqlite3.Connection) -> None:
    rows = RowsWriter(table, "INSERT OR REPLACE INTO notes", 2)
    for text in ("first", "second", "third"):
        rows.add(1, text)
    rows.write()
    assert held(table) == [(1, "third")]


def test_what_was_dropped_is_not_written(table: sqlite3.Connection) -> None:
    rows = RowsWriter(table, "INSERT INTO notes", 2)
    rows.add(1, "one")
    rows.drop()
    rows.add(2, "two")
    rows.write()
    assert held(table) == [(2, "two")]
