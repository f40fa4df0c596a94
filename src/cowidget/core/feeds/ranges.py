"""A set of row numbers, as ranges `[first, last)` that do not touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Range = tuple[int, int]


class Ranges:
    """Grows and shrinks by ranges; as large as it has holes, not as it has numbers."""

    __slots__ = ("_firsts", "_lasts")

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in ranges:
            self.add(first, last)

    def __iter__(self) -> Iterator[Range]:
        return iter(zip(self._firsts, self._lasts, strict=True))

    @property
    def end(self) -> int:
        """The number after the greatest; 0 when there is none."""
        return self._lasts[-1] if self._lasts else 0

    def add(self, first: int, last: int) -> None:
        """Let `[first, last)` be in the set."""
        if first >= last:
            return
        start = bisect_left(self._lasts, first)
        stop = bisect_right(self._firsts, last)
        if start < stop:
            first, last = min(first, self._firsts[start]), max(last, self._lasts[stop - 1])
        self._firsts[start:stop] = [first]
        self._lasts[start:stop] = [last]

    def remove(self, first: int, last: int) -> None:
        """Let `[first, last)` not be in the set."""
        start = bisect_right(self._lasts, first)
        stop = bisect_left(self._firsts, last)
        if first >= last or start >= stop:
            return
        left = [(self._firsts[start], first)] if self._firsts[start] < first else []
        right = [(last, self._lasts[stop - 1])] if self._lasts[stop - 1] > last else []
        kept = [*left, *right]
        self._firsts[start:stop] = [each for each, _ in kept]
        self._lasts[start:stop] = [each for _, each in kept]

    def missing(self, first: int, last: int) -> list[Range]:
        """The parts of `[first, last)` that are not in the set, in order."""
        holes: list[Range] = []
        at = first
        for index in range(bisect_right(self._lasts, first), len(self._firsts)):
            if self._firsts[index] >= last:
                break
            if self._firsts[index] > at:
                holes.append((at, self._firsts[index]))
            at = self._lasts[index]
        if at < last:
            holes.append((at, last))
        return holes
