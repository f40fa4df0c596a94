"""Who a connection reports to."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from websockets.http11 import Request, Response

from cowidget.core.frames import ClientFrame

if TYPE_CHECKING:
    from cowidget.relay.connection import Connection


class Later(Enum):
    """In place of a response."""

    LATER = "later"


LATER = Later.LATER


class Desk(Protocol):
    """The server, as its connections see it."""

    def admit(self, connection: Connection) -> None:
        """It is there."""

    def answer(self, connection: Connection, request: Request) -> Response | Later | None:
        """It asks: an HTTP response, or None for a WebSocket, with `connection.caller` set.

        `LATER`: the response is being made, and `connection.respond` will bring it.
        """

    def opened(self, connection: Connection) -> None:
        """Its WebSocket is open."""

    def receive(self, connection: Connection, frames: Sequence[ClientFrame], size: int) -> None:
        """It has sent frames that its session allows, in a message of so many bytes."""

    def congested(self, connection: Connection) -> None:
        """Its outbox is full."""

    def drained(self, connection: Connection) -> None:
        """Its outbox has drained after it was full, or after `await_drain`."""

    def left(self, connection: Connection) -> None:
        """Its WebSocket is not open any more. Called once, if `opened` was."""

    def lost(self, connection: Connection) -> None:
        """It is not there any more. Called once."""

    def to_flush(self, connection: Connection) -> None:
        """It has something to send: call `flush` in this turn of the event loop."""
