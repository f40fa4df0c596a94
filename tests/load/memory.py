"""Memory of the relay per idle connection in one room."""

from __future__ import annotations

import asyncio

from tests.load.deliveries import GUEST, ROOM, greet_owner
from tests.load.servers import Server, running_relay
from tests.load.swarm import hello, open_swarm

CONNECTIONS = 1000


def measure(connections: int = CONNECTIONS) -> float:
    """KiB per connection: what the process grew by, divided. The first hundred are not counted (warm-up)."""
    with running_relay() as relay:
        return asyncio.run(_measure(relay, connections))


async def _measure(relay: Server, connections: int) -> float:
    async with await greet_owner(relay.port) as owner:
        reader = asyncio.create_task(_drain(owner))
        warm = await open_swarm(relay.port, "/ws", [hello(ROOM, GUEST, n) for n in range(100)])
        await asyncio.sleep(1)
        before = relay.memory()
        swarm = await open_swarm(relay.port, "/ws", [hello(ROOM, GUEST, n) for n in range(100, 100 + connections)])
        await asyncio.sleep(2)
        grown = relay.memory() - before
        for listener in (*warm, *swarm):
            listener.close()
        reader.cancel()
        return grown / connections / 1024


async def _drain(owner: object) -> None:
    async for _ in owner:  # type: ignore[attr-defined]
        pass


if __name__ == "__main__":
    print(f"{measure():.1f} KiB per idle connection")
