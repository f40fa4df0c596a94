"""An event loop in a thread, for synchronous tests: Playwright's page in this one, relay and proxy in that."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Self, TypeVar

T = TypeVar("T")

# Longer than any step of a test; shorter than the timeout of a test, so that the step is named in the failure.
_PATIENCE = 30


class BackgroundLoop:
    """Runs coroutines and async context managers of a test.

    with BackgroundLoop() as background:
        proxy = background.enter(FaultProxy("127.0.0.1", port))
        background.run(proxy.cut())
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="background loop")
        self._lifetimes: list[_Lifetime] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            while self._lifetimes:
                self.run(self._lifetimes.pop().end())
        finally:
            self.run(_cancel_the_rest())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs it in the loop and returns or raises what it does; cancels it after 30 seconds."""
        return asyncio.run_coroutine_threadsafe(_within(coroutine, _PATIENCE), self._loop).result()

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Calls a plain function inside the loop."""

        async def called() -> T:
            return function(*args)

        return self.run(called())

    def enter(self, manager: AbstractAsyncContextManager[T]) -> T:
        """Enters it now and leaves it when the loop ends, the last one first; what ends it early is raised there."""
        lifetime = _Lifetime()
        value = self.run(lifetime.begin(manager))
        self._lifetimes.append(lifetime)
        return value


class _Lifetime:
    """One task enters and leaves: a TaskGroup inside would not bear two."""

    def __init__(self) -> None:
        self._leave = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def begin(self, manager: AbstractAsyncContextManager[T]) -> T:
        entered: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live(manager, entered))
        await asyncio.wait([self._task, entered], return_when=asyncio.FIRST_COMPLETED)
        if not entered.done():
            await self._task
        return entered.result()

    async def end(self) -> None:
        self._leave.set()
        if self._task is not None:
            await self._task

    async def _live(self, manager: AbstractAsyncContextManager[T], entered: "asyncio.Future[T]") -> None:
        async with manager as value:
            entered.set_result(value)
            await self._leave.wait()


async def _within(coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
    async with asyncio.timeout(seconds):
        return await coroutine


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
