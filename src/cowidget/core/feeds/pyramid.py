"""Minima and maxima over 16, 256, 4,096 … rows of a feed, so that any range is drawn from few numbers.

Bins are numbered by their rows: bin k of level n covers the rows from k * 16**n on, whatever has been dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cowidget.core.columns import Bins, Block
from cowidget.core.columns.block import Array
from cowidget.core.feed_values import Column

FACTOR = 16
LEVELS = 6
# Rows that wait to be counted in. More: the next query pays; less: more calls of numpy per row.
MAX_WAITING = 1 << 14


class _Level:
    """One level: its bins from number `start` on, in arrays that grow. The last bin may still grow."""

    def __init__(self, start: int, width: int) -> None:
        self.start = start
        self.end = start
        self._time = np.empty(64)
        self._low = np.empty((width, 64))
        self._high = np.empty((width, 64))

    @property
    def time(self) -> Array:
        return self._time[: self.end - self.start]

    @property
    def low(self) -> Array:
        return self._low[:, : self.end - self.start]

    @property
    def high(self) -> Array:
        return self._high[:, : self.end - self.start]

    def write(self, number: int, time: Array, low: Array, high: Array) -> None:
        """Bins from `number` on, in place of what is there."""
        at = number - self.start
        self._reserve(at + len(time))
        self._time[at : at + len(time)] = time
        self._low[:, at : at + len(time)] = low
        self._high[:, at : at + len(time)] = high
        self.end = number + len(time)

    def widen(self, width: int) -> None:
        """There are more columns, which have no value so far."""
        missing = np.full((width - len(self._low), self._low.shape[1]), np.nan)
        self._low, self._high = np.vstack([self._low, missing]), np.vstack([self._high, missing])

    def drop(self, before: int) -> None:
        """Forget the bins before this one."""
        gone = min(before, self.end) - self.start
        # Not for each chunk: the rest is copied.
        if gone > (self.end - self.start) // 4:
            kept = slice(gone, self.end - self.start)
            self._time, self._low, self._high = (
                self._time[kept].copy(),
                self._low[:, kept].copy(),
                self._high[:, kept].copy(),
            )
            self.start += gone

    def _reserve(self, count: int) -> None:
        if count <= len(self._time):
            return
        more = max(count, 2 * len(self._time)) - len(self._time)
        self._time = np.pad(self._time, (0, more))
        self._low, self._high = np.pad(self._low, ((0, 0), (0, more))), np.pad(self._high, ((0, 0), (0, more)))


class Pyramid:
    """The levels of one feed, from the row of its first block on."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._numbers = _numeric(columns)
        self._levels: list[_Level] = []
        self._waiting: list[Block] = []
        self._rows_waiting = 0
        self._end = 0

    def extend(self, columns: Sequence[Column]) -> None:
        """The feed has these columns now: the same, and more after them."""
        self._absorb()
        self._numbers = _numeric(columns)
        for level in self._levels:
            level.widen(len(self._numbers))

    def add(self, block: Block) -> None:
        """The rows that follow."""
        if block.count:
            self._waiting.append(block)
            self._rows_waiting += block.count
        if self._rows_waiting >= MAX_WAITING:
            self._absorb()

    def drop(self, first: int) -> None:
        """The rows before this one are gone; bins that hold one that is not stay."""
        # First, or rows that wait would be counted into bins that are gone.
        self._absorb()
        for depth, level in enumerate(self._levels, 1):
            level.drop(first // FACTOR**depth)

    def bins(self, level: int, first: int, last: int) -> Bins:
        """The bins of a level that cover the rows `[first, last)`, as far as there are any."""
        self._absorb()
        span = FACTOR**level
        if not self._levels:
            return Bins(first // span * span, level, np.empty(0), {}, {})
        held = self._levels[level - 1]
        start = min(max(first // span, held.start), held.end)
        stop = max(start, min(-(-last // span), held.end))
        kept = slice(start - held.start, stop - held.start)
        low = {column: held.low[row, kept] for row, column in enumerate(self._numbers)}
        high = {column: held.high[row, kept] for row, column in enumerate(self._numbers)}
        return Bins(start * span, level, held.time[kept], low, high)

    def _absorb(self) -> None:
        waiting, self._waiting, self._rows_waiting = self._waiting, [], 0
        if not waiting:
            return
        first, end = waiting[0].first, waiting[-1].end
        if not self._levels:
            widths = len(self._numbers)
            self._levels = [_Level(first // FACTOR**depth, widths) for depth in range(1, LEVELS + 1)]
            self._end = first
        time = np.concatenate([block.time for block in waiting])
        values = self._matrix(waiting, end - first)
        self._count_in(first, time, values)
        for below, above in zip(self._levels, self._levels[1:], strict=False):
            _raise_up(below, above, first, self._levels.index(above) + 1)
        self._end = end

    def _matrix(self, blocks: Sequence[Block], count: int) -> Array:
        values = np.full((len(self._numbers), count), np.nan)
        at = 0
        for block in blocks:
            for row, column in enumerate(self._numbers):
                if isinstance(cells := block.columns.get(column), np.ndarray):
                    values[row, at : at + block.count] = cells
            at += block.count
        return values

    def _count_in(self, first: int, time: Array, values: Array) -> None:
        level = self._levels[0]
        number = first // FACTOR
        starts = np.concatenate([[0], np.arange(FACTOR - first % FACTOR, len(time), FACTOR)])
        low, high = np.fmin.reduceat(values, starts, axis=1), np.fmax.reduceat(values, starts, axis=1)
        times = time[starts]
        if number < level.end:
            # The last bin grows.
            at = number - level.start
            low[:, 0] = np.fmin(low[:, 0], level.low[:, at])
            high[:, 0] = np.fmax(high[:, 0], level.high[:, at])
            times[0] = level.time[at]
        level.write(number, times, low, high)


def _raise_up(below: _Level, above: _Level, first: int, depth: int) -> None:
    """Bring the bins of a level up to date that hold rows from `first` on."""
    number = max(first // FACTOR**depth, above.start)
    start = max(number * FACTOR, below.start) - below.start
    low, high = below.low[:, start:], below.high[:, start:]
    lead = (start + below.start) % FACTOR
    starts = np.concatenate([[0], np.arange(FACTOR - lead, low.shape[1], FACTOR)])
    reduced = np.fmin.reduceat(low, starts, axis=1), np.fmax.reduceat(high, starts, axis=1)
    times = below.time[start:][starts]
    if lead and number < above.end:
        # What the bin held before its first rows were dropped stays in it.
        at = number - above.start
        reduced[0][:, 0] = np.fmin(reduced[0][:, 0], above.low[:, at])
        reduced[1][:, 0] = np.fmax(reduced[1][:, 0], above.high[:, at])
        times[0] = above.time[at]
    above.write(number, times, *reduced)


def _numeric(columns: Sequence[Column]) -> list[int]:
    return [number for number, column in enumerate(columns, 1) if column.type != "text"]
