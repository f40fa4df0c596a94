"""A connection whose line fails under its hands. The rest is tested over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from cowidget.core.frames import ClientFrame
from cowidget.relay.connection import Connection, Phase
from cowidget.relay.desk import LATER, Later

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


class SlowDesk(Desk):
    """Answers later."""

    def answer(self, connection: Connection, request: Request) -> Later:  # type: ignore[override]
        return LATER


class SlowLine(ResetLine):
    """A transport that has as many bytes left to write as the test says."""

    unsent = 1 << 20

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        """When everything is written."""


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


@pytest.mark.parametrize(
    ("unsent", "patience"),
    [
        ([1 << 20] * 12, 5.0),
        ([(1 << 20) - 1000 * n for n in range(12)], 5.0),
        ([(1 << 20) - 20_000 * n for n in range(12)], None),
        ([1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 6.0),
    ],
    ids=["nothing is read", "next to nothing is read", "a slow line", "an end that does not come"],
)
def test_an_answer_is_written_as_long_as_some_of_it_is_read(unsent: list[int], patience: float | None) -> None:
    with socket.socket() as sock:
        line = SlowLine(sock)
        connection = Connection(SlowDesk(), "c1")
        connection.connection_made(line)
        connection.data_received(b"GET /photo HTTP/1.1\r\nHost: localhost\r\n\r\n")
        began = time.monotonic()
        connection.respond(Response(200, "OK", Headers({"Content-Length": "1048576"}), bytes(1 << 20)))
        cut_after = None
        for second, left in enumerate(unsent):
            line.unsent = left
            connection.tick(began + second + 0.1)
            if line.aborted:
                cut_after = second
                break
    assert cut_after == patience


def test_a_photo_for_somebody_who_has_gone_is_dropped(line: ResetLine) -> None:
    connection = Connection(SlowDesk(), "c1")
    connection.connection_made(line)
    connection.connection_lost(None)
    connection.respond(Response(200, "OK", Headers({}), b""))
    assert connection.phase is Phase.CLOSED
