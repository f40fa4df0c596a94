"""A blob on its way to many clients at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.http11 import Request

from cowidget.core import limits
from cowidget.core.frames import Pull
from cowidget.relay.blob_feed import MAX_AHEAD, MAX_PULLS, BlobFeed
from cowidget.relay.connection import Connection
from cowidget.relay.parcel import Mailing

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a2tra2tra2tra2tra2trag==\r\n"
    b"Sec-WebSocket-Protocol: cowidget.1.msgpack\r\n\r\n"
)
NAME = "ab" * 32
DATA = bytes(range(256)) * 40_000


class SlowLine(asyncio.Transport):
    """A transport that keeps what it is given, and hands nothing on."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock, "peername": ("127.0.0.1", 1)})
        self.waiting: list[bytes | memoryview] = []

    def write(self, data: Any) -> None:
        self.waiting.append(data)

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.waiting))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """The tests drain it by hand."""


class Desk:
    """Lets everybody in."""

    def admit(self, connection: Connection) -> None: ...

    def answer(self, connection: Connection, request: Request) -> None: ...

    def opened(self, connection: Connection) -> None: ...

    def left(self, connection: Connection) -> None: ...

    def to_flush(self, connection: Connection) -> None: ...


class Client:
    """A connection over a slow line."""

    def __init__(self, name: str, sock: socket.socket) -> None:
        self.line = SlowLine(sock)
        self.connection = Connection(Desk(), name)
        self.connection.connection_made(self.line)
        self.connection.data_received(HANDSHAKE)
        self.line.waiting.clear()

    def gets(self) -> list[bytes | memoryview]:
        """What was written to its line since the last time; the line has drained."""
        self.connection.flush(Mailing())
        pieces = self.line.waiting.copy()
        self.line.waiting.clear()
        return pieces


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    with socket.socket() as sock:
        yield sock


def test_ten_clients_are_given_the_same_bytes_where_they_lie(sock: socket.socket) -> None:
    feed = BlobFeed()
    clients = [Client(f"c{number}", sock) for number in range(10)]
    pulled: list[list[memoryview]] = []
    for at in range(0, 1 << 20, limits.CHUNK_BYTES):
        for client in clients:
            feed.send(client.connection, Pull(NAME, at, limits.CHUNK_BYTES), DATA)
        pulled += [[piece for piece in client.gets() if isinstance(piece, memoryview)] for client in clients]

    assert all(piece.obj is DATA for pieces in pulled for piece in pieces)
    assert sum(len(piece) for pieces in pulled for piece in pieces) == 10 << 20


async def test_a_line_that_does_not_drain_is_given_little(sock: socket.socket) -> None:
    feed, client = BlobFeed(), Client("c1", sock)
    feed.send(client.connection, Pull(NAME, 0, 1 << 20), DATA)
    written = client.line.get_write_buffer_size()

    assert written < MAX_AHEAD + limits.KIB
    assert feed.take("c1") == (Pull(NAME, MAX_AHEAD, (1 << 20) - MAX_AHEAD),)


async def test_what_waits_is_not_overtaken_by_what_is_pulled_later(sock: socket.socket) -> None:
    feed, client = BlobFeed(), Client("c1", sock)
    feed.send(client.connection, Pull(NAME, 0, 1 << 20), DATA)
    client.gets()
    feed.send(client.connection, Pull(NAME, 1 << 20, 1), DATA)

    assert feed.take("c1") == (Pull(NAME, MAX_AHEAD, (1 << 20) - MAX_AHEAD), Pull(NAME, 1 << 20, 1))


def test_a_client_that_asks_for_more_than_it_takes_is_closed(sock: socket.socket) -> None:
    feed, client = BlobFeed(), Client("c1", sock)
    for _ in range(MAX_PULLS + 1):
        feed.put_off(client.connection, Pull(NAME, 0, 1))

    assert b"rate" in b"".join(client.line.waiting)


@pytest.mark.parametrize("data", [None, b"short"])
def test_what_is_not_there_is_absent(sock: socket.socket, data: bytes | None) -> None:
    feed, client = BlobFeed(), Client("c1", sock)
    feed.send(client.connection, Pull(NAME, 6, 1), data)

    assert b"absent" in b"".join(client.gets())
