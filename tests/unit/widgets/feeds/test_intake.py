"""Where rows are pushed and wait to be taken."""

import math
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Values
from cowidget.errors import FeedError
from cowidget.widgets.feeds.intake import Intake
from cowidget.widgets.feeds.schema import Schema
from cowidget.widgets.feeds.tables import table_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def intake(*columns: str, late: float = 0.0, clock: Clock | None = None) -> Intake:
    return Intake(Schema(columns), late, clock or Clock())


def listed(values: Values) -> list[Any]:
    return values if isinstance(values, list) else values.tolist()


def taken(intake: Intake, **how: bool) -> list[dict[int, list[Any]]]:
    return [{at: listed(values) for at, values in columns.items()} for columns in intake.take(**how)]


def test_rows_of_the_same_names_are_taken_together() -> None:
    rows = intake("a", "b:text")
    for number in range(3):
        rows.add_row({"t": number, "a": number, "b": "x"})
    assert taken(rows) == [{0: [0, 1, 2], 1: [0, 1, 2], 2: ["x"] * 3}]


def test_a_row_without_a_time_is_of_now() -> None:
    rows = intake("a")
    rows.add_row({"a": 1})
    assert taken(rows)[0][0] == [1000.0]


def test_rows_are_numbered_as_they_are_pushed() -> None:
    rows = intake("a")
    assert [rows.add_row({"a": 1}), rows.add_table(table_of({"a": [1, 2, 3]})), rows.add_row({"a": 1})] == [0, 1, 4]


def test_what_a_row_lacks_is_not_a_number_or_an_empty_text() -> None:
    rows = intake("a", "b:text", "c:int")
    rows.add_row({"t": 1, "a": 1.0, "b": "x", "c": 5})
    rows.add_row({"t": 2})
    first, second = taken(rows)
    assert (first[1], first[2], first[3]) == ([1.0], ["x"], [5])
    assert (math.isnan(second[1][0]), second[2], 3 in second) == (True, [""], False)


def test_a_new_name_is_a_new_column() -> None:
    rows = intake("a")
    rows.add_row({"t": 1, "a": 1.0})
    rows.add_row({"t": 2, "a": 1.0, "b": "x"})
    assert [column.name for column in rows.schema.columns] == ["a", "b"]


def test_rows_that_come_together_are_sorted() -> None:
    rows = intake("a")
    for time in (3, 1, 2):
        rows.add_row({"t": time, "a": time})
    assert [columns[1] for columns in taken(rows)] == [[1, 2, 3]]


def test_a_row_older_than_what_was_taken_is_dropped_and_counted() -> None:
    rows = intake("a")
    rows.add_row({"t": 5, "a": 1})
    rows.take()
    rows.add_row({"t": 4, "a": 2})
    rows.add_row({"t": 5, "a": 3})
    assert [columns[1] for columns in taken(rows)] == [[3]]
    assert (rows.dropped, rows.end) == (1, 2)


def test_rows_wait_for_older_ones_as_long_as_was_said() -> None:
    clock = Clock()
    rows = intake("a", late=2.0, clock=clock)
    rows.add_row({"t": 10.0, "a": 1})
    assert taken(rows) == []
    rows.add_row({"t": 9.5, "a": 2})
    clock.now += 2
    assert [columns[1] for columns in taken(rows)] == [[2, 1]]
    assert not rows.holds


def test_a_row_waits_no_longer_when_a_much_newer_one_has_come() -> None:
    rows = intake("a", late=2.0)
    rows.add_row({"t": 10.0, "a": 1})
    rows.add_row({"t": 12.5, "a": 2})
    assert [columns[1] for columns in taken(rows)] == [[1]]
    assert rows.holds


def test_everything_can_be_taken_at_once() -> None:
    rows = intake("a", late=2.0)
    rows.add_row({"t": 10.0, "a": 1})
    assert len(taken(rows, all_of_it=True)) == 1


def test_a_gap_lies_between_the_rows_before_and_after() -> None:
    rows = intake("a")
    rows.add_row({"t": 1.0, "a": 1})
    rows.add_gap()
    rows.add_row({"t": 2.0, "a": 2})
    assert taken(rows) == [{0: [1.0], 1: [1.0]}, {0: [1.0]}, {0: [2.0], 1: [2.0]}]


def test_what_waits_for_older_rows_comes_before_a_gap() -> None:
    rows = intake("a", late=5.0)
    rows.add_row({"t": 1.0, "a": 1})
    rows.add_gap()
    assert taken(rows) == [{0: [1.0], 1: [1.0]}, {0: [1.0]}]


@pytest.mark.parametrize(
    "row",
    [
        {"a": "text"},
        {"a": [1]},
        {"t": "soon", "a": 1},
        {"t": 1.7e12, "a": 1},
        {"t": math.nan, "a": 1},
        {"b": 1.5},
        {"b": 1 << 70},
    ],
)
def test_a_row_that_does_not_fit_is_refused_also_when_others_like_it_did(row: dict[str, Any]) -> None:
    rows = intake("a:float", "b:int")
    rows.add_row({"t": 1.0, "a": 1})
    rows.add_row({"b": 1})
    with pytest.raises(FeedError):
        rows.add_row(row)
    assert rows.end == 2


def test_a_table_that_does_not_fit_leaves_nothing_behind() -> None:
    rows = intake("a:float")
    with pytest.raises(FeedError):
        rows.add_table(table_of({"a": [1.0, "x"]}))
    assert (rows.end, rows.take()) == (0, [])


def test_an_integer_larger_than_any_float_is_infinite() -> None:
    rows = intake("a:float")
    rows.add_row({"a": 1})
    rows.add_row({"a": 10**400})
    rows.add_row({"a": -(10**400)})
    assert taken(rows)[0][1] == [1.0, math.inf, -math.inf]


def test_a_longer_text_is_cut() -> None:
    rows = intake("a:text")
    rows.add_row({"a": "x" * 900})
    assert len(taken(rows)[0][1][0]) == 500


def test_numbers_go_on_after_those_of_the_room() -> None:
    rows = intake("a")
    rows.add_row({"a": 1})
    rows.begin_at(100)
    assert rows.add_row({"a": 1}) == 101


def test_rows_that_wait_for_older_ones_have_their_numbers_too() -> None:
    rows = intake("a", late=5.0)
    rows.add_row({"t": 1.0, "a": 1})
    rows.take()
    rows.begin_at(100)
    assert rows.add_row({"t": 2.0, "a": 1}) == 101


def test_rows_that_the_room_has_already_are_too_late() -> None:
    rows = intake("a")
    rows.begin_after(50.0)
    rows.add_row({"t": 49.0, "a": 1})
    assert (taken(rows), rows.dropped) == ([], 1)


def test_after_a_restart_times_begin_anew() -> None:
    rows = intake("a")
    rows.add_row({"t": 5.0, "a": 1})
    rows.take()
    rows.restart(0)
    rows.add_row({"t": 1.0, "a": 2})
    assert taken(rows) == [{0: [1.0], 1: [2.0]}]


def test_threads_push_beside_each_other() -> None:
    rows = intake("a")

    def push() -> None:
        for _ in range(2000):
            rows.add_row({"a": 1})

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    total = 0
    while any(thread.is_alive() for thread in threads):
        total += sum(len(columns[0]) for columns in rows.take())
    for thread in threads:
        thread.join()
    total += sum(len(columns[0]) for columns in rows.take())
    assert (total, rows.end) == (8000, 8000)


@given(st.lists(st.lists(st.floats(0, 100), max_size=5), max_size=10), st.sampled_from([0.0, 3.0]))
def test_times_never_go_back_and_no_row_is_unaccounted_for(batches: list[list[float]], late: float) -> None:
    clock = Clock()
    rows = intake("a", late=late, clock=clock)
    given_times: list[float] = []
    for batch in batches:
        for time in batch:
            rows.add_row({"t": time, "a": 1})
        clock.now += 1
        given_times += [time for columns in rows.take() for time in np.asarray(columns[0]).tolist()]
    given_times += [time for columns in rows.take(all_of_it=True) for time in np.asarray(columns[0]).tolist()]
    assert given_times == sorted(given_times)
    assert len(given_times) + rows.dropped == sum(map(len, batches))
    assert rows.end == len(given_times)
