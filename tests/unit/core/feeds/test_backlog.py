"""Reading what a room has of an earlier life."""

from itertools import count

import numpy as np
import pytest

from cowidget.core.columns import Block, encode, slice_block
from cowidget.core.feeds.backlog import FETCH_ROWS, Backlog
from cowidget.core.frames import Fetch, Fetched


def answered(fetch: Fetch, first: int, *, more: bool = False) -> Fetched:
    numbers = np.arange(first, fetch.last, dtype=np.float64)
    block = slice_block(Block(first, {0: numbers}), fetch.first, fetch.last)
    return Fetched("ticks", fetch.id, (encode(block),) if block.count else (), more)


@pytest.mark.rule("F10")
def test_all_rows_of_an_earlier_life_come_newest_first() -> None:
    backlog = Backlog("ticks", FETCH_ROWS + 500, count(1))
    (fetch,) = backlog.ask()
    newest, (older,) = backlog.receive(answered(fetch, 0))
    oldest, nothing = backlog.receive(answered(older, 0))
    assert [(block.first, block.end) for block in (*newest, *oldest)] == [(500, FETCH_ROWS + 500), (0, 500)]
    assert nothing == []
    assert backlog.complete


def test_rows_that_the_room_has_let_go_of_are_not_waited_for() -> None:
    backlog = Backlog("ticks", 3 * FETCH_ROWS, count(1))
    (fetch,) = backlog.ask()
    came, asked = backlog.receive(answered(fetch, 2 * FETCH_ROWS + 7))
    assert ([block.count for block in came], asked, backlog.complete) == ([FETCH_ROWS - 7], [], True)


def test_an_answer_in_parts_is_waited_for() -> None:
    backlog = Backlog("ticks", 100, count(1))
    (fetch,) = backlog.ask()
    backlog.receive(answered(fetch, 40, more=True))
    assert not backlog.complete


def test_a_room_without_earlier_rows_is_not_asked() -> None:
    backlog = Backlog("ticks", 0, count(1))
    assert (backlog.ask(), backlog.complete) == ([], True)


def test_an_answer_for_somebody_else_is_passed_over() -> None:
    backlog = Backlog("ticks", 100, count(1))
    backlog.ask()
    assert backlog.receive(Fetched("ticks", 77)) == ([], [])
