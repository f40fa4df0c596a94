"""A feed whose rows come from a URL, by way of its room."""

import time

import numpy as np
import pytest

from cowidget.core.columns import Block
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.errors import FeedError
from cowidget.feeds.failures import FieldError
from cowidget.widgets.feeds.feed import Feed
from tests.support.wireless_room import WirelessRoom
from tests.unit.widgets.feeds.held_feeds import START, crc, enter, settle


def by_url(**fields: str) -> Feed:
    return Feed("ticks", source=Source("wss://example.org/ticks", fields=fields or {"t": "T:ms", "price": "p:float"}))


def block(first: int, last: int) -> Block:
    return Block(first, {0: START + np.arange(first, last), 1: np.arange(first, last) / 4})


@pytest.mark.rule("F9")
def test_a_source_by_url_is_handed_to_the_room() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    assert room.source is not None
    assert room.source.url == "wss://example.org/ticks"
    assert ticks.columns == (Column("price"),)


def test_a_field_that_is_not_understood_is_refused_at_once() -> None:
    with pytest.raises(FieldError):
        by_url(price="p:money")


@pytest.mark.rule("F6")
def test_the_rows_of_a_url_are_fetched_to_be_read() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    room.fill(block(0, 1000))
    assert len(ticks.to_pandas()) == 1000
    room.fill(block(1000, 1010))
    assert ticks.wait(rows=1010, timeout=5)
    assert ticks.tail(rows=1)["price"] == [1009 / 4]


def test_the_state_of_a_url_comes_from_the_room() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    assert ticks.status.state == "idle"
    heard: list[str] = []
    ticks.on_status(lambda health: heard.append(health.state))
    room.report(FeedStatus("retrying", "no answer", attempts=2))
    assert (ticks.status.state, ticks.status.attempts, heard[-1]) == ("retrying", 2, "retrying")


def test_a_paused_url_is_declared_so() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    ticks.pause()
    settle(room)
    assert room.source is not None
    assert room.source.paused
    ticks.resume()
    settle(room)
    assert not room.source.paused


def test_a_cut_line_is_watched_again_without_a_row_twice() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    room.fill(block(0, 100))
    assert len(ticks.to_pandas()) == 100
    room.cut()
    room.blocks.append(block(100, 130))
    room.welcome()
    assert ticks.wait(rows=130, timeout=5)
    assert len(ticks.to_pandas()) == 130
    assert room.crc == crc(ticks)


def test_rows_cannot_be_pushed_into_the_feed_of_a_url() -> None:
    with pytest.raises(FeedError, match="gets its rows from its URL"):
        by_url().push(price=1)


def test_a_url_without_a_room_has_no_rows() -> None:
    assert (len(by_url().to_pandas()), by_url().status.state) == (0, "idle")


def test_reading_does_not_wait_for_a_room_that_is_away() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    assert len(ticks.to_pandas()) == 0
    room.cut()
    began = time.monotonic()
    ticks.to_pandas()
    assert time.monotonic() - began < 5


def test_the_feed_of_a_url_that_is_read_goes_on_in_the_room_that_is_left() -> None:
    ticks, rooms = by_url(), [WirelessRoom(), WirelessRoom()]
    leave, _ = [enter(ticks, room) for room in rooms]
    for room in rooms:
        settle(room)
    rooms[0].fill(block(0, 10))
    assert len(ticks.to_pandas()) == 10
    leave()
    settle(rooms[1])
    rooms[1].fill(block(0, 25))
    assert ticks.wait(rows=25, timeout=5)
    assert len(ticks.to_pandas()) == 25


def test_the_feed_of_a_url_that_was_read_before_it_had_a_room_is_watched_in_it() -> None:
    ticks, room = by_url(), WirelessRoom()
    assert ticks.last_time is None
    enter(ticks, room)
    settle(room)
    room.fill(block(0, 5))
    assert ticks.wait(rows=5, timeout=5)
    assert ticks.last_time == START + 4


def test_the_feed_of_a_url_can_begin_anew() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    settle(room)
    room.fill(block(0, 5))
    assert len(ticks.to_pandas()) == 5
    ticks.clear()
    settle(room)
    assert room.rows == 0


def test_columns_that_the_feed_process_finds_are_the_feeds() -> None:
    ticks, room = Feed("ticks", source=Source("https://example.org/score.json")), WirelessRoom()
    heard: list[int] = []
    ticks.on_columns(lambda columns: heard.append(len(columns)))
    assert ticks.columns == ()
    enter(ticks, room)
    settle(room)
    room.spec = FeedSpec((Column("home"), Column("guests")))
    ticks.to_pandas()
    assert [column.name for column in ticks.columns] == ["home", "guests"]
    assert heard == [2]
