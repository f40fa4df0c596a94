"""A frame on its way to many: encoded at most once per subprotocol, framed at most once for WebSocket."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from msgspec.structs import replace
from websockets.frames import Opcode

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Ack, Chunk, Fed, Patch, People, RelayFrame

_OPCODES = {Subprotocol.MSGPACK: Opcode.BINARY, Subprotocol.JSON: Opcode.TEXT}

# What a kernel is told in steps (limits.KERNEL_INTERVAL): the newest is what matters, and nobody waits for each.
_CAN_WAIT = (Patch, Ack, People, Fed)

Pieces = tuple[bytes | memoryview, ...]
"""A whole WebSocket message, to be written piece by piece."""


class Parcel:
    """One frame and the bytes that were made of it so far."""

    __slots__ = ("_encoded", "_frame", "_messages", "can_wait")

    def __init__(self, frame: RelayFrame) -> None:
        self._frame = frame
        self.can_wait = isinstance(frame, _CAN_WAIT)
        self._encoded: dict[Subprotocol, bytes] = {}
        self._messages: dict[Subprotocol, Pieces] = {}

    def size(self, subprotocol: Subprotocol) -> int:
        """How many bytes its frame has."""
        return len(self.encoded(subprotocol))

    def encoded(self, subprotocol: Subprotocol) -> bytes:
        """The frame's bytes, to be joined into a message."""
        if (found := self._encoded.get(subprotocol)) is None:
            found = self._encoded[subprotocol] = codec.encode(self._frame, subprotocol)
        return found

    def message(self, subprotocol: Subprotocol) -> Pieces:
        """A complete WebSocket message with this frame alone."""
        if (found := self._messages.get(subprotocol)) is None:
            found = self._messages[subprotocol] = (pack([self], subprotocol),)
        return found


class BlobParcel(Parcel):
    """A part of a blob, written from where the blob lies: no client has a copy of its own.

    In JSON it is a parcel like the others: base64 is other bytes anyway, and nobody's browser asks for it.
    """

    __slots__ = ("_chunk", "_part")

    def __init__(self, blob: str, data: bytes, at: int, end: int) -> None:
        """The bytes of `data`, which is all of the blob, from `at` to `end`."""
        self._chunk = Chunk(blob, at, len(data), b"")
        self._part = memoryview(data)[at:end]
        super().__init__(self._chunk)

    def size(self, subprotocol: Subprotocol) -> int:
        """How many bytes its frame has, about."""
        return len(self._part)

    def encoded(self, subprotocol: Subprotocol) -> bytes:
        """The frame's bytes, in a copy."""
        return codec.encode(replace(self._chunk, data=bytes(self._part)), subprotocol)

    def message(self, subprotocol: Subprotocol) -> Pieces:
        """A complete WebSocket message with this frame alone."""
        if subprotocol is not Subprotocol.MSGPACK:
            return super().message(subprotocol)
        head = codec.join([codec.encode_chunk_head(self._chunk, len(self._part))])
        return _frame_head(len(head) + len(self._part), Opcode.BINARY) + head, self._part


def pack(parcels: Sequence[Parcel], subprotocol: Subprotocol) -> bytes:
    """A complete WebSocket message with these frames. Servers do not mask, so it suits every client."""
    data = codec.join([parcel.encoded(subprotocol) for parcel in parcels], subprotocol)
    return _frame_head(len(data), _OPCODES[subprotocol]) + data


def _frame_head(length: int, opcode: Opcode) -> bytes:
    """What precedes the payload of a whole message that is not masked (RFC 6455, 5.2)."""
    first = 0x80 | opcode
    if length < 126:
        return struct.pack("!BB", first, length)
    if length < 1 << 16:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)


def opcode_of(subprotocol: Subprotocol) -> Opcode:
    """The kind of WebSocket message that carries this subprotocol."""
    return _OPCODES[subprotocol]


class Mailing:
    """What goes out in one turn of the event loop: connections with the same parcels get the same bytes."""

    # Larger messages would hold up the pings behind them.
    MAX_JOINED = 256 * 1024

    __slots__ = ("_shared",)

    def __init__(self) -> None:
        self._shared: dict[tuple[Subprotocol, tuple[int, ...]], list[Pieces]] = {}

    def messages(self, parcels: list[Parcel], subprotocol: Subprotocol) -> Sequence[Pieces]:
        """The WebSocket messages that carry these parcels, more than one, in this order."""
        # The parcels are alive until the turn ends, so their ids name them.
        key = (subprotocol, tuple(map(id, parcels)))
        if (found := self._shared.get(key)) is None:
            found = self._shared[key] = self._pack(parcels, subprotocol)
        return found

    def _pack(self, parcels: list[Parcel], subprotocol: Subprotocol) -> list[Pieces]:
        groups: list[list[Parcel]] = []
        size = self.MAX_JOINED
        for parcel in parcels:
            length = parcel.size(subprotocol)
            size += length
            if size > self.MAX_JOINED:
                groups.append([])
                size = length
            groups[-1].append(parcel)
        return [group[0].message(subprotocol) if len(group) == 1 else (pack(group, subprotocol),) for group in groups]
