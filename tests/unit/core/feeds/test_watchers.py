"""Credit: who may be told more, and who is told the newest only."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.feeds.watchers import MAX_TOLD, Told, Watcher, Watchers

KIB = 1024


@pytest.fixture
def watchers() -> Watchers:
    return Watchers()


def join(watchers: Watchers, level: int = 0) -> Watcher:
    watcher = Watcher("ada", level)
    watchers.add(watcher)
    return watcher


def tell(watchers: Watchers, watcher: Watcher, rows: int, size: int, now: float) -> None:
    watchers.note(watcher.level, watcher.sent, watcher.sent + rows, size, now)
    watcher.sent += rows


def test_who_has_drawn_everything_may_be_told(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, 10**9, 0.0)
    watcher.drawn = 10
    assert watchers.may_follow(watcher, 100.0)


@pytest.mark.rule("F7")
def test_two_hundred_fifty_six_kib_may_be_undrawn(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, 256 * KIB, 0.0)
    before = watchers.may_follow(watcher, 10.0)
    tell(watchers, watcher, 10, 1, 0.0)
    assert (before, watchers.may_follow(watcher, 10.0)) == (True, False)


@pytest.mark.rule("F7")
def test_what_is_younger_than_a_quarter_of_a_second_may_be_undrawn(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, 512 * KIB, 5.0)
    assert (watchers.may_follow(watcher, 5.2), watchers.may_follow(watcher, 5.25)) == (True, False)


def test_more_than_an_outbox_holds_is_too_much_however_young(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, limits.OUTBOX_BYTES + 1, 5.0)
    assert not watchers.may_follow(watcher, 5.0)


def test_what_was_drawn_is_no_debt(watchers: Watchers) -> None:
    watcher = join(watchers)
    for step in range(4):
        tell(watchers, watcher, 10, 100 * KIB, step)
    watcher.drawn = 20
    assert watchers.may_follow(watcher, 100.0)


def test_who_catches_up_has_no_credit_for_young_rows(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, 512 * KIB, 5.0)
    assert (watchers.may_follow(watcher, 5.1), watchers.may_catch_up(watcher)) == (True, False)


def test_a_held_watcher_is_told_nothing(watchers: Watchers) -> None:
    watcher = join(watchers)
    watcher.held = True
    assert (watchers.may_follow(watcher, 0.0), watchers.may_catch_up(watcher)) == (False, False)


@pytest.mark.rule("F7")
def test_more_than_8192_rows_behind_is_far(watchers: Watchers) -> None:
    watcher = join(watchers)
    watchers.note(0, 0, 10_000, 10, 0.0)
    assert (watchers.is_far_behind(watcher, 8192), watchers.is_far_behind(watcher, 8193)) == (False, True)


def test_fewer_rows_are_far_when_they_are_large(watchers: Watchers) -> None:
    watcher = join(watchers)
    watchers.note(0, 0, 100, limits.CREDIT_BYTES + 1, 0.0)
    assert watchers.is_far_behind(watcher, 100)


def test_of_bins_8192_are_far(watchers: Watchers) -> None:
    watcher = join(watchers, level=1)
    watchers.note(1, 0, 10, 10, 0.0)
    assert (watchers.is_far_behind(watcher, 16 * 8192), watchers.is_far_behind(watcher, 16 * 8193)) == (False, True)


def test_who_has_drawn_nothing_for_very_long_has_no_credit() -> None:
    told = Told()
    for row in range(2 * MAX_TOLD):
        told.note(row, row + 1, 1, row)
    assert told.debt(0, 2 * MAX_TOLD).size == float("inf")
    assert told.debt(2 * MAX_TOLD - 10, 2 * MAX_TOLD).size == 10


def test_the_levels_are_those_that_somebody_watches(watchers: Watchers) -> None:
    join(watchers, level=2)
    watchers.add(Watcher("bob", 0))
    before = watchers.levels()
    watchers.remove("ada")
    assert (before, watchers.levels(), len(watchers)) == ({0, 2}, {0}, 1)


def test_after_a_new_beginning_nobody_owes_anything(watchers: Watchers) -> None:
    watcher = join(watchers)
    tell(watchers, watcher, 10, 10**7, 0.0)
    watchers.begin_anew(0)
    assert (watcher.sent, watcher.drawn, watchers.may_catch_up(watcher)) == (0, 0, True)
