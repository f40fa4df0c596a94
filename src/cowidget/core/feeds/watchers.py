"""Who watches a feed, how far each has been told, and how much more it may be told (F7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cowidget.core import limits

# Entries of a log of what was told; half of them stay when it is full. Fewer: a watcher of very small blocks runs out
# of credit early. More: memory per feed.
MAX_TOLD = 8192


@dataclass(slots=True)
class Watcher:
    """One connection that watches a feed.

    Attributes:
        level: of the bins that it gets; 0 is rows.
        sent: it has been sent the rows before this one, or skipped them.
        drawn: it has told that it has drawn these.
        held: its outbox is full, or on its way is an answer to a fetch: nothing is sent until that has drained.
        owes_picture: it must be told anew what the feed is.
        owes_status: it must be told how the feed's source is doing.
    """

    connection: str
    level: int = 0
    sent: int = 0
    drawn: int = 0
    held: bool = False
    owes_picture: bool = False
    owes_status: bool = False


class Debt(NamedTuple):
    """What a watcher has not drawn: bytes, and when the oldest of them were told."""

    size: float
    since: float


class Told:
    """What was told of a feed, by row: from it, any watcher's debt is found without a list of its own."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._totals: list[int] = []
        self._times: list[float] = []
        self._start = 0
        self._base = 0

    def note(self, first: int, end: int, size: int, now: float) -> None:
        """Rows `[first, end)` were told in so many bytes."""
        if not self._ends:
            self._start, self._base = first, 0
        self._totals.append((self._totals[-1] if self._totals else self._base) + size)
        self._ends.append(end)
        self._times.append(now)
        if len(self._ends) > MAX_TOLD:
            half = MAX_TOLD // 2
            self._start, self._base = self._ends[half - 1], self._totals[half - 1]
            del self._ends[:half], self._totals[:half], self._times[:half]

    def clear(self) -> None:
        """The rows begin anew."""
        self._ends.clear()
        self._totals.clear()
        self._times.clear()

    def debt(self, drawn: int, sent: int) -> Debt:
        """Of who was sent all before `sent` and has drawn all before `drawn`; without end if that is too long ago."""
        if not self._ends:
            return Debt(0, float("inf"))
        if drawn < self._start:
            return Debt(float("inf"), float("-inf"))
        index = bisect_right(self._ends, drawn)
        since = self._times[index] if index < len(self._times) else float("inf")
        return Debt(self._total(bisect_right(self._ends, sent)) - self._total(index), since)

    def _total(self, count: int) -> int:
        return self._totals[count - 1] if count else self._base


class Watchers:
    """Those who watch one feed."""

    def __init__(self) -> None:
        self._by_connection: dict[str, Watcher] = {}
        self._told: dict[int, Told] = {}

    def __len__(self) -> int:
        return len(self._by_connection)

    def __iter__(self) -> Iterator[Watcher]:
        return iter(self._by_connection.values())

    def add(self, watcher: Watcher) -> None:
        """Somebody watches, in place of what it watched before."""
        self._by_connection[watcher.connection] = watcher
        self._told.setdefault(watcher.level, Told())

    def of(self, connection: str) -> Watcher | None:
        """The watcher of this connection."""
        return self._by_connection.get(connection)

    def remove(self, connection: str) -> None:
        """Somebody watches no more."""
        self._by_connection.pop(connection, None)
        self._told = {level: told for level, told in self._told.items() if level in self.levels()}

    def levels(self) -> set[int]:
        """The levels that somebody watches."""
        return {watcher.level for watcher in self._by_connection.values()}

    def at(self, level: int) -> Iterable[Watcher]:
        """Who watches this level."""
        return (watcher for watcher in self._by_connection.values() if watcher.level == level)

    def begin_anew(self, end: int) -> None:
        """The rows are others now: nobody has been told of any after `end`."""
        for told in self._told.values():
            told.clear()
        for watcher in self:
            watcher.sent = watcher.drawn = end

    def note(self, level: int, first: int, end: int, size: int, now: float) -> None:
        """Rows were told at a level."""
        self._told[level].note(first, end, size, now)

    def may_follow(self, watcher: Watcher, now: float) -> bool:
        """Whether a watcher may be sent what has just come."""
        if watcher.held:
            return False
        if watcher.sent <= watcher.drawn:
            return True
        debt = self._told[watcher.level].debt(watcher.drawn, watcher.sent)
        if debt.size <= limits.CREDIT_BYTES:
            return True
        # However young: a store that was behind brings all at once, and it must fit the outbox.
        return now - debt.since < limits.CREDIT_SECONDS and debt.size <= limits.OUTBOX_BYTES

    def may_catch_up(self, watcher: Watcher) -> bool:
        """Whether a watcher may be sent what it has missed: what is young now was not when it came."""
        if watcher.held:
            return False
        return watcher.sent <= watcher.drawn or self._debt(watcher, watcher.sent) <= limits.CREDIT_BYTES

    def is_far_behind(self, watcher: Watcher, end: int) -> bool:
        """Whether a watcher is better served with the newest rows, and fetches those between."""
        rows = (end - watcher.sent) // 16**watcher.level
        told = self._told[watcher.level]
        return rows > limits.MAX_ROWS_BEHIND or told.debt(watcher.sent, end).size > limits.CREDIT_BYTES

    def _debt(self, watcher: Watcher, sent: int) -> float:
        return self._told[watcher.level].debt(watcher.drawn, sent).size
