"""How an entry looks on the inside of a store, the same in each of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from itertools import islice

from msgspec import msgpack
from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.acts import body_of
from cowidget.core.effects import Entry, Hits, Ordered
from cowidget.core.feeds.changes import FeedRecord
from cowidget.core.frames import Emit, Post
from cowidget.core.values import Edit, Erased, Photo, Speech

_encoder = msgpack.Encoder()
_decoder = msgpack.Decoder(Entry)
_photo_decoder = msgpack.Decoder(Photo)
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


def hits(found: Iterable[tuple[int, Entry]], count: int, there: int) -> Hits:
    """The first `count` of what was found, as many as are read at once, if `there` were that many or more."""
    size = 0
    entries: list[Ordered] = []
    for at, entry in islice(found, count):
        size += len(encode(entry))
        if entries and size > limits.LOG_TAIL_BYTES:
            break
        entries.append(Ordered(entry, at))
    return Hits(entries, more=len(entries) < there)


def blank(entry: Entry, edited: int) -> Entry:
    """What is kept of an erased entry, or of an edit of the erased entry at offset `edited`."""
    return replace(entry, push=Post(entry.id, Erased(edited)))


def as_edited(entry: Entry, last: Entry | None) -> Entry:
    """A message with the text that its last edit gave it."""
    body, edit = body_of(entry), last and body_of(last)
    if not isinstance(body, Speech) or not isinstance(edit, Edit):
        return entry
    return replace(entry, push=Post(entry.id, replace(body, text=edit.text)))


def encode_feed(feed: FeedRecord) -> bytes:
    """The bytes that a store keeps for a feed, beside its rows."""
    return _encoder.encode(feed)


def decode_feed(data: bytes) -> FeedRecord:
    """The feed that was kept so."""
    return _feed_decoder.decode(data)


def encode_photo(photo: Photo) -> bytes:
    """The bytes that a store keeps for a photo, beside its pixels."""
    return _encoder.encode(photo)


def decode_photo(data: bytes) -> Photo:
    """The photo that was kept so."""
    return _photo_decoder.decode(data)


def new_epoch() -> str:
    """A name for a sequence that no other sequence has, also not after a loss of the store."""
    return secrets.token_hex(8)


def is_log(entry: Entry) -> bool:
    """Whether the entry belongs to the log; all others belong to the state."""
    return isinstance(entry.push, Post)


def is_kept(entry: Entry) -> bool:
    """Whether the entry's content is kept. A message of a model only takes a position."""
    return not isinstance(entry.push, Emit)
