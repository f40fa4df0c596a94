from __future__ import annotations

import math
from typing import Any

import pytest

from cowidget.feeds import values
from cowidget.feeds.failures import Mismatch


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("float", 1, 1.0),
        ("float", "65432.10", 65432.1),
        ("float", "1e3", 1000.0),
        ("float", True, 1.0),
        ("float", None, None),
        ("int", 7, 7),
        ("int", "9007199254740993", 9007199254740993),
        ("int", 7.0, 7),
        ("int", "7.0", 7),
        ("int", None, None),
        ("s", 1700000000, 1700000000.0),
        ("ms", 1700000000123, 1700000000.123),
        ("us", "1700000000123456", 1700000000.123456),
        ("ns", 1700000000000000000, 1700000000.0),
        ("iso", "2024-01-01T00:00:00Z", 1704067200.0),
        ("iso", "2024-01-01T01:00:00+01:00", 1704067200.0),
        ("iso", "2024-01-01T00:00:00", 1704067200.0),
        ("iso", "2024-01-01", 1704067200.0),
        ("iso", None, None),
        ("str", "up", "up"),
        ("str", 5, "5"),
        ("str", False, "false"),
        ("str", None, None),
    ],
)
def test_a_value_is_read_as_its_type(kind: str, value: object, read: object) -> None:
    assert values.TYPES[kind][0](value) == read


def test_numbers_that_are_none_and_infinite_ones_are_numbers() -> None:
    assert math.isnan(values.number("NaN"))  # type: ignore[arg-type]
    assert values.number("-inf") == -math.inf


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("float", "many", "the text 'many' is no number; if it is meant as text, write :str"),
        ("float", "1_000", "is no number"),
        ("float", {"a": 1}, "an object with a is no number"),
        ("float", [1], "a list of 1 is no number"),
        ("float", 10**400, "too large"),
        ("int", 1.5, "the number 1.5 is no integer of 64 bits"),
        ("int", 1 << 63, "is no integer of 64 bits"),
        ("int", "x", "is no number"),
        ("ms", "soon", "is no number"),
        ("iso", "yesterday", "the text 'yesterday' is no date in ISO 8601"),
        ("iso", 5, "the number 5 is no date in ISO 8601"),
        ("str", {}, "an empty object is no text"),
    ],
)
def test_a_value_of_another_type_is_said(kind: str, value: Any, said: str) -> None:
    with pytest.raises(Mismatch) as failed:
        values.TYPES[kind][0](value)
    assert said in str(failed.value)


@pytest.mark.parametrize("value", [1.7e9, 1.7e12, 1.7e15, 1.7e18, "2023-11-14T22:13:20Z", "1.7e9"])
def test_the_unit_of_a_time_is_taken_from_how_large_it_is(value: object) -> None:
    assert values.any_time(value) == 1.7e9


@pytest.mark.parametrize("read", [None, math.nan, math.inf])
def test_a_time_that_is_none_is_said(read: float | None) -> None:
    with pytest.raises(Mismatch, match="the time at 'T'"):
        values.check_time(read, "T")


def test_milliseconds_taken_for_seconds_are_noticed() -> None:
    with pytest.raises(Mismatch, match="too large for seconds; write t='T:ms'"):
        values.check_time(1.7e12, "T")
