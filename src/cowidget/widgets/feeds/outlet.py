"""The rows of a feed that is filled in this kernel: kept, sent to each room, told to listeners.

Everything but `stir`, `drain_now` and `wait_for_room` belongs to the link's thread.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from math import inf
from typing import Literal

from msgspec.structs import replace

from cowidget.client.feeding import Feeding
from cowidget.client.link import LinkThread
from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedSpec
from cowidget.core.feeds.backlog import Backlog
from cowidget.core.feeds.producer import Producer
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import Seen, Viewer
from cowidget.core.frames import FeedNews, Fetched, Report
from cowidget.widgets.feeds.health import Diary, Pace
from cowidget.widgets.feeds.intake import Intake
from cowidget.widgets.feeds.telling import tell_all

Overflow = Literal["block", "conflate"]

# Rows of 20 ms travel together: a viewer's screen draws no oftener, and a block's header is paid once.
TICK = 0.02
# Rows that no room has yet, before a push waits: so many that a slow line is kept busy for a while.
LEAST_BEHIND = 131_072
# Seconds. A room that takes nothing for so long has another producer now; what it lacks is lost to it.
PATIENCE = 10.0
# Rows that nobody has taken, before a push takes them itself.
MOST_PENDING = 1 << 18
# Seconds after which an answer is not waited for any more: the line has been cut meanwhile.
BACKLOG_PATIENCE = 2.0
# Reports of errors are told at most twice a second; changes of state at once.
REPORT_PAUSE = 0.5


class Outlet:
    """One feed's rows, and the rooms that get them."""

    def __init__(self, feed: str, spec: FeedSpec, intake: Intake, diary: Diary, thread: LinkThread) -> None:
        self.feed = feed
        self.spec = spec
        self.record = Record(spec.keep_rows, spec.keep_seconds)
        self.pace = Pace()
        self.listeners: list[Callable[[Block], None]] = []
        self.on_spec: Callable[[FeedSpec], None] = lambda _: None
        self.on_status: Callable[[], None] = lambda: None
        self._intake = intake
        self._diary = diary
        self._thread = thread
        self._producers: dict[Feeding, Producer] = {}
        self._learning: dict[Feeding, Viewer] = {}
        self._forget: dict[Feeding, Callable[[], None]] = {}
        self._wants_history = False
        self._backlog: Backlog | None = None
        self._backlog_at = -inf
        self._forget_backlog: Callable[[], None] = lambda: None
        self._told_skipped: set[Producer] = set()
        # The rows that a room has of an earlier life are not wanted.
        self._cleared = False
        self._scheduled = False
        self._drained_at = -TICK
        self._reported_at = -REPORT_PAUSE
        self._reporting = False
        self._acked = self._seen = 0
        self._free = threading.Event()
        self._free.set()
        self._fed = asyncio.Event()
        diary.on_change = lambda urgent: thread.call(self._report if urgent else self._report_soon)

    # From any thread.

    def stir(self) -> None:
        """There are rows in the intake."""
        if not self._scheduled:
            self._scheduled = True
            self._thread.call(self._drain_soon)

    def drain_now(self) -> None:
        """Take what is in the intake before this returns, also what waits for older rows."""
        self._thread.ask(lambda: self.drain(all_of_it=True))

    @property
    def has_room(self) -> bool:
        """Whether the rooms keep up."""
        return self._free.is_set()

    def wait_for_room(self) -> None:
        """Wait until the rooms have caught up, are away, or have taken nothing for `PATIENCE` seconds."""
        until = time.monotonic() + PATIENCE
        # In steps, so that an interrupt gets through on Windows too.
        while not self._free.wait(0.1) and time.monotonic() < until:
            if (acked := self._acked) != self._seen:
                self._seen, until = acked, time.monotonic() + PATIENCE

    # In the link's thread.

    def join(self, feeding: Feeding) -> None:
        """Publish the feed, with the rows that are here, in a room."""
        if feeding in self._producers or feeding in self._learning:
            return
        self.drain()
        # Rows that are pushed right before the process ends get there, too.
        self._thread.at_exit(self, self.finish, first=True)
        if self.spec.columns or self._cleared:
            self._publish(feeding)
        else:
            self._learn(feeding)

    def _learn(self, feeding: Feeding) -> None:
        """Nobody has named a column yet: the room may have some, whose rows other columns would void."""
        self._learning[feeding] = viewer = Viewer(self.feed, feeding.fetches, history=False)

        def tell(_: Seen) -> None:
            feeding.leave(viewer)
            if self._learning.pop(feeding, None) is not None:
                self._intake.adopt(viewer.spec.columns if viewer.spec is not None else ())
                self.drain()
                self._publish(feeding)

        feeding.view(viewer, tell)

    def _publish(self, feeding: Feeding) -> None:
        self._producers[feeding] = producer = Producer(self.feed, self.spec, self.record, feeding.fetches)
        if self._cleared:
            producer.restart()
        producer.report(self._diary.status(self._intake.dropped))
        self._forget[feeding] = feeding.listen(lambda news: self._receive_report(producer, news))
        feeding.produce(producer, lambda: self._receive_fed(feeding, producer))

    def leave(self, feeding: Feeding) -> None:
        """Send nothing more to this room; it keeps what it has."""
        if (viewer := self._learning.pop(feeding, None)) is not None:
            feeding.leave(viewer)
        if (producer := self._producers.pop(feeding, None)) is not None:
            self.drain()
            feeding.withdraw(producer)
            self._forget.pop(feeding)()
            self._look_behind()
        if not self._producers and not self._learning:
            self._thread.at_exit(self, None, first=True)

    async def finish(self) -> None:
        """Take what is in the intake, and wait until every room has every row. Cancelling is safe."""
        self.drain(all_of_it=True)
        while len(self.record) and not self.drained:
            self._fed.clear()
            await self._fed.wait()

    def declare(self, spec: FeedSpec) -> None:
        """The feed has other columns, or another title."""
        self.spec = spec
        self.on_spec(spec)
        for feeding, producer in self._producers.items():
            feeding.send(producer.declare(spec))

    def clear(self) -> None:
        """Forget all rows, here and in the rooms."""
        self._cleared = True
        self._forget_backlog()
        self._forget_backlog, self._backlog = lambda: None, None
        self._intake.restart(0)
        self.record.clear()
        for feeding, producer in self._producers.items():
            feeding.send(producer.restart())

    def watch(self, *, history: bool) -> None:
        """The rows are here; with `history` also get those that the room has of an earlier life."""
        self._wants_history = self._wants_history or history
        self._ask_backlog()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.record)

    @property
    def complete(self) -> bool:
        """Whether all rows are here, also those of an earlier life, if there is a room that has them."""
        if not any(feeding.joined for feeding in (*self._producers, *self._learning)):
            return True
        if self._learning or not any(producer.sending for producer in self._producers.values()):
            return self._diary.state == "failed"  # the room has not told yet what it has
        return not self._wants_history or self._backlog is None or self._backlog.complete

    @property
    def drained(self) -> bool:
        """Whether every room has every row."""
        waits = self._intake.pending or self._learning
        return not waits and all(producer.drained for producer in self._producers.values())

    @property
    def lost(self) -> int:
        """Rows that a room never got: it was away for too long."""
        return sum(producer.lost for producer in self._producers.values())

    def _drain_soon(self) -> None:
        wait = self._drained_at + TICK - self._thread.loop.time()
        if wait <= 0:
            self.drain()
        else:
            self._thread.loop.call_later(wait, self.drain)

    def drain(self, *, all_of_it: bool = False) -> None:
        """Take what is in the intake; with `all_of_it` also what waits for older rows."""
        # Taken away before looking: whoever pushes now has its rows taken, or schedules anew.
        self._scheduled = False
        self._drained_at = self._thread.loop.time()
        given = self._intake.take(all_of_it=all_of_it)
        if self._intake.holds:
            self.stir_later()
        if self._intake.schema.columns != self.spec.columns:
            self.declare(replace(self.spec, columns=self._intake.schema.columns))
        for columns in given:
            added = self.record.append(columns)
            self.pace.add(added.count)
            tell_all(self.listeners, added)
        if given:
            for feeding in self._producers:
                feeding.stir()
        self._look_behind()

    def stir_later(self) -> None:
        """Look again for rows that have waited long enough."""
        self._scheduled = True
        self._thread.loop.call_later(TICK, self.drain)

    def _receive_fed(self, feeding: Feeding, producer: Producer) -> None:
        self._fed.set()
        self._look_behind()
        if not producer.sending:
            return
        self._intake.begin_at(self.record.end)
        if self._backlog is None and producer.first:
            self._backlog = Backlog(self.feed, producer.first, feeding.fetches)
            self._forget_backlog = feeding.listen(lambda news: self._receive_backlog(feeding, news))
            self._ask_backlog()
        self._intake.begin_after(producer.last_time)
        if producer.skipped and producer not in self._told_skipped:
            self._told_skipped.add(producer)
            self._diary.report(
                f"{producer.skipped} rows are not newer than those that the room has of this feed already, and were "
                "not sent. To begin anew: clear()."
            )
        self._look_behind()

    def _receive_report(self, producer: Producer, news: FeedNews) -> None:
        # Before it is declared, nobody but the relay says how it is doing: that it cannot be.
        if isinstance(news, Report) and news.feed == self.feed and not producer.joined:
            self._diary.become(news.status.state, news.status.text)

    def _ask_backlog(self) -> None:
        now = self._thread.loop.time()
        if self._backlog is None or not self._wants_history or self._backlog.complete:
            return
        if now - self._backlog_at > BACKLOG_PATIENCE:
            self._backlog_at = now
            for feeding in tuple(self._producers)[:1]:
                feeding.send(self._backlog.ask())

    def _receive_backlog(self, feeding: Feeding, news: FeedNews) -> None:
        if self._backlog is not None and isinstance(news, Fetched):
            blocks, wishes = self._backlog.receive(news)
            for block in blocks:
                self.record.insert(block)
            self._backlog_at = self._thread.loop.time()
            feeding.send(wishes)

    def _look_behind(self) -> None:
        self._acked = sum(each.acked for each in self._producers.values())
        behind = max((self.record.end - each.acked for each in self._producers.values() if each.sending), default=0)
        if behind <= max(LEAST_BEHIND, self.spec.keep_rows // 2):
            self._free.set()
        else:
            self._free.clear()

    def _report_soon(self) -> None:
        if not self._reporting:
            self._reporting = True
            wait = self._reported_at + REPORT_PAUSE - self._thread.loop.time()
            self._thread.loop.call_later(max(wait, 0.0), self._report)

    def _report(self) -> None:
        self._reporting = False
        self._reported_at = self._thread.loop.time()
        status = self._diary.status(self._intake.dropped)
        for feeding, producer in self._producers.items():
            feeding.send(producer.report(status))
        self.on_status()
