"""Ranges of row numbers."""

from itertools import pairwise

from hypothesis import given, strategies as st

from cowidget.core.feeds.ranges import Ranges

_range = st.tuples(st.integers(0, 40), st.integers(0, 40))


def test_ranges_that_touch_are_one() -> None:
    assert list(Ranges([(0, 3), (5, 8), (3, 5)])) == [(0, 8)]


def test_what_is_missing_is_told_in_order() -> None:
    assert Ranges([(2, 4), (6, 8)]).missing(0, 10) == [(0, 2), (4, 6), (8, 10)]


def test_a_range_is_cut_in_two() -> None:
    ranges = Ranges([(0, 10)])
    ranges.remove(3, 5)
    assert list(ranges) == [(0, 3), (5, 10)]


@given(st.lists(st.tuples(st.booleans(), _range)), _range)
def test_ranges_are_a_set(steps: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]) -> None:
    ranges, expected = Ranges(), set[int]()
    for adds, (first, last) in steps:
        if adds:
            ranges.add(first, last)
            expected |= set(range(first, last))
        else:
            ranges.remove(first, last)
            expected -= set(range(first, last))
    assert {number for first, last in ranges for number in range(first, last)} == expected
    missing = {number for first, last in ranges.missing(*asked) for number in range(first, last)}
    assert missing == set(range(*asked)) - expected
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
