from __future__ import annotations

import array
import datetime
import enum
from decimal import Decimal
from typing import Any

import pytest

from cowidget.core.limits import MAX_DEPTH
from cowidget.core.portable import encode_portable
from cowidget.errors import ShareError
from cowidget.widgets.values import as_received, plain, references, rewritten, same


class Color(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "travels_as"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (1 << 80, float(1 << 80)),
        (0.5, 0.5),
        ("text", "text"),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        ((1, (2,)), [1, [2]]),
        ({1: {2}}, {"1": [2]}),
        (Color.RED, "red"),
        (datetime.date(2026, 11, 23), "2026-11-23"),
        (array.array("B", b"ab"), [97, 98]),
    ],
)
def test_values_become_plain(value: Any, travels_as: Any) -> None:
    found = plain(value)

    assert found == travels_as
    assert type(found) is type(travels_as)


def test_a_plain_value_is_a_copy() -> None:
    original = {"list": [1]}
    copy = plain(original)

    original["list"].append(2)

    assert copy == {"list": [1]}


def test_what_cannot_travel_is_named() -> None:
    with pytest.raises(ShareError, match="Decimal"):
        plain([Decimal(1)])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1.0, True),
        (1, True, False),
        (float("nan"), float("nan"), True),
        ([1, {"a": b"x"}], [1, {"a": b"x"}], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        ([True], [1], False),
        ("1", 1, False),
    ],
)
def test_sameness(one: Any, other: Any, expected: bool) -> None:
    assert same(one, other) is expected


def test_both_kinds_of_references_are_found_with_their_place() -> None:
    value = {"left": "IPY_MODEL_a", "rest": ["text", "anywidget:b"]}

    assert list(references(value, "children")) == [("children.left", "a"), ("children.rest.1", "b")]


def test_references_are_rewritten_and_other_texts_are_not() -> None:
    assert rewritten(["IPY_MODEL_a", "IPY_MODEL_", {"x": "anywidget:b"}, b"c"], lambda text: text.upper()) == [
        "IPY_MODEL_A",
        "IPY_MODEL_",
        {"x": "ANYWIDGET:B"},
        b"c",
    ]


def test_a_value_that_is_nested_too_deeply_for_a_frame_is_refused() -> None:
    fits: list[object] = []
    for _ in range(MAX_DEPTH - 1):
        fits = [fits]

    encode_portable(plain(fits))
    with pytest.raises(ShareError, match="more than 64 levels"):
        plain([fits])


def test_bytes_are_views_inside_of_a_value_and_themselves_at_its_top() -> None:
    received = as_received({"a": [b"xy"], "b": 1})

    assert (type(received["a"][0]), received) == (memoryview, {"a": [b"xy"], "b": 1})
    assert type(as_received(b"xy")) is bytes
