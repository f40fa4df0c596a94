"""Minima and maxima of any range, held against the rows themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Bins, Block
from cowidget.core.feed_values import Column
from cowidget.core.feeds.pyramid import FACTOR, LEVELS, Pyramid

TWO = (Column("a"), Column("word", "text"), Column("b", "integer"))


def block(first: int, count: int) -> Block:
    rows = np.arange(first, first + count)
    values = np.where(rows % 5 == 0, np.nan, np.sin(rows) * 100)
    return Block(first, {0: rows / 10, 1: values, 2: ["x"] * count, 3: rows * 37 % 1000 - 500})


def check(bins: Bins, rows: Block, first: int) -> None:
    """Each bin is what its rows are; of the first one, only those from `first` on need be there."""
    span = FACTOR**bins.level
    for column in bins.low:
        values = np.asarray(rows.columns[column], float)
        for number in range(bins.count):
            start = bins.first + number * span
            part = values[max(start, first) - rows.first : start + span - rows.first]
            assert bins.low[column][number] == np.fmin.reduce(part) or np.isnan(part).all()
            assert bins.high[column][number] == np.fmax.reduce(part) or np.isnan(part).all()
            assert bins.time[number] == rows.time[max(start, first) - rows.first]


@given(
    first=st.integers(0, 600),
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=8),
    level=st.integers(1, 3),
)
def test_every_level_holds_the_extremes_of_its_rows(first: int, sizes: list[int], level: int) -> None:
    pyramid, at = Pyramid(TWO), first
    for size in sizes:
        pyramid.add(block(at, size))
        at += size
        pyramid.bins(level, first, at)  # counted in step by step, not all at once
    bins = pyramid.bins(level, first, at)
    span = FACTOR**level
    assert (bins.first, bins.count) == (first // span * span, -(-at // span) - first // span)
    check(bins, block(first, at - first), first)


def test_a_bin_covers_sixteen_of_the_level_below() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 70_000))
    counts = [pyramid.bins(level, 0, 70_000).count for level in range(1, LEVELS + 1)]
    assert counts == [4375, 274, 18, 2, 1, 1]


@pytest.mark.rule("F6")
def test_a_range_is_covered_by_whole_bins() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 10_000))
    bins = pyramid.bins(2, 300, 1025)
    assert (bins.first, bins.count) == (256, 4)
    check(bins, block(0, 10_000), 0)


def test_text_has_no_extremes() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 100))
    assert set(pyramid.bins(1, 0, 100).low) == {1, 3}


def test_a_bin_without_a_number_is_empty() -> None:
    pyramid = Pyramid((Column("a"),))
    pyramid.add(Block(0, {0: np.arange(32.0), 1: np.full(32, np.nan)}))
    assert np.isnan(pyramid.bins(1, 0, 32).low[1]).all()


def test_a_spike_of_one_row_is_in_every_level() -> None:
    values = np.zeros(100_000)
    values[54_321] = 999.0
    pyramid = Pyramid((Column("a"),))
    pyramid.add(Block(0, {0: np.arange(100_000.0), 1: values}))
    assert [pyramid.bins(level, 0, 100_000).high[1].max() for level in range(1, LEVELS + 1)] == [999.0] * LEVELS


def test_bins_keep_their_numbers_when_rows_are_dropped() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 50_000))
    before = pyramid.bins(1, 40_000, 50_000)
    pyramid.drop(39_990)
    after = pyramid.bins(1, 0, 50_000)
    assert after.first <= 39_984
    assert after.count < 3000
    kept = slice((before.first - after.first) // FACTOR, None)
    assert np.array_equal(after.low[3][kept], before.low[3])


def test_rows_after_a_drop_are_counted_in_as_before() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 50_000))
    pyramid.drop(49_000)
    pyramid.add(block(50_000, 3000))
    check(pyramid.bins(2, 50_000, 53_000), block(0, 53_000), 0)


def test_rows_that_were_dropped_before_they_were_counted_in_do_no_harm() -> None:
    pyramid = Pyramid(TWO)
    pyramid.add(block(0, 5773))
    pyramid.bins(1, 0, 5773)
    pyramid.add(block(5773, 300))
    pyramid.drop(6000)
    pyramid.add(block(6073, 300))
    check(pyramid.bins(1, 6000, 6373), block(0, 6373), 0)


def test_columns_that_came_later_are_empty_before() -> None:
    pyramid = Pyramid((Column("a"),))
    pyramid.add(Block(0, {0: np.arange(32.0), 1: np.arange(32.0)}))
    pyramid.extend((Column("a"), Column("b")))
    pyramid.add(Block(32, {0: np.arange(32.0, 64), 1: np.arange(32.0), 2: np.arange(32.0)}))
    bins = pyramid.bins(1, 0, 64)
    assert np.isnan(bins.low[2][:2]).all()
    assert bins.high[2][2:].tolist() == [15.0, 31.0]


def test_a_pyramid_without_rows_has_no_bins() -> None:
    assert Pyramid(TWO).bins(3, 0, 100).count == 0


def test_a_feed_of_words_has_bins_of_times() -> None:
    pyramid = Pyramid((Column("word", "text"),))
    pyramid.add(Block(0, {0: np.arange(40.0), 1: ["x"] * 40}))
    assert pyramid.bins(1, 0, 40).time.tolist() == [0.0, 16.0, 32.0]
