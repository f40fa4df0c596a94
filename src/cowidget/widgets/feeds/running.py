"""Runs a source in this kernel: its rows into the feed, again after it failed, until it is stopped.

Belongs to the loop for sources.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Protocol

from cowidget.client.link import source_thread
from cowidget.errors import CowidgetError
from cowidget.widgets.feeds.health import Diary
from cowidget.widgets.feeds.source import Produced
from cowidget.widgets.feeds.steps import Steps, beside, on_main

# Seconds. Full jitter, so that sources that failed together do not come back together.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A source that ran for so long was a good one; a shorter run counts as a failed attempt.
HEALTHY = 10.0
# A source is stale after this many times its usual interval, and not before `LEAST_STALE` seconds.
STALE_FACTOR = 3.0
LEAST_STALE = 5.0
_LOOK = 0.5
# How long a source waits when the rooms do not keep up.
_FULL = 0.05


class Filled(Protocol):
    """What a source needs of its feed."""

    @property
    def last_time(self) -> float | None:
        """The newest row's."""

    @property
    def has_room(self) -> bool:
        """Whether the rooms keep up."""

    def take(self, rows: Any) -> int:
        """Add rows."""

    def add_gap(self) -> None:
        """Interrupt what is drawn."""


class Running:
    """One source from its start until `stop`."""

    def __init__(self, produced: Produced, feed: Filled, diary: Diary) -> None:
        self._produced = produced
        self._feed = feed
        self._diary = diary
        self._thread = source_thread()
        self._steps: Steps = on_main() if produced.where == "kernel" else beside(produced)
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        self._unpaused: asyncio.Event | None = None
        self._paused = False
        self._heard = 0.0
        self._intervals: deque[float] = deque(maxlen=50)
        self._attempts = 0
        self._broken = False

    # From any thread.

    def start(self) -> None:
        """Begin; `connecting` until the first row."""
        self._diary.become("connecting")
        self._thread.call(self._start)
        self._thread.at_exit(self, self._end)

    def stop(self) -> None:
        """Ask for no more rows."""
        self._stopped = True
        self._thread.at_exit(self, None)
        self._thread.call(self._stop)

    def pause(self) -> None:
        """Ask for no more rows until `resume`."""
        self._thread.call(self._set_paused, True)

    def resume(self) -> None:
        """Go on."""
        self._thread.call(self._set_paused, False)

    # In the loop for sources.

    def _start(self) -> None:
        if not self._stopped:
            self._unpaused = asyncio.Event()
            self._set_paused(self._paused)
            self._task = asyncio.ensure_future(self._run())

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._steps.close()

    async def _end(self) -> None:
        self._stop()

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        if self._unpaused is not None:
            (self._unpaused.clear if paused else self._unpaused.set)()

    async def _run(self) -> None:
        watch = asyncio.create_task(self._watch())
        try:
            while not self._stopped:
                began = self._thread.loop.time()
                failed = await self._attempt()
                if failed is None:
                    self._diary.become("ended")
                    return
                if self._thread.loop.time() - began >= HEALTHY:
                    self._attempts = 0
                if not await self._recover(failed):
                    return
        finally:
            watch.cancel()
            if self._stopped:
                self._diary.become("ended")

    async def _attempt(self) -> Exception | None:
        """Run the source once; why it failed, None when it has ended."""
        try:
            if self._broken:
                await self._fill_gap()
            await self._follow()
        except Exception as error:  # noqa: BLE001 - the user's code; the error is told in `feed.errors`
            return error
        return None

    async def _recover(self, error: Exception) -> bool:
        """Wait before the next attempt; whether there is one."""
        self._broken = True
        text = sentence(error)
        self._diary.report(text)
        if self._verdict(error) == "stop":
            self._diary.become("failed", text)
            return False
        pause = random.random() * min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._attempts)  # noqa: S311 - jitter
        self._attempts += 1
        self._diary.become("retrying", text, attempts=self._attempts, retry_at=time.time() + pause)
        await asyncio.sleep(pause)
        return True

    def _verdict(self, error: Exception) -> str:
        chosen = self._produced.on_error
        if not callable(chosen):
            return chosen
        try:
            return "stop" if chosen(error) == "stop" else "retry"
        except Exception as wrong:  # noqa: BLE001 - the user's code
            self._diary.report(f"on_error: {sentence(wrong)}")
            return "retry"

    async def _follow(self) -> None:
        if self._produced.kind in ("poll", "async poll"):
            await self._poll()
            return
        async with aclosing(self._steps.iterate(self._produced, self._may_go_on)) as rows:
            async for row in rows:
                await self._take(row)

    async def _poll(self) -> None:
        while not self._stopped:
            began = self._thread.loop.time()
            await self._may_go_on()
            rows = await self._steps.call(self._produced.function)
            if rows is not None:
                await self._take(rows)
            await asyncio.sleep(max(self._produced.every - (self._thread.loop.time() - began), 0.0))

    async def _fill_gap(self) -> None:
        last = self._feed.last_time
        if self._produced.backfill is None or last is None:
            if last is not None:
                self._feed.add_gap()
        else:
            await self._backfill(self._produced.backfill, last)
        self._broken = False

    async def _backfill(self, backfill: Callable[[float], Any], last: float) -> None:
        try:
            rows = await self._steps.call(lambda: backfill(last))
        except Exception as error:  # noqa: BLE001 - the user's code; the source itself may be well
            self._diary.report(f"backfill: {sentence(error)}")
            self._feed.add_gap()
            return
        if rows is not None:
            self._take_rows(rows)

    async def _take(self, rows: Any) -> None:
        now = self._thread.loop.time()
        if self._heard:
            self._intervals.append(now - self._heard)
        self._heard = now
        self._take_rows(rows)
        if self._diary.state != "live":
            self._diary.become("live")
        while not self._feed.has_room:  # noqa: ASYNC110 - seldom, and answered by another thread
            await asyncio.sleep(_FULL)

    def _take_rows(self, rows: Any) -> None:
        try:
            self._feed.take(rows)
        except CowidgetError as error:
            self._diary.report(str(error))
        except Exception as error:  # noqa: BLE001 - what the user's code made of it; the next rows may be good
            self._diary.report(sentence(error))

    async def _may_go_on(self) -> None:
        if self._unpaused is not None and not self._unpaused.is_set():
            await self._unpaused.wait()
            self._heard = self._thread.loop.time()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            silent = self._thread.loop.time() - self._heard
            if self._diary.state == "live" and not self._paused and silent > self._stale_after():
                self._diary.become("stale", f"no rows for {silent:.0f} s")

    def _stale_after(self) -> float:
        if self._produced.stale_after:
            return self._produced.stale_after
        usual = statistics.median(self._intervals) if self._intervals else self._produced.every
        return max(LEAST_STALE, STALE_FACTOR * usual)


def sentence(error: BaseException) -> str:
    """An error as people read it."""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
