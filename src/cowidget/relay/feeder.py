"""The relay's feed process: started when a room first wants it, started again when it dies, ended with the relay."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import msgspec

from cowidget.relay.settings import Settings

log = logging.getLogger(__name__)

# Seconds between two starts, drawn and doubled: a machine that cannot start it must not do only that.
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# A process that lived this long was a good one.
STEADY = 10.0
# Seconds for it to end when it is told to, and then when it is made to.
STOP_TIMEOUT = 3.0

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

_FLAGS = 0
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW


class Feeder:
    """Starts the feed process and tells it which rooms want it. Belongs to the relay's event loop."""

    def __init__(self, settings: Settings, url: Callable[[], str]) -> None:
        """Nothing is started yet.

        Args:
            settings: the relay's.
            url: the address of the relay on this machine, asked for when the process is started.
        """
        self._settings = settings
        self._url = url
        self._rooms: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    def want(self, room: str) -> None:
        """The room has a feed with a source, and somebody is there."""
        if room in self._rooms:
            return
        self._rooms.add(room)
        self._tell(want=room)
        if self._task is None:
            self._task = asyncio.create_task(self._keep_running(), name="feed process")

    def leave(self, room: str) -> None:
        """The room wants it no more."""
        if room in self._rooms:
            self._rooms.remove(room)
            self._tell(leave=room)

    async def aclose(self) -> None:
        """End the process, and wait for it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None

    async def _keep_running(self) -> None:
        waits = _waits()
        while True:
            began = asyncio.get_running_loop().time()
            try:
                async with self._running() as process:
                    code = await process.wait()
                log.warning("the feed process ended with %s; it is started again", code)
            except OSError as error:
                log.warning("the feed process cannot be started: %s", error)
            if asyncio.get_running_loop().time() - began >= STEADY:
                waits = _waits()
            await asyncio.sleep(next(waits))

    @contextlib.asynccontextmanager
    async def _running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        order = await asyncio.to_thread(self._order)
        # In a session of its own: an interrupt of the kernel, or Ctrl-C, is not meant for it. It ends when its input
        # does, also when nobody is left to tell it so.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cowidget", "feed"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
            creationflags=_FLAGS,
        )
        self._process = process
        try:
            self._write(order)
            for room in sorted(self._rooms):
                self._tell(want=room)
            yield process
        finally:
            self._process = None
            await _end(process)

    def _order(self) -> bytes:
        settings = self._settings
        certificate = settings.certificate
        order = {
            "address": self._url().replace("http", "ws", 1) + "/ws",
            "secret": settings.feeder_secret,
            # Without the key, which may stand in the same file.
            "certificate": "\n".join(_CERTIFICATE.findall(certificate.read_text())) if certificate is not None else "",
            "reach": settings.feed_networks,
            "allow": sorted(settings.feeds_allow),
        }
        return msgspec.json.encode(order)

    def _tell(self, **wish: str) -> None:
        self._write(msgspec.json.encode(wish))

    def _write(self, line: bytes) -> None:
        if self._process is not None and (stdin := self._process.stdin) is not None and not stdin.is_closing():
            stdin.write(line + b"\n")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    for insist in (process.terminate, process.kill):
        try:
            async with asyncio.timeout(STOP_TIMEOUT):
                await process.wait()
        except TimeoutError:
            insist()
        else:
            return
    await process.wait()


def _environment() -> dict[str, str]:
    # What the relay knows of us, it tells us; the keys of its owner and its operator are not for sources.
    return {name: value for name, value in os.environ.items() if not name.startswith("COWIDGET_")}


def _waits() -> Iterator[float]:
    ceiling = FIRST_WAIT
    while True:
        yield random.uniform(0, ceiling)  # noqa: S311 - spreads starts
        ceiling = min(LONGEST_WAIT, ceiling * 2)
