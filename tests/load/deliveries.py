"""Server CPU per delivery of a small state change to 500 clients, beside `websockets.broadcast`."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect

from cowidget.core import codec
from cowidget.core.access import hash_of
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Ack, Grant, Hello, Patch, RelayFrame, Set, Welcome
from cowidget.core.values import Change, Invitation, KeyState
from tests.load.servers import OPERATOR_TOKEN, Server, running_peer, running_relay
from tests.load.swarm import Listener, hello, open_swarm

CLIENTS = 500
CHANGES = 200
PER_SECOND = 30
ROUNDS = 3
ROOM, OWNER, GUEST = "bench", "owner-secret", "guest-secret"


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of the server's CPU per delivery."""

    ours: float
    peers: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the peer's."""
        return self.ours / self.peers


def measure(clients: int = CLIENTS, rounds: int = ROUNDS) -> Cost:
    """Both in turn, several times; medians."""
    ours, peers = [], []
    for _ in range(rounds):
        with running_relay() as relay:
            ours.append(asyncio.run(_measure_relay(relay, clients)))
        with running_peer() as peer:
            peers.append(asyncio.run(_measure_peer(peer, clients)))
    return Cost(statistics.median(ours), statistics.median(peers))


async def greet_owner(port: int, room: str = ROOM) -> ClientConnection:
    """Create a room whose guests' secret is `GUEST`."""
    owner = await connect(f"ws://127.0.0.1:{port}/ws", subprotocols=[Subprotocol.MSGPACK], compression=None)  # type: ignore[list-item]
    await _say(owner, Hello(VERSION, room, "owner", OWNER, kind="kernel", create=OPERATOR_TOKEN))
    await _expect(owner, Welcome)
    await _say(owner, Grant(1, Invitation("guests", "participant", hash_of(GUEST))))
    await _expect(owner, Ack)  # the link lets nobody in before
    return owner


async def _measure_relay(relay: Server, clients: int) -> float:
    owner = await greet_owner(relay.port)
    async with owner, asyncio.timeout(120):
        swarm = await open_swarm(relay.port, "/ws", [hello(ROOM, GUEST, n) for n in range(clients)])
        reader = asyncio.create_task(_drain(owner))
        driver = await connect(f"ws://127.0.0.1:{relay.port}/ws", subprotocols=[Subprotocol.MSGPACK], compression=None)  # type: ignore[list-item]
        async with driver:
            await _say(driver, Hello(VERSION, ROOM, "driver", GUEST))
            await _expect(driver, Welcome)
            driver_reader = asyncio.create_task(_drain(driver))
            changes = [Set(n + 1, (Change("/value", n / 7),)) for n in range(CHANGES)]
            cost = await _drive(relay, swarm, driver, [_message(change) for change in changes])
        driver_reader.cancel()
        reader.cancel()
        return cost


async def _measure_peer(peer: Server, clients: int) -> float:
    async with asyncio.timeout(120):
        swarm = await open_swarm(peer.port, "/", [b""] * clients)
        async with connect(
            f"ws://127.0.0.1:{peer.port}/", subprotocols=[Subprotocol.MSGPACK], compression=None
        ) as driver:
            reader = asyncio.create_task(_drain(driver))
            patches = [Patch(n, (KeyState("/value", n, "0123456789abcdef", n / 7),)) for n in range(CHANGES)]
            cost = await _drive(peer, swarm, driver, [_message(patch) for patch in patches])
            reader.cancel()
            return cost


async def _drive(server: Server, swarm: list[Listener], driver: ClientConnection, messages: list[bytes]) -> float:
    await asyncio.sleep(1.0)  # joins and presence are over
    before = [listener.messages for listener in swarm]
    cpu = server.cpu()
    begun = time.monotonic()
    for n, message in enumerate(messages):
        await asyncio.sleep(begun + n / PER_SECOND - time.monotonic())
        await driver.send(message)
    delivered = await _settled(swarm) - sum(before)
    spent = server.cpu() - cpu
    for listener in swarm:
        listener.close()
    return spent / delivered * 1e6


async def _settled(swarm: list[Listener]) -> int:
    """How many messages have arrived in all, when no more do. Two changes may share a message."""
    seen = -1
    while (now := sum(listener.messages for listener in swarm)) != seen:
        seen = now
        await asyncio.sleep(0.5)
    return seen


def _message(frame: Set | Patch) -> bytes:
    return codec.join([codec.encode(frame)])


async def _say(connection: ClientConnection, frame: Hello | Grant) -> None:
    await connection.send(codec.join([codec.encode(frame)]))


async def _expect(connection: ClientConnection, kind: type[RelayFrame]) -> None:
    while True:
        message = await connection.recv()
        if isinstance(message, bytes) and any(isinstance(frame, kind) for frame in codec.decode_relay(message)):
            return


async def _drain(connection: ClientConnection) -> None:
    async for _ in connection:
        pass


if __name__ == "__main__":
    print(measure())
