"""An address whose messages a function of the notebook reads: its source runs in the kernel, beside the cells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from cowidget.core.feed_values import Source
from cowidget.errors import ShareError
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import Reach
from cowidget.feeds.sources import open_source
from cowidget.widgets.feeds.source import Produced

# Messages that wait for the function. More, and rows are old when they are seen; less, and a burst holds up the host.
_MOST_WAITING = 100

Parse = Callable[[str | bytes], Any]


def parsed(source: Source, parse: Parse, report: Callable[[str], None]) -> Produced:
    """What makes the rows.

    Args:
        source: the address.
        parse: makes rows of a message.
        report: told of messages that it failed for, and those that are too large; the next one is read.

    Raises:
        ShareError: `parse` is no function.
    """
    if not callable(parse):
        raise ShareError(f"parse={parse!r} is no function. It is given each message, and returns a row, rows, or None.")

    async def rows() -> AsyncIterator[Any]:
        queue = _Messages(report)
        following = asyncio.create_task(open_source(source, Reach(Networks.of("all"))).follow(queue))
        try:
            while True:
                message = await queue.next(following)
                if message is None:
                    break
                if made := _rows_of(message, parse, report):
                    yield made
        finally:
            following.cancel()
            await asyncio.wait((following,))
        following.result()

    return Produced(rows, "async iterator")


def _rows_of(message: str | bytes, parse: Parse, report: Callable[[str], None]) -> Any:
    try:
        return parse(message)
    except Exception as error:  # noqa: BLE001 - the user's function
        report(f"parse: {type(error).__name__}: {error}")
        return None


class _Messages:
    """The source's watcher: its messages, one by one."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._waiting: asyncio.Queue[str | bytes] = asyncio.Queue(_MOST_WAITING)
        self._report = report

    def opened(self) -> None:
        """Rows will tell."""

    def alive(self) -> None:
        """The same."""

    async def receive(self, message: bytes | str) -> None:
        """A message; waits while there are many."""
        await self._waiting.put(message)

    def refuse(self, text: str) -> None:
        """It was too large to be received at all."""
        self._report(text)

    async def next(self, following: asyncio.Task[None]) -> str | bytes | None:
        """The next one; None when the source has ended."""
        getting = asyncio.create_task(self._waiting.get())
        try:
            await asyncio.wait((getting, following), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not getting.done():
                getting.cancel()
                await asyncio.wait((getting,))
        return getting.result() if not getting.cancelled() else None
