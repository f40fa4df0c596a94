"""Feeds that the feed process fills from their sources, and what it is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core import closing
from cowidget.core.access import Caller
from cowidget.core.effects import KeepFeeds, Send
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.feeds.desk import FeedDesk
from cowidget.core.frames import Feed, Fetch, Fetched, Post, Report, Stop, Watch, Watched
from cowidget.core.members import Member
from cowidget.core.values import Text
from cowidget.errors import FrameError
from tests.support.feed_clients import PRICES, rows_frame, ticks
from tests.support.rooms import RoomBench
from tests.unit.core.feeds.fillers import SOURCE, comes_back, end_of, fed, feeder_of


@pytest.mark.rule("F9")
def test_the_feed_process_is_told_of_feeds_with_a_source(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    bench.owner.send(Feed("mine", PRICES))
    feeder = feeder_of(bench)
    assert (feeder.welcome.role, feeder.sees(Feed)) == ("feeder", [Feed("ticks", PRICES, SOURCE, 0)])


@pytest.mark.rule("F9")
def test_the_feed_process_is_told_of_changes_and_of_the_end(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    feeder.send(rows_frame("ticks", ticks(0, 10)))
    paused = Source(SOURCE.url, paused=True)
    bench.owner.send(Feed("ticks", PRICES, paused))
    bench.owner.send(Feed("ticks"))
    assert feeder.sees(Feed) == [Feed("ticks", PRICES, SOURCE), Feed("ticks", PRICES, paused, 10), Feed("ticks")]


@pytest.mark.rule("F10")
def test_the_feed_process_is_answered_as_often_as_it_asks(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    feeder.send(rows_frame("ticks", ticks(0, 10)))
    for number in (1, 2, 3):
        feeder.send(Fetch("ticks", number, 9, 10))
    assert [answer.id for answer in feeder.sees(Fetched)] == [1, 2, 3]


@pytest.mark.rule("F9")
def test_the_feed_process_is_no_person(bench: RoomBench) -> None:
    ada = bench.join("participant")
    before = bench.room.connections
    feeder = feeder_of(bench)
    bench.wait(1.0)
    assert (feeder.welcome.people, bench.room.connections) == ((), before)
    assert feeder.name not in [person.peer for person in bench.join("viewer").welcome.people]
    assert ada.closing is None


@pytest.mark.rule("F9")
def test_the_feed_process_hears_nothing_else_of_the_room(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.share_slider()
    bench.owner.set({"slider/value": 3})
    bench.owner.post("hello")
    bench.wait(1.0)
    assert [type(frame).__name__ for frame in feeder.frames] == ["Welcome"]


def test_the_feed_process_may_say_nothing_else(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    with pytest.raises(FrameError, match="nothing else to say"):
        feeder.send(Post(1, Text("hello")))


@pytest.mark.rule("F4")
def test_rows_of_a_feed_with_a_source_come_from_the_feed_process_alone(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    bench.owner.send(Feed("mine", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 3)))
    feeder.send(rows_frame("mine", ticks(0, 3)))
    feeder.send(rows_frame("ticks", ticks(0, 5)))
    assert (end_of(bench, "ticks"), end_of(bench, "mine"), fed(feeder)) == (5, 0, [("ticks", 5)])


@pytest.mark.rule("F2")
def test_nobody_else_is_told_of_a_source(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    for link in ("viewer", "participant", "host"):
        guest = bench.join(link)
        guest.send(Watch("ticks"))
        assert "secret" not in str(guest.frames)


@pytest.mark.rule("F8")
def test_a_report_is_told_and_kept(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    early = bench.join("viewer")
    early.send(Watch("ticks"))
    status = FeedStatus("retrying", "the line was cut", attempts=3)
    feeder.send(Report("ticks", status))
    bench.restart()
    late = bench.join("viewer")
    late.send(Watch("ticks"))
    assert [report.status for report in early.sees(Report)] == [status]
    assert late.sees(Watched)[-1].status == status


@pytest.mark.rule("F8")
def test_an_owner_reports_of_a_feed_that_it_fills(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(Feed("remote", PRICES, SOURCE))
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks"))
    viewer.send(Watch("remote"))
    bench.owner.send(Report("ticks", FeedStatus("ended")))
    bench.owner.send(Report("remote", FeedStatus("ended")))
    assert [(each.feed, each.status.state) for each in viewer.sees(Report)] == [("ticks", "ended")]


def test_the_feed_process_finds_columns_of_a_source_without_fields(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", FeedSpec(()), Source("wss://example.org")))
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks"))
    feeder.send(Feed("ticks", PRICES))
    feeder.send(rows_frame("ticks", ticks(0, 5)))
    bench.owner.send(Feed("ticks", FeedSpec(()), Source("wss://example.org")))
    last = viewer.sees(Watched)[-1]
    assert (last.spec and last.spec.columns, end_of(bench)) == (PRICES.columns, 5)


def test_the_feed_process_changes_nothing_else_of_a_feed(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    feeder.send(Feed("ticks"))
    feeder.send(Feed("ticks", FeedSpec((Column("other"),))))
    feeder.send(Feed("new", PRICES))
    longer = replace(PRICES, columns=(*PRICES.columns, Column("x")), keep_rows=1, title="theirs")
    feeder.send(Feed("ticks", longer))
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks"))
    assert viewer.sees(Watched)[-1].spec == replace(PRICES, columns=longer.columns)


def test_a_second_feed_process_takes_the_place_of_the_first(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    first, second = feeder_of(bench), feeder_of(bench)
    assert (first.closing, second.sees(Feed)) == (closing.REPLACED, [Feed("ticks", PRICES, SOURCE)])


def test_a_feed_process_numbers_after_rows_that_are_on_their_way(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    first = feeder_of(bench)
    bench.hold()
    first.send(rows_frame("ticks", ticks(0, 7)))
    second = feeder_of(bench)
    assert second.sees(Feed)[-1].end == 7


@pytest.mark.rule("F9")
def test_a_stopped_room_sends_the_feed_process_away(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    feeder = feeder_of(bench)
    wanted = bench.room.wants_feeder
    bench.owner.push(Stop)
    assert (wanted, feeder.closing, bench.room.wants_feeder) == (True, closing.STOPPED, False)
    assert feeder_of(bench).closing == closing.STOPPED


@pytest.mark.rule("F9")
def test_a_room_wants_the_feed_process_while_it_has_a_source(bench: RoomBench) -> None:
    states = [bench.room.wants_feeder]
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    states.append(bench.room.wants_feeder)
    bench.restart()
    states.append(bench.room.wants_feeder)
    comes_back(bench).send(Feed("ticks"))
    assert [*states, bench.room.wants_feeder] == [False, True, True, False]


@pytest.mark.rule("F9")
def test_the_feed_process_is_told_of_feeds_that_have_still_to_be_read(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    first = feeder_of(bench)
    first.send(rows_frame("ticks", ticks(0, 8)))
    bench.owner.send(Feed("mine", PRICES))
    bench.restart()
    assert feeder_of(bench).sees(Feed) == [Feed("ticks", PRICES, SOURCE, 8)]


def test_a_feed_process_that_has_gone_is_told_nothing(bench: RoomBench) -> None:
    feeder = feeder_of(bench)
    feeder.leave()
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    assert feeder.sees(Feed) == []


def test_a_relay_without_a_feed_process_says_that_a_source_does_not_run() -> None:
    desk = FeedDesk((), lambda: "e1", runs_sources=False)
    owner = Member("line 1", "kernel", "i", "owner", "kernel", "owner")
    (asked,) = desk.receive(owner, Feed("ticks", PRICES, SOURCE), 0.0)
    assert isinstance(asked, KeepFeeds)
    desk.receive_kept(asked.changes, 0.0)
    (told,) = desk.receive(owner, Watch("ticks"), 0.0)
    assert isinstance(told, Send)
    assert told.frame.status == FeedStatus("failed", "This relay runs no sources.")


def test_a_feed_process_of_another_version_is_sent_away(bench: RoomBench) -> None:
    assert bench.join("", caller=Caller(feeds=True), version=2).closing == closing.VERSION


def test_the_secret_of_the_feed_process_opens_no_other_door(bench: RoomBench) -> None:
    guest = bench.join("", kind="feeder", secret="the relay's own")
    assert guest.closing == closing.WRONG_LINK
