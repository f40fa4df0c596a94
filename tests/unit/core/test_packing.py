"""Values inside frames and beside them."""

from __future__ import annotations

import msgspec
import pytest

from cowidget.core.limits import MAX_INLINE_BYTES
from cowidget.core.overlay import DELETED
from cowidget.core.packing import PUSH_BYTES, digest, pack, pack_settlements, unpack
from cowidget.core.values import Change, Settlement


def test_a_small_value_travels_in_its_change() -> None:
    packed = pack({"/a": 1, "/b": DELETED})
    assert packed.changes == (Change("/a", 1), Change("/b", deleted=True))
    assert (packed.sizes, packed.blobs) == ({"/a": 1, "/b": 0}, {})


def test_a_large_value_becomes_a_blob_with_its_size() -> None:
    value = b"x" * MAX_INLINE_BYTES
    packed = pack({"/a": value})
    ((sha256, data),) = packed.blobs.items()
    assert packed.changes == (Change("/a", blob=sha256, size=len(data)),)
    assert (unpack(data), digest(data)) == (value, sha256)


def test_a_crowded_push_keeps_only_the_smallest_inside() -> None:
    values = {f"/{n}": b"x" * 60_000 for n in range(20)} | {"/small": 1}
    packed = pack(values)
    assert len(packed.blobs) == 1
    assert sum(packed.sizes.values()) < PUSH_BYTES
    assert packed.changes[-1] == Change("/small", 1)


def test_a_value_that_cannot_travel_is_refused() -> None:
    with pytest.raises(TypeError):
        pack({"/a": object()})


def test_settlements_with_large_values_name_a_blob() -> None:
    value = "x" * 70_000
    small, large = Settlement("w/a", 1, "commit"), Settlement("w/b", 2, "rebase", value=value)
    packed, blobs = pack_settlements([small, large])
    data = msgspec.msgpack.encode(value)
    assert packed == (small, Settlement("w/b", 2, "rebase", blob=digest(data), size=len(data)))
    assert blobs == {digest(data): data}
