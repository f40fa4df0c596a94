"""The fields of a feed: `name="path[:type]"`, and the rows that they make of a record.

`t` is the row's time; without it, a row's time is when it came. A record is one JSON value, most often an object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cowidget.core.feed_values import Column
from cowidget.feeds import values
from cowidget.feeds.failures import FieldError, Mismatch
from cowidget.feeds.paths import MAX_SHOWN, Path, name_of, parse_path
from cowidget.feeds.values import Cell

TIME = "t"
# What a feed's columns may be (`FeedSpec`).
MAX_COLUMNS = 64
MAX_NAME = 64
# Where the time is looked for when no fields are given, in this order.
TIME_NAMES = ("t", "time", "timestamp", "ts", "date", "datetime")
# What the column is called when a record is a number and no object.
BARE = "value"
# Rows of one record: [*] on a list of millions would hold up every other feed.
MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its time in Unix seconds, and a cell for each column, in the order of `Fields.columns`."""

    time: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One column, or the time: where it is and how it is read."""

    name: str
    path: Path
    read: Callable[[Any], Cell]

    def cells(self, record: Any) -> list[Cell] | Cell:
        """Its cell in a record; with `[*]`, a list of them.

        Raises:
            Mismatch: it is not there, or of another type.
        """
        value = self.path.value(record)
        try:
            if self.path.inner is None:
                return self.read(value)
            return [self.read(each) for each in value]
        except Mismatch as error:
            raise Mismatch(f"{self.name}={self.path.text!r}: {error}") from error


class Fields:
    """What is taken of each record."""

    def __init__(self, columns: Sequence[Column], cells: Sequence[Field], time: Field | None) -> None:
        self._columns = tuple(columns)
        self._cells = tuple(cells)
        self._time = time
        self._spread = any(each.path.inner is not None for each in self._all())

    @property
    def columns(self) -> tuple[Column, ...]:
        """Beside the time."""
        return self._columns

    @property
    def takes_lists(self) -> bool:
        """Whether a path says what to do with a record that is a list."""
        return any(not isinstance(each.path.first, str) for each in self._all())

    def rows(self, record: Any, now: float) -> list[Row]:
        """The rows of one record: one, or as many as the lists under `[*]` have items.

        Args:
            record: a decoded JSON value.
            now: the time of rows without a field `t`.

        Raises:
            Mismatch: a path leads nowhere, or a value is of another type; nothing of the record is taken.
        """
        try:
            if self._spread:
                return self._many(record, now)
            return [Row(self._time_in(record, now), tuple(each.cells(record) for each in self._cells))]  # type: ignore[misc]  # no list without [*]
        except Mismatch as error:
            raise Mismatch(str(error), foreign=self._is_foreign(record)) from error

    def _many(self, record: Any, now: float) -> list[Row]:
        read = [each.cells(record) for each in self._all()]
        lengths = {len(each) for each in read if isinstance(each, list)}
        if len(lengths) > 1:
            raise Mismatch(f"the lists under [*] are of different lengths: {', '.join(map(str, sorted(lengths)))}")
        count = lengths.pop()
        if count > MAX_ROWS:
            raise Mismatch(f"a record with {count} rows; at most {MAX_ROWS} are taken")
        columns = [each if isinstance(each, list) else [each] * count for each in read]
        if self._time is None:
            return [Row(now, cells) for cells in zip(*columns, strict=True)]
        path = self._time.path.text
        return [Row(values.check_time(time, path), tuple(cells)) for time, *cells in zip(*columns, strict=True)]

    def _time_in(self, record: Any, now: float) -> float:
        if self._time is None:
            return now
        read = self._time.cells(record)
        return values.check_time(None if isinstance(read, list) else read, self._time.path.text)

    def _is_foreign(self, record: Any) -> bool:
        return not any(each.path.is_there(record) for each in self._cells)

    def _all(self) -> tuple[Field, ...]:
        return self._cells if self._time is None else (self._time, *self._cells)


@dataclass
class OpenFields:
    """No fields were given: every number of a flat object is a column, and a new name adds one.

    Attributes:
        known: the columns so far; it grows.
    """

    known: list[Column] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Beside the time; at most `MAX_COLUMNS`, further names are passed over."""
        return tuple(self.known)

    takes_lists = False

    def rows(self, record: Any, now: float) -> list[Row]:
        """The row of one record; see `Fields.rows`.

        Raises:
            Mismatch: there is no number in it.
        """
        numbers = {BARE: record} if _is_numeric(record) else record
        if not isinstance(numbers, dict):
            raise Mismatch(f"a record is {name_of(record)}; say with fields what to take", foreign=True)
        at = next((name for name in TIME_NAMES if _may_be_time(numbers.get(name))), None)
        found = {name: value for name, value in numbers.items() if name != at and _is_numeric(value)}
        self._learn(found)
        cells = tuple(_as_cell(found.get(column.name), column) for column in self.known)
        if all(cell is None for cell in cells):
            raise Mismatch(f"there is no number in the message: it is {name_of(record)}", foreign=True)
        time = now if at is None else values.check_time(values.any_time(numbers[at]), at)
        return [Row(time, cells)]

    def _learn(self, found: Mapping[str, Any]) -> None:
        names = {column.name for column in self.known}
        for name in found:
            if name not in names and 0 < len(name) <= MAX_NAME and len(self.known) < MAX_COLUMNS:
                self.known.append(Column(name))


def parse_fields(fields: Mapping[str, str], known: Sequence[Column] = ()) -> Fields | OpenFields:
    """Read the fields of a feed, `{name: "path[:type]"}`; without any, every number of a flat object is taken.

    Args:
        fields: a column's name, or `t`, to where it is.
        known: the columns that the feed has already, which keep their order and come first.

    Raises:
        FieldError: one of them is not understood; says which and what to write.
    """
    if not fields:
        return OpenFields(list(known))
    cells = [(_column(name, text), parse_field(name, text)) for name, text in fields.items() if name != TIME]
    if not cells:
        raise FieldError("there is no field but the time; name a column, like price='p:float'")
    if len(cells) > MAX_COLUMNS:
        raise FieldError(f"{len(cells)} fields; a feed has at most {MAX_COLUMNS} columns")
    place = {column.name: index for index, column in enumerate(known)}
    cells.sort(key=lambda cell: place.get(cell[0].name, len(place)))
    columns = [known[place[column.name]] if column.name in place else column for column, _ in cells]
    time = parse_field(TIME, fields[TIME]) if TIME in fields else None
    return Fields(columns, [read for _, read in cells], time)


def parse_field(name: str, text: str) -> Field:
    """Read one field.

    Raises:
        FieldError: see `parse_fields`.
    """
    path, kind = _split(name, text)
    if kind:
        read = values.TYPES[kind][0]
        if name == TIME and kind in ("str", "int"):
            raise FieldError(f"{name}={text!r}: a time is one of s, ms, us, ns, iso")
    else:
        read = values.time_of if name == TIME else values.number
    try:
        return Field(name, parse_path(path), read)
    except FieldError as error:
        raise FieldError(f"{name}: {error}") from error


def _column(name: str, text: str) -> Column:
    if not 0 < len(name) <= MAX_NAME:
        raise FieldError(f"{name[:MAX_SHOWN]!r}: a column's name has 1 to {MAX_NAME} characters")
    _, kind = _split(name, text)
    return Column(name, values.TYPES[kind][1] if kind else "number")


def _split(name: str, text: str) -> tuple[str, str]:
    path, colon, kind = text.rpartition(":")
    if not colon or text.endswith(("]", '"', "'")):
        return text, ""
    if kind not in values.TYPES:
        raise FieldError(
            f"{name}={text!r}: {kind!r} is no type; it is one of {', '.join(values.TYPES)}. "
            f'A key with a colon is written ["{text[:MAX_SHOWN]}"].'
        )
    return path, kind


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _may_be_time(value: Any) -> bool:
    return _is_numeric(value) or isinstance(value, str)


def _as_cell(value: Any, column: Column) -> Cell:
    return values.integer(value) if column.type == "integer" else values.number(value)
