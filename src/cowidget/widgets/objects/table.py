"""A DataFrame or a Series as a typed table: its first rows, and how many there are in all."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cowidget.widgets.kinds.kind import named
from cowidget.widgets.objects.cells import column, text
from cowidget.widgets.objects.stand_in import FromThing, StandIn, bundle

# What a page draws at once and scrolls without effort; who needs more shares an excerpt of their own.
MAX_ROWS = 1000
MAX_COLUMNS = 50


_TABLES = frozenset({"pandas:DataFrame", "pandas:Series", "polars:DataFrame", "polars:Series", "pyarrow:Table"})


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a table that is shown: columns of the index, then the others, each with name, type and values.

    `rows` and `width` are those of the whole table.
    """

    index: list[tuple[str, str, list[Any]]]
    columns: list[tuple[str, str, list[Any]]]
    rows: int
    width: int


class Table(StandIn):
    """Stands for a table of pandas, polars or pyarrow (the other side is `js/src/objects/table.ts`).

    `table` has `index` and `columns`, lists of `{name, dtype, kind, values}`, and what there is in all: `rows`
    and `width`.
    """

    table = FromThing({}).tag(sync=True)

    def __init__(self, thing: Any) -> None:
        self._fingerprint: object = None
        super().__init__(thing, bundle("table"))

    def _renew(self) -> None:
        # Reading takes ten times as long, and this is asked after every cell.
        fingerprint = None if self._thing is None else _fingerprint(self._thing)
        if fingerprint is None or fingerprint != self._fingerprint:
            super()._renew()
            self._fingerprint = fingerprint

    def _read(self, thing: Any) -> dict[str, Any]:
        excerpt = excerpt_of(thing)
        table = {
            "index": [_column(*one) for one in excerpt.index],
            "columns": [_column(*one) for one in excerpt.columns],
            "rows": excerpt.rows,
            "width": excerpt.width,
        }
        return {"table": table}


def is_table(thing: Any) -> bool:
    """Whether this is a table or a series of pandas, polars or pyarrow."""
    return not _TABLES.isdisjoint(named(base) for base in type(thing).__mro__)


def excerpt_of(thing: Any, rows: int = MAX_ROWS, columns: int = MAX_COLUMNS) -> Excerpt:
    """The first rows and columns of a table."""
    return _EXCERPTS[_package(thing)](thing, rows, columns)


def _column(name: str, dtype: str, values: list[Any]) -> dict[str, Any]:
    kind, written = column(values)
    return {"name": name, "dtype": dtype, "kind": kind, "values": written}


def _from_pandas(thing: Any, rows: int, columns: int) -> Excerpt:
    frame = thing.to_frame(name="" if thing.name is None else thing.name) if thing.ndim == 1 else thing
    shown = frame.iloc[:rows, :columns]
    index = shown.index
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    return Excerpt(
        [(_name(level.name), str(level.dtype), level.astype(object).tolist()) for level in levels],
        # By position: two columns may have one name.
        [_pandas_column(_name(shown.columns[at]), shown.iloc[:, at]) for at in range(shown.shape[1])],
        *frame.shape,
    )


def _pandas_column(name: str, series: Any) -> tuple[str, str, list[Any]]:
    return name, str(series.dtype), series.astype(object).tolist()


def _from_polars(thing: Any, rows: int, columns: int) -> Excerpt:
    frame = thing if hasattr(thing, "columns") else thing.to_frame()
    shown = frame.head(rows)
    series: Iterable[Any] = shown.get_columns()[:columns]
    return Excerpt([], [(one.name, str(one.dtype), one.to_list()) for one in series], *frame.shape)


def _from_arrow(thing: Any, rows: int, columns: int) -> Excerpt:
    shown = thing.slice(0, rows)
    fields = list(thing.schema)[:columns]
    found = [(field.name, str(field.type), shown.column(at).to_pylist()) for at, field in enumerate(fields)]
    return Excerpt([], found, thing.num_rows, thing.num_columns)


_EXCERPTS = {"pandas": _from_pandas, "polars": _from_polars, "pyarrow": _from_arrow}


def _fingerprint(thing: Any) -> object:
    """Something that differs when what is shown of the thing differs; None if that cannot be told quickly."""
    package = _package(thing)
    if package == "pyarrow":
        return id(thing)  # nothing changes it
    frame = thing if hasattr(thing, "columns") else thing.to_frame()
    if package == "polars":
        shown = frame.head(MAX_ROWS)[:, :MAX_COLUMNS]
        return frame.shape, tuple(frame.schema.items()), tuple(shown.hash_rows())
    shown = frame.iloc[:MAX_ROWS, :MAX_COLUMNS]
    try:
        hashes = sys.modules["pandas"].util.hash_pandas_object(shown)
    except TypeError:
        return None  # there are lists in it, or the like
    return frame.shape, tuple(shown.columns), tuple(map(str, shown.dtypes)), tuple(shown.index.names), tuple(hashes)


def _package(thing: Any) -> str:
    """Whose table it is; geopandas' is one of pandas."""
    packages = (base.__module__.partition(".")[0] for base in type(thing).__mro__)
    return next(package for package in packages if package in _EXCERPTS)


def _name(name: Any) -> str:
    if name is None:
        return ""
    return text(" / ".join(map(str, name)) if isinstance(name, tuple) else name)
