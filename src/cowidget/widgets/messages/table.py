"""A table of the chat, from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from cowidget.core import values
from cowidget.core.values import Cell, CellKind
from cowidget.widgets.messages.backends import Backend, imported


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: as its library gives it; "" for an index without one.
        dtype: its type, as its library calls it.
        kind: what that is: integer, number, boolean, date, time (date and time, or time alone) or text.
    """

    name: str
    dtype: str
    kind: CellKind


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of a table that somebody shows.

    Attributes:
        columns: those that are here.
        rows: their cells: numbers, truth values, texts (dates and times in ISO 8601), or None for what is missing.
        height: how many rows the whole table has.
        width: how many columns, without its index.
        index: how many of the first columns here are labels of the rows.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    height: int
    width: int
    index: int = 0

    def to_frame(self, backend: Backend = "pandas") -> Any:
        """The rows that are here as a DataFrame.

        Integers become Int64, numbers float64, truth values boolean, texts strings, all with gaps; dates and times
        those of the library.

        Args:
            backend: "pandas" or "polars". Of polars, the columns of the index come first.

        Raises:
            ShareError: the library is not installed, or this is no backend.
        """
        library = imported(backend)
        cells = [list(column) for column in zip(*self.rows, strict=True)] or [[] for _ in self.columns]
        make = _pandas if backend == "pandas" else _polars
        series = [make(library, column, held) for column, held in zip(self.columns, cells, strict=True)]
        if backend == "polars":
            names = _distinct([column.name for column in self.columns])
            return library.DataFrame([one.alias(name) for one, name in zip(series, names, strict=True)])
        return _joined(library, series, self)


def table_of(table: values.Table) -> Table:
    """What the user holds of a table."""
    columns = tuple(Column(column.name, column.dtype, column.kind) for column in table.columns)
    return Table(columns, table.rows, table.height, table.width, table.index)


def _joined(pandas: Any, series: Sequence[Any], table: Table) -> Any:
    frame = pandas.concat(series[table.index :], axis=1) if table.index < len(series) else pandas.DataFrame()
    frame.columns = [column.name for column in table.columns[table.index :]]
    names = [column.name or None for column in table.columns[: table.index]]
    if len(names) == 1:
        frame.index = pandas.Index(series[0], name=names[0])
    elif names:
        frame.index = pandas.MultiIndex.from_arrays(series[: table.index], names=names)
    return frame


def _pandas(pandas: Any, column: Column, cells: Sequence[Cell]) -> Any:
    held = _held(column, cells)
    if held is None:
        return pandas.Series([None if cell is None else str(cell) for cell in cells], dtype="string")
    dtype = {"integer": "Int64", "number": "float64", "boolean": "boolean", "text": "string"}.get(column.kind)
    return pandas.Series(held, dtype=dtype) if dtype else pandas.Series(held)


def _polars(polars: Any, column: Column, cells: Sequence[Cell]) -> Any:
    held = _held(column, cells)
    if held is None:
        return polars.Series([None if cell is None else str(cell) for cell in cells], dtype=polars.String)
    dtypes = {"integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean, "text": polars.String}
    return polars.Series(held, dtype=dtypes.get(column.kind))


def _held(column: Column, cells: Sequence[Cell]) -> list[Any] | None:
    """The cells as values of the column's kind; None if one of them is none (large integers travel as texts)."""
    read = _READ[column.kind]
    try:
        return [None if cell is None else read(cell) for cell in cells]
    except ValueError:
        return None


def _moment(cell: Any) -> datetime | time:
    return datetime.fromisoformat(cell) if "-" in cell[:6] else time.fromisoformat(cell)


_READ: dict[CellKind, Callable[[Any], Any]] = {
    "integer": int,
    "number": float,
    "boolean": bool,
    "date": lambda cell: date.fromisoformat(cell),
    "time": _moment,
    "text": str,
}


def _distinct(names: Sequence[str]) -> list[str]:
    taken: dict[str, None] = {}
    for at, name in enumerate(names):
        wish = name or f"column_{at}"
        while wish in taken:
            wish = f"{wish}_{at}"
        taken[wish] = None
    return list(taken)
