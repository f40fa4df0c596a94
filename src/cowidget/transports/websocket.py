"""Messages over a WebSocket that we dial, with `websockets`."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol as Offer

from cowidget.core import limits
from cowidget.core.codec import Subprotocol
from cowidget.errors import RelayUnavailable

OPEN_TIMEOUT = 10.0
CLOSE_TIMEOUT = 2.0
# What the line itself would say when it was cut.
CUT = 1006


@dataclass(frozen=True, slots=True)
class Closed:
    """The link has ended; `code` is `CUT` when no close frame came."""

    code: int
    reason: str = ""


class WebSocketLink:
    """One open connection. One task receives, one sends."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def receive(self) -> bytes | Closed:
        """The next message, or how the link ended. Cancelling is safe, no message is lost."""
        try:
            return await self._socket.recv(decode=False)
        except ConnectionClosed:
            return self._closed()

    async def send(self, message: bytes) -> None:
        """Send one message; waits while the line is behind.

        On a link that has ended it does nothing: `receive` tells how it ended.
        """
        try:
            await self._socket.send(message)
        except ConnectionClosed:
            return

    def cut(self) -> None:
        """End the link without a word; `receive` then says that it was cut."""
        self._socket.transport.abort()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the link; waits at most `CLOSE_TIMEOUT` for the other side."""
        await self._socket.close(code, reason)

    def _closed(self) -> Closed:
        code = self._socket.close_code
        return Closed(CUT if code is None else code, self._socket.close_reason or "")


@asynccontextmanager
async def dial(address: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[WebSocketLink]:
    """A link to the relay's WebSocket address, closed at the end of the block.

    Args:
        address: `ws://` or `wss://`.
        tls: what its certificate is checked by; None is what this machine trusts.

    Raises:
        RelayUnavailable: nobody answers there, not a relay of this protocol, or one whose certificate this
            machine does not trust.
    """
    try:
        # The relay pings; our own sign of life is a frame, so that silence is judged in one place.
        # Proxies from the environment are for the internet, they cannot reach this machine.
        socket = await connect(
            address,
            ssl=tls or (True if address.startswith("wss:") else None),
            subprotocols=[Offer(Subprotocol.MSGPACK)],
            compression=None,
            open_timeout=OPEN_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            ping_interval=None,
            max_size=2 * limits.MAX_MESSAGE_BYTES,
            proxy=None if _is_loopback(address) else True,
        )
    except ssl.SSLCertVerificationError as error:
        raise RelayUnavailable(
            f"The certificate of {address} is not trusted here: {error.verify_message}. If it is right, name the file "
            "of its authority in SSL_CERT_FILE."
        ) from error
    except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as error:
        raise RelayUnavailable(f"No relay answers at {address}: {str(error) or type(error).__name__}") from error
    try:
        yield WebSocketLink(socket)
    finally:
        await socket.close()


def _is_loopback(address: str) -> bool:
    host = address.partition("://")[2].partition("/")[0]
    return host.startswith(("127.", "localhost", "[::1]"))
