"""The peer of the delivery benchmark: `websockets.broadcast` to everybody, without compression."""

from __future__ import annotations

import asyncio

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main() -> None:
    connected: set[ServerConnection] = set()

    async def take(connection: ServerConnection) -> None:
        connected.add(connection)
        try:
            async for message in connection:
                broadcast(connected, message)
        finally:
            connected.discard(connection)

    async with serve(
        take,
        "127.0.0.1",
        0,
        compression=None,
        max_size=None,
        subprotocols=["cowidget.1.msgpack"],  # type: ignore[list-item]
    ) as server:
        print(f"peer at 127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
