"""The kernel's link thread: one asyncio loop beside the cells, for all rooms of the process.

The only thread of this folder. It never waits for the kernel's main thread, so that connections live while
a cell runs; whatever the application does with a note, it does elsewhere or quickly.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
Goodbye = Callable[[], Coroutine[Any, Any, None]]

# Long enough to say goodbye to a relay that answers, short enough not to hold up the end of a process.
GOODBYE = 2.0


class LinkThread:
    """An asyncio loop in a daemon thread. Every method may be called from any thread."""

    def __init__(self, name: str = "cowidget-link") -> None:
        self.loop = asyncio.new_event_loop()
        self._ident: int | None = None
        self._calls: deque[tuple[Callable[..., object], tuple[object, ...]]] = deque()
        self._woken = False
        self._last_words: dict[object, Goodbye] = {}
        self._goodbyes: dict[object, Goodbye] = {}
        self._worker = ThreadPoolExecutor(1, "cowidget-apply")
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def is_current(self) -> bool:
        """Whether this is called in it."""
        return threading.get_ident() == self._ident

    def call(self, act: Callable[..., object], *arguments: object) -> None:
        """Run `act` in the loop, soon, in the order of the calls. The one crossing into the thread."""
        self._calls.append((act, arguments))
        # Waking a thread costs more than most of what it is asked: once for all that is asked meanwhile. The loop
        # takes the mark away before it looks, so whoever still sees it has been seen.
        if not self._woken:
            self._woken = True
            self.loop.call_soon_threadsafe(self._run_calls)

    def ask(self, read: Callable[[], T], timeout: float | None = 10.0) -> T:
        """Run `read` in the loop and wait for its result.

        Raises:
            TimeoutError: the loop did not get to it in time.
        """
        if self.is_current():
            return read()
        answer: Future[T] = Future()

        def settle() -> None:
            try:
                answer.set_result(read())
            except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked
                answer.set_exception(error)

        self.call(settle)
        return answer.result(timeout)

    def run(self, make: Callable[[], Coroutine[Any, Any, T]], timeout: float | None = None) -> T:
        """Run a coroutine in the loop and wait for it. Not for the loop's own thread.

        Raises:
            TimeoutError: it took longer; it has been cancelled.
        """
        running = asyncio.run_coroutine_threadsafe(make(), self.loop)
        try:
            return running.result(timeout)
        except TimeoutError:
            running.cancel()
            raise

    def apply(self, act: Callable[[], object]) -> None:
        """Run `act` in the one worker thread beside the loop: what `apply="thread"` asks for."""
        self._worker.submit(act)

    def at_exit(self, owner: object, goodbye: Goodbye | None, *, first: bool = False) -> None:
        """What to do for `owner` before the process ends; None: nothing any more.

        Args:
            owner: whose goodbye it is.
            goodbye: runs in the loop, for at most `GOODBYE` seconds.
            first: it has something to send, so it comes before those that end connections.
        """
        goodbyes = self._last_words if first else self._goodbyes
        if goodbye is None:
            goodbyes.pop(owner, None)
        else:
            goodbyes[owner] = goodbye

    def close(self) -> None:
        """Say goodbye to all rooms and end the thread."""
        if not self._thread.is_alive():
            return
        try:
            for goodbyes in (self._last_words, self._goodbyes):
                self._say(list(goodbyes.values()))
                goodbyes.clear()
        finally:
            self._worker.shutdown(wait=False)
            self.call(self.loop.stop)
            self._thread.join(GOODBYE)

    def _say(self, goodbyes: Sequence[Goodbye]) -> None:
        async def say() -> None:
            await asyncio.wait_for(asyncio.gather(*(goodbye() for goodbye in goodbyes)), GOODBYE)

        try:
            if goodbyes:
                self.run(say, GOODBYE + 1)
        except TimeoutError:
            pass  # the relay notices the silence

    def _run_calls(self) -> None:
        self._woken = False
        for _ in range(len(self._calls)):
            act, arguments = self._calls.popleft()
            try:
                act(*arguments)
            except Exception as error:  # noqa: BLE001 - one call's failure is none of the others'
                self.loop.call_exception_handler({"message": f"{act} failed in the link's thread", "exception": error})

    def _run(self) -> None:
        self._ident = threading.get_ident()
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


_current: dict[str, tuple[int, LinkThread]] = {}
_starting = threading.Lock()


def link_thread() -> LinkThread:
    """This process's link thread, started on first use. A forked child gets its own."""
    return _thread_named("cowidget-link")


def source_thread() -> LinkThread:
    """A loop beside the link's, for code of the user's: what blocks it delays no room."""
    return _thread_named("cowidget-sources")


def _thread_named(name: str) -> LinkThread:
    with _starting:
        known = _current.get(name)
        if known is None or known[0] != os.getpid():
            _current[name] = known = (os.getpid(), LinkThread(name))
        return known[1]
