"""People who move their pointers all at once: what it costs the relay, and how late others see it.

The peer hands each move to all with `websockets.broadcast`, as simple servers do. That grows with the square of the
people, so it is measured with a quarter of them: a sixteenth of the work. Its people tell of each move 20 times a
second, as ours do where not so many are.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cowidget.core import codec
from cowidget.core.frames import People, Presence
from tests.load.deliveries import GUEST, ROOM, greet_owner
from tests.load.servers import Server, running_peer, running_relay
from tests.load.swarm import Listener, hello, open_swarm

PEOPLE = 200
PEER_PEOPLE = PEOPLE // 4
# Moves of each person: as often as pages tell of them (js/src/sync/telling.ts), which is less often in a full room.
PER_SECOND = 12.5
PEER_PER_SECOND = 20
SECONDS = 8.0
# The first seconds are joins: everybody is told of everybody.
SETTLING = 2.0


@dataclass(frozen=True, slots=True)
class Moving:
    """What the moves of so many people came to.

    Attributes:
        people: how many moved.
        server: per cent of a core.
        p50: milliseconds from a move to another client.
        p95: the same.
        messages: what each client got, per second.
    """

    people: int
    server: float
    p50: float
    p95: float
    messages: float


class Watcher(Listener):
    """One client that notes when each move was made and when it arrived."""

    def __init__(self, host: str, path: str, greeting: bytes) -> None:
        super().__init__(host, path, greeting)
        self.arrived: list[tuple[float, float]] = []

    def receive(self, data: bytes, start: int, end: int) -> None:
        super().receive(data, start, end)
        now = time.perf_counter()
        self.arrived += ((sent, now) for sent in _moves(data[start:end]))


def measure() -> tuple[Moving, Moving]:
    """Ours with all the people, the peer's with a quarter of them."""
    with running_relay() as relay:
        ours = asyncio.run(_measure_relay(relay))
    with running_peer() as peer:
        theirs = asyncio.run(_move(peer, "/", [b""] * PEER_PEOPLE, PEER_PER_SECOND))
    return ours, theirs


async def _measure_relay(relay: Server) -> Moving:
    async with await greet_owner(relay.port) as owner:
        reader = asyncio.create_task(_drain(owner))
        moving = await _move(relay, "/ws", [hello(ROOM, GUEST, n) for n in range(PEOPLE)], PER_SECOND)
        reader.cancel()
        return moving


async def _move(server: Server, path: str, greetings: list[bytes], per_second: float) -> Moving:
    people = await open_swarm(server.port, path, greetings[:-1])
    (watcher,) = await open_swarm(server.port, path, greetings[-1:], Watcher)
    await asyncio.sleep(SETTLING)
    before, cpu, begun = watcher.messages, server.cpu(), time.monotonic()
    watcher.arrived.clear()
    # Each at its own moment, as people do.
    movers = [asyncio.create_task(_wander(one, n / len(people), begun, per_second)) for n, one in enumerate(people)]
    await asyncio.gather(*movers)
    took = time.monotonic() - begun
    spent, messages = server.cpu() - cpu, watcher.messages - before
    delays = [1000 * (now - sent) for sent, now in watcher.arrived]
    for one in (*people, watcher):
        one.close()
    cuts = statistics.quantiles(delays, n=20)
    return Moving(len(greetings), 100 * spent / took, cuts[9], cuts[18], messages / took)


async def _wander(one: Listener, phase: float, begun: float, per_second: float) -> None:
    for n in range(int(SECONDS * per_second)):
        await asyncio.sleep(begun + (n + phase) / per_second - time.monotonic())
        # The time of the move travels where a pointer has its height: all clients share this process's clock.
        pointer = {"share": "slider", "x": n % 1000 / 1000, "y": time.perf_counter()}
        one.send(codec.join([codec.encode(Presence({"pointer": pointer}))]))


def _moves(message: bytes) -> list[float]:
    if b"pointer" not in message:
        return []
    # The peer hands on what clients sent.
    decode: Callable[[bytes], Sequence[Any]] = codec.decode_relay if b"people" in message[:16] else codec.decode_client
    abouts = [about for frame in decode(message) for about in _abouts(frame)]
    return [about["pointer"]["y"] for about in abouts if "pointer" in about]


def _abouts(frame: Any) -> list[dict[str, Any]]:
    match frame:
        case Presence(about=about):
            return [about]
        case People(moved=moved):
            return [each.about for each in moved]
        case _:
            return []


async def _drain(connection: Any) -> None:
    async for _ in connection:
        pass


if __name__ == "__main__":
    print(*measure(), sep="\n")
