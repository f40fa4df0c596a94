"""The rows of one feed that are here."""

import math

import numpy as np
import pytest

from cowidget.core.columns import Block, checksum, concat
from cowidget.core.feeds.record import PIECE_ROWS, Record


def rows(first: int, count: int) -> dict[int, np.ndarray]:
    numbers = np.arange(first, first + count, dtype=np.float64)
    return {0: numbers, 1: numbers * 10}


def filled(count: int, **keep: float) -> Record:
    record = Record(**keep)
    record.append(rows(0, count))
    return record


def test_rows_come_out_as_they_went_in() -> None:
    record = Record()
    for first in range(0, 50_000, 7_000):
        record.append(rows(first, 7_000))
    whole = concat(list(record.blocks()))
    assert checksum(whole) == checksum(Block(0, rows(0, 56_000)))


def test_rows_that_were_pushed_one_by_one_are_one_block() -> None:
    record = Record()
    for number in range(1000):
        record.append(rows(number, 1))
    assert [block.count for block in record.blocks()] == [1000]


def test_what_was_appended_may_change_afterwards() -> None:
    values = rows(0, 3)
    record = Record()
    record.append(values)
    values[1][:] = -1
    assert concat(list(record.blocks())).columns[1].tolist() == [0, 10, 20]


def test_a_block_that_was_handed_out_does_not_change() -> None:
    record = filled(10)
    (before,) = record.blocks()
    record.append(rows(10, 1000))
    assert before.columns[1].tolist() == [number * 10 for number in range(10)]


def test_at_least_as_many_rows_are_kept_as_was_asked_for() -> None:
    record = filled(10 * PIECE_ROWS, keep_rows=PIECE_ROWS + 1)
    assert len(record) == 2 * PIECE_ROWS
    assert record.end == 10 * PIECE_ROWS


def test_rows_that_are_too_old_are_forgotten() -> None:
    record = filled(3 * PIECE_ROWS, keep_seconds=100)
    assert record.first == 2 * PIECE_ROWS


def test_rows_with_other_columns_are_another_block() -> None:
    record = filled(3)
    record.append({0: np.array([3.0])})
    record.append(rows(4, 2))
    assert [(block.first, sorted(block.columns)) for block in record.blocks()] == [(0, [0, 1]), (3, [0]), (4, [0, 1])]


def test_a_run_ends_where_the_columns_change() -> None:
    record = filled(3)
    record.append({0: np.array([3.0])})
    run = record.run(1, 100)
    assert run is not None
    assert (run.first, run.end) == (1, 3)


def test_there_is_no_run_of_rows_that_are_not_here() -> None:
    assert filled(3).run(3, 10) is None


def test_rows_can_be_put_in_where_they_are_missing() -> None:
    record = Record()
    record.insert(Block(20, rows(20, 10)))
    record.insert(Block(0, rows(0, 10)))
    record.insert(Block(10, rows(10, 10)))
    assert concat(list(record.blocks())).columns[0].tolist() == list(range(30))


def test_the_newest_rows_are_found_by_number_and_by_time() -> None:
    record = filled(3 * PIECE_ROWS)
    assert sum(block.count for block in record.newest(20_000)) == 20_000
    assert [block.first for block in record.newest(0, record.last_time - 5)] == [3 * PIECE_ROWS - 6]
    assert sum(block.count for block in record.newest(3, record.last_time - 5)) == 3


def test_void_rows_are_cut_off() -> None:
    record = filled(PIECE_ROWS + 10)
    record.cut(PIECE_ROWS - 1)
    assert (len(record), record.end) == (PIECE_ROWS - 1, PIECE_ROWS - 1)


def test_rows_after_a_time_are_found() -> None:
    record = filled(2 * PIECE_ROWS)
    assert [record.after(time) for time in (-math.inf, 4.0, PIECE_ROWS + 0.5, 1e9)] == [
        0,
        5,
        PIECE_ROWS + 1,
        2 * PIECE_ROWS,
    ]


@pytest.mark.parametrize("end", [0, 700])
def test_a_cleared_record_begins_where_it_is_told(end: int) -> None:
    record = filled(10)
    record.clear(end)
    assert (len(record), record.first, record.end, record.last_time) == (0, end, end, -math.inf)


def test_nothing_is_put_in_where_there_are_no_rows() -> None:
    record = filled(3)
    record.insert(Block(7, rows(7, 0)))
    assert (len(record), record.end) == (3, 3)


def test_only_the_rows_that_are_asked_for_come_out() -> None:
    record = filled(3 * PIECE_ROWS)
    assert [(block.first, block.end) for block in record.blocks(10, PIECE_ROWS)] == [(10, PIECE_ROWS)]


def test_text_and_numbers_are_not_in_one_block() -> None:
    record = Record()
    record.append({0: np.array([1.0]), 1: ["buy"]})
    record.append({0: np.array([2.0]), 1: np.array([5.0])})
    assert [block.count for block in record.blocks()] == [1, 1]
