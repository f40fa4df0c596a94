"""A worker's process, as the workshop holds it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence

import msgspec

from cowidget.errors import BackendError
from cowidget.photos.answers import LENGTH, MAX_ANSWER_BYTES, Answer, Ready, Refused, decode
from cowidget.photos.photo import Photo

WORKER = (sys.executable, "-P", "-m", "cowidget.photos.worker")
# Seconds to load Python and Pillow on a busy machine with a cold disk.
START_TIMEOUT = 30.0
# Seconds for the system to take away what was killed.
STOP_TIMEOUT = 3.0
# Bytes handed to the pipe, and taken from it, at a time: more would hold the loop while they are copied.
_PART_BYTES = 1 << 18

_FLAGS = 0
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS


class WorkshopFailed(BackendError):
    """No worker can be started, or the workshop is closed: nothing is wrong with the photo."""


class WorkerLost(Exception):
    """It ended, or writes what is no answer, in the middle of a photo. Stays within this package."""


class WorkerProcess:
    """Use `running_worker`. For one photo at a time; after an exception or a cancelled call it is of no more use."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("started without pipes")
        self.pid = process.pid
        self._stdin = process.stdin
        self._stdout = process.stdout

    async def ask(self, data: bytes) -> Photo | Refused:
        """What the worker makes of this photo.

        Raises:
            WorkerLost: it ended, or answers nonsense.
        """
        try:
            await self._write(data)
            answer = await self.read()
        except (ConnectionError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
            raise WorkerLost(str(error)) from error
        if isinstance(answer, Ready):
            raise WorkerLost("it says that it is ready, and nothing of the photo")
        return answer

    async def read(self) -> Answer:
        """The next answer; raises what reading raises."""
        (length,) = LENGTH.unpack(await self._stdout.readexactly(LENGTH.size))
        if length > MAX_ANSWER_BYTES:
            raise WorkerLost(f"an answer of {length} bytes")
        return decode(await self._stdout.readexactly(length))

    async def _write(self, data: bytes) -> None:
        self._stdin.write(LENGTH.pack(len(data)))
        view = memoryview(data)
        for at in range(0, len(data), _PART_BYTES):
            self._stdin.write(view[at : at + _PART_BYTES])
            await self._stdin.drain()


@contextlib.asynccontextmanager
async def running_worker(command: Sequence[str] = WORKER) -> AsyncIterator[WorkerProcess]:
    """Start a worker, wait until it is ready, and kill it at the end: it has nothing to lose.

    Raises:
        WorkshopFailed: it cannot be started; what it said is on our standard error.
    """
    process = await _start(command)
    try:
        worker = WorkerProcess(process)
        await _ready(worker)
        yield worker
    finally:
        await _end(process)


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    try:
        # In a session of its own: an interrupt of the kernel, or Ctrl-C, is not meant for it.
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=_PART_BYTES,
            env=_environment(),
            start_new_session=True,
            creationflags=_FLAGS,
        )
    except OSError as error:
        raise WorkshopFailed(f"the process that prepares photos cannot be started: {error}") from error


async def _ready(worker: WorkerProcess) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT):
            answer = await worker.read()
    except (TimeoutError, WorkerLost, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
        raise WorkshopFailed("the process that prepares photos does not start; see the relay's log") from error
    if not isinstance(answer, Ready):
        raise WorkshopFailed("the process that prepares photos is of another version")


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    # Until its pipes are closed, too.
    ending = asyncio.create_task(process.communicate(b""), name="end of a photo worker")
    try:
        await asyncio.wait((ending,), timeout=STOP_TIMEOUT)
    except asyncio.CancelledError:
        # The workshop is closed while we are here.
        await asyncio.wait((ending,), timeout=STOP_TIMEOUT)
        raise


def _environment() -> dict[str, str]:
    # The keys of the relay's owner and its operator are not for where strangers' bytes are decoded.
    return {name: value for name, value in os.environ.items() if not name.startswith("COWIDGET_")}
