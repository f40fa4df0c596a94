"""Many watchers of one feed, raw WebSockets in a process of their own: when which rows arrived, in how many bytes."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import NamedTuple

import psutil

from cowidget.core import codec, columns
from cowidget.core.feed_frames import Drawn, Rows, Watch, Watched
from cowidget.core.frames import Welcome
from tests.load.drag import place_of
from tests.load.swarm import Listener, hello, open_swarm

# Seconds between two acknowledgements, as pages send them.
ACK_EVERY = 0.1
PATIENCE = 60.0


class Arrival(NamedTuple):
    """Rows `[first, end)` have arrived: `time` is the machine's monotonic clock, `size` that of the message.

    Of frames that share a message, the first one has the size.
    """

    time: float
    first: int
    end: int
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who watches what."""

    port: int
    link: str
    feed: str
    count: int


class Watcher(Listener):
    """Watches one feed and says what it has drawn, as a page does, but draws nothing."""

    def __init__(self, host: str, path: str, greeting: bytes, feed: str) -> None:
        super().__init__(host, path, greeting)
        self.watched = asyncio.get_running_loop().create_future()
        self.arrivals: list[Arrival] = []
        self._feed = feed
        self._end = 0
        self._ack: asyncio.TimerHandle | None = None

    def receive(self, data: bytes, start: int, end: int) -> None:
        now, size = time.monotonic(), end - start
        for each in codec.decode_relay(data[start:end]):
            match each:
                case Welcome():
                    self.send(codec.join([codec.encode(Watch(self._feed))]))
                case Watched(end=self._end):
                    if not self.watched.done():
                        self.watched.set_result(None)
                case Rows(block=block):
                    self._take(block, size, now)
                    size = 0

    def stall(self) -> None:
        super().stall()
        if self._ack is not None:
            self._ack.cancel()

    def _take(self, block: bytes, size: int, now: float) -> None:
        head = columns.head(block)
        self._end = head.first + head.count
        self.arrivals.append(Arrival(now, head.first, self._end, size))
        if self._ack is None:
            self._ack = asyncio.get_running_loop().call_later(ACK_EVERY, self._tell)

    def _tell(self) -> None:
        self._ack = None
        self.send(codec.join([codec.encode(Drawn(self._feed, self._end))]))


class Watchers:
    """The process, seen from outside."""

    def __init__(self, pipe: Connection, process: psutil.Process) -> None:
        self._pipe = pipe
        self._process = process

    def collect(self) -> list[list[Arrival]]:
        """What has arrived since the last time, for each watcher."""
        found: list[list[Arrival]] = self._ask("collect")
        return found

    def stall(self) -> None:
        """Let the first watcher read nothing more, and say nothing."""
        self._ask("stall")

    def cpu(self) -> float:
        """Seconds of processor time so far, user and system."""
        times = self._process.cpu_times()
        return times.user + times.system

    def _ask(self, command: str) -> list[list[Arrival]]:
        self._pipe.send(command)
        return self._answer()

    def _answer(self) -> list[list[Arrival]]:
        if not self._pipe.poll(PATIENCE):
            raise TimeoutError("the watchers do not answer")
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return list(answer)


@contextmanager
def watching(plan: Plan) -> Iterator[Watchers]:
    """The watchers are there, and have been told what the feed is."""
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_run, args=(plan, theirs), daemon=True)
    process.start()
    watchers = Watchers(ours, psutil.Process(process.pid))
    try:
        watchers._answer()
        yield watchers
    finally:
        process.terminate()
        process.join()


def _run(plan: Plan, pipe: Connection) -> None:
    try:
        asyncio.run(_serve(plan, pipe))
    except Exception as error:  # noqa: BLE001 - the other process raises it
        pipe.send(error)


async def _serve(plan: Plan, pipe: Connection) -> None:
    room, secret = place_of(plan.link)
    greetings = [hello(room, secret, number) for number in range(plan.count)]
    async with asyncio.timeout(PATIENCE):
        swarm = await open_swarm(plan.port, "/ws", greetings, lambda *line: Watcher(*line, plan.feed))
        await asyncio.gather(*(watcher.watched for watcher in swarm))
    pipe.send([])
    while True:
        command = await asyncio.to_thread(pipe.recv)
        if command == "stall":
            swarm[0].stall()
            pipe.send([])
            continue
        pipe.send([watcher.arrivals for watcher in swarm])
        for watcher in swarm:
            watcher.arrivals = []
