from __future__ import annotations

import numpy as np
import pytest

from cowidget.core.columns import Block, decode
from cowidget.feeder import outgoing
from cowidget.feeder.outgoing import Outgoing


def rows(count: int) -> Block:
    return Block(0, {0: np.arange(count, dtype=float), 1: np.random.default_rng(7).random(count)})


def numbers(taken: list[bytes]) -> list[tuple[int, int]]:
    """The first and the last row (exclusive) of each block."""
    blocks = [decode(data) for data in taken]
    return [(block.first, block.first + block.count) for block in blocks]


def placed(end: int = 0) -> Outgoing:
    made = Outgoing()
    made.receive_place(end)
    return made


def test_rows_are_numbered_from_where_the_feed_stands() -> None:
    out = placed(100)
    out.push([rows(3), rows(2)])
    assert numbers(out.take()) == [(100, 103), (103, 105)]


def test_what_was_taken_is_not_taken_again() -> None:
    out = placed()
    out.push([rows(1)])
    out.take()
    out.push([rows(1)])
    assert numbers(out.take()) == [(1, 2)]


@pytest.mark.rule("F4")
def test_a_new_connection_gets_what_the_relay_does_not_have() -> None:
    out = placed()
    out.push([rows(2), rows(2), rows(2)])
    out.take()
    out.receive_fed("e", 2)
    out.receive_place(4)
    assert numbers(out.take()) == [(4, 6)]


@pytest.mark.rule("F4")
def test_a_block_that_arrived_in_part_is_sent_whole() -> None:
    out = placed()
    out.push([rows(4)])
    out.take()
    out.receive_place(2)
    assert numbers(out.take()) == [(0, 4)]


@pytest.mark.rule("F4")
def test_rows_that_the_relay_has_lost_are_not_waited_for() -> None:
    out = placed()
    out.push([rows(4)])
    out.take()
    out.receive_fed("e", 4)
    out.push([rows(2)])
    out.receive_place(1)
    assert numbers(out.take()) == [(1, 3)]


@pytest.mark.rule("F4")
def test_the_same_answer_again_means_that_a_block_is_missing() -> None:
    out = placed()
    out.push([rows(2), rows(2), rows(2)])
    out.take()
    out.receive_fed("e", 2)
    assert out.take() == []
    out.receive_fed("e", 2)
    assert numbers(out.take()) == [(2, 4), (4, 6)]


def test_a_new_epoch_numbers_the_rows_anew() -> None:
    out = placed(10)
    out.push([rows(2)])
    out.receive_fed("one", 10)
    out.take()
    out.receive_fed("two", 0)
    assert numbers(out.take()) == [(0, 2)]


def test_there_is_no_room_before_it_is_known_where_the_rows_begin() -> None:
    assert not Outgoing().ready.is_set()
    assert placed().ready.is_set()


def test_enough_under_way_leaves_no_room_until_the_relay_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "WINDOW_BYTES", 1000)
    out = placed()
    out.push([rows(200)])
    assert not out.ready.is_set()
    out.receive_fed("e", 200)
    assert out.ready.is_set()


def test_a_block_that_is_too_large_for_a_frame_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_BLOCK_BYTES", 1000)
    out = placed()
    out.push([rows(200)])
    taken = out.take()
    assert max(map(len, taken)) <= 1000
    assert [first for first, _ in numbers(taken)][1:] == [last for _, last in numbers(taken)][:-1]
    assert numbers(taken)[-1][1] == 200
