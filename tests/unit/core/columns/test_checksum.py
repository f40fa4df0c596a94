"""Equal rows have equal checksums, however they were cut; other rows do not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Block, Values, checksum, slice_block

ROWS = Block(1 << 33, {0: np.arange(20.0), 1: np.arange(20) * 7, 2: ["a", "b", "", "♥"] * 5})


@given(st.lists(st.integers(0, 20), max_size=5), st.randoms())
def test_cuts_and_their_order_change_nothing(cuts: list[int], random: st.random.Random) -> None:
    edges = [0, *sorted(cuts), 20]
    pieces = [slice_block(ROWS, ROWS.first + a, ROWS.first + b) for a, b in pairwise(edges)]
    random.shuffle(pieces)
    crc = 0
    for piece in pieces:
        crc = checksum(piece, crc)
    assert crc == checksum(ROWS)


def test_rows_that_were_dropped_can_be_subtracted() -> None:
    dropped, kept = slice_block(ROWS, 0, ROWS.first + 8), slice_block(ROWS, ROWS.first + 8, 1 << 40)
    assert (checksum(ROWS) - checksum(dropped)) & 0xFFFFFFFF == checksum(kept)


@pytest.mark.parametrize(
    "other",
    [
        Block(ROWS.first + 1, ROWS.columns),
        Block(ROWS.first, ROWS.columns | {1: np.arange(20) * 7 + 1}),
        Block(ROWS.first, ROWS.columns | {2: ["a", "b", "", "♦"] * 5}),
        Block(ROWS.first, {0: ROWS.columns[0], 3: ROWS.columns[1], 2: ROWS.columns[2]}),
        Block(ROWS.first, ROWS.columns | {1: np.roll(np.arange(20) * 7, 1)}),
    ],
    ids=["other rows", "other numbers", "other words", "another column", "another order"],
)
def test_other_rows_have_another_checksum(other: Block) -> None:
    assert checksum(other) != checksum(ROWS)


def column(values: Values) -> int:
    return checksum(Block(0, {0: np.zeros(2), 1: values}))


@pytest.mark.parametrize("values", [np.full(2, np.nan), np.full(2, np.nan, np.float32), ["", ""]], ids=str)
def test_an_empty_column_counts_as_none(values: Values) -> None:
    assert column(values) == checksum(Block(0, {0: np.zeros(2)}))


def test_a_number_is_the_same_in_each_type() -> None:
    assert column(np.array([1, 2])) == column(np.array([1.0, 2.0])) == column(np.array([1, 2], np.float32))


def test_minus_zero_is_another_number() -> None:
    assert column(np.zeros(2)) != column(-np.zeros(2))


def test_no_rows_add_nothing() -> None:
    assert checksum(Block(0, {0: np.empty(0), 1: []}), 17) == 17


def test_few_rows_collide() -> None:
    sums = {checksum(Block(row, {0: np.array([value])})) for row in range(100) for value in np.arange(100) / 4}
    assert len(sums) > 9_995
