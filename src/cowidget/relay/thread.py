"""The same relay in a thread of this process: where no other process may be started.

A busy kernel delays everybody then, because the threads of a process take turns.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from cowidget.errors import RelayUnavailable
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.server import Server, serve
from cowidget.relay.settings import Settings

# Seconds; see `process.START_TIMEOUT`.
START_TIMEOUT = 30.0
STOP_TIMEOUT = 10.0


@contextmanager
def relay_in_thread(settings: Settings) -> Iterator[RelayAddress]:
    """Run a relay while the block runs. It ends with the process in any case.

    Raises:
        RelayUnavailable: it cannot listen.
        StoreError: its store cannot be opened.
    """
    started: Future[tuple[asyncio.AbstractEventLoop, Server]] = Future()
    # A daemon: a kernel that forgets to end the block must still be able to exit.
    thread = threading.Thread(target=_run, args=(settings, started), name="cowidget-relay", daemon=True)
    thread.start()
    try:
        loop, server = started.result(START_TIMEOUT)
    except TimeoutError as error:
        raise RelayUnavailable(
            "The relay's thread did not start in time; try again when the kernel is less busy."
        ) from error
    try:
        yield server.address
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(STOP_TIMEOUT)


def _run(settings: Settings, started: Future[tuple[asyncio.AbstractEventLoop, Server]]) -> None:
    async def run() -> None:
        async with serve(settings) as server:
            started.set_result((asyncio.get_running_loop(), server))
            await server.wait_stopped()

    try:
        asyncio.run(run())
    except Exception as error:
        if started.done():
            raise
        started.set_exception(error)
