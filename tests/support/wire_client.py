"""A client that speaks frames and nothing else: what it sends is what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cowidget.core import codec
from cowidget.core.access import hash_of
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Ack, ClientFrame, Declare, Grant, Hello, Patch, Push, RelayFrame, Welcome
from cowidget.core.values import Change, Invitation, KeyState, Model, Share
from tests.support.running_relay import OPERATOR_TOKEN

_Frame = TypeVar("_Frame")

# Longer than any answer takes on a busy machine; shorter than the limit of a test.
PATIENCE = 15.0
OWNER_SECRET = "the owner's secret, for tests only"


class WireClient:
    """One connection. Frames that were received and not yet looked at wait in `unseen`."""

    def __init__(self, websocket: ClientConnection, subprotocol: Subprotocol) -> None:
        self.websocket = websocket
        self.subprotocol = subprotocol
        self.unseen: list[RelayFrame] = []
        self.state: dict[str, KeyState] = {}
        self.welcome: Welcome
        self._last_id = 0

    async def send(self, *frames: ClientFrame) -> None:
        """These frames in one message."""
        data = codec.join([codec.encode(frame, self.subprotocol) for frame in frames], self.subprotocol)
        await self.send_message(data)

    async def send_message(self, data: bytes) -> None:
        """A message as it is."""
        await self.websocket.send(data.decode() if self.subprotocol is Subprotocol.JSON else data)

    async def push(self, kind: Callable[..., Push], **fields: Any) -> int:
        """A push with the next id; the id."""
        self._last_id += 1
        await self.send(kind(id=self._last_id, **fields))
        return self._last_id

    async def hello(self, room: str = "lab", **fields: Any) -> Welcome:
        """Greet, and wait for the welcome."""
        await self.send(Hello(version=VERSION, room=room, **{"instance": "i", **fields}))
        self.welcome = await self.sees(Welcome)
        self._last_id = self.welcome.acked
        return self.welcome

    async def sees(self, kind: type[_Frame], wanted: Callable[[_Frame], bool] = lambda frame: True) -> _Frame:
        """The first frame of this kind that is wanted; those before it of other kinds stay unseen."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for index, frame in enumerate(self.unseen):
                    if isinstance(frame, kind) and wanted(frame):
                        del self.unseen[index]
                        return frame
                await self._receive()

    async def sees_value(self, key: str, value: object) -> KeyState:
        """Wait until the room's value of a key is this one."""
        async with asyncio.timeout(PATIENCE):
            while key not in self.state or self.state[key].value != value:
                await self._receive()
        return self.state[key]

    async def closed(self) -> tuple[int, str]:
        """Wait for the end: its code and reason, (1006, "") for a cut."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self._receive()
            except ConnectionClosed as error:
                return (error.rcvd.code, error.rcvd.reason) if error.rcvd is not None else (1006, "")

    async def _receive(self) -> None:
        message = await self.websocket.recv(decode=False)
        for frame in codec.decode_relay(bytes(message), self.subprotocol):
            if isinstance(frame, Patch):
                if frame.reset:
                    self.state.clear()
                self.state.update((each.key, each) for each in frame.keys)
            self.unseen.append(frame)


@asynccontextmanager
async def wire_client(
    url: str, subprotocol: Subprotocol = Subprotocol.MSGPACK, **options: Any
) -> AsyncIterator[WireClient]:
    """A connection for the time of the block."""
    # Without an end to the queue, pings are answered also while the test looks at nothing.
    endless = {"max_size": None, "max_queue": None}
    quiet = {**endless, "compression": None, "ping_interval": None, "proxy": None, "close_timeout": 1}
    async with connect(url, subprotocols=[subprotocol], **(quiet | options)) as websocket:
        yield WireClient(websocket, subprotocol)


@asynccontextmanager
async def owner_client(
    url: str, room: str = "lab", ssl: SSLContext | None = None, **fields: Any
) -> AsyncIterator[WireClient]:
    """A kernel that has created the room, or has come back to it."""
    async with wire_client(url, ssl=ssl) as client:
        await client.hello(room, secret=OWNER_SECRET, kind="kernel", create=OPERATOR_TOKEN, **fields)
        yield client


@asynccontextmanager
async def guest_client(
    url: str,
    secret: str = "guest",
    room: str = "lab",
    subprotocol: Subprotocol = Subprotocol.MSGPACK,
    ssl: SSLContext | None = None,
    **fields: Any,
) -> AsyncIterator[WireClient]:
    """A guest who has been welcomed."""
    async with wire_client(url, subprotocol, ssl=ssl) as client:
        await client.hello(room, **{"secret": secret, "name": "Guest", **fields})
        yield client


async def invite(owner: WireClient, secret: str = "guest", role: Any = "participant", **fields: Any) -> None:
    """Let people in with this secret."""
    push = await owner.push(
        Grant, invitation=Invitation(name=f"for {secret}", role=role, hash=hash_of(secret), **fields)
    )
    await owner.sees(Ack, lambda ack: ack.id >= push)


async def share(owner: WireClient, **values: Any) -> None:
    """Put a widget `w` with these traits into the room; participants may write all of them."""
    model = Model(path="", name="Widget", traits=tuple(values), writable=tuple(values))
    changes = tuple(Change(f"w/{trait}", value) for trait, value in values.items())
    push = await owner.push(Declare, share=Share(name="w", models=(model,)), changes=changes)
    await owner.sees(Ack, lambda ack: ack.id >= push)
