"""WebSocket as `websockets` has it, set up for our frames."""

from __future__ import annotations

import logging

from websockets.frames import CloseCode
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol as SubprotocolName

from cowidget.core import closing, limits
from cowidget.core.codec import Subprotocol

# websockets logs whole frames when its logger is at DEBUG, and a hello holds a secret.
_quiet = logging.getLogger(__name__)
_quiet.setLevel(logging.WARNING)


class WebSocket(ServerProtocol):
    """The rules of WebSocket, with the protocol's own close code for a message that is too large (M4)."""

    def __init__(self) -> None:
        names = [SubprotocolName(each) for each in Subprotocol]
        # No extensions: with compression, the same frame would be other bytes for each client.
        super().__init__(subprotocols=names, max_size=limits.MAX_GREETING_BYTES, logger=_quiet)

    def fail(self, code: CloseCode | int, reason: str = "") -> None:
        """Close the connection, as `ServerProtocol` does."""
        if code == CloseCode.MESSAGE_TOO_BIG:
            code, reason = closing.TOO_LARGE.code, closing.TOO_LARGE.slug
        super().fail(code, reason)
