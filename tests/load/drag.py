"""A guest drags a slider at 60 Hz for twenty others: what it costs the host's kernel and the relay."""

from __future__ import annotations

import ast
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from websockets.asyncio.client import connect

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Hello, Set
from cowidget.core.values import Change
from tests.load.servers import OPERATOR_TOKEN, Server, running_relay
from tests.load.swarm import Listener, hello, open_swarm

GUESTS = 20
PER_SECOND = 60
SECONDS = 10
ALONE = "import ipywidgets; slider = ipywidgets.IntSlider(max=1000)"
SETUP = "import cowidget as cw, ipywidgets; slider = ipywidgets.IntSlider(max=1000); room = cw.share(slider)"


@dataclass(frozen=True, slots=True)
class Load:
    """Per cent of a core that each process needs, and the values that reached a guest, per second."""

    kernel: float
    relay: float
    arrived: float


class BenchKernel:
    """A real kernel on the relay under test."""

    def __init__(self, client: BlockingKernelClient, code: str) -> None:
        self._client = client
        self.value(f"exec({code!r})")
        self.process = psutil.Process(int(self.value("__import__('os').getpid()")))

    def value(self, expression: str) -> str:
        """What an expression is, as its `str`."""
        asked = {"value": f"str({expression})"}
        reply = self._client.execute("", reply=True, timeout=120, user_expressions=asked)
        answer: dict[str, Any] = reply["content"]["user_expressions"]["value"]
        if answer["status"] != "ok":
            raise RuntimeError("\n".join(answer["traceback"]))
        return str(ast.literal_eval(answer["data"]["text/plain"]))

    def start(self, code: str) -> None:
        """Begin a cell, and don't wait for its end; `value` does."""
        self._client.execute(code)

    def set_from_front_end(self, comm: str, state: dict[str, Any]) -> None:
        """What a front end sends when somebody moves its slider."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        message = self._client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self._client.shell_channel.send(message)

    def cpu(self) -> float:
        """Seconds of processor time so far, user and system."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextmanager
def bench_kernel(relay: Server, code: str) -> Iterator[BenchKernel]:
    """A kernel that has run `code` and ends with the block."""
    with tempfile.TemporaryDirectory() as home:
        where = {
            "COWIDGET_HOME": str(Path(home)),
            "COWIDGET_RELAY": f"http://127.0.0.1:{relay.port}",
            "COWIDGET_TOKEN": OPERATOR_TOKEN,
        }
        manager, client = start_new_kernel(env={**os.environ, **where})
        try:
            yield BenchKernel(client, code)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def place_of(link: str) -> tuple[str, str]:
    """The room and the secret of a link."""
    parts = urlsplit(link)
    return parts.path.rpartition("/")[2], parts.fragment.removeprefix("k=")


def measure_jupyter() -> float:
    """The same drag by one front end of Jupyter's, nothing shared: per cent of a core of the kernel."""
    with running_relay() as relay, bench_kernel(relay, ALONE) as kernel:
        comm = kernel.value("slider.model_id")
        cpu, began = kernel.cpu(), time.monotonic()
        for n in range(PER_SECOND * SECONDS):
            time.sleep(max(0.0, began + n / PER_SECOND - time.monotonic()))
            kernel.set_from_front_end(comm, {"value": n % 1000})
        kernel.value("0")  # it has done the rest
        return 100 * (kernel.cpu() - cpu) / (time.monotonic() - began)


def measure(guests: int = GUESTS) -> Load:
    """One guest drives, all receive."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel:
        room, secret = place_of(kernel.value("room.url"))
        key = f"{kernel.value('next(iter(room._hosting.shared))')}/value"
        return asyncio.run(_measure(relay, kernel, [hello(room, secret, n) for n in range(guests)], key))


async def _measure(relay: Server, kernel: BenchKernel, greetings: list[bytes], key: str) -> Load:
    swarm = await open_swarm(relay.port, "/ws", greetings)
    (greeting,) = codec.decode_client(greetings[0])
    if not isinstance(greeting, Hello):
        raise TypeError("the first frame is a hello")
    driver = await connect(f"ws://127.0.0.1:{relay.port}/ws", subprotocols=[Subprotocol.MSGPACK], compression=None)  # type: ignore[list-item]
    async with driver:
        await driver.send(_message(Hello(VERSION, greeting.room, "driver", greeting.secret)))
        reading = asyncio.create_task(_drain(driver))
        await asyncio.sleep(2.0)
        before, began = (kernel.cpu(), relay.cpu(), _arrived(swarm)), time.monotonic()
        for n in range(PER_SECOND * SECONDS):
            await asyncio.sleep(began + n / PER_SECOND - time.monotonic())
            await driver.send(_message(Set(n + 1, (Change(key, n % 1000),))))
        await asyncio.sleep(0.5)
        after, elapsed = (kernel.cpu(), relay.cpu(), _arrived(swarm)), time.monotonic() - began
        reading.cancel()
    for listener in swarm:
        listener.close()
    spent = [100 * (late - early) / elapsed for early, late in zip(before[:2], after[:2], strict=True)]
    return Load(*spent, arrived=(after[2] - before[2]) / len(swarm) / elapsed)


def _arrived(swarm: list[Listener]) -> int:
    return sum(listener.messages for listener in swarm)


def _message(frame: Hello | Set) -> bytes:
    return codec.join([codec.encode(frame)])


async def _drain(line: Any) -> None:
    async for _ in line:
        pass


if __name__ == "__main__":
    load = measure()
    print(f"Jupyter alone: kernel {measure_jupyter():.1f} % of a core")
    print(f"kernel {load.kernel:.1f} % of a core, relay {load.relay:.1f} %, {load.arrived:.0f} messages/s per guest")
