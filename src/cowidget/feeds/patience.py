"""How long to wait: for the next attempt, and for the next word of a silent source."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Callable

# Full jitter: after a host's restart, those who follow it come back spread over the whole interval.
FIRST = 0.5
CEILING = 30.0
# A connection that held this long was a good one, and the next wait is a short one again.
STEADY = 10.0
# Seconds until a host that said no is asked again. Less: it may take offence. More: a repaired one waits for us.
REFUSED = 300.0

# A source is silent after this many of its usual intervals, and not before so many seconds.
INTERVALS = 3.0
SILENCE = 5.0
# Until that many intervals are known, it is not known what is usual. Less than this would cut off, again and again, a
# source that sends a picture at first, and news once a minute.
KNOWN_INTERVALS = 3
UNKNOWN_SILENCE = 60.0
# A market that is closed is not dialled all night: each reconnect without a word doubles the wait, up to here.
LONGEST_SILENCE = 600.0
# Messages that tell what is usual.
REMEMBERED = 31


class Backoff:
    """The waits between attempts."""

    def __init__(self, draw: Callable[[], float]) -> None:
        self._draw = draw
        self.attempts = 0

    def lost(self, at_least: float) -> float:
        """Seconds to wait after an attempt that failed, or a connection that was lost."""
        ceiling = min(CEILING, FIRST * 2.0 ** min(self.attempts, 10))
        self.attempts += 1
        return max(self._draw() * ceiling, at_least)

    def reset(self) -> None:
        """The connection has held."""
        self.attempts = 0


class Silence:
    """Tells when a source has been silent for too long."""

    def __init__(self, stale_after: float) -> None:
        self._fixed = stale_after
        self._intervals: deque[float] = deque(maxlen=REMEMBERED)
        self._heard: float | None = None
        self._began = 0.0
        self._doubled = 0

    def opened(self, now: float) -> None:
        """It may speak from now on; the time before is no interval of its."""
        self._began = now
        self._heard = None

    def heard(self, now: float) -> None:
        """It has said something."""
        if self._heard is not None:
            self._intervals.append(now - self._heard)
            # Not by the first message of a connection: it may be what everybody is sent who comes.
            self._doubled = 0
        self._heard = self._began = now

    def passed(self, now: float) -> None:
        """It was silent for too long: the next time, that takes twice as long."""
        self._doubled += 1
        self._began = now

    @property
    def seconds(self) -> float:
        """How long it may be silent."""
        seconds = self._fixed or self._usual
        return max(seconds, min(seconds * 2.0**self._doubled, LONGEST_SILENCE))

    @property
    def _usual(self) -> float:
        if len(self._intervals) < KNOWN_INTERVALS:
            return UNKNOWN_SILENCE
        return max(INTERVALS * statistics.median(self._intervals), SILENCE)

    @property
    def deadline(self) -> float:
        """When it has been silent for too long."""
        return self._began + self.seconds
