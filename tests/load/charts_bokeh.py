"""The peer of the fan-out: a Bokeh server that streams the same rows to as many sessions."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import psutil
from websockets.asyncio.client import connect

from tests.load.charts_pusher import sensor

PATIENCE = 60.0
SECONDS = 5.0
# A patch is a header, metadata and content in JSON, then for each column what it is, and its bytes: a float64 for the
# time and a float32 for the value of each row.
ROW_BYTES = 12


@dataclass(frozen=True, slots=True)
class Streamed:
    """Points per second that arrived at all sessions together, and per cent of a core of the server."""

    points: float
    server: float


def measure(sessions: int, rows: int, per_second: float, seconds: float = SECONDS) -> Streamed:
    """After two seconds of warm-up."""
    with _running_server(rows, per_second) as (port, process):
        return asyncio.run(_measure(port, process, sessions, seconds))


async def _measure(port: int, process: psutil.Process, sessions: int, seconds: float) -> Streamed:
    listeners = [_Listener() for _ in range(sessions)]
    listening = [asyncio.create_task(each.listen(port)) for each in listeners]
    await asyncio.sleep(2.0)
    before, cpu, begun = _rows(listeners), _cpu(process), time.monotonic()
    await asyncio.sleep(seconds)
    elapsed = time.monotonic() - begun
    streamed = Streamed((_rows(listeners) - before) / elapsed, 100 * (_cpu(process) - cpu) / elapsed)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return streamed


class _Listener:
    """One session; it counts the bytes of columns."""

    def __init__(self) -> None:
        self.bytes = 0

    async def listen(self, port: int) -> None:
        from bokeh.util.token import generate_jwt_token, generate_session_id

        subprotocols: list[Any] = ["bokeh", generate_jwt_token(generate_session_id())]
        address = f"ws://127.0.0.1:{port}/ws"
        async with connect(
            address, subprotocols=subprotocols, compression=None, max_size=None, open_timeout=PATIENCE
        ) as line:
            async for message in line:
                if isinstance(message, bytes):
                    self.bytes += len(message)


def _rows(listeners: list[_Listener]) -> float:
    return sum(each.bytes for each in listeners) / ROW_BYTES


@contextmanager
def _running_server(rows: int, per_second: float) -> Iterator[tuple[int, psutil.Process]]:
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_serve, args=(theirs, rows, per_second), daemon=True)
    process.start()
    try:
        if not ours.poll(PATIENCE):
            raise TimeoutError("the Bokeh server does not start")
        yield ours.recv(), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, rows: int, per_second: float) -> None:
    from bokeh.models import ColumnDataSource
    from bokeh.server.server import Server

    logging.getLogger("bokeh").setLevel(logging.ERROR)  # of sessions that end
    made = sensor(0, rows)

    def app(document: Any) -> None:
        source = ColumnDataSource(data={"t": made["t"][:0], "v": made["v"][:0]})
        document.add_root(source)
        document.add_periodic_callback(
            lambda: source.stream({"t": made["t"], "v": made["v"]}, rollover=5 * rows), round(1000 / per_second)
        )

    server = Server({"/": app}, port=0, address="127.0.0.1")
    server.start()
    pipe.send(server.port)
    server.io_loop.start()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    print(measure(50, 4_000, 30))
