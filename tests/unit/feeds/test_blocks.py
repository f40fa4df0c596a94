from __future__ import annotations

import math

import numpy as np

from cowidget.core.columns import decode, encode
from cowidget.core.feed_values import Column
from cowidget.feeds.blocks import MAX_ROWS, blocks_of, gap_at
from cowidget.feeds.fields import Row

TYPES = (Column("a"), Column("b", "single"), Column("n", "integer"), Column("w", "text"))


def test_cells_become_columns_of_their_types() -> None:
    [block] = blocks_of(TYPES, [Row(1, (1.5, 2.5, 3, "x")), Row(2, (2.5, 3.5, 4, "y"))], 9.0)
    kinds = [values.dtype if isinstance(values, np.ndarray) else list for values in block.columns.values()]
    assert kinds == [np.float64, np.float64, np.float32, np.int64, list]
    assert [list(values) for values in block.columns.values()] == [[1, 2], [1.5, 2.5], [2.5, 3.5], [3, 4], ["x", "y"]]
    assert (block.first, block.sent) == (0, 9.0)


def test_missing_numbers_are_nan_and_missing_words_are_empty() -> None:
    [block] = blocks_of((Column("a"), Column("w", "text")), [Row(1, (None, None))], 0.0)
    assert math.isnan(block.columns[1][0])  # type: ignore[arg-type]
    assert block.columns[2] == [""]


def test_rows_without_an_integer_are_a_block_without_the_column() -> None:
    rows = [Row(1, (1,)), Row(2, (None,)), Row(3, (None,)), Row(4, (4,))]
    blocks = list(blocks_of((Column("n", "integer"),), rows, 0.0))
    assert [(block.first, block.count, 1 in block.columns) for block in blocks] == [
        (0, 1, True), (1, 2, False), (3, 1, True),
    ]  # fmt: skip


def test_rows_from_before_a_column_lack_it() -> None:
    columns = (Column("a"), Column("n", "integer"))
    blocks = list(blocks_of(columns, [Row(1, (1.0,)), Row(2, (2.0, 2))], 0.0))
    assert [sorted(block.columns) for block in blocks] == [[0, 1], [0, 1, 2]]


def test_many_rows_are_several_blocks_each_within_a_frame() -> None:
    columns = tuple(Column(f"c{n}") for n in range(20))
    rows = [Row(n, tuple(math.sin(n * k) for k in range(20))) for n in range(10_000)]
    blocks = list(blocks_of(columns, rows, 0.0))
    assert [block.first for block in blocks][1:] == [block.end for block in blocks][:-1]
    assert max(len(encode(block)) for block in blocks) <= 1 << 19
    assert max(block.count for block in blocks) <= MAX_ROWS


def test_a_gap_is_a_row_without_a_value() -> None:
    block = decode(encode(gap_at(5.0)))
    assert [list(values) for values in block.columns.values()] == [[5.0]]  # type: ignore[union-attr]
