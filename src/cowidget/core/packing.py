"""How values travel: inside the frame, or as a blob beside it (M5)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cowidget.core.limits import MAX_INLINE_BYTES
from cowidget.core.overlay import DELETED
from cowidget.core.portable import encode_portable
from cowidget.core.values import Change, Settlement

PUSH_BYTES = 512 << 10
"""Inline bytes of one push: half of what a message may have, so that keys and frame fit in any encoding."""

CROWDED_INLINE_BYTES = 512
"""The inline limit in a push that would be over PUSH_BYTES: a push has at most 1000 changes."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Changes ready for a push.

    Attributes:
        changes: in the order of the values.
        sizes: the inline bytes of each key.
        blobs: what the changes name, by SHA-256.
    """

    changes: tuple[Change, ...]
    sizes: Mapping[str, int]
    blobs: Mapping[str, bytes]


def digest(data: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(data).hexdigest()


def unpack(data: bytes) -> Any:
    """The value of a blob."""
    return msgspec.msgpack.decode(data)


def pack(values: Mapping[str, Any]) -> Packed:
    """Changes for these values; `DELETED` removes a key.

    Raises:
        TypeError, ValueError: a value cannot travel (M4); says why.
    """
    encoded = {key: b"" if value is DELETED else encode_portable(value) for key, value in values.items()}
    limit = _limit(encoded.values())
    changes, sizes, blobs = [], {}, {}
    for key, data in encoded.items():
        if values[key] is DELETED:
            changes.append(Change(key, deleted=True))
        elif len(data) > limit:
            sha256 = digest(data)
            blobs[sha256] = data
            changes.append(Change(key, blob=sha256, size=len(data)))
        else:
            changes.append(Change(key, values[key]))
        sizes[key] = 0 if len(data) > limit else len(data)
    return Packed(tuple(changes), sizes, blobs)


def pack_settlements(
    settlements: Sequence[Settlement],
) -> tuple[tuple[Settlement, ...], Mapping[str, bytes]]:
    """The settlements with large values as blobs, and these blobs.

    Raises:
        TypeError, ValueError: a value cannot travel (M4); says why.
    """
    encoded = [encode_portable(settlement.value) for settlement in settlements]
    limit = _limit(encoded)
    packed, blobs = [], {}
    for settlement, data in zip(settlements, encoded, strict=True):
        if len(data) > limit:
            sha256 = digest(data)
            blobs[sha256] = data
            settlement = msgspec.structs.replace(settlement, value=None, blob=sha256, size=len(data))
        packed.append(settlement)
    return tuple(packed), blobs


def _limit(encoded: Collection[bytes]) -> int:
    inline = sum(len(data) for data in encoded if len(data) <= MAX_INLINE_BYTES)
    return MAX_INLINE_BYTES if inline <= PUSH_BYTES else CROWDED_INLINE_BYTES
