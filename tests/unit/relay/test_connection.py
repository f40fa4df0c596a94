"""A connection whose line fails under its hands. The rest is tested over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from websockets.http11 import Request

from cowidget.core.frames import ClientFrame
from cowidget.relay.connection import Connection

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a2tra2tra2tra2tra2trag==\r\n"
    b"Sec-WebSocket-Protocol: cowidget.1.msgpack\r\n\r\n"
)
CLOSE = b"\x88\x80\0\0\0\0"


class ResetLine(asyncio.Transport):
    """A transport whose other side has reset the line before asyncio has told."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock, "peername": ("127.0.0.1", 1)})
        self.aborted = False

    def write(self, data: Any) -> None:
        """Buffered, so it does not fail."""

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        raise OSError(107, "Transport endpoint is not connected")

    def abort(self) -> None:
        self.aborted = True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered here."""


class Desk:
    """Admits everybody and asks nothing."""

    def admit(self, connection: Connection) -> None: ...

    def answer(self, connection: Connection, request: Request) -> None: ...

    def opened(self, connection: Connection) -> None: ...

    def receive(self, connection: Connection, frames: Sequence[ClientFrame]) -> None: ...

    def congested(self, connection: Connection) -> None: ...

    def drained(self, connection: Connection) -> None: ...

    def left(self, connection: Connection) -> None: ...

    def lost(self, connection: Connection) -> None: ...

    def to_flush(self, connection: Connection) -> None: ...


@pytest.fixture
def line() -> Iterator[ResetLine]:
    with socket.socket() as sock:
        yield ResetLine(sock)


def test_a_line_that_was_reset_during_the_close_is_let_go_of_quietly(
    line: ResetLine, caplog: pytest.LogCaptureFixture
) -> None:
    connection = Connection(Desk(), "c1")
    connection.connection_made(line)
    connection.data_received(HANDSHAKE)

    with caplog.at_level(logging.WARNING):
        connection.data_received(CLOSE)

    assert line.aborted
    assert caplog.records == []
