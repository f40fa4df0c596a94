"""Where rows are pushed, from any thread, and wait for the link's thread to take them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cowidget.core.columns import Block, Values, concat
from cowidget.core.feed_values import Column
from cowidget.feeds.values import LATEST
from cowidget.widgets.feeds.schema import DTYPES, MOST_TEXT, TIME, Schema
from cowidget.widgets.feeds.tables import Table
from cowidget.widgets.feeds.times import unix

Columns = dict[int, Values]
"""Rows by column, the time as column 0."""

_Arrived = tuple[Columns, float]

# Times that we make: with more digits they would travel whole.
_DIGITS = 6
_INTEGERS = 1 << 63
_LARGEST = 1 << 1023


@dataclass(frozen=True, slots=True)
class _Shape:
    """Rows with the same names and types in the same order.

    Attributes:
        time: where the time is in a row; None: the row's time is when it came.
        places: the column of each value; 0 for the time.
        integers: where integers are in a row.
    """

    time: int | None
    places: tuple[int, ...]
    integers: tuple[int, ...]


@dataclass(slots=True)
class _Batch:
    """Rows in the order in which they came: values by row, or by column."""

    shape: _Shape | None
    rows: list[tuple[Any, ...]]
    arrived: list[float]
    columns: Columns


class Intake:
    """Takes rows in any order of time; gives them in order.

    Rows wait `late` seconds for such as are older. One that is older than what was given is dropped and counted.
    """

    def __init__(self, schema: Schema, late: float, clock: Callable[[], float]) -> None:
        self.schema = schema
        self.dropped = 0
        self._late = late
        self._clock = clock
        self._lock = threading.Lock()
        self._shapes: dict[tuple[tuple[str, ...], tuple[type, ...]], _Shape] = {}
        self._shapes_by_place: dict[tuple[int, ...], _Shape] = {}
        self._batches: list[_Batch] = []
        self._open: _Batch | None = None
        self._count = 0
        self._end = 0
        self._last = -math.inf
        # What waits for older rows, and when each of it came.
        self._waiting: Columns | None = None
        self._arrived = np.empty(0)

    @property
    def end(self) -> int:
        """The number of the next row."""
        return self._end

    @property
    def pending(self) -> int:
        """Rows that nobody has taken."""
        return self._count

    @property
    def holds(self) -> bool:
        """Whether rows wait for older ones."""
        return self._waiting is not None

    # From any thread.

    def add_row(self, row: Mapping[str, Any]) -> int:
        """Take one row; its number.

        Raises:
            FeedError: a value is of another type, or there is no such time.
        """
        number = self.add_known(row)
        return self._add_new(dict(row)) if number is None else number

    def add_known(self, row: Mapping[str, Any]) -> int | None:
        """Take one row whose names and types are those of an earlier one; None if they are not.

        Raises:
            FeedError: there is no such time, or an integer is too large.
        """
        values = tuple(row.values())
        shape = self._shapes.get((tuple(row), tuple(map(type, values))))
        if shape is None:
            return None
        if shape.time is not None and not -LATEST < values[shape.time] < LATEST:
            unix(values[shape.time])  # raises
        for index in shape.integers:
            if not -_INTEGERS <= values[index] < _INTEGERS:
                self.schema.value(shape.places[index], values[index])  # raises
        return self._add(shape, values)

    def add_table(self, table: Table) -> int:
        """Take many rows; the number of the first.

        Raises:
            FeedError: a value is of another type; none of the rows is taken.
        """
        now = self._clock()
        with self._lock:
            times = np.full(table.count, round(now, _DIGITS)) if table.time is None else table.time
            columns: Columns = {0: times}
            for name, values in table.columns.items():
                at = self.schema.place(str(name), values)
                read = self.schema.values(at, values)
                if read is not None:
                    columns[at] = read
            self._batches.append(_Batch(None, [], [now], columns))
            self._open = None
            return self._counted(table.count)

    def adopt(self, columns: Iterable[Column]) -> None:
        """Take over the columns of a room, if nobody has named any here."""
        with self._lock:
            self.schema.adopt(columns)

    def add_gap(self) -> None:
        """A row without values: what is drawn is interrupted here."""
        now = self._clock()
        with self._lock:
            self._batches.append(_Batch(None, [], [now], {0: np.full(1, math.nan)}))
            self._open = None
            self._counted(1)

    def restart(self, end: int) -> None:
        """The next row is `end`; forget what waits, and the times before."""
        with self._lock:
            self._batches, self._open, self._waiting = [], None, None
            self._arrived = np.empty(0)
            self._count, self._end, self._last = 0, end, -math.inf

    def begin_at(self, end: int) -> None:
        """Rows before `end` are in the room already; what waits comes after them."""
        with self._lock:
            self._end = end + self._count + (0 if self._waiting is None else len(self._waiting[0]))

    def begin_after(self, last: float) -> None:
        """Rows up to this time are in the room already: older ones are too late."""
        self._last = max(self._last, last)

    # In the link's thread.

    def take(self, *, all_of_it: bool = False) -> list[Columns]:
        """What has come, in the order of time, as columns; without what waits for older rows unless `all_of_it`."""
        with self._lock:
            batches, self._batches, self._open = self._batches, [], None
            self._count = 0
            came = [(self._columns(batch), batch.arrived[-1]) for batch in batches]
        given: list[Columns] = []
        # A gap is a place between rows: what comes before it waits no longer.
        *before, last = _runs([(columns, arrived) for columns, arrived in came if len(columns[0])])
        for run in before:
            given += self._in_order(self._hold(run, all_of_it=True))
            given += self._in_order([{0: np.full(1, self._last if self._last > -math.inf else self._clock())}])
        return given + self._in_order(self._hold(last, all_of_it))

    def _add(self, shape: _Shape, values: tuple[Any, ...]) -> int:
        now = self._clock()
        with self._lock:
            batch = self._open
            if batch is None or batch.shape is not shape:
                self._open = batch = _Batch(shape, [], [], {})
                self._batches.append(batch)
            batch.rows.append(values)
            batch.arrived.append(now)
            self._count += 1
            self._end += 1
            return self._end - 1

    def _add_new(self, row: dict[str, Any]) -> int:
        if row.get(TIME, 0.0) is None:
            del row[TIME]
        with self._lock:
            places = tuple(0 if name == TIME else self.schema.place(str(name), value) for name, value in row.items())
            read = [
                unix(value) if at == 0 else self.schema.value(at, value)
                for at, value in zip(places, row.values(), strict=True)
            ]
        shape = self._shapes_by_place.get(places)
        if shape is None:
            time = places.index(0) if 0 in places else None
            integers = tuple(index for index, at in enumerate(places) if at and self.schema.type_of(at) == "integer")
            shape = self._shapes_by_place.setdefault(places, _Shape(time, places, integers))
        if all(self._is_plain(at, value) for at, value in zip(places, row.values(), strict=True)):
            self._shapes[(tuple(row), tuple(map(type, row.values())))] = shape
        return self._add(shape, tuple(read))

    def _is_plain(self, at: int, given: Any) -> bool:
        """Whether values of this type need no look at each one."""
        if at == 0 or self.schema.type_of(at) in ("number", "single"):
            return type(given) in (float, int)
        return type(given) is (str if self.schema.type_of(at) == "text" else int)

    def _counted(self, count: int) -> int:
        self._count += count
        self._end += count
        return self._end - count

    def _columns(self, batch: _Batch) -> Columns:
        if batch.shape is None:
            return batch.columns
        by_place = dict(zip(batch.shape.places, zip(*batch.rows, strict=True), strict=True))
        count = len(batch.rows)
        times = by_place.pop(0, None)
        columns: Columns = {0: np.array(times, np.float64) if times else np.round(batch.arrived, _DIGITS)}
        for at in range(1, len(self.schema.columns) + 1):
            kind = self.schema.type_of(at)
            values: Sequence[Any] | None = by_place.get(at)
            if kind == "text":
                columns[at] = [value[:MOST_TEXT] for value in values] if values is not None else [""] * count
            elif kind != "integer":
                columns[at] = _floats(values if values is not None else [math.nan] * count, DTYPES[kind])
            elif values is not None and None not in values:
                columns[at] = np.array(values, np.int64)
            elif values is not None and any(value is not None for value in values):
                columns[at] = np.array([math.nan if value is None else value for value in values], np.float64)
        return columns

    def _hold(self, run: Sequence[_Arrived], all_of_it: bool) -> list[Columns]:
        pieces = [columns for columns, _ in run]
        if not self._late or not (pieces or self._waiting is not None):
            return pieces
        joined = _joined([*([self._waiting] if self._waiting is not None else []), *pieces])
        arrivals = np.concatenate([self._arrived, *(np.full(len(columns[0]), arrived) for columns, arrived in run)])
        order = np.argsort(np.asarray(joined[0]), kind="stable")
        joined, arrivals = _ordered(joined, order), arrivals[order]
        times = np.asarray(joined[0])
        ready = int(np.searchsorted(times, times[-1] - self._late, "right"))
        waited = np.flatnonzero(arrivals <= self._clock() - self._late)
        ready = max(ready, int(waited[-1]) + 1 if len(waited) else 0, len(times) if all_of_it else 0)
        rest = {at: values[ready:] for at, values in joined.items()}
        self._waiting = rest if len(rest[0]) else None
        self._arrived = arrivals[ready:]
        return [{at: values[:ready] for at, values in joined.items()}] if ready else []

    def _in_order(self, pieces: list[Columns]) -> list[Columns]:
        if not _ascending(pieces):
            joined = _joined(pieces)
            pieces = [_ordered(joined, np.argsort(np.asarray(joined[0]), kind="stable"))]
        given: list[Columns] = []
        for piece in pieces:
            start = int(np.searchsorted(np.asarray(piece[0]), self._last))
            left = {at: values[start:] for at, values in piece.items()} if start else piece
            self._drop(start)
            if len(left[0]):
                self._last = float(np.asarray(left[0])[-1])
                given.append(left)
        return given

    def _drop(self, count: int) -> None:
        if count:
            self.dropped += count
            with self._lock:
                self._end -= count


def _runs(came: Sequence[_Arrived]) -> list[list[_Arrived]]:
    """What came, cut at the gaps, which are not in it."""
    runs: list[list[_Arrived]] = [[]]
    for columns, arrived in came:
        if math.isnan(np.asarray(columns[0])[0]):
            runs.append([])
        else:
            runs[-1].append((columns, arrived))
    return runs


def _ascending(pieces: Sequence[Columns]) -> bool:
    last = -math.inf
    for piece in pieces:
        times = np.asarray(piece[0])
        if times[0] < last or (times[1:] < times[:-1]).any():
            return False
        last = float(times[-1])
    return True


def _floats(values: Sequence[Any], dtype: type[np.generic]) -> Values:
    try:
        return np.array(values, dtype)
    except OverflowError:  # a Python integer can be larger than any float
        return np.array([_bounded(value) for value in values], dtype)


def _bounded(value: float) -> float:
    if abs(value) < _LARGEST:
        return value
    return math.inf if value > 0 else -math.inf


def _joined(pieces: Sequence[Columns]) -> Columns:
    blocks, at = [], 0
    for piece in pieces:
        blocks.append(Block(at, piece))
        at += len(piece[0])
    return concat(blocks).columns


def _ordered(columns: Columns, order: Any) -> Columns:
    return {
        at: [values[index] for index in order] if isinstance(values, list) else values[order]
        for at, values in columns.items()
    }
