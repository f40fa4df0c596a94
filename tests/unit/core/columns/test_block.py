"""Rows that are cut and joined."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from cowidget.core.columns import Block, BlockError, concat, slice_block

TEN = Block(100, {0: np.arange(10.0), 1: np.arange(10), 2: [str(row) for row in range(10)]}, sent=5.0)


def rows(block: Block) -> list[tuple[object, ...]]:
    return list(zip(*block.columns.values(), strict=True))


def test_a_block_counts_its_rows() -> None:
    assert (TEN.count, TEN.end) == (10, 110)


def test_a_block_tells_its_time() -> None:
    assert TEN.time is TEN.columns[0]


def test_time_that_is_text_is_refused() -> None:
    with pytest.raises(BlockError, match="time is text"):
        _ = Block(0, {0: ["noon"]}).time


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (102, 105, (102, 3)),
        (0, 103, (100, 3)),
        (108, 999, (108, 2)),
        (100, 110, (100, 10)),
        (0, 999, (100, 10)),
        (105, 105, (105, 0)),
        (105, 103, (105, 0)),
        (0, 100, (100, 0)),
        (110, 120, (110, 0)),
        (500, 600, (110, 0)),
    ],
)
def test_a_slice_holds_the_rows_in_its_range(first: int, last: int, expected: tuple[int, int]) -> None:
    cut = slice_block(TEN, first, last)
    assert (cut.first, cut.count) == expected
    assert rows(cut) == rows(TEN)[cut.first - 100 : cut.first - 100 + cut.count]


def test_a_slice_is_sent_when_its_block_was() -> None:
    assert slice_block(TEN, 102, 105).sent == 5.0


@pytest.mark.parametrize("cuts", [[], [103], [100], [110], [101, 105, 105, 109]])
def test_slices_join_to_what_they_were_cut_from(cuts: list[int]) -> None:
    edges = [100, *cuts, 110]
    joined = concat([slice_block(TEN, first, last) for first, last in pairwise(edges)])
    assert (joined.first, rows(joined), joined.sent) == (100, rows(TEN), 5.0)
    assert isinstance(joined.columns[1], np.ndarray)
    assert joined.columns[1].dtype == np.int64


def test_joined_rows_are_sent_when_the_last_were() -> None:
    later = Block(110, {0: np.array([10.0])}, sent=6.0)
    assert concat([TEN, later]).sent == 6.0


def test_columns_that_a_block_lacks_are_empty_in_its_rows() -> None:
    bare = Block(0, {0: np.array([1.0])})
    full = Block(1, {0: np.array([2.0]), 1: np.array([7]), 2: ["a"], 3: np.array([0.5], np.float32)})
    columns = concat([bare, full]).columns
    assert np.array_equal(np.asarray(columns[1]), [np.nan, 7.0], equal_nan=True)
    assert columns[2] == ["", "a"]
    assert np.asarray(columns[3]).dtype == np.float32


def test_a_hole_between_blocks_is_refused() -> None:
    with pytest.raises(BlockError, match="row 111 follows row 109"):
        concat([TEN, Block(111, {0: np.array([1.0])})])


def test_text_does_not_join_numbers() -> None:
    with pytest.raises(BlockError, match="text in one"):
        concat([Block(0, {0: np.zeros(1), 1: ["a"]}), Block(1, {0: np.zeros(1), 1: np.zeros(1)})])


def test_nothing_joins_to_nothing() -> None:
    with pytest.raises(BlockError, match="no blocks"):
        concat([])


def test_empty_blocks_without_a_column_join() -> None:
    nothing = Block(0, {0: np.empty(0)})
    more = Block(0, {0: np.empty(0), 1: np.empty(0)})
    assert concat([nothing, more]).count == 0
