"""When to look again at an object that changes without a word, and how often that may be."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from IPython import get_ipython

from cowidget.widgets import main_thread

# Ten pictures a second look live; more would only fill the guests' lines.
INTERVAL = 0.1
# Looking may take a fifth of the time: a figure that takes 100 ms to draw is drawn every half second. More would
# make the cell that changes it slow, less would make the picture lag behind.
REST = 4.0
# Seconds. The first look at a figure loads fonts and may take that long by itself; what changes next must not wait
# several times as much for it.
MAX_REST = 1.0


class Moments:
    """Calls `look` on the main thread: after each cell, after each message of a front end, and when asked.

    Args:
        look: sees whether there is something new. What it raises ends up where the caller's exceptions do.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._loop = _main_loop()
        self._home = threading.current_thread() if self._loop is None else threading.main_thread()
        self._scheduled = False
        self._in_cell = False
        self._closed = False
        self._next = 0.0
        self._undo = [main_thread.on_cells(self._cell_started, self._cell_ended), _on_messages(self._message_ended)]

    def close(self) -> None:
        """Never look again."""
        self._closed = True
        for undo in self._undo:
            undo()
        self._undo.clear()

    @property
    def here(self) -> bool:
        """Whether this thread may look: the main one, or in a script without a loop the one that made this."""
        return threading.current_thread() is self._home

    def now(self) -> None:
        """Look, if this is the main thread; else as soon as that is free."""
        if self._closed:
            return
        if not self.here:
            self.soon()
            return
        self.spend(self._look)

    def spend(self, act: Callable[[], None]) -> None:
        """Do this now; what it takes is counted as a look."""
        began = time.monotonic()
        try:
            act()
        finally:
            ended = time.monotonic()
            self._next = ended + min(max(INTERVAL, (ended - began) * REST), MAX_REST)

    def soon(self) -> None:
        """Look when the main thread is free and the last time is long enough ago. From any thread.

        In a plain script without a running loop there is no such moment; only `now` looks there.
        """
        if self._closed or self._scheduled or self._loop is None or self._loop.is_closed():
            return
        self._scheduled = True
        self._loop.call_soon_threadsafe(self._wait)

    def if_due(self) -> None:
        """Look now if the last time is long enough ago, else soon."""
        if time.monotonic() >= self._next:
            self.now()
        else:
            self.soon()

    def _wait(self) -> None:
        wait = self._next - time.monotonic()
        if self._loop is not None:
            self._loop.call_later(max(wait, 0.0), self._awake)

    def _awake(self) -> None:
        self._scheduled = False
        self.now()

    def _cell_started(self) -> None:
        self._in_cell = True

    def _cell_ended(self) -> None:
        self._in_cell = False
        # Cells may follow each other quickly. Without a loop there is no later.
        if self._loop is None:
            self.now()
        else:
            self.if_due()

    def _message_ended(self) -> None:
        # Cells tell this too, just before their end.
        if not self._in_cell:
            self.soon()


def _on_messages(ended: Callable[[], None]) -> Callable[[], None]:
    """Call this after each message of a front end (a slider was moved there), until what this returns is called."""
    shell = get_ipython()
    if shell is None:
        return lambda: None

    # IPython would call a bound method with the execution's result.
    def after() -> None:
        ended()

    shell.events.register("post_execute", after)
    return lambda: shell.events.unregister("post_execute", after)


def _main_loop() -> asyncio.AbstractEventLoop | None:
    """The loop of the kernel's main thread; in a script the one that runs there, if any."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None:
        loop: asyncio.AbstractEventLoop = kernel.io_loop.asyncio_loop
        return loop
    return main_thread.running_loop()
