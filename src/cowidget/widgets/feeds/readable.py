"""Reading a feed in Python, and what is made of it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.core.columns import Block
from cowidget.core.feed_values import Column
from cowidget.widgets.charts.drawing import Drawable
from cowidget.widgets.feeds import reading
from cowidget.widgets.feeds.health import Health
from cowidget.widgets.feeds.inlet import Inlet
from cowidget.widgets.feeds.outlet import Outlet
from cowidget.widgets.feeds.telling import tell_all
from cowidget.widgets.plain_errors import plain_errors

# How long reading waits for rows that the relay has.
_READ_TIMEOUT = 30.0
_STEP = 0.1


class Readable(Drawable):
    """Rows with a time, as far as they are here. Its methods may be called from any thread."""

    def __init__(self, name: str, rows: Inlet | Outlet) -> None:
        self.name = name
        self._thread = link_thread()
        self._rows = rows
        self._joined: dict[Handle, int] = {}
        self._column_listeners: list[Callable[[tuple[Column, ...]], None]] = []
        self._status_listeners: list[Callable[[Health], None]] = []
        self._came = threading.Event()
        rows.listeners.append(self._receive)
        rows.on_spec = lambda spec: tell_all(self._column_listeners, spec.columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns beside the time; pushed rows and open sources may add some."""
        raise NotImplementedError

    @property
    def last_time(self) -> float | None:
        """The newest row's time in Unix seconds, as far as it has come here; None without rows."""
        self._watch(history=False)
        return self._thread.ask(self._last_time)

    def start(self) -> None:
        """Let the source of this feed begin; sharing or reading it does so, too."""
        raise NotImplementedError

    def wait(self, rows: int = 1, timeout: float | None = None) -> bool:
        """Wait until the feed has so many rows; whether it does, within the time. Can be interrupted."""
        self.start()
        self._watch(history=False)
        return self._wait_until(lambda: self._count() >= rows, timeout)

    async def wait_async(self, rows: int = 1, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - as in `wait`
        """`wait` for a coroutine; cancelling is safe."""
        return await asyncio.to_thread(self.wait, rows, timeout)

    @plain_errors
    def to_pandas(self) -> Any:
        """All rows that are kept, as a DataFrame with their times (UTC) as its index.

        Raises:
            FeedError: pandas is not installed.
        """
        return reading.to_pandas(self._table())

    @plain_errors
    def to_arrow(self) -> Any:
        """All rows that are kept, as a table of pyarrow.

        Raises:
            FeedError: pyarrow is not installed.
        """
        return reading.to_arrow(self._table())

    @plain_errors
    def save(self, path: str | Path) -> None:
        """Write all rows that are kept into a file: .csv, .arrow or .parquet.

        Raises:
            FeedError: the ending is another one, or pyarrow is not installed.
            OSError: the file cannot be written.
        """
        reading.save(self._table(), path)

    def tail(self, rows: int | None = None, seconds: float | None = None) -> reading.Table:
        """The newest rows that are here, as columns by name, `t` first. For a URL: as far as they have been fetched.

        Args:
            rows: how many; None: all.
            seconds: of these, those of so many seconds before the newest.
        """
        self._watch(history=True)

        def read() -> list[Block]:
            self._rows.drain()
            since = self._rows.record.last_time - seconds if seconds is not None else -inf
            return self._rows.record.newest(rows or 0, since) if rows != 0 else []

        return reading.table_of(self._thread.ask(read), self.columns)

    def listen(self, listener: Callable[[Block], None]) -> Callable[[], None]:
        """Call `listener` with new rows, in the link's thread, until what this returns is called. It must not wait."""
        self._watch(history=False)
        self._rows.listeners.append(listener)
        return lambda: self._rows.listeners.remove(listener)

    def on_columns(self, listener: Callable[[tuple[Column, ...]], None]) -> Callable[[], None]:
        """Call `listener` with all columns when there are others, in the link's thread."""
        self._column_listeners.append(listener)
        return lambda: self._column_listeners.remove(listener)

    def on_status(self, listener: Callable[[Health], None]) -> Callable[[], None]:
        """Call `listener` when the feed's state or errors change, in the link's thread."""
        self._watch(history=False)
        self._status_listeners.append(listener)
        return lambda: self._status_listeners.remove(listener)

    # For the classes of this package.

    def _table(self) -> reading.Table:
        self._watch(history=True)
        self._thread.ask(self._rows.drain)
        if self._joined:
            self._wait_until(lambda: self._rows.complete, _READ_TIMEOUT)
        blocks = self._thread.ask(lambda: list(self._rows.record.blocks()))
        return reading.table_of(blocks, self.columns)

    def _watch(self, *, history: bool) -> None:
        if history:
            self.start()
        self._thread.call(lambda: self._rows.watch(history=history))

    def _count(self) -> int:
        self._rows.drain()
        return self._rows.rows

    def _receive(self, _: Block) -> None:
        self._came.set()

    def _wait_until(self, reached: Callable[[], bool], timeout: float | None) -> bool:
        if self._thread.is_current():
            return reached()  # nothing would come while we wait
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._thread.ask(reached):
            if deadline is not None and time.monotonic() >= deadline:
                return False
            self._came.clear()
            self._came.wait(_STEP)
        return True

    def _last_time(self) -> float | None:
        last = self._rows.record.last_time
        return last if last > -inf else None
