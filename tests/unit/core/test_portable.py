"""What everybody can read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from cowidget.core import limits
from cowidget.core.portable import check_portable, encode_portable


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"in": value}
    return value


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    "value",
    [None, True, -(1 << 63), (1 << 64) - 1, 1e300, "ä", b"", (1, [2]), {"a": {1: 2, 1.5: 3}}, nested(limits.MAX_DEPTH)],
)
def test_what_everybody_can_read_is_encoded(value: Any) -> None:
    assert encode_portable(value) == msgspec.msgpack.encode(value)


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1 << 64, "64 bits"),
        ([-(1 << 63) - 1], "64 bits"),
        (nested(limits.MAX_DEPTH + 1), "levels"),
        (nested(100_000), "levels"),
        ({None: 1}, "key None"),
        ([{True: 1}], "key True"),
        ({(1, 2): 1}, "keys are text or numbers"),
        (datetime(2026, 1, 2, tzinfo=UTC), "datetime"),
        ({"at": [msgspec.msgpack.Ext(5, b"")]}, "Ext"),
    ],
    ids=["65 bits", "64 bits below", "one too deep", "deep", "null", "true", "list", "moment", "extension"],
)
def test_what_some_cannot_read_is_refused_with_the_reason(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        encode_portable(value)


def test_what_messagepack_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        encode_portable([object()])


def test_many_values_are_looked_at_together() -> None:
    check_portable([1, "a", [2], {"b": 3}])

    with pytest.raises(ValueError, match="key"):
        check_portable([1, {None: 1}])
