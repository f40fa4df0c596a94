"""How an entry looks on the inside of a store, the same in each of them."""

from __future__ import annotations

import secrets

from msgspec import msgpack

from cowidget.core.effects import Entry, Ordered
from cowidget.core.frames import Emit, Post

_encoder = msgpack.Encoder()
_decoder = msgpack.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """The bytes that a store keeps for an entry."""
    return _encoder.encode(entry)


def decode(at: int, data: bytes) -> Ordered:
    """The entry that was kept at a position."""
    return Ordered(_decoder.decode(data), at)


def new_epoch() -> str:
    """A name for a sequence that no other sequence has, also not after a loss of the store."""
    return secrets.token_hex(8)


def is_log(entry: Entry) -> bool:
    """Whether the entry belongs to the log; all others belong to the state."""
    return isinstance(entry.push, Post)


def is_kept(entry: Entry) -> bool:
    """Whether the entry's content is kept. A message of a model only takes a position."""
    return not isinstance(entry.push, Emit)
