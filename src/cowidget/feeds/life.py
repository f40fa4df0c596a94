"""The life of one feed's source: what it says becomes rows, what happens to it a status. Pure; times are inputs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from cowidget.core.feed_values import Column, FeedError, FeedState, FeedStatus, Source
from cowidget.feeds.failures import SourceError, SourceFailure, SourceRefused
from cowidget.feeds.fields import Row
from cowidget.feeds.ordering import Ordering
from cowidget.feeds.patience import INTERVALS, REFUSED, SILENCE, STEADY, Backoff, Silence
from cowidget.feeds.records import Reader
from cowidget.feeds.scrubbing import Scrubber
from cowidget.feeds.states import Event, after

# Errors that are listed; all are counted.
RECENT = 20
# Reports in so many seconds.
REPORTS = 2
REPORT_SECONDS = 1.0
# Seconds in which the same error is listed once: a source that is garbage says so thousands of times.
REPEAT_INTERVAL = 10.0
# Messages without any field that are no error before the first row: answers to what was sent to subscribe.
GREETINGS = 3


class Life:
    """One source, from the first attempt on.

    Attributes:
        state: where it is; assigned by `_move` alone.
        retry_at: when to connect; None while it is connected, or when no attempt is due.
        wants_cut: the connection is silent, and a new one may not be.
        wants_backfill: the time since which rows are missing and can be had; rows wait until `receive_backfill`.
    """

    def __init__(self, source: Source, columns: Sequence[Column], now: float, draw: Callable[[], float]) -> None:
        """A source whose feed has these columns.

        Args:
            source: what to follow.
            columns: of the feed, so far.
            now: Unix seconds, as everywhere here.
            draw: returns the next random number in [0, 1).

        Raises:
            FieldError: a field of the source is not understood.
        """
        polled = source.url.startswith("http")
        self._reader = Reader(source, columns)
        self._ordering = Ordering(source.late if self._reader.timed else 0.0, now, repeats=polled)
        self._scrub = Scrubber(source).clean
        self._backoff = Backoff(draw)
        self._silence = Silence(source.stale_after or (max(INTERVALS * source.every, SILENCE) if polled else 0.0))
        self._greetings = GREETINGS + len(source.subscribe)
        self._strict = bool(source.stale_after)
        self._opened: float | None = None
        self._had_rows = False
        self._recent: deque[FeedError] = deque(maxlen=RECENT)
        self._errors = 0
        self._listed: dict[str, float] = {}
        self._since = now
        self._backfills = bool(source.backfill)
        self._reported: FeedStatus | None = None
        self._reported_at = deque((float("-inf"),) * REPORTS, REPORTS)
        self.state: FeedState = "idle" if source.paused else "connecting"
        self.retry_at: float | None = None if source.paused else now
        self.wants_cut = False
        self.wants_backfill: float | None = None
        self._text = "Paused." if source.paused else "Connecting to the source."

    @property
    def columns(self) -> tuple[Column, ...]:
        """Of the rows so far; it only gains some."""
        return self._reader.columns

    @property
    def last(self) -> float | None:
        """The time of the newest row."""
        return self._ordering.last

    # What happens to the connection.

    def receive_resumed(self, last: float | None) -> None:
        """The feed has rows of an earlier life, the newest of them at `last`, if that is known."""
        self._had_rows = True
        self._ordering.receive_resumed(last)

    def receive_dialing(self) -> None:
        """An attempt begins."""
        self.retry_at = None
        self.wants_cut = False

    def receive_opened(self, now: float) -> None:
        """The host has accepted us."""
        if self._opened is not None:
            return
        self._opened = now
        self._silence.opened(now)
        if self._backfills:
            self.wants_backfill = self.last
        self._move(Event.OPENED, now)

    def receive_lost(self, failure: SourceFailure, now: float) -> None:
        """There is no connection."""
        self._close(now)
        self._note(str(failure), now)
        if isinstance(failure, SourceRefused):
            self._backoff.lost(0.0)
            self.retry_at = now + max(REFUSED, failure.retry_after)
            self._move(Event.REFUSED, now, str(failure))
        else:
            self.retry_at = now + self._backoff.lost(failure.retry_after)
            self._move(Event.LOST, now, str(failure))

    def receive_cut(self, now: float) -> None:
        """We have cut the silent connection, as `wants_cut` asked for."""
        self._close(now)
        self.wants_cut = False
        self.retry_at = now

    def receive_denied(self, error: SourceError, now: float) -> None:
        """It cannot work as it is described, so no attempt follows."""
        self._close(now)
        self._note(str(error), now)
        self.retry_at = None
        self._move(Event.REFUSED, now, str(error))

    def receive_over(self, now: float) -> None:
        """The source has ended."""
        self._close(now)
        self.retry_at = None
        self._move(Event.OVER, now, "The source has ended.")

    def tick(self, now: float) -> None:
        """Time has passed."""
        if self._opened is None:
            return
        if self._backoff.attempts and now - self._opened >= STEADY:
            self._backoff.reset()
        if now >= self._silence.deadline and not self.wants_cut:
            seconds = self._silence.seconds
            self._silence.passed(now)
            self.wants_cut = True
            self._move(Event.SILENT, now, f"No data for {seconds:.0f} s.")

    # What it says.

    def receive_message(self, message: bytes | str, now: float) -> None:
        """A message; what is wrong with it is counted and listed."""
        # Rows without a time of their own are never earlier than those before, also when the clock was set back.
        time = now if self._reader.timed else max(now, self.last or now)
        read = self._reader.read(message, round(time, 3))
        self._ordering.receive(read.rows, now)
        self._had_rows = self._had_rows or bool(read.rows)
        self._hear(now)
        if read.failed and not (read.foreign and self._is_expected()):
            self._note(read.why, now, read.failed)
        for trouble in self._ordering.take_troubles():
            self._note(trouble, now)

    def receive_alive(self, now: float) -> None:
        """The host is there and has nothing new. With a `stale_after` of the user's, only news count."""
        if not self._strict:
            self._hear(now)

    def receive_fault(self, text: str, now: float) -> None:
        """Something was wrong; the rest goes on."""
        self._note(text, now)

    def receive_backfill(self, message: bytes | None, now: float) -> None:
        """The rows since `wants_backfill`; None when they could not be had."""
        self.wants_backfill = None
        if message is None:
            return
        read = self._reader.read(message, now)
        if read.failed:
            self._note(f"Backfill: {read.why}", now, read.failed)
        self._ordering.receive_backfill(read.rows, now)

    # What comes of it.

    def take_rows(self, now: float) -> tuple[bool, list[Row]]:
        """The next rows in order, and whether a gap belongs before them."""
        if self.wants_backfill is not None:
            return False, []
        return self._ordering.take(now)

    def take_report(self, now: float) -> FeedStatus | None:
        """The status, when it is another one than was last taken; at most two a second."""
        status = self._status()
        if status == self._reported or now < self._report_due:
            return None
        self._reported = status
        self._reported_at.append(now)
        return status

    def deadline(self, now: float) -> float | None:
        """When to call `tick`, `take_rows` and `take_report` again, if nothing happens before."""
        times = [self._ordering.deadline(now) if self.wants_backfill is None else None]
        if self._opened is not None:
            times.append(self._silence.deadline if not self.wants_cut else None)
            times.append(self._opened + STEADY if self._backoff.attempts else None)
        if self._status() != self._reported:
            times.append(self._report_due)
        return min((each for each in times if each is not None), default=None)

    # The parts of it.

    @property
    def _report_due(self) -> float:
        return self._reported_at[0] + REPORT_SECONDS

    def _move(self, event: Event, now: float, text: str = "") -> None:
        following = after(self.state, event)
        if following != self.state:
            self.state, self._since = following, now
        if following == "live" and not self._had_rows:
            text = "Connected; no row has come yet."
        self._text = self._scrub(text)

    def _hear(self, now: float) -> None:
        self._silence.heard(now)
        self.wants_cut = False
        if self.state != "live" or (self._text and self._had_rows):
            self._move(Event.HEARD, now)

    def _close(self, now: float) -> None:
        if self._opened is None:
            return
        if now - self._opened >= STEADY:
            self._backoff.reset()
        self._opened = None
        self.wants_backfill = None
        self._ordering.receive_cut()

    def _is_expected(self) -> bool:
        if self._had_rows:
            return True
        self._greetings -= 1
        return self._greetings >= 0

    def _note(self, text: str, now: float, count: int = 1) -> None:
        self._errors += count
        cleaned = self._scrub(text)
        if now - self._listed.get(cleaned, float("-inf")) < REPEAT_INTERVAL:
            return
        self._listed = {known: at for known, at in self._listed.items() if now - at < REPEAT_INTERVAL}
        self._listed[cleaned] = now
        self._recent.append(FeedError(now, cleaned))

    def _status(self) -> FeedStatus:
        return FeedStatus(
            self.state,
            self._text,
            self._since,
            self.retry_at or 0.0 if self.state in ("retrying", "failed") else 0.0,
            self._backoff.attempts,
            self._errors,
            self._ordering.dropped,
            tuple(self._recent),
        )
