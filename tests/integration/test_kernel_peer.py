"""The peer's shell against a server that the test scripts, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from cowidget.client import peer as peer_module
from cowidget.client.peer import Peer, Route, Stage, StatusChanged
from cowidget.core import closing, codec
from cowidget.core.frames import Ack, Ending, Hello, Patch, Ping, Pong, Post, Welcome
from cowidget.core.notes import Acked, Note
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Position, Text

pytestmark = pytest.mark.integration

Script = Callable[["Relay", ServerConnection], Awaitable[None]]


class Relay:
    """A server whose connections run one script each, the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self.connections = 0
        self.received: list[Any] = []

    async def serve(self, socket: ServerConnection) -> None:
        script = self._scripts[min(self.connections, len(self._scripts) - 1)]
        self.connections += 1
        await script(self, socket)

    async def frame(self, socket: ServerConnection, kind: type[Any]) -> Any:
        while True:
            frames = codec.decode_client(bytes(await socket.recv(decode=False)))
            self.received += frames
            for frame in frames:
                if isinstance(frame, kind):
                    return frame

    async def welcome(self, socket: ServerConnection) -> Hello:
        hello: Hello = await self.frame(socket, Hello)
        welcome = Welcome("p1", "proof", "participant", 0, Position("s", 0), Position("l", 0), (), 0.0)
        await self.send(socket, welcome, Patch(0))
        return hello

    async def send(self, socket: ServerConnection, *frames: Any) -> None:
        await socket.send(codec.join([codec.encode(frame) for frame in frames]))


@asynccontextmanager
async def peer_of(relay: Relay) -> AsyncIterator[tuple[Peer, list[Note | StatusChanged]]]:
    notes: list[Note | StatusChanged] = []
    async with serve(relay.serve, "127.0.0.1", 0, subprotocols=["cowidget.1.msgpack"]) as server:
        port = server.sockets[0].getsockname()[1]

        async def route(_: int) -> Route:
            return Route(f"ws://127.0.0.1:{port}/ws", "operator")

        replica = Replica(Identity("room", "guest", "tab", "Ana"))
        async with asyncio.timeout(20), Peer(replica, route, "secret", notes.append) as peer:
            yield peer, notes


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it watches from outside what the peer does inside
            await asyncio.sleep(0.01)


async def stay(relay: Relay, socket: ServerConnection) -> None:
    await relay.welcome(socket)
    while True:
        ping = await relay.frame(socket, Ping)
        await relay.send(socket, Pong(ping.sent))


async def test_it_greets_with_its_secret_and_the_operators_token() -> None:
    relay = Relay(stay)

    async with peer_of(relay) as (peer, _):
        await until(lambda: peer.status.stage is Stage.LIVE)

    hello = relay.received[0]
    assert (hello.room, hello.secret, hello.create, hello.name) == ("room", "secret", "operator", "Ana")


async def test_it_comes_back_after_a_cut_and_sends_again_what_was_not_acknowledged() -> None:
    async def cut(relay: Relay, socket: ServerConnection) -> None:
        await relay.welcome(socket)
        await relay.frame(socket, Post)
        socket.transport.abort()

    async def acknowledge(relay: Relay, socket: ServerConnection) -> None:
        await relay.welcome(socket)
        await relay.send(socket, Ack((await relay.frame(socket, Post)).id))
        await socket.wait_closed()

    relay = Relay(cut, acknowledge)

    async with peer_of(relay) as (peer, notes):
        peer.execute(peer.replica.post(Text("hello")))
        await until(lambda: any(isinstance(note, Acked) for note in notes))

    assert [frame.body.text for frame in relay.received if isinstance(frame, Post)] == ["hello", "hello"]
    assert relay.connections == 2


@pytest.mark.rule("C4")
async def test_it_takes_the_relays_last_frame_for_the_close_code_that_a_proxy_lost() -> None:
    async def revoke(relay: Relay, socket: ServerConnection) -> None:
        await relay.frame(socket, Hello)
        await relay.send(socket, Ending(closing.REVOKED.code, closing.REVOKED.slug))
        await socket.close()

    relay = Relay(revoke)

    async with peer_of(relay) as (peer, _):
        await until(lambda: peer.status.stage is Stage.ENDED)

    assert relay.connections == 1
    assert peer.status.closing is closing.REVOKED


async def test_it_never_comes_back_after_a_step_that_stops() -> None:
    async def revoke(relay: Relay, socket: ServerConnection) -> None:
        await relay.frame(socket, Hello)
        await socket.close(closing.REVOKED.code, closing.REVOKED.slug)

    relay = Relay(revoke)

    async with peer_of(relay) as (peer, _):
        await until(lambda: peer.status.stage is Stage.ENDED)
        await asyncio.sleep(0.6)

    assert relay.connections == 1
    assert peer.status.closing is closing.REVOKED


async def test_a_line_that_falls_silent_is_dialled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer_module, "SILENCE", 0.2)

    async def fall_silent(relay: Relay, socket: ServerConnection) -> None:
        await relay.welcome(socket)
        await socket.wait_closed()

    relay = Relay(fall_silent, stay)
    monkeypatch.setattr(peer_module, "PING_INTERVAL", 0.05)

    async with peer_of(relay):
        await until(lambda: relay.connections == 2)


async def test_it_measures_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer_module, "PING_INTERVAL", 0.05)

    began = asyncio.get_running_loop().time()

    async with peer_of(Relay(stay)) as (peer, _):
        await until(lambda: peer.status.latency is not None)

    assert peer.status.latency is not None
    assert 0 <= peer.status.latency < asyncio.get_running_loop().time() - began


async def test_a_relay_that_speaks_nonsense_is_left() -> None:
    async def babble(relay: Relay, socket: ServerConnection) -> None:
        await relay.welcome(socket)
        await socket.send(b"\xc1")
        await socket.wait_closed()

    async with peer_of(Relay(babble)) as (peer, _):
        await until(lambda: peer.status.stage is Stage.ENDED)

    assert peer.status.closing is closing.UNDECODABLE


async def test_what_the_application_pushes_because_of_a_note_follows_what_was_waiting() -> None:
    relay = Relay(stay)

    async with peer_of(relay) as (peer, _):
        peer.execute(peer.replica.post(Text("first")))

        def answer(note: Note | StatusChanged) -> None:
            if type(note).__name__ == "Welcomed":
                peer.execute(peer.replica.post(Text("second")))

        peer._receive = answer
        await until(lambda: len([frame for frame in relay.received if isinstance(frame, Post)]) == 2)

    assert [frame.id for frame in relay.received if isinstance(frame, Post)] == [1, 2]
