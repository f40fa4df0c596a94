"""Rows in the order of their times, though they come as they like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowidget.feeds.fields import Row

# Seconds that rows wait for earlier ones at first, until it is known whether any come: nobody sees them.
FIRST_HOLD = 0.25
FIRST_SECONDS = 5.0
# Disorder that was seen once is expected for so many seconds, and somewhat more of it.
EXPECTED_SECONDS = 60.0
MARGIN = 1.5
# Seconds behind the newest row after which a source has begun again, so that its rows do not belong to those before.
GAP_AFTER = 30.0
# A time this far ahead, of a source that was in step with the clock, is a mistake; all later rows would be dropped.
FUTURE = 3600.0
IN_STEP = 300.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: Row
    arrived: float


class Ordering:
    """Sorts rows, and drops those that come too late. Pure.

    A row whose time lies up to `late` before that of a row that came earlier is put in its place. Rows wait for this
    only while the source has lately been seen to need it: most are in order, and their rows go on at once.

    Attributes:
        last: the time of the newest row that went on.
        dropped: how many came too late, ever.
    """

    def __init__(self, late: float, now: float, *, repeats: bool = False) -> None:
        """How to sort.

        Args:
            late: seconds.
            now: when the first row may come.
            repeats: each message may hold rows that were in an earlier one.
        """
        self._late = late
        self._repeats = repeats
        self._waiting: list[_Waiting] = []
        # Rows of a connection that is gone: no earlier ones can come.
        self._complete: list[Row] = []
        self._newest = float("-inf")
        self._disorder = FIRST_HOLD / MARGIN
        self._expected_until = now + FIRST_SECONDS
        self._behind_since: float | None = None
        self._filled_to = float("-inf")
        self._at_last: list[Row] = []
        self._gap = False
        self._troubles: list[str] = []
        self.last: float | None = None
        self.dropped = 0

    # What comes.

    def receive(self, rows: Sequence[Row], now: float) -> None:
        """The rows of one message."""
        if self._repeats:
            rows = self._fresh(rows)
        # A message may hold its rows in any order; only what comes later than what it belongs before is late.
        for row in sorted(rows, key=_time_of):
            if row.time > self._filled_to and not self._is_mistaken(row, now):
                self._place(row, now)

    def receive_backfill(self, rows: Sequence[Row], now: float) -> bool:
        """Rows of the time that we were away; whether there are any. Live ones of this time are not taken twice."""
        missed = [row for row in rows if self.last is None or row.time > self.last]
        if not missed:
            return False
        self._filled_to = max(row.time for row in missed)
        live = [waiting for waiting in self._waiting if waiting.row.time > self._filled_to]
        self._waiting = [_Waiting(row, now) for row in missed] + live
        self._newest = max(self._newest, self._filled_to)
        self._gap = False
        return True

    def receive_cut(self) -> None:
        """What follows does not join what came before: a gap belongs between them, if there was anything."""
        self._complete += sorted((each.row for each in self._waiting), key=_time_of)
        self._waiting.clear()
        if self._complete or self.last is not None:
            self._gap = True

    def receive_resumed(self, last: float | None) -> None:
        """There are rows of an earlier life, the newest of them at `last`, if that is known."""
        self.last = last
        self._gap = True

    # What goes on.

    def take(self, now: float) -> tuple[bool, list[Row]]:
        """The rows that need not wait longer, in order, and whether a gap belongs before them."""
        if self._complete:
            taken, self._complete = self._complete, []
            self._remember(taken)
            return False, taken
        self._waiting.sort(key=lambda each: each.row.time)
        ripe = now - self._hold(now)
        # Rows before a ripe one are ripe, too: nothing earlier than they is expected any more.
        count = max((at for at, each in enumerate(self._waiting, 1) if each.arrived <= ripe), default=0)
        if not count:
            return False, []
        taken = [each.row for each in self._waiting[:count]]
        del self._waiting[:count]
        self._remember(taken)
        gap, self._gap = self._gap, False
        return gap, taken

    def take_troubles(self) -> list[str]:
        """What people should know, once."""
        troubles, self._troubles = self._troubles, []
        return troubles

    def deadline(self, now: float) -> float | None:
        """When `take` has something to give."""
        if self._complete:
            return now
        hold = self._hold(now)
        return min((each.arrived + hold for each in self._waiting), default=None)

    def _remember(self, taken: list[Row]) -> None:
        last = taken[-1].time
        if self.last is None or last > self.last:
            self._at_last = []
        self._at_last += [row for row in taken if row.time == last] if self._repeats else []
        self.last = last

    # Judging.

    def _place(self, row: Row, now: float) -> None:
        if row.time < self._newest:
            self._expect(self._newest - row.time, now)
        if self.last is not None and row.time < self.last:
            self._drop(self.last - row.time, now)
            return
        if self._behind_since is not None:
            self._gap = self._gap or now - self._behind_since > GAP_AFTER
            self._behind_since = None
        self._newest = max(self._newest, row.time)
        self._waiting.append(_Waiting(row, now))

    def _drop(self, seconds: float, now: float) -> None:
        self.dropped += 1
        if seconds <= self._late:
            self._troubles.append(f"A row came {seconds:.1f} s too late and was dropped.")
        elif self._behind_since is None:
            self._behind_since = now
            self._troubles.append(
                f"The times of the source went back by {_span(seconds)}: its rows are dropped until they go on from "
                "where they were."
            )

    def _is_mistaken(self, row: Row, now: float) -> bool:
        if row.time <= now + FUTURE or self.last is None or abs(self.last - now) > IN_STEP:
            return False
        self.dropped += 1
        self._troubles.append(f"A row's time lies {_span(row.time - now)} in the future; it was dropped.")
        return True

    def _fresh(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Without what was there before. When all of it is older, that is for `_drop` to say."""
        last = self.last
        if last is not None and rows and max(row.time for row in rows) < last:
            return rows
        seen = {*self._at_last, *(each.row for each in self._waiting)}
        return [row for row in rows if (last is None or row.time >= last) and row not in seen]

    def _expect(self, seconds: float, now: float) -> None:
        if seconds > self._late:
            return
        if now >= self._expected_until or seconds > self._disorder:
            self._disorder = seconds
        self._expected_until = max(self._expected_until, now + EXPECTED_SECONDS)

    def _hold(self, now: float) -> float:
        return min(self._disorder * MARGIN, self._late) if now < self._expected_until else 0.0


def _time_of(row: Row) -> float:
    return row.time


def _span(seconds: float) -> str:
    for unit, name in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.1f} s"
