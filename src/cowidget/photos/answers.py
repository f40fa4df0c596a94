"""What the worker writes: each answer as msgpack behind its length, as the photos come to it behind theirs."""

from __future__ import annotations

import struct

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from cowidget.photos.photo import Photo
from cowidget.photos.refusal import Slug

# Of whatever follows, in bytes.
LENGTH = struct.Struct(">I")
# Four bytes for each pixel that is kept, and its thumb: no answer is longer.
MAX_ANSWER_BYTES = 1 << 25


class Ready(Struct, frozen=True, tag="ready"):
    """The first answer, to nothing: what it needs is loaded, and time begins to count."""


class Refused(Struct, frozen=True, tag="refused"):
    """In place of a photo."""

    slug: Slug


Answer = Ready | Refused | Photo

_encoder = Encoder()
_decoder: Decoder[Answer] = Decoder(Answer)


def encode(answer: Answer) -> bytes:
    """The answer behind its length."""
    body = _encoder.encode(answer)
    return LENGTH.pack(len(body)) + body


def decode(body: bytes) -> Answer:
    """The answer, without its length.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return _decoder.decode(body)
