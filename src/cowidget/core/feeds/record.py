"""The rows of one feed that are here, by number: appended at the end, or put in where some are missing."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from math import inf

import numpy as np

from cowidget.core.columns import Block, Values, slice_block

# Rows of one piece: a whole piece is let go of at a time, and one block of the wire holds as many at most.
PIECE_ROWS = 16_384
_LEAST = 64


class Record:
    """At least the newest `keep_rows` rows, and of these those of the last `keep_seconds` (0: whatever their age).

    Attributes:
        aligned: its numbers are those of a room, and must not be others any more.
    """

    def __init__(self, keep_rows: int = 1 << 32, keep_seconds: float = 0.0) -> None:
        self._keep_rows = keep_rows
        self._keep_seconds = keep_seconds
        self.aligned = False
        self._pieces: list[_Piece] = []
        self._end = 0
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    @property
    def first(self) -> int:
        """The first row that is here; `end` when there is none."""
        return self._pieces[0].first if self._pieces else self._end

    @property
    def end(self) -> int:
        """The number of the row that `append` will add."""
        return self._end

    @property
    def last_time(self) -> float:
        """The newest row's time; minus infinity when there is none."""
        return self._pieces[-1].last_time if self._pieces else -inf

    def append(self, columns: Mapping[int, Values]) -> Block:
        """Add rows after the last one, and forget what is too old; what was added, as it is kept.

        The values are copied. Column 0 is the time, which does not go back.
        """
        added = Block(self._end, dict(columns))
        at = added.first
        while at < added.end:
            at = self._fill(slice_block(added, at, at + PIECE_ROWS))
        self._end = added.end
        self._rows += added.count
        self._forget()
        return added

    def insert(self, block: Block) -> None:
        """Put in rows of which none is here. They stay as they are: the values are not copied."""
        if not block.count:
            return
        if block.first >= self._end:
            self._end = block.first
            at = block.first
            while at < block.end:
                at = self._fill(slice_block(block, at, at + PIECE_ROWS))
            self._end = block.end
        else:
            self._pieces.insert(bisect_right(self._pieces, block.first, key=_first), _Piece(block))
        self._rows += block.count

    def blocks(self, first: int = 0, last: int = 1 << 53) -> Iterator[Block]:
        """What is here of the rows `[first, last)`, in order; holes are passed over. Nothing is copied."""
        start = max(bisect_right(self._pieces, first, key=_first) - 1, 0)
        for piece in self._pieces[start:]:
            if piece.first >= last:
                return
            block = slice_block(piece.block(), first, last)
            if block.count:
                yield block

    def run(self, first: int, most: int) -> Block | None:
        """The row `first` and those behind it that have the same columns, at most `most`; None if it is not here."""
        return next(self.blocks(first, first + most), None)

    def after(self, time: float) -> int:
        """The first row that is newer than `time`; `end` when there is none."""
        at = self._end
        for piece in reversed(self._pieces):
            if piece.last_time <= time:
                break
            block = piece.block()
            at = block.first + int(np.searchsorted(block.time, time, "right"))
        return at

    def newest(self, rows: int = 0, since: float = -inf) -> list[Block]:
        """The newest `rows` rows (0: all), of these those from the time `since` on, in order."""
        found: list[Block] = []
        left = rows or self._rows
        for piece in reversed(self._pieces):
            if left <= 0 or piece.last_time < since:
                break
            block = piece.block()
            start = max(block.end - left, block.first + int(np.searchsorted(block.time, since)))
            found.append(slice_block(block, start, block.end))
            left -= piece.count
        return [block for block in reversed(found) if block.count]

    def clear(self, end: int = 0) -> None:
        """Forget all rows; the next one is `end`."""
        self._pieces.clear()
        self._rows = 0
        self._end = end
        self.aligned = False

    def align(self, at: int, number: int) -> None:
        """Forget the rows before `at`, which a room has already, and let that one be row `number`, as in the room."""
        kept = [slice_block(piece.block(), at, self._end) for piece in self._pieces]
        self._pieces = [
            _Piece(dataclasses.replace(block, first=block.first - at + number)) for block in kept if block.count
        ]
        self._rows = sum(piece.count for piece in self._pieces)
        self._end = self._end - at + number
        self.aligned = True

    def cut(self, end: int) -> None:
        """Forget the rows from `end` on."""
        while self._pieces and self._pieces[-1].end > end:
            piece = self._pieces.pop()
            self._rows -= piece.count
            left = slice_block(piece.block(), 0, end)
            if left.count:
                self._pieces.append(_Piece(left))
                self._rows += left.count
        self._end = min(self._end, end)

    def forget(self, first: int) -> None:
        """Forget the pieces all of whose rows are before `first`."""
        while self._pieces and self._pieces[0].end <= first:
            self._rows -= self._pieces.pop(0).count

    def _fill(self, block: Block) -> int:
        last = self._pieces[-1] if self._pieces else None
        if last is None or last.end != block.first or not last.takes(block):
            last = _Piece(block.first, like=block)
            self._pieces.append(last)
        return last.extend(block)

    def _forget(self) -> None:
        oldest = self.last_time - self._keep_seconds if self._keep_seconds else -inf
        while len(self._pieces) > 1:
            piece = self._pieces[0]
            if self._rows - piece.count < self._keep_rows and piece.last_time >= oldest:
                return
            self._rows -= piece.count
            del self._pieces[0]


class _Piece:
    """Consecutive rows with the same columns, in arrays with room for more."""

    __slots__ = ("_columns", "count", "first")

    def __init__(self, first: int | Block, like: Block | None = None) -> None:
        if isinstance(first, Block):
            self.first, self.count, self._columns = first.first, first.count, dict(first.columns)
            return
        if like is None:
            raise AssertionError("a piece is made of rows, or like some")
        self.first = first
        self.count = 0
        self._columns = {column: _room(values) for column, values in like.columns.items()}

    @property
    def end(self) -> int:
        return self.first + self.count

    @property
    def last_time(self) -> float:
        return float(self._columns[0][self.count - 1])

    def takes(self, block: Block) -> bool:
        """Whether these columns are the same, and there is room."""
        return (
            self.count < PIECE_ROWS
            and self._columns.keys() == block.columns.keys()
            and all(_alike(self._columns[column], values) for column, values in block.columns.items())
        )

    def extend(self, block: Block) -> int:
        """Take what there is room for; the row that follows it."""
        count = min(block.count, PIECE_ROWS - self.count)
        for column, values in block.columns.items():
            own = self._columns[column]
            if isinstance(own, list):
                own[self.count :] = values[:count]
            else:
                self._columns[column] = own = _grown(own, self.count, count)
                own[self.count : self.count + count] = values[:count]
        self.count += count
        return self.end

    def block(self) -> Block:
        return Block(self.first, {column: values[: self.count] for column, values in self._columns.items()})


def _first(piece: _Piece) -> int:
    return piece.first


def _room(values: Values) -> Values:
    return [] if isinstance(values, list) else np.empty(0, values.dtype)


def _alike(own: Values, values: Values) -> bool:
    if isinstance(own, list) or isinstance(values, list):
        return isinstance(own, list) and isinstance(values, list)
    return own.dtype == values.dtype


def _grown(
    own: np.ndarray[tuple[int], np.dtype[np.generic]], used: int, more: int
) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    if used + more <= len(own):
        return own
    # Whoever holds a view of the old array keeps it: rows that were handed out are never written again.
    grown = np.empty(min(max(2 * (used + more), _LEAST), PIECE_ROWS), own.dtype)
    grown[:used] = own[:used]
    return grown
