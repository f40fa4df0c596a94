"""How often a connection is written to for what can wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """At once after a rest, then once per interval: a first change waits for nothing, a drag is told in steps.

    An interval of 0 holds nothing back.
    """

    __slots__ = ("_flush", "_interval", "_next", "_timer")

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._interval = 0.0
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, interval: float) -> None:
        """Hold this pace from now on (seconds)."""
        self._interval = interval

    def holds(self) -> bool:
        """Whether what can wait has to; then `flush` is called when it is time."""
        if not self._interval:
            return False
        if self._timer is not None:
            return True
        loop = asyncio.get_running_loop()
        if (wait := self._next - loop.time()) <= 0:
            return False
        self._timer = loop.call_later(wait, self._wake)
        return True

    def written(self) -> None:
        """Everything has been written, whether it could have waited or not."""
        if self._interval:
            self.stop()
            self._next = asyncio.get_running_loop().time() + self._interval

    def stop(self) -> None:
        """There is nothing to wait for."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        self._flush()
