"""A feed in the rooms that it has joined."""

import time
from typing import Any

import numpy as np
import pytest

from cowidget.client.link import link_thread
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus
from cowidget.core.values import Text
from cowidget.widgets.feeds import outlet
from cowidget.widgets.feeds.feed import Feed
from tests.support.wireless_room import WirelessRoom
from tests.unit.widgets.feeds.held_feeds import START, crc, earlier, enter, made, settle


@pytest.mark.rule("F4")
def test_a_room_gets_the_rows_from_before_and_after() -> None:
    ticks, room = made(1000), WirelessRoom()
    enter(ticks, room)
    ticks.push({"t": [START + 50, START + 51], "price": [1.0, 2.0]})
    assert room.has(1002)
    assert room.crc == crc(ticks)


@pytest.mark.rule("F4")
def test_rows_pushed_while_the_line_is_cut_arrive_once() -> None:
    ticks, room = made(10), WirelessRoom()
    enter(ticks, room)
    assert room.has(10)
    room.cut()
    ticks.push({"t": [START + 50, START + 51], "price": [1.0, 2.0]})
    room.welcome()
    assert room.has(12)
    assert room.crc == crc(ticks)


def test_at_the_end_of_the_process_the_room_gets_what_was_pushed_last() -> None:
    ticks, room = made(10, late="1h"), WirelessRoom()
    enter(ticks, room)
    ticks.push({"t": [START + 50, START + 49], "price": [1.0, 2.0]})
    link_thread().run(ticks._outlet.finish, timeout=5)
    assert room.rows == 12


def test_a_feed_that_is_in_no_room_any_more_holds_up_no_exit() -> None:
    ticks, room = made(10), WirelessRoom()
    leave = enter(ticks, room)
    assert ticks.is_joined
    leave()
    link_thread().ask(lambda: None)
    assert (ticks.is_joined, ticks._outlet in link_thread()._last_words) == (False, False)


@pytest.mark.rule("F2")
def test_a_feed_goes_on_after_the_rows_of_an_earlier_life() -> None:
    ticks, room = made(), earlier(100)
    enter(ticks, room)
    ticks.wait(rows=0)
    settle(room)
    assert ticks.push(t=START + 60, price=7.0) == 100
    assert room.has(101)
    assert len(ticks.to_pandas()) == 101
    assert room.crc == crc(ticks)


def test_rows_that_the_room_has_already_are_not_sent_again_and_that_is_told() -> None:
    ticks, room = made(120), earlier(100)
    enter(ticks, room)
    assert room.has(120)
    settle(room)
    assert "100 rows are not newer" in ticks.errors[0].text
    assert len(ticks.to_pandas()) == 120
    assert room.crc == crc(ticks)


def test_a_feed_whose_columns_nobody_has_named_goes_on_with_those_of_the_room() -> None:
    ticks, room = Feed("ticks"), earlier(100)
    room.spec = FeedSpec((Column("price"),))
    enter(ticks, room)
    settle(room)
    assert ticks.columns == (Column("price"),)
    ticks.push(t=START + 60, size=3, price=1.0)
    assert room.has(101)
    assert ticks.columns == (Column("price"), Column("size"))


def test_a_feed_without_columns_is_declared_where_there_is_none() -> None:
    ticks, room = Feed("ticks"), WirelessRoom()
    leave = enter(ticks, room)
    ticks.push(price=1.0)
    assert room.has(1)
    leave()


def test_a_room_can_be_left_before_it_has_answered() -> None:
    ticks, room = Feed("ticks"), WirelessRoom()
    room.deaf = True
    enter(ticks, room)()
    settle(room)
    room.deaf = False
    ticks.push(price=1.0)
    settle(room)
    assert room.rows == 0


def test_clearing_first_forgets_the_earlier_life() -> None:
    ticks, room = made(), earlier(100)
    ticks.clear()
    ticks.push(t=START, price=1.0)
    enter(ticks, room)
    assert room.has(1)
    settle(room)
    assert room.rows == 1


def test_a_cleared_feed_is_cleared_in_its_room() -> None:
    ticks, room = made(100), WirelessRoom()
    enter(ticks, room)
    assert room.has(100)
    ticks.clear()
    ticks.push(t=START, price=1.0)
    ticks.wait(rows=1)
    settle(room)
    assert (room.rows, room.crc) == (1, crc(ticks))


def test_a_feed_is_in_several_rooms() -> None:
    ticks, rooms = made(10), [WirelessRoom(), earlier(5)]
    for room in rooms:
        enter(ticks, room)
    ticks.push(t=START + 60, price=1.0)
    assert rooms[0].has(11)
    assert rooms[1].has(11)
    assert len(ticks.to_pandas()) == 11


def test_a_room_that_was_left_gets_nothing_more() -> None:
    ticks, room = made(10), WirelessRoom()
    leave = enter(ticks, room)
    assert room.has(10)
    leave()
    leave()
    ticks.push(t=START + 60, price=1.0)
    assert ticks.rows == 11
    settle(room)
    assert room.rows == 10


def test_a_feed_joined_twice_is_left_when_both_have_left() -> None:
    ticks, room = made(), WirelessRoom()
    first, second = enter(ticks, room), enter(ticks, room)
    first()
    ticks.push(price=1.0)
    assert room.has(1)
    second()


def test_a_new_column_is_declared_before_its_rows() -> None:
    ticks, room = made(1), WirelessRoom()
    enter(ticks, room)
    assert room.has(1)
    ticks.push(price=1.0, size=2)
    assert room.has(2)
    assert room.spec is not None
    assert [column.name for column in room.spec.columns] == ["price", "size"]


def test_a_push_waits_for_a_room_that_does_not_keep_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "LEAST_BEHIND", 10)
    monkeypatch.setattr(outlet, "PATIENCE", 0.3)
    ticks, room = made(keep=16), WirelessRoom()
    enter(ticks, room)
    settle(room)
    room.deaf = True
    ticks.push({"price": np.arange(100.0)})
    assert ticks.rows == 100
    began = time.monotonic()
    ticks.push(price=1.0)
    assert time.monotonic() - began >= 0.3


def test_a_push_waits_for_no_room_if_the_newest_rows_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "LEAST_BEHIND", 10)
    ticks, room = made(keep=16, overflow="conflate"), WirelessRoom()
    enter(ticks, room)
    settle(room)
    room.deaf = True
    for _ in range(100):
        ticks.push({"price": np.arange(1000.0)})
    assert ticks.rows < 2 * 16_384 + 1000
    room.deaf = False
    ticks.push(price=5.0)
    assert room.has(1)
    assert ticks._outlet.lost > 0


@pytest.mark.rule("F8")
def test_the_state_and_errors_of_a_source_are_told_to_the_room() -> None:
    ticks, room = made(), WirelessRoom()
    enter(ticks, room)
    ticks._diary.become("retrying", "no answer")
    ticks._diary.report("no answer")
    assert room.becomes("retrying")
    assert room.status.text == "no answer"


def test_an_alert_is_posted_in_the_rooms() -> None:
    ticks, room = made(), WirelessRoom()
    enter(ticks, room)
    alert = ticks.alert(price=lambda price: price > 10, text="high")
    ticks.push(price=11)
    deadline = time.monotonic() + 5
    while not room.posts and time.monotonic() < deadline:
        time.sleep(0.01)
    said: list[Any] = []

    class Replica:
        def post(self, body: Any) -> None:
            said.append(body)

    room.posts[0](Replica())  # type: ignore[arg-type]
    assert said == [Text("high: price = 11")]
    alert.stop()


def test_a_feed_that_the_room_refuses_has_failed() -> None:
    ticks, room = made(), WirelessRoom()
    room.deaf = True
    enter(ticks, room)
    room.report(FeedStatus("failed", "A room has at most 64 feeds."))
    assert (ticks.status.state, ticks.status.text) == ("failed", "A room has at most 64 feeds.")
