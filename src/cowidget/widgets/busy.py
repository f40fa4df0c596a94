"""Telling the room when the kernel's main thread cannot apply what guests do (PROTOCOL.md P4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

# Shorter than what people notice; longer than the pauses between two messages of an idle kernel.
PATIENCE = 0.1
# How often the number of waiting changes is told anew.
REFRESH = 0.25


class Busy:
    """Asks the main thread for a sign of life whenever something waits for it. Belongs to the link's loop.

    `knock(answer)` has the main thread call `answer` back in this loop; `present` tells the room.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        knock: Callable[[Callable[[], None]], None],
        waiting: Callable[[], int],
        present: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._loop = loop
        self._knock = knock
        self._waiting = waiting
        self._present = present
        self._timer: asyncio.TimerHandle | None = None
        self._told: int | None = None

    def expect(self) -> None:
        """The main thread has something to do from now on."""
        if self._timer is None:
            self._timer = self._loop.call_later(PATIENCE, self._late)
            self._knock(self._answered)

    def _late(self) -> None:
        if (waiting := self._waiting()) != self._told:
            self._told = waiting
            self._present({"busy": True, "waiting": waiting})
        self._timer = self._loop.call_later(REFRESH, self._late)

    def _answered(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._told is not None:
            self._told = None
            self._present({"busy": None, "waiting": None})
