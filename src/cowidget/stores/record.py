"""How an entry looks on the inside of a store, the same in each of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from msgspec import msgpack

from cowidget.core import limits
from cowidget.core.effects import Entry, Ordered
from cowidget.core.feeds.changes import FeedRecord
from cowidget.core.frames import Emit, Post

_encoder = msgpack.Encoder()
_decoder = msgpack.Decoder(Entry)
_feed_decoder = msgpack.Decoder(FeedRecord)


def encode(entry: Entry) -> bytes:
    """The bytes that a store keeps for an entry."""
    return _encoder.encode(entry)


def decode(at: int, data: bytes) -> Ordered:
    """The entry that was kept at a position."""
    return Ordered(_decoder.decode(data), at)


def read(kept: Iterable[tuple[int, bytes]]) -> list[Ordered]:
    """The first of these entries of a log, as many as are read at once (`Store.read_log`)."""
    size = 0
    entries: list[Ordered] = []
    for at, data in kept:
        size += len(data)
        if entries and size > limits.LOG_TAIL_BYTES:
            break
        entries.append(decode(at, data))
    return entries


def encode_feed(feed: FeedRecord) -> bytes:
    """The bytes that a store keeps for a feed, beside its rows."""
    return _encoder.encode(feed)


def decode_feed(data: bytes) -> FeedRecord:
    """The feed that was kept so."""
    return _feed_decoder.decode(data)


def new_epoch() -> str:
    """A name for a sequence that no other sequence has, also not after a loss of the store."""
    return secrets.token_hex(8)


def is_log(entry: Entry) -> bool:
    """Whether the entry belongs to the log; all others belong to the state."""
    return isinstance(entry.push, Post)


def is_kept(entry: Entry) -> bool:
    """Whether the entry's content is kept. A message of a model only takes a position."""
    return not isinstance(entry.push, Emit)
