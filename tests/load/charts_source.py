"""A WebSocket, in a process of its own, that tells rows at a pace while it is asked to."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.load.charts_arrivals import Pushed
from tests.load.charts_pusher import sensor

PATIENCE = 60.0


class Source:
    """The process, seen from outside."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url = f"ws://127.0.0.1:{self._answer()}"

    def tell(self, seconds: float) -> Pushed:
        """Let it tell rows to those who listen; the row behind each message, and when it was sent."""
        self._pipe.send(seconds)
        return list(self._answer())

    def _answer(self) -> Pushed:
        if not self._pipe.poll(PATIENCE):
            raise TimeoutError("the source does not answer")
        answer: Pushed = self._pipe.recv()
        return answer


@contextmanager
def running_source(rows: int, per_second: float) -> Iterator[Source]:
    """A source of messages with so many rows, so many times a second."""
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_run, args=(theirs, rows, per_second), daemon=True)
    process.start()
    try:
        yield Source(ours)
    finally:
        process.terminate()
        process.join()


def _run(pipe: Connection, rows: int, per_second: float) -> None:
    asyncio.run(_serve(pipe, rows, per_second))


async def _serve(pipe: Connection, rows: int, per_second: float) -> None:
    listening: set[ServerConnection] = set()
    came = asyncio.Event()

    async def take(connection: ServerConnection) -> None:
        listening.add(connection)
        came.set()
        await connection.wait_closed()
        listening.discard(connection)

    async with serve(take, "127.0.0.1", 0, compression=None) as server:
        pipe.send(next(iter(server.sockets)).getsockname()[1])
        end = 0
        while True:
            seconds = await asyncio.to_thread(pipe.recv)
            await came.wait()
            log, begun = [], time.monotonic()
            for number in range(round(seconds * per_second)):
                message = _message(end, rows)
                await asyncio.sleep(begun + number / per_second - time.monotonic())
                end += rows
                log.append((end, time.monotonic()))
                broadcast(listening, message)
            pipe.send(log)


def _message(first: int, rows: int) -> str:
    made = sensor(first, rows)
    times, values = made["t"].tolist(), made["v"].astype(float).round(3).tolist()
    return json.dumps({"rows": [{"t": t, "v": v} for t, v in zip(times, values, strict=True)]})
