"""A browser's WebSocket carried over a Jupyter comm, where the page cannot reach the relay (DESIGN §5).

The last resort: while the kernel is busy, what the browser sends waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cowidget.core.closing import TOO_LARGE
from cowidget.core.limits import MAX_MESSAGE_BYTES
from cowidget.errors import RelayUnavailable
from cowidget.transports.websocket import CUT, Closed, WebSocketLink, dial

WAY = "comm"
# Messages of one page that wait for the relay. A page that sends faster is closed, as by the relay itself.
MOST_WAITING = 256
# A page has one connection, and for a moment two while one replaces the other.
MOST_SOCKETS = 4

Reply = Callable[[Mapping[str, Any], Sequence[bytes]], None]


class CommWay:
    """The sockets of one panel. Belongs to the link's loop; `reply` must not wait."""

    def __init__(self, address: Callable[[], str], reply: Reply) -> None:
        self._address = address
        self._reply = reply
        self._sockets: dict[str, asyncio.Queue[bytes | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def receive(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A custom message of the panel: `{way: "comm", op: "open" | "message" | "close", id}`."""
        identity = str(content.get("id", ""))[:64]
        match content.get("op"):
            case "open" if identity not in self._sockets and len(self._sockets) < MOST_SOCKETS:
                waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
                self._sockets[identity] = waiting
                task = asyncio.ensure_future(self._carry(identity, waiting))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case "message" if (known := self._sockets.get(identity)) is not None:
                for buffer in buffers:
                    self._put(known, bytes(memoryview(buffer)))
            case "close" if (known := self._sockets.get(identity)) is not None:
                self._put(known, None)
            case _:
                return

    def close(self) -> None:
        """End all sockets."""
        for task in self._tasks:
            task.cancel()

    def _put(self, waiting: asyncio.Queue[bytes | None], message: bytes | None) -> None:
        try:
            waiting.put_nowait(message)
        except asyncio.QueueFull:
            while not waiting.empty():
                waiting.get_nowait()
            waiting.put_nowait(None)

    async def _carry(self, identity: str, waiting: asyncio.Queue[bytes | None]) -> None:
        closed = Closed(CUT)
        try:
            async with dial(self._address()) as link:
                self._reply({"way": WAY, "op": "opened", "id": identity}, ())
                closed = await self._pump(identity, link, waiting)
        except RelayUnavailable as error:
            closed = Closed(CUT, str(error)[:100])
        finally:
            self._sockets.pop(identity, None)
            self._reply({"way": WAY, "op": "closed", "id": identity, "code": closed.code, "reason": closed.reason}, ())

    async def _pump(self, identity: str, link: WebSocketLink, waiting: asyncio.Queue[bytes | None]) -> Closed:
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(self._write(link, waiting))
            try:
                while True:
                    message = await link.receive()
                    if isinstance(message, Closed):
                        return message
                    self._reply({"way": WAY, "op": "message", "id": identity}, (message,))
            finally:
                writer.cancel()

    async def _write(self, link: WebSocketLink, waiting: asyncio.Queue[bytes | None]) -> None:
        while (message := await waiting.get()) is not None:
            if len(message) > MAX_MESSAGE_BYTES:
                await link.close(TOO_LARGE.code, TOO_LARGE.slug)
                return
            await link.send(message)
        await link.close()
