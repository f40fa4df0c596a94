"""Where a source's code runs: in the loop for sources, in a thread of its own, or on the main thread."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Protocol

from cowidget.client.link import link_thread
from cowidget.client.worker import Worker
from cowidget.widgets.feeds.source import Produced
from cowidget.widgets.main_thread import MainThread

_END = object()
# Rows that a generator makes faster are taken together; one that rests for longer shows each at once.
_TOGETHER = 0.02
# Rows that wait for the loop, of a generator that makes them faster than they can be taken.
_MOST_WAITING = 10_000

MayGoOn = Callable[[], Awaitable[None]]


class Steps(Protocol):
    """One way to run a source's code. The coroutines are for the loop of sources."""

    async def call(self, function: Callable[[], Any]) -> Any:
        """Call it and wait for its result, also if that is asynchronous."""

    def iterate(self, produced: Produced, may_go_on: MayGoOn) -> AsyncGenerator[Any, None]:
        """Its rows, one by one; `may_go_on` is awaited before each."""

    def close(self) -> None:
        """Nothing more is asked."""


def beside(produced: Produced) -> Steps:
    """Beside the cells: asynchronous code in the loop for sources, other code in a thread of its own."""
    return _InLoop() if produced.kind.startswith("async") else _InThread(produced.name)


def on_main() -> Steps:
    """On the main thread, between cells."""
    return _OnMain()


class _InLoop:
    def __init__(self) -> None:
        self._worker: Worker | None = None

    async def call(self, function: Callable[[], Any]) -> Any:
        # A coroutine function returns at once; a backfill that is not one may block.
        if inspect.iscoroutinefunction(inspect.unwrap(function)):
            return await function()
        if self._worker is None:
            self._worker = Worker("cowidget-source")
        result = await self._worker.run(function)
        return await result if inspect.isawaitable(result) else result

    async def iterate(self, produced: Produced, may_go_on: MayGoOn) -> AsyncGenerator[Any, None]:
        rows = produced.function()
        try:
            async for row in rows:
                yield row
                await may_go_on()
        finally:
            if isinstance(rows, AsyncGenerator):
                await rows.aclose()

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


class _InThread:
    def __init__(self, name: str) -> None:
        self._worker = Worker(f"cowidget-source {name}".rstrip())
        self._closed = False

    async def call(self, function: Callable[[], Any]) -> Any:
        result = await self._worker.run(function)
        return await result if inspect.isawaitable(result) else result

    async def iterate(self, produced: Produced, may_go_on: MayGoOn) -> AsyncGenerator[Any, None]:
        loop = asyncio.get_running_loop()
        rows = iter(await self._worker.run(produced.function))
        arrived: deque[Any] = deque()
        news = asyncio.Event()

        def collect() -> None:
            """In the thread: a hop between threads for each row would cost more than most rows."""
            began = loop.time()
            while not self._closed and len(arrived) < _MOST_WAITING:
                row = next(rows, _END)
                arrived.append(row)
                if row is _END:
                    return
                if len(arrived) == 1:  # else the loop has been told, and has not looked yet
                    loop.call_soon_threadsafe(news.set)
                if loop.time() - began > _TOGETHER:
                    return

        while True:
            await may_go_on()
            collecting = asyncio.ensure_future(self._worker.run(collect))
            try:
                while not collecting.done() or arrived:
                    await _first(collecting, news)
                    while arrived:
                        if (row := arrived.popleft()) is _END:
                            return
                        yield row
                await collecting
            finally:
                collecting.cancel()

    def close(self) -> None:
        self._closed = True
        self._worker.close()


class _OnMain:
    def __init__(self) -> None:
        self._main = MainThread(link_thread())

    async def call(self, function: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def act() -> None:
            try:
                result = function()
                if inspect.isawaitable(result):
                    _when_done(asyncio.ensure_future(result), loop, done)
                    return
            except Exception as error:  # noqa: BLE001 - it is raised again where it was asked
                loop.call_soon_threadsafe(_settle, done, None, error)
            else:
                loop.call_soon_threadsafe(_settle, done, result, None)

        self._main.call(act)
        return await done

    async def iterate(self, produced: Produced, may_go_on: MayGoOn) -> AsyncGenerator[Any, None]:
        rows = await self.call(produced.function)
        advance = _advance_async(rows) if produced.kind == "async iterator" else lambda: next(rows, _END)
        while (row := await self.call(advance)) is not _END:
            yield row
            await may_go_on()

    def close(self) -> None:
        return


async def _first(done: asyncio.Future[Any], news: asyncio.Event) -> None:
    """Wait until one of them is there."""
    waiting = asyncio.ensure_future(news.wait())
    try:
        await asyncio.wait((done, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        news.clear()


def _advance_async(rows: Any) -> Callable[[], Awaitable[Any]]:
    async def advance() -> Any:
        return await anext(rows, _END)

    return advance


def _when_done(task: asyncio.Future[Any], loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any]) -> None:
    def tell(task: asyncio.Future[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        result = None if task.cancelled() or error is not None else task.result()
        loop.call_soon_threadsafe(_settle, done, result, error)

    task.add_done_callback(tell)


def _settle(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
