"""The columns of a feed that is filled here: their order, their types, and values made to fit them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from cowidget.core.columns import Values
from cowidget.core.feed_values import Column, ColumnType
from cowidget.errors import FeedError

TIME = "t"
MOST_COLUMNS = 64
MOST_CHARACTERS = 64
# A column of text holds one of a few words; a longer one is cut.
MOST_TEXT = 500
_WIDEST = 1 << 53
_TYPES: dict[str, ColumnType] = {"float": "number", "int": "integer", "single": "single", "text": "text", "str": "text"}
_NAMES: dict[ColumnType, str] = {"number": "numbers", "integer": "integers", "single": "numbers", "text": "text"}
DTYPES: dict[ColumnType, type[np.generic]] = {"number": np.float64, "single": np.float32, "integer": np.int64}


class Schema:
    """Grows by new columns. A column whose type nobody said takes that of its first values."""

    def __init__(self, columns: Iterable[str | Column] = ()) -> None:
        self._columns: list[Column] = []
        self._places: dict[str, int] = {}
        self._undecided: set[str] = set()
        for column in columns:
            self._declare(column)

    @property
    def columns(self) -> tuple[Column, ...]:
        """In order; the first one is column 1 of the feed."""
        return tuple(self._columns)

    def place(self, name: str, values: Any) -> int:
        """The number of a column, made if it is new, or given a type if it has none, by these values.

        Raises:
            FeedError: no column can be called that, or there are too many.
        """
        at = self._places.get(name)
        if at is None:
            self._add(Column(name))
            self._undecided.add(name)
            at = self._places[name]
        if name in self._undecided:
            self._decide(at - 1, values)
        return at

    def adopt(self, columns: Iterable[Column]) -> None:
        """Take over these columns, if there are none."""
        if not self._columns:
            for column in columns:
                self._add(column)

    def type_of(self, at: int) -> ColumnType:
        """The type of column `at`."""
        return self._columns[at - 1].type

    def value(self, at: int, value: Any) -> float | int | str | None:
        """One value as column `at` has it; None for an integer that is missing.

        Raises:
            FeedError: it is of another type.
        """
        column = self._columns[at - 1]
        if isinstance(value, np.generic):
            value = value.item()
        if column.type == "text":
            if _is_missing(value):
                return ""
            if isinstance(value, str):
                return value[:MOST_TEXT]
            return str(value) if isinstance(value, int | float) else self._no(column, value)
        if _is_missing(value):
            return None if column.type == "integer" else math.nan
        if isinstance(value, Decimal):
            value = float(value)
        if not isinstance(value, int | float):
            return self._no(column, value)
        return self._integer(column, value) if column.type == "integer" else self._float(column, value)

    def values(self, at: int, values: Any) -> Values | None:
        """Many values as column `at` has them; None if it is one of integers and none of them is there.

        An integer column with values missing comes as floats.

        Raises:
            FeedError: one is of another type.
        """
        column = self._columns[at - 1]
        array = values if isinstance(values, np.ndarray) else _as_array(values)
        if column.type != "text" and array.dtype.kind in "biuf":
            return self._numbers(column, array)
        read = [self.value(at, each) for each in (array.tolist() if array.dtype.kind != "O" else array)]
        if column.type == "text":
            return [str(each) for each in read]
        if column.type == "integer" and None not in read:
            return np.array(read, np.int64)
        filled = np.array([math.nan if each is None else each for each in read], np.float64)
        return filled.astype(np.float32) if column.type == "single" else filled

    def _numbers(self, column: Column, array: NDArray[Any]) -> NDArray[Any]:
        if column.type != "integer" or array.dtype.kind != "f":
            if array.dtype == np.uint64 and column.type == "integer" and (array >= 1 << 63).any():
                self._no(column, int(array.max()))
            return array.astype(DTYPES[column.type])
        there = array[~np.isnan(array)]
        wrong = there[(there != np.floor(there)) | (np.abs(there) > _WIDEST)]
        if len(wrong):
            self._no(column, float(wrong[0]))
        return array.astype(np.int64) if len(there) == len(array) else array.astype(np.float64)

    def _declare(self, column: str | Column) -> None:
        if isinstance(column, str):
            name, colon, kind = column.rpartition(":")
            if colon and kind in _TYPES:
                column = Column(name, _TYPES[kind])
            else:
                self._undecided.add(column)
                column = Column(column)
        self._add(column)

    def _add(self, column: Column) -> None:
        if not 0 < len(column.name) <= MOST_CHARACTERS:
            raise FeedError(f"{column!r} cannot be a column: write its name, of 1 to {MOST_CHARACTERS} characters.")
        if column.name == TIME:
            raise FeedError("Every feed has its time `t`; name only the other columns.")
        if column.name in self._places:
            raise FeedError(f"There are two columns named {column.name!r}.")
        if len(self._columns) == MOST_COLUMNS:
            raise FeedError(f"A feed has at most {MOST_COLUMNS} columns; {column.name!r} would be one more.")
        self._columns.append(column)
        self._places[column.name] = len(self._columns)

    def _decide(self, index: int, values: Any) -> None:
        column = self._columns[index]
        listed = values if isinstance(values, np.ndarray | list | tuple) else [values]
        kind = _kind_of(listed)
        if kind is not None:
            self._undecided.discard(column.name)
            self._columns[index] = replace(column, type=kind)

    def _integer(self, column: Column, value: float) -> int | None:
        if isinstance(value, float):
            if math.isnan(value):
                return None
            if not value.is_integer():
                self._no(column, value)
            value = int(value)
        if not -(1 << 63) <= value < 1 << 63:
            self._no(column, value)
        return int(value)

    def _float(self, column: Column, value: float) -> float:
        try:
            return float(value)
        except OverflowError:
            return float(self._no(column, value))  # raises

    def _no(self, column: Column, value: Any) -> Any:
        shown = repr(value)[:60]
        hint = " Declare it as “name:float”." if column.type == "integer" and isinstance(value, float) else ""
        raise FeedError(f"{column.name}={shown}: this column holds {_NAMES[column.type]}.{hint}")


def _is_missing(value: Any) -> bool:
    # pandas' own mark for it; this module is used without pandas too.
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _as_array(values: Any) -> NDArray[Any]:
    listed = list(values)
    if all(type(value) is float or type(value) is int for value in listed):
        try:
            return np.array(listed)
        except OverflowError:
            pass
    array = np.empty(len(listed), object)
    array[:] = listed
    return array


def _kind_of(values: Any) -> ColumnType | None:
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        if values.dtype.kind in "US":
            return "text"
        whole = values.dtype.kind in "iu"
        return "integer" if whole and bool((np.abs(values.astype(np.float64)) > _WIDEST).any()) else "number"
    known = [value for value in values if not _is_missing(value)]
    if not known:
        return None
    if any(isinstance(value, str) for value in known):
        return "text"
    wide = all(isinstance(value, int) for value in known) and any(abs(value) > _WIDEST for value in known)
    return "integer" if wide else "number"
