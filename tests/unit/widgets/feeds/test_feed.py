"""A feed as the user holds it."""

import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cowidget.client.link import link_thread
from cowidget.core.columns import Block, checksum
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.values import Text
from cowidget.errors import FeedError
from cowidget.feeds.failures import FieldError
from cowidget.widgets.feeds import outlet
from cowidget.widgets.feeds.feed import Feed, feed
from tests.support.wireless_room import WirelessRoom

START = 1_700_000_000.0


def made(rows: int = 0, **options: Any) -> Feed:
    ticks = Feed("ticks", ["price"], **options)
    if rows:
        ticks.push({"t": START + np.arange(rows) / 100, "price": np.arange(rows) / 4})
    return ticks


def earlier(rows: int) -> WirelessRoom:
    return WirelessRoom([Block(0, {0: START + np.arange(rows) / 100, 1: np.arange(rows) / 4})])


def enter(ticks: Feed, room: WirelessRoom) -> Any:
    leave = ticks.join_handle(room)  # type: ignore[arg-type]
    room.welcome()
    return leave


def crc(ticks: Feed) -> int:
    total = 0
    for block in ticks._rows.record.blocks():
        total = checksum(block, total)
    return total


# Without a room.


def test_rows_are_kept_until_there_is_a_room() -> None:
    ticks = made()
    assert [ticks.push(price=1.5), ticks.push({"price": [2.5, 3.5]}), ticks.push(pd.DataFrame({"price": [4.5]}))] == [
        0,
        1,
        3,
    ]
    assert ticks.to_pandas()["price"].tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_push_of_other_columns_adds_them() -> None:
    ticks = made()
    heard: list[list[str]] = []
    ticks.on_columns(lambda columns: heard.append([column.name for column in columns]))
    ticks.push(price=1.5, side="buy")
    ticks.to_arrow()
    assert heard == [["price", "side"]]
    assert ticks.columns == (Column("price"), Column("side", "text"))


def test_a_push_that_does_not_fit_says_why() -> None:
    with pytest.raises(FeedError, match="price='much': this column holds numbers"):
        made(1).push(price="much")


def test_only_the_newest_rows_are_kept() -> None:
    ticks = feed("price", keep=20_000)
    ticks.push({"t": np.arange(100_000.0), "price": np.arange(100_000.0)})
    assert 20_000 <= ticks.rows < 40_000
    assert ticks.tail(rows=1)["price"] == [99_999.0]


def test_the_tail_is_by_rows_or_by_time() -> None:
    ticks = made(1000)
    assert np.asarray(ticks.tail(rows=3)["price"]).tolist() == [249.25, 249.5, 249.75]
    assert len(ticks.tail(seconds=0.5)["t"]) == 51
    assert len(ticks.tail()["t"]) == 1000


def test_rows_are_told_to_listeners_until_they_leave() -> None:
    ticks = made()
    heard: list[int] = []
    forget = ticks.listen(lambda block: heard.append(block.count))
    ticks.push({"price": [1, 2, 3]})
    assert ticks.rows == 3
    forget()
    ticks.push(price=1)
    assert (ticks.rows, heard) == (4, [3])


def test_a_listener_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    ticks = made()
    heard: list[int] = []
    ticks.listen(lambda block: heard[0])
    ticks.listen(lambda block: heard.append(block.count))
    ticks.push(price=1)
    assert (ticks.rows, heard) == (1, [1])
    assert "a listener of a feed failed" in caplog.text


def test_waiting_ends_with_the_rows_or_the_time() -> None:
    ticks = made(3)
    assert ticks.wait(rows=3, timeout=5)
    assert not ticks.wait(rows=4, timeout=0.05)


async def test_a_coroutine_waits_without_holding_up_the_loop() -> None:
    ticks = made()
    waiting = asyncio.ensure_future(ticks.wait_async(rows=1, timeout=5))
    await asyncio.sleep(0)
    ticks.push(price=1)
    assert await waiting


def test_a_feed_is_saved_as_its_ending_says(tmp_path: Path) -> None:
    made(3).save(tmp_path / "run.csv")
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 4


def test_a_cleared_feed_begins_anew() -> None:
    ticks = made(10)
    ticks.clear()
    assert (ticks.rows, ticks.push(t=5, price=1)) == (0, 0)


def test_dropped_rows_are_counted() -> None:
    ticks = made(10)
    assert ticks.rows == 10
    ticks.push(t=START, price=1)
    assert (ticks.status.rows, ticks.status.dropped) == (10, 1)


@pytest.mark.parametrize(
    "options",
    [{"keep": 0}, {"keep": "ever"}, {"late": "soon"}, {"overflow": "explode"}, {"name": " x"}, {"name": "x" * 65}],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        feed("price", **options)


def test_a_feed_without_a_name_has_one_of_its_own() -> None:
    assert feed("price").name != feed("price").name


# In a room.


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
    _settle(room)
    assert ticks.push(t=START + 60, price=7.0) == 100
    assert room.has(101)
    assert len(ticks.to_pandas()) == 101
    assert room.crc == crc(ticks)


def test_rows_that_the_room_has_already_are_not_sent_again_and_that_is_told() -> None:
    ticks, room = made(120), earlier(100)
    enter(ticks, room)
    assert room.has(120)
    _settle(room)
    assert "100 rows are not newer" in ticks.errors[0].text
    assert len(ticks.to_pandas()) == 120
    assert room.crc == crc(ticks)


def test_a_feed_whose_columns_nobody_has_named_goes_on_with_those_of_the_room() -> None:
    ticks, room = Feed("ticks"), earlier(100)
    room.spec = FeedSpec((Column("price"),))
    enter(ticks, room)
    _settle(room)
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
    room.deaf = False
    ticks.push(price=1.0)
    _settle(room)
    assert room.rows == 0


def test_clearing_first_forgets_the_earlier_life() -> None:
    ticks, room = made(), earlier(100)
    ticks.clear()
    ticks.push(t=START, price=1.0)
    enter(ticks, room)
    assert room.has(1)
    _settle(room)
    assert room.rows == 1


def test_a_cleared_feed_is_cleared_in_its_room() -> None:
    ticks, room = made(100), WirelessRoom()
    enter(ticks, room)
    assert room.has(100)
    ticks.clear()
    ticks.push(t=START, price=1.0)
    ticks.wait(rows=1)
    _settle(room)
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
    _settle(room)
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
    _settle(room)
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
    _settle(room)
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


def test_an_alert_goes_to_the_chat_or_to_a_function() -> None:
    with pytest.raises(FeedError, match="to="):
        made().alert(to="mail", price=lambda price: price > 1)


# By URL.


def by_url(**fields: str) -> Feed:
    return Feed("ticks", source=Source("wss://example.org/ticks", fields=fields or {"t": "T:ms", "price": "p:float"}))


def block(first: int, last: int) -> Block:
    return Block(first, {0: START + np.arange(first, last), 1: np.arange(first, last) / 4})


@pytest.mark.rule("F9")
def test_a_source_by_url_is_handed_to_the_room() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    _settle(room)
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
    _settle(room)
    room.fill(block(0, 1000))
    assert len(ticks.to_pandas()) == 1000
    room.fill(block(1000, 1010))
    assert ticks.wait(rows=1010, timeout=5)
    assert ticks.tail(rows=1)["price"] == [1009 / 4]


def test_the_state_of_a_url_comes_from_the_room() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    _settle(room)
    assert ticks.status.state == "idle"
    heard: list[str] = []
    ticks.on_status(lambda health: heard.append(health.state))
    room.report(FeedStatus("retrying", "no answer", attempts=2))
    assert (ticks.status.state, ticks.status.attempts, heard[-1]) == ("retrying", 2, "retrying")


def test_a_paused_url_is_declared_so() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    ticks.pause()
    _settle(room)
    assert room.source is not None
    assert room.source.paused
    ticks.resume()
    _settle(room)
    assert not room.source.paused


def test_a_cut_line_is_watched_again_without_a_row_twice() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    _settle(room)
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


def _settle(room: WirelessRoom) -> None:
    """Let the link's thread do what it was asked for."""
    for _ in range(5):
        room.thread.ask(lambda: None)


def test_a_feed_that_the_room_refuses_has_failed() -> None:
    ticks, room = made(), WirelessRoom()
    room.deaf = True
    enter(ticks, room)
    room.report(FeedStatus("failed", "A room has at most 64 feeds."))
    assert (ticks.status.state, ticks.status.text) == ("failed", "A room has at most 64 feeds.")


def test_reading_does_not_wait_for_a_room_that_is_away() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    _settle(room)
    assert len(ticks.to_pandas()) == 0
    room.cut()
    began = time.monotonic()
    ticks.to_pandas()
    assert time.monotonic() - began < 5


def test_the_feed_of_a_url_that_is_read_goes_on_in_the_room_that_is_left() -> None:
    ticks, rooms = by_url(), [WirelessRoom(), WirelessRoom()]
    leave, _ = [enter(ticks, room) for room in rooms]
    for room in rooms:
        _settle(room)
    rooms[0].fill(block(0, 10))
    assert len(ticks.to_pandas()) == 10
    leave()
    _settle(rooms[1])
    rooms[1].fill(block(0, 25))
    assert ticks.wait(rows=25, timeout=5)
    assert len(ticks.to_pandas()) == 25


def test_the_feed_of_a_url_that_was_read_before_it_had_a_room_is_watched_in_it() -> None:
    ticks, room = by_url(), WirelessRoom()
    assert ticks.last_time is None
    enter(ticks, room)
    _settle(room)
    room.fill(block(0, 5))
    assert ticks.wait(rows=5, timeout=5)
    assert ticks.last_time == START + 4


def test_the_feed_of_a_url_can_begin_anew() -> None:
    ticks, room = by_url(), WirelessRoom()
    enter(ticks, room)
    _settle(room)
    room.fill(block(0, 5))
    assert len(ticks.to_pandas()) == 5
    ticks.clear()
    _settle(room)
    assert room.rows == 0


def test_columns_that_the_feed_process_finds_are_the_feeds() -> None:
    ticks, room = Feed("ticks", source=Source("https://example.org/score.json")), WirelessRoom()
    heard: list[int] = []
    ticks.on_columns(lambda columns: heard.append(len(columns)))
    assert ticks.columns == ()
    enter(ticks, room)
    _settle(room)
    room.spec = FeedSpec((Column("home"), Column("guests")))
    ticks.to_pandas()
    assert [column.name for column in ticks.columns] == ["home", "guests"]
    assert heard == [2]


def test_a_stopped_feed_has_ended() -> None:
    ticks = made(1)
    ticks.stop()
    assert ticks.status.state == "ended"
