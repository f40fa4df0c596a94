"""How a feed is doing: the state of its source, its errors, its pace."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cowidget.core.feed_values import FeedError, FeedState, FeedStatus

MOST_ERRORS = 100
# What travels to everybody; `feed.errors` has the rest.
_TOLD_ERRORS = 20
_MOST_CHARACTERS = 500
# Seconds over which the pace is measured.
_PACE_SPAN = 5.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a feed is doing.

    Attributes:
        state: idle, connecting, live, stale, retrying, failed or ended.
        text: why, if that is known.
        rows: how many there are.
        rate: rows per second, over the last five.
        lag: seconds since the newest row's time; None without rows.
        attempts: that failed since the source was last live.
        errors: how many there were ever; `feed.errors` has the last ones.
        dropped: rows that came too late to be placed.
        since: when the state began, in Unix seconds.
        retry_at: when the next attempt is due; 0 when none is.
    """

    state: FeedState
    text: str
    rows: int
    rate: float
    lag: float | None
    attempts: int
    errors: int
    dropped: int
    since: float
    retry_at: float

    def __str__(self) -> str:
        parts = [f"{self.state}: {self.text}" if self.text else self.state, f"{self.rows:,} rows"]
        parts += [f"{self.rate:,.0f} rows/s"] if self.rate else []
        parts += [f"{self.errors} error{'s' if self.errors > 1 else ''}"] if self.errors else []
        parts += [f"{self.dropped} dropped"] if self.dropped else []
        return " · ".join(parts)


class Diary:
    """State and errors of a source in this kernel. From any thread.

    `on_change` is called after each change, with whether it is one of state.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._status = FeedStatus("idle", since=clock())
        self._errors: deque[FeedError] = deque(maxlen=MOST_ERRORS)
        self._count = 0
        self.on_change: Callable[[bool], None] = lambda _: None

    @property
    def state(self) -> FeedState:
        """The source's."""
        return self._status.state

    @property
    def errors(self) -> list[FeedError]:
        """The last of them, newest last."""
        return list(self._errors)

    def report(self, text: str) -> None:
        """Something went wrong."""
        self._errors.append(FeedError(round(self._clock(), 3), text[:_MOST_CHARACTERS]))
        self._count += 1
        self.on_change(False)

    def become(self, state: FeedState, text: str = "", *, attempts: int = 0, retry_at: float = 0.0) -> None:
        """The source is in another state."""
        now = self._status
        since = now.since if (now.state, now.text) == (state, text) else round(self._clock(), 3)
        self._status = FeedStatus(state, text[:_MOST_CHARACTERS], since, round(retry_at, 3), attempts)
        if self._status != now:
            self.on_change(True)

    def status(self, dropped: int) -> FeedStatus:
        """As everybody is told."""
        now = self._status
        recent = tuple(self._errors)[-_TOLD_ERRORS:]
        return FeedStatus(
            now.state, now.text, now.since, now.retry_at, now.attempts, self._count, dropped, recent
        )  # fmt: skip


class Pace:
    """Rows per second, over the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, rows: int) -> None:
        """So many have come now."""
        self._counts.append((self._clock(), rows))
        self._forget()

    @property
    def rate(self) -> float:
        """Rows per second."""
        self._forget()
        counts = tuple(self._counts)
        if not counts:
            return 0.0
        return sum(rows for _, rows in counts) / max(self._clock() - counts[0][0], 1.0)

    def _forget(self) -> None:
        while self._counts and self._counts[0][0] < self._clock() - _PACE_SPAN:
            self._counts.popleft()


def health_of(status: FeedStatus, rows: int, rate: float, lag: float | None) -> Health:
    """A source's status beside what is known of its rows."""
    return Health(
        status.state, status.text, rows, rate, lag, status.attempts, status.errors, status.dropped, status.since,
        status.retry_at,
    )  # fmt: skip
