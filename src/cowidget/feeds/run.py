"""Runs one feed: connects, listens, hands on rows, and comes back until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cowidget.core.feed_values import Column, FeedStatus, Source
from cowidget.feeds import http
from cowidget.feeds.failures import FieldError, SourceError, SourceFailure
from cowidget.feeds.fields import Row
from cowidget.feeds.life import Life
from cowidget.feeds.reach import MAX_MESSAGE, Reach
from cowidget.feeds.source import Followed
from cowidget.feeds.sources import backfill_url, open_source
from cowidget.feeds.trouble import told

_log = logging.getLogger(__name__)

# Seconds in which rows are sent together, as in a kernel. Less: more frames for all who watch. More: a source that
# tells thirty times a second is seen to step, and its rows are on their way for longer than a frame of the screen.
TICK = 0.02
# Seconds for the rows of the time that we were away.
BACKFILL_TIMEOUT = 10.0
# Seconds to sleep at most: the clock may be set, and a machine may have been asleep.
LONGEST_SLEEP = 30.0


class Outlet(Protocol):
    """Where rows and reports go."""

    async def ready(self) -> None:
        """Wait until rows can be taken."""

    def send_rows(self, columns: Sequence[Column], rows: Sequence[Row], *, gap: bool) -> None:
        """Rows in order, of these columns; `gap` says that one belongs before them."""

    def send_report(self, status: FeedStatus) -> None:
        """How the source is doing."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What is there of an earlier life of the feed. `last` is the time of its newest row, if it is known."""

    last: float | None


async def run_feed(
    source: Source, columns: Sequence[Column], outlet: Outlet, reach: Reach, resumed: Resumed | None
) -> None:
    """Follow a source until it has ended or cannot work, and wait to be cancelled. Its errors are reports."""
    try:
        followed = open_source(source, reach)
        life = Life(source, columns, time.time(), random.random)
    except (SourceError, FieldError) as error:
        outlet.send_report(FeedStatus("failed", str(error)[:500], time.time()))
        return
    if resumed is not None:
        life.receive_resumed(resumed.last)
    await _Run(source, life, followed, outlet, reach).run()


class _Run:
    """The tasks of one feed. It is the source's watcher."""

    def __init__(self, source: Source, life: Life, followed: Followed, outlet: Outlet, reach: Reach) -> None:
        self._source = source
        self._life = life
        self._followed = followed
        self._outlet = outlet
        self._reach = reach
        self._changed = asyncio.Event()
        self._cut = asyncio.Event()
        self._filling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_connected())
            await self._keep_pace()

    # The watcher.

    def opened(self) -> None:
        self._life.receive_opened(time.time())
        if self._life.wants_backfill is not None and self._filling is None:
            self._filling = asyncio.create_task(self._fill(self._life.wants_backfill))
        self._changed.set()

    def alive(self) -> None:
        self._life.receive_alive(time.time())
        self._changed.set()

    async def receive(self, message: bytes | str) -> None:
        await self._outlet.ready()
        self._life.receive_message(message, time.time())
        self._changed.set()

    def refuse(self, text: str) -> None:
        self._life.receive_fault(text, time.time())
        self._changed.set()

    # Connecting.

    async def _keep_connected(self) -> None:
        life = self._life
        while life.retry_at is not None:
            await asyncio.sleep(max(life.retry_at - time.time(), 0.0))
            life.receive_dialing()
            try:
                await self._follow()
            finally:
                await self._stop_filling()
            self._changed.set()

    async def _follow(self) -> None:
        self._cut.clear()
        following = asyncio.create_task(self._followed.follow(self))
        cutting = asyncio.create_task(self._cut.wait())
        try:
            await asyncio.wait((following, cutting), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (following, cutting):
                task.cancel()
            await asyncio.wait((following, cutting))
        self._judge(following)

    def _judge(self, following: asyncio.Task[None]) -> None:
        now = time.time()
        error = None if following.cancelled() else following.exception()
        match error:
            case None if following.cancelled():
                self._life.receive_cut(now)
            case None:
                self._life.receive_over(now)
            case SourceError():
                self._life.receive_denied(error, now)
            case SourceFailure():
                self._life.receive_lost(error, now)
            case _:
                # A mistake of ours is this feed's trouble and no other's.
                _log.error("a source failed", exc_info=error)
                self._life.receive_lost(SourceFailure("The source failed; the relay's log says how."), now)

    # Filling what was missed.

    async def _fill(self, since: float) -> None:
        url = backfill_url(self._source.backfill, since)
        message = None
        try:
            message = await _fetch(url, self._source.headers, self._reach)
        except (SourceError, SourceFailure) as error:
            self.refuse(f"Backfill: {error}")
        finally:
            self._filling = None
            self._life.receive_backfill(message, time.time())
            self._changed.set()

    async def _stop_filling(self) -> None:
        if (filling := self._filling) is not None:
            filling.cancel()
            await asyncio.wait((filling,))

    # Handing on.

    async def _keep_pace(self) -> None:
        life = self._life
        while True:
            now = time.time()
            life.tick(now)
            if life.wants_cut and self._followed.reconnects:
                self._cut.set()
            gap, rows = life.take_rows(now)
            if rows:
                self._outlet.send_rows(life.columns, rows, gap=gap)
            if (status := life.take_report(now)) is not None:
                self._outlet.send_report(status)
            if rows:
                await asyncio.sleep(TICK)
            await self._wait(life.deadline(time.time()))

    async def _wait(self, deadline: float | None) -> None:
        wait = LONGEST_SLEEP if deadline is None else deadline - time.time()
        if wait <= 0:
            return
        try:
            async with asyncio.timeout(min(wait, LONGEST_SLEEP)):
                await self._changed.wait()
        except TimeoutError:
            return
        finally:
            self._changed.clear()


async def _fetch(url: str, headers: dict[str, str], reach: Reach) -> bytes:
    parts, size = [], 0
    with told():
        async with (
            asyncio.timeout(BACKFILL_TIMEOUT),
            http.client(reach) as client,
            client.get(url, headers, {"Accept": "application/json"}) as response,
        ):
            async for piece in http.pieces(response):
                parts.append(piece)
                size += len(piece)
                if size > MAX_MESSAGE:
                    raise SourceFailure(f"more than {MAX_MESSAGE >> 20} MB were refused.")
    return b"".join(parts)
