"""Bytes to frames and back. Size first, then shape (PROTOCOL.md M1-M5).

A frame is encoded once per subprotocol; `join` makes a message of such frames without encoding again.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from enum import StrEnum
from typing import Any, NoReturn

import msgspec
from msgspec import Struct

from cowidget.core import closing
from cowidget.core.frames import Chunk, ClientFrame, Declare, Emit, Frame, Post, Presence, RelayFrame, Set, Settle
from cowidget.core.portable import check_portable
from cowidget.core.values import Snapshot
from cowidget.errors import FrameError


class Subprotocol(StrEnum):
    """How frames are written; negotiated in the WebSocket handshake, the first is preferred."""

    # Frames are looked up by it for each connection, and the hash of enumerations is slow: it is Python.
    __hash__ = str.__hash__

    MSGPACK = "cowidget.1.msgpack"
    JSON = "cowidget.1.json"


def encode(frame: Frame, subprotocol: Subprotocol = Subprotocol.MSGPACK) -> bytes:
    """One frame; not a message yet."""
    if subprotocol is Subprotocol.MSGPACK:
        return msgspec.msgpack.encode(frame)
    return msgspec.json.encode(_mark_bytes(msgspec.to_builtins(frame, builtin_types=(bytes,), str_keys=True)))


def encode_chunk_head(chunk: Chunk, length: int) -> bytes:
    """The MessagePack of a chunk that is empty, up to its `data`, its last field: so many bytes are to follow."""
    # Without the empty bytes (c4 00); in their place the header of bytes whose length takes 32 bits.
    return msgspec.msgpack.encode(chunk)[:-2] + b"\xc6" + length.to_bytes(4, "big")


def join(encoded: list[bytes], subprotocol: Subprotocol = Subprotocol.MSGPACK) -> bytes:
    """A message of frames that `encode` made, in this order."""
    if subprotocol is Subprotocol.JSON:
        return b"[" + b",".join(encoded) + b"]"
    count = len(encoded)
    # The array headers of the MessagePack specification: fixarray, array 16, array 32.
    if count < 16:
        header = bytes((0x90 | count,))
    elif count < 1 << 16:
        header = b"\xdc" + count.to_bytes(2, "big")
    else:
        header = b"\xdd" + count.to_bytes(4, "big")
    return header + b"".join(encoded)


def decode_client(message: bytes, subprotocol: Subprotocol = Subprotocol.MSGPACK) -> list[ClientFrame]:
    """The frames of a client's message.

    Raises:
        FrameError: it is not an array of frames, one of them is none that clients send, or it holds a
            value that not every store and subprotocol can carry.
    """
    try:
        if subprotocol is Subprotocol.MSGPACK:
            received = _client_msgpack.decode(message)
        else:
            received = msgspec.convert(_unmark_bytes(msgspec.json.decode(message)), list[ClientFrame])
        for frame in received:
            check_portable(_values_of(frame))
    except _UNREADABLE as error:
        raise _explain(message, subprotocol, _CLIENT_TYPES, error) from error
    return received


def decode_relay(message: bytes, subprotocol: Subprotocol = Subprotocol.MSGPACK) -> list[RelayFrame]:
    """The frames of a relay's message.

    Raises:
        FrameError: it is not an array of frames, or one of them is none that relays send.
    """
    try:
        if subprotocol is Subprotocol.MSGPACK:
            return _relay_msgpack.decode(message)
        return msgspec.convert(_unmark_bytes(msgspec.json.decode(message)), list[RelayFrame])
    except _UNREADABLE as error:
        raise _explain(message, subprotocol, _RELAY_TYPES, error) from error


def value_size(value: Any) -> int:
    """Bytes of a value's MessagePack encoding, which decides whether it travels as a blob (M5)."""
    return len(msgspec.msgpack.encode(value))


# What a message cannot be. The errors of base64, UTF-8 and `check_portable` are ValueErrors.
_UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)


def _values_of(frame: ClientFrame) -> list[Any]:
    match frame:
        case Set(changes=changes) | Declare(changes=changes):
            return [change.value for change in changes]
        case Settle(settlements=settlements):
            return [settlement.value for settlement in settlements]
        case Emit(content=content):
            return [content]
        case Presence(about=about):
            return [about]
        case Post(body=Snapshot(values=values)):
            return [values]
    return []


# Which frame a bad message wanted to be.


class _Tagged(Struct):
    type: str


def _types(union: Any) -> frozenset[str]:
    return frozenset(str(frame.__struct_config__.tag) for frame in union.__args__)


_CLIENT_TYPES = _types(ClientFrame)
_RELAY_TYPES = _types(RelayFrame)


def _refuse_extension(code: int, data: memoryview) -> NoReturn:
    raise msgspec.ValidationError(f"MessagePack extension type {code}")


_client_msgpack = msgspec.msgpack.Decoder(list[ClientFrame], ext_hook=_refuse_extension)
_relay_msgpack = msgspec.msgpack.Decoder(list[RelayFrame], ext_hook=_refuse_extension)
_tagged_msgpack = msgspec.msgpack.Decoder(list[_Tagged], ext_hook=_refuse_extension)
_tagged_json = msgspec.json.Decoder(list[_Tagged])


def _explain(message: bytes, subprotocol: Subprotocol, expected: frozenset[str], error: Exception) -> FrameError:
    decoder = _tagged_msgpack if subprotocol is Subprotocol.MSGPACK else _tagged_json
    try:
        types = {tagged.type for tagged in decoder.decode(message)}
    except _UNREADABLE:
        return FrameError(closing.UNDECODABLE, f"not an array of frames: {error}")
    if unknown := types - _CLIENT_TYPES - _RELAY_TYPES:
        return FrameError(closing.UNKNOWN_FRAME, f"unknown frame {sorted(unknown)[0][:40]!r}")
    if misplaced := types - expected:
        return FrameError(closing.UNEXPECTED, f"{sorted(misplaced)[0]} comes from the other side only")
    return FrameError(closing.UNDECODABLE, str(error))


# Bytes in JSON (M3).


def _is_mark(value: dict[Any, Any]) -> bool:
    if len(value) != 1:
        return False
    (key,) = value
    return isinstance(key, str) and key.endswith("$bytes") and not key.removesuffix("$bytes").strip("$")


def _mark_bytes(value: Any) -> Any:
    match value:
        case bytes():
            return {"$bytes": b64encode(value).decode()}
        case dict() if _is_mark(value):
            ((key, inner),) = value.items()
            return {"$" + key: _mark_bytes(inner)}
        case dict():
            return {key: _mark_bytes(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_mark_bytes(inner) for inner in value]
    return value


def _unmark_bytes(value: Any) -> Any:
    match value:
        case {"$bytes": encoded} if len(value) == 1:
            if not isinstance(encoded, str):
                raise msgspec.ValidationError("bytes that are not base64")
            return b64decode(encoded.encode(), validate=True)
        case dict() if _is_mark(value):
            ((key, inner),) = value.items()
            return {key.removeprefix("$"): _unmark_bytes(inner)}
        case dict():
            return {key: _unmark_bytes(inner) for key, inner in value.items()}
        case list():
            return [_unmark_bytes(inner) for inner in value]
        case int() if not -(1 << 63) <= value < 1 << 64:
            raise msgspec.ValidationError("an integer of more than 64 bits")
    return value


FRAME_TYPES = _CLIENT_TYPES | _RELAY_TYPES
