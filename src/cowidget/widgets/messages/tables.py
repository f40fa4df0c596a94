"""Tables of any library as the chat shows them: typed, their first rows, never HTML."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import msgspec

from cowidget.core.bodies import MAX_COLUMNS, MAX_ROWS, MAX_TABLE_BYTES
from cowidget.core.values import Cell, Table, TableColumn
from cowidget.errors import ShareError
from cowidget.widgets.kinds.kind import named
from cowidget.widgets.messages.drafts import well_formed
from cowidget.widgets.objects.cells import column, text
from cowidget.widgets.objects.table import excerpt_of, is_table

# A table of pandas with colours, which are HTML.
_STYLED = "pandas:Styler"
# Bytes that arrays of MessagePack may need around the rows.
_AROUND = 16


def table_of(thing: Any) -> Table | None:
    """The first rows of a table, or of a series; None if it is neither.

    Raises:
        ShareError: it tells that it is a table, and cannot be read; says what to do.
    """
    if any(named(base) == _STYLED for base in type(thing).__mro__):
        thing = thing.data
    if is_table(thing):
        return _table(thing)
    for word, readers in _READERS.items():
        if hasattr(type(thing), word):
            return _table(_read(thing, readers))
    return None


def _table(thing: Any) -> Table:
    excerpt = excerpt_of(thing, MAX_ROWS, MAX_COLUMNS)
    columns, cells = [], []
    for name, dtype, values in [*excerpt.index, *excerpt.columns][:MAX_COLUMNS]:
        kind, written = column(values)
        columns.append(TableColumn(well_formed(name), well_formed(text(dtype)), kind))
        cells.append([well_formed(cell) if isinstance(cell, str) else cell for cell in written])
    if not columns:
        raise ShareError(f"This {type(thing).__name__} has no columns, so there is nothing to send.")
    rows: list[tuple[Cell, ...]] = list(zip(*cells, strict=True))
    shown = _fitting(rows, MAX_TABLE_BYTES - _AROUND - len(msgspec.msgpack.encode(columns)))
    return Table(tuple(columns), shown, excerpt.rows, excerpt.width, min(len(excerpt.index), MAX_COLUMNS))


def _fitting(rows: list[tuple[Cell, ...]], room: int) -> tuple[tuple[Cell, ...], ...]:
    for at, row in enumerate(rows):
        room -= len(msgspec.msgpack.encode(row))
        if room < 0:
            return tuple(rows[:at])
    return tuple(rows)


def _read(thing: Any, readers: tuple[tuple[str, str], ...]) -> Any:
    for module, name in readers:
        try:
            read = getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
        try:
            return read(thing)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise ShareError(f"This {type(thing).__name__} cannot be read as a table: {reason}") from error
    raise ShareError(f"To send this {type(thing).__name__}, cowidget needs pyarrow: pip install pyarrow.")


# How a table is told, and who can read it so, the first that is installed.
_READERS: dict[str, tuple[tuple[str, str], ...]] = {
    "__arrow_c_stream__": (("pyarrow", "table"), ("polars", "DataFrame")),
    "__dataframe__": (("pyarrow.interchange", "from_dataframe"), ("pandas.api.interchange", "from_dataframe")),
}
