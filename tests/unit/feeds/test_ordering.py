from __future__ import annotations

import pytest

from cowidget.feeds.fields import Row
from cowidget.feeds.ordering import EXPECTED_SECONDS, FIRST_HOLD, FIRST_SECONDS, Ordering

# Long after the beginning: rows of a source that was in order wait no more.
LATER = 1000.0


def row(time: float, value: float = 0.0) -> Row:
    return Row(time, (value,))


def times(ordering: Ordering, now: float) -> list[float]:
    return [each.time for each in ordering.take(now)[1]]


def ordering(late: float = 2.0, **options: bool) -> Ordering:
    return Ordering(late, 0.0, **options)


def test_rows_in_order_go_on_at_once() -> None:
    rows = ordering()
    rows.receive([row(1), row(2)], LATER)
    assert times(rows, LATER) == [1, 2]


def test_rows_of_one_message_are_sorted() -> None:
    rows = ordering()
    rows.receive([row(3), row(1), row(2)], LATER)
    assert times(rows, LATER) == [1, 2, 3]


def test_the_first_rows_wait_a_moment_for_earlier_ones() -> None:
    rows = ordering()
    rows.receive([row(2)], 0.0)
    assert times(rows, 0.1) == []
    rows.receive([row(1.9)], 0.1)
    assert rows.deadline(0.1) == pytest.approx(FIRST_HOLD)
    assert times(rows, 0.3) == [1.9, 2]


def test_a_late_row_is_dropped_and_later_ones_like_it_are_put_in_their_place() -> None:
    rows = ordering()
    rows.receive([row(10)], LATER)
    rows.take(LATER)
    rows.receive([row(9.5)], LATER)
    assert (rows.dropped, rows.take_troubles()) == (1, ["A row came 0.5 s too late and was dropped."])

    rows.receive([row(11)], LATER)
    assert times(rows, LATER) == []
    rows.receive([row(10.6)], LATER + 0.2)
    assert times(rows, LATER + 1) == [10.6, 11]
    assert rows.dropped == 1


def test_a_source_that_is_in_order_again_is_not_waited_for() -> None:
    rows = ordering()
    rows.receive([row(10)], LATER)
    rows.receive([row(9.5)], LATER)
    rows.receive([row(11)], LATER + EXPECTED_SECONDS + 1)
    assert times(rows, LATER + EXPECTED_SECONDS + 1) == [9.5, 10, 11]


def test_nothing_waits_longer_than_late() -> None:
    rows = ordering(late=0.1)
    rows.receive([row(1)], 0.0)
    assert times(rows, 0.1) == [1]


def test_rows_with_the_same_time_keep_their_order() -> None:
    rows = ordering()
    rows.receive([row(1, 1), row(1, 2)], LATER)
    rows.receive([row(1, 3)], LATER)
    assert [each.cells[0] for each in rows.take(LATER)[1]] == [1, 2, 3]


def test_a_clock_that_goes_back_drops_rows_until_they_have_caught_up() -> None:
    rows = ordering()
    rows.receive([row(10_000)], LATER)
    rows.take(LATER)
    rows.receive([row(6_400), row(6_401)], LATER)
    rows.receive([row(10_000.5)], LATER + 5)
    assert rows.take(LATER + 5) == (False, [row(10_000.5)])
    assert rows.dropped == 2
    [trouble] = rows.take_troubles()
    assert "went back by 60 min" in trouble


def test_a_clock_that_was_back_for_long_goes_on_after_a_gap() -> None:
    rows = ordering()
    rows.receive([row(100)], LATER)
    rows.take(LATER)
    rows.receive([row(50)], LATER)
    rows.receive([row(101)], LATER + 31)
    assert rows.take(LATER + 31) == (True, [row(101)])


def test_a_single_time_in_the_far_future_does_not_shut_out_what_follows() -> None:
    now = 1.7e9
    rows = ordering()
    rows.receive([row(now)], now)
    rows.take(now)
    rows.receive([row(now * 2), row(now + 1)], now + 1)
    assert times(rows, now + 1) == [now + 1]
    assert "in the future" in rows.take_troubles()[0]


def test_recorded_times_and_forecasts_are_no_mistakes() -> None:
    recorded, forecast = ordering(), ordering()
    recorded.receive([row(10)], 1.7e9)
    recorded.take(1.7e9)
    recorded.receive([row(90_000)], 1.7e9)
    forecast.receive([row(1.7e9 + hour * 3600) for hour in range(48)], 1.7e9)
    assert (len(recorded.take(1.7e9)[1]), len(forecast.take(1.7e9)[1])) == (1, 48)


# Gaps.


def test_a_cut_leaves_a_gap_before_what_follows() -> None:
    rows = ordering()
    rows.receive([row(1)], LATER)
    rows.take(LATER)
    rows.receive_cut()
    rows.receive([row(2)], LATER)
    assert rows.take(LATER) == (True, [row(2)])


def test_rows_from_before_a_cut_are_not_behind_the_gap() -> None:
    rows = ordering()
    rows.receive([row(1)], 0.0)
    rows.receive_cut()
    rows.receive([row(2)], 0.0)
    assert rows.deadline(0.0) == 0.0
    assert rows.take(0.0) == (False, [row(1)])
    assert rows.take(FIRST_SECONDS) == (True, [row(2)])


def test_there_is_no_gap_before_the_first_row() -> None:
    rows = ordering()
    rows.receive_cut()
    rows.receive([row(1)], LATER)
    assert rows.take(LATER) == (False, [row(1)])


def test_an_earlier_life_is_followed_by_a_gap() -> None:
    rows = ordering()
    rows.receive_resumed(5.0)
    rows.receive([row(4), row(6)], LATER)
    assert rows.take(LATER) == (True, [row(6)])


# Rows that come more than once.


def test_a_list_that_repeats_itself_gives_each_row_once() -> None:
    rows = ordering(repeats=True)
    rows.receive([row(1), row(2)], LATER)
    rows.receive([row(1), row(2), row(3)], LATER)
    assert times(rows, LATER) == [1, 2, 3]
    rows.receive([row(1), row(2), row(3)], LATER)
    assert (times(rows, LATER), rows.dropped) == ([], 0)


def test_another_row_of_the_same_time_is_no_repetition() -> None:
    rows = ordering(repeats=True)
    rows.receive([row(1, 10)], LATER)
    rows.take(LATER)
    rows.receive([row(1, 10), row(1, 11)], LATER)
    assert [each.cells for each in rows.take(LATER)[1]] == [(11,)]


def test_a_document_that_is_older_than_the_last_is_dropped_with_a_word() -> None:
    rows = ordering(repeats=True)
    rows.receive([row(100)], LATER)
    rows.take(LATER)
    rows.receive([row(50)], LATER)
    assert (rows.dropped, len(rows.take_troubles())) == (1, 1)


# Filling in.


def test_rows_that_were_missed_come_before_those_that_came_meanwhile() -> None:
    rows = ordering()
    rows.receive([row(1)], LATER)
    rows.take(LATER)
    rows.receive_cut()
    rows.receive([row(3), row(4)], LATER)
    assert rows.receive_backfill([row(1), row(2), row(3)], LATER)
    assert rows.take(LATER) == (False, [row(2), row(3), row(4)])


def test_a_backfill_without_news_leaves_the_gap() -> None:
    rows = ordering()
    rows.receive_resumed(5.0)
    assert not rows.receive_backfill([row(5)], LATER)
    rows.receive([row(6)], LATER)
    assert rows.take(LATER) == (True, [row(6)])
