"""A frame on its way to many: encoded at most once per subprotocol, framed at most once for WebSocket."""

from __future__ import annotations

from collections.abc import Sequence

from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import RelayFrame

_OPCODES = {Subprotocol.MSGPACK: Opcode.BINARY, Subprotocol.JSON: Opcode.TEXT}


class Parcel:
    """One frame and the bytes that were made of it so far."""

    __slots__ = ("_encoded", "_frame", "_messages")

    def __init__(self, frame: RelayFrame) -> None:
        self._frame = frame
        self._encoded: dict[Subprotocol, bytes] = {}
        self._messages: dict[Subprotocol, bytes] = {}

    def encoded(self, subprotocol: Subprotocol) -> bytes:
        """The frame's bytes, to be joined into a message."""
        if (found := self._encoded.get(subprotocol)) is None:
            found = self._encoded[subprotocol] = codec.encode(self._frame, subprotocol)
        return found

    def message(self, subprotocol: Subprotocol) -> bytes:
        """A complete WebSocket message with this frame alone."""
        if (found := self._messages.get(subprotocol)) is None:
            found = self._messages[subprotocol] = pack([self], subprotocol)
        return found


def pack(parcels: Sequence[Parcel], subprotocol: Subprotocol) -> bytes:
    """A complete WebSocket message with these frames. Servers do not mask, so it suits every client."""
    data = codec.join([parcel.encoded(subprotocol) for parcel in parcels], subprotocol)
    return WebSocketFrame(_OPCODES[subprotocol], data).serialize(mask=False)


def opcode_of(subprotocol: Subprotocol) -> Opcode:
    """The kind of WebSocket message that carries this subprotocol."""
    return _OPCODES[subprotocol]


class Mailing:
    """What goes out in one turn of the event loop: connections with the same parcels get the same bytes."""

    # Larger messages would hold up the pings behind them.
    MAX_JOINED = 256 * 1024

    __slots__ = ("_shared",)

    def __init__(self) -> None:
        self._shared: dict[tuple[Subprotocol, tuple[int, ...]], list[bytes]] = {}

    def messages(self, parcels: list[Parcel], subprotocol: Subprotocol) -> Sequence[bytes]:
        """The WebSocket messages that carry these parcels, more than one, in this order."""
        # The parcels are alive until the turn ends, so their ids name them.
        key = (subprotocol, tuple(map(id, parcels)))
        if (found := self._shared.get(key)) is None:
            found = self._shared[key] = self._pack(parcels, subprotocol)
        return found

    def _pack(self, parcels: list[Parcel], subprotocol: Subprotocol) -> list[bytes]:
        messages: list[bytes] = []
        joined: list[Parcel] = []
        size = 0
        for parcel in parcels:
            length = len(parcel.encoded(subprotocol))
            if joined and size + length > self.MAX_JOINED:
                messages.append(pack(joined, subprotocol))
                joined, size = [], 0
            joined.append(parcel)
            size += length
        return [*messages, pack(joined, subprotocol)]
