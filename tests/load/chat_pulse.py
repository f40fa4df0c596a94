"""Traffic of a room while something else is measured, and how long its relay answers nobody.

A process of its own: two people drag at 60 Hz, and the owner pings a thousand times a second. A relay answers a ping
in the turn of its event loop in which it reads it, so the longest answer is the longest time that the loop was held
up, and what the machine took from both processes beside it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import PIPE, Popen
from typing import IO

from cowidget.core import codec
from cowidget.core.access import hash_of
from cowidget.core.frames import VERSION, Frame, Grant, Hello, Ping, Pong, Set
from cowidget.core.values import Change, Invitation
from tests.load.deliveries import GUEST, OWNER, ROOM
from tests.load.servers import OPERATOR_TOKEN
from tests.load.swarm import Listener, hello, open_swarm

PINGS_PER_SECOND = 1_000
DRAGS_PER_SECOND = 60
DRAGGERS = 2


@dataclass(frozen=True, slots=True)
class Answers:
    """Milliseconds from pings to their answers; `late` is how many took more than 20."""

    pings: int
    p50: float
    p99: float
    longest: float
    late: int


class Pulse:
    """The process, as who measures sees it."""

    def __init__(self, process: Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin: IO[str] = process.stdin
        self._stdout: IO[str] = process.stdout
        self._stdout.readline()  # it is ready

    def answers(self) -> Answers:
        """Those since the last call."""
        self._stdin.write("\n")
        self._stdin.flush()
        return Answers(**json.loads(self._stdout.readline()))


@contextmanager
def running_pulse(port: int) -> Iterator[Pulse]:
    """Begins when the room is there, and is felt until the end of the block."""
    with Popen(
        [sys.executable, "-m", "tests.load.chat_pulse", str(port)], stdin=PIPE, stdout=PIPE, text=True
    ) as process:
        try:
            yield Pulse(process)
        finally:
            process.terminate()


class Owner(Listener):
    """Creates the room, and notes how long its pings are on their way."""

    def __init__(self, host: str, path: str, greeting: bytes) -> None:
        super().__init__(host, path, greeting)
        self.waits: list[float] = []
        self.welcomed = asyncio.Event()

    def receive(self, data: bytes, start: int, end: int) -> None:
        super().receive(data, start, end)
        self.welcomed.set()
        now = time.perf_counter()
        if data.find(b"\xa4pong", start, end) >= 0:
            pongs = (frame for frame in codec.decode_relay(data[start:end]) if isinstance(frame, Pong))
            self.waits += [1e3 * (now - pong.sent) for pong in pongs]

    def take(self) -> Answers:
        """The answers so far; those that follow are counted anew."""
        waits, self.waits = sorted(self.waits), []
        if not waits:
            raise ConnectionError("the relay answers no pings")
        late = sum(wait > 20 for wait in waits)
        return Answers(len(waits), waits[len(waits) // 2], waits[len(waits) * 99 // 100], waits[-1], late)


async def _run(port: int) -> None:
    greeting = _message(Hello(VERSION, ROOM, "owner", OWNER, kind="kernel", create=OPERATOR_TOKEN))
    (owner,) = await open_swarm(port, "/ws", [greeting], Owner)
    await owner.welcomed.wait()
    owner.send(_message(Grant(1, Invitation("guests", "participant", hash_of(GUEST)))))
    await asyncio.sleep(0.5)  # the link lets nobody in before
    draggers = await open_swarm(port, "/ws", [hello(ROOM, GUEST, n) for n in range(DRAGGERS)])
    await asyncio.sleep(0.5)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print("ready", flush=True)
    async with asyncio.TaskGroup() as group:
        group.create_task(_ping(owner))
        for dragger in draggers:
            group.create_task(_drag(dragger))
        while await lines.readline():
            answers = owner.take()
            print(json.dumps({name: getattr(answers, name) for name in Answers.__slots__}), flush=True)


async def _ping(owner: Owner) -> None:
    begun = time.perf_counter()
    for n in range(sys.maxsize):
        await asyncio.sleep(begun + n / PINGS_PER_SECOND - time.perf_counter())
        owner.send(_message(Ping(time.perf_counter())))


async def _drag(dragger: Listener) -> None:
    begun = time.perf_counter()
    for n in range(sys.maxsize):
        await asyncio.sleep(begun + n / DRAGS_PER_SECOND - time.perf_counter())
        dragger.send(_message(Set(n + 1, (Change("/value", n % 1000),))))


def _message(frame: Frame) -> bytes:
    return codec.join([codec.encode(frame)])


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
