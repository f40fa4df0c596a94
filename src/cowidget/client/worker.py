"""A thread for code of the user's that may block for as long as it likes."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Runs one call after the other beside a loop. Its thread does not keep the process alive."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def run(self, act: Callable[[], T]) -> T:
        """Run `act` there and wait for it. Cancelling stops the waiting, not the call.

        Raises:
            Exception: what `act` raised.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def call() -> None:
            try:
                result = act()
            except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked
                tell(done.set_exception, _as_exception(error))
            else:
                tell(done.set_result, result)

        def tell(settle: Callable[..., None], outcome: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda: None if done.done() else settle(outcome))

        self._calls.put(call)
        return await done

    def close(self) -> None:
        """End the thread after the call that it is in. Does not wait."""
        self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _as_exception(error: BaseException) -> Exception:
    # A future refuses StopIteration, and what is meant to end a thread must not end the loop.
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
