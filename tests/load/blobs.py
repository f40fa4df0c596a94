"""A large binary trait from its owner to a group: what it costs the relay, beside `websockets.broadcast`.

Both sides hand 10 MB from one client to ten others. Ours goes through the store, in parts that each client asks
for, so that small changes pass between them; the peer's is one message that nothing passes.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Chunk, ClientFrame, Hello, Patch, Pull, Set, Welcome
from cowidget.core.limits import CHUNK_BYTES, MIB, PULL_WINDOW_BYTES
from cowidget.core.packing import digest
from cowidget.core.values import Change
from cowidget.relay.backends import sqlite_url
from tests.load.deliveries import GUEST, ROOM, greet_owner
from tests.load.servers import Server, running_peer, running_relay

GUESTS = 10
SIZE = 10 * MIB
ROUNDS = 3
KEY = "/image"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one broadcast: the server's CPU and the time until the last client had it in ms, memory in MiB.

    `memory` is the peak of the process above what it was before, without the one copy that it must hold.
    """

    cpu: float
    time: float
    memory: float


def measure(rounds: int = ROUNDS) -> tuple[Cost, Cost]:
    """Ours and the peer's, in turn; medians."""
    ours, peers = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home, running_relay(sqlite_url(Path(home) / "rooms.sqlite")) as relay:
            ours.append(asyncio.run(_measure_relay(relay)))
        with running_peer() as peer:
            peers.append(asyncio.run(_measure_peer(peer)))
    return _median(ours), _median(peers)


async def _measure_relay(relay: Server) -> Cost:
    data = os.urandom(SIZE)
    blob = digest(data)
    owner = await greet_owner(relay.port)
    guests = [await _dial(relay.port, "/ws") for _ in range(GUESTS)]
    for number, guest in enumerate(guests):
        await _say(guest, Hello(VERSION, ROOM, f"guest-{number}", GUEST))
        await _expect(guest, Welcome)
    serving = asyncio.create_task(_serve(owner, data))
    pulls = [_pull(guest, blob) for guest in guests]
    change = _message(Set(2, (Change(KEY, blob=blob, size=SIZE),)))
    cost = await _cost(relay, pulls, owner, change)
    serving.cancel()
    for line in (owner, *guests):
        await line.close()
    return cost


async def _measure_peer(peer: Server) -> Cost:
    guests = [await _dial(peer.port, "/") for _ in range(GUESTS)]
    driver = await _dial(peer.port, "/")
    serving = asyncio.create_task(_drain(driver))
    cost = await _cost(peer, [_receive(guest) for guest in guests], driver, os.urandom(SIZE))
    serving.cancel()
    for line in (driver, *guests):
        await line.close()
    return cost


async def _cost(server: Server, guests: Sequence[Awaitable[None]], driver: ClientConnection, message: bytes) -> Cost:
    await asyncio.sleep(1.0)  # joins and presence are over
    tasks = [asyncio.ensure_future(guest) for guest in guests]
    before, cpu = server.memory(), server.cpu()
    server.forget_peak()
    began = time.monotonic()
    await driver.send(message)
    async with asyncio.timeout(60):
        await asyncio.gather(*tasks)
    elapsed = time.monotonic() - began
    return Cost((server.cpu() - cpu) * 1e3, elapsed * 1e3, (server.peak_memory() - before - SIZE) / MIB)


async def _serve(owner: ClientConnection, data: bytes) -> None:
    """Answer the relay's pulls."""
    async for message in owner:
        for frame in codec.decode_relay(_bytes(message)):
            if isinstance(frame, Pull):
                for at in range(frame.at, min(frame.at + frame.count, len(data)), CHUNK_BYTES):
                    await _say(owner, Chunk(frame.blob, at, len(data), data[at : at + CHUNK_BYTES]))


async def _pull(guest: ClientConnection, blob: str) -> None:
    """Wait until the key names the blob, and get it as browsers do: four parts asked for at a time."""
    received = 0
    async for message in guest:
        for frame in codec.decode_relay(_bytes(message)):
            if isinstance(frame, Patch) and any(state.blob == blob for state in frame.keys):
                for at in range(0, PULL_WINDOW_BYTES, CHUNK_BYTES):
                    await _say(guest, Pull(blob, at, CHUNK_BYTES))
            elif isinstance(frame, Chunk):
                received += len(frame.data)
                if (following := frame.at + PULL_WINDOW_BYTES) < frame.size:
                    await _say(guest, Pull(blob, following, CHUNK_BYTES))
        if received == SIZE:
            return


async def _receive(guest: ClientConnection) -> None:
    if len(_bytes(await guest.recv())) != SIZE:
        raise RuntimeError("the peer has sent something else")


async def _dial(port: int, path: str) -> ClientConnection:
    return await connect(
        f"ws://127.0.0.1:{port}{path}",
        subprotocols=[Subprotocol.MSGPACK],  # type: ignore[list-item]
        compression=None,
        max_size=None,
    )


async def _expect(line: ClientConnection, kind: type) -> None:
    while not any(isinstance(frame, kind) for frame in codec.decode_relay(_bytes(await line.recv()))):
        pass


async def _drain(line: ClientConnection) -> None:
    async for _ in line:
        pass


async def _say(line: ClientConnection, frame: ClientFrame) -> None:
    await line.send(_message(frame))


def _message(frame: ClientFrame) -> bytes:
    return codec.join([codec.encode(frame)])


def _bytes(message: str | bytes) -> bytes:
    if isinstance(message, str):
        raise TypeError("text in a binary subprotocol")
    return message


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in Cost.__slots__))


if __name__ == "__main__":
    for name, cost in zip(("ours", "websockets.broadcast"), measure(), strict=True):
        print(f"{name}: {cost.cpu:.0f} ms CPU, {cost.time:.0f} ms, {cost.memory:.1f} MiB beyond the value")
