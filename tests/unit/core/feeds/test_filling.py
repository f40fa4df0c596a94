"""Who may declare and fill feeds, and what they are answered."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core import closing, columns, limits
from cowidget.core.access import Caller
from cowidget.core.effects import KeepFeeds, Send
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.feeds.desk import FeedDesk
from cowidget.core.frames import Ack, Fed, Feed, Fetch, Fetched, Grant, Post, Report, Rows, Stop, Watch, Watched
from cowidget.core.members import Member
from cowidget.core.values import Text
from cowidget.errors import FrameError
from tests.support.feed_clients import PRICES, rows_frame, ticks
from tests.support.rooms import Peer, RoomBench, invitation

SOURCE = Source("wss://example.org/trades", {"t": "T:ms", "price": "p"}, headers={"key": "secret"})


@pytest.fixture
def bench() -> RoomBench:
    return RoomBench()


def feeder_of(bench: RoomBench) -> Peer:
    return bench.join("", caller=Caller(feeds=True), kind="feeder")


def comes_back(bench: RoomBench) -> Peer:
    """The owner's kernel, started again."""
    return bench.join("owner")


def fed(peer: Peer) -> list[tuple[str, int]]:
    return [(each.feed, each.end) for each in peer.sees(Fed)]


def end_of(bench: RoomBench, feed: str = "ticks") -> int:
    viewer = bench.join("viewer")
    viewer.send(Watch(feed))
    return viewer.sees(Watched)[-1].end


@pytest.mark.rule("F2")
def test_a_declared_feed_is_there_with_an_epoch(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    (answer,) = bench.owner.sees(Fed)
    assert (answer.feed, answer.end, bool(answer.epoch)) == ("ticks", 0, True)


@pytest.mark.rule("F4")
def test_rows_are_acknowledged_when_the_store_has_them(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.forget()
    bench.hold()
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    bench.owner.send(rows_frame("ticks", ticks(10, 10)))
    before = fed(bench.owner)
    bench.go_on()
    assert (before, fed(bench.owner)[-1]) == ([], ("ticks", 20))


@pytest.mark.rule("F4")
def test_who_leaves_a_hole_is_told_where_to_go_on_once(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    bench.owner.forget()
    for first in (30, 40, 50):
        bench.owner.send(rows_frame("ticks", ticks(first, 10)))
    assert (fed(bench.owner), end_of(bench)) == ([("ticks", 10)], 10)


@pytest.mark.rule("F4")
@pytest.mark.parametrize("link", ["viewer", "participant", "host"])
def test_rows_and_reports_of_guests_are_dropped(bench: RoomBench, link: str) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    guest = bench.join(link)
    guest.send(Feed("theirs", PRICES))
    guest.send(Feed("ticks"))
    guest.send(rows_frame("ticks", ticks(0, 10)))
    guest.send(Report("ticks", FeedStatus("live")))
    guest.send(Watch("ticks"))
    guest.send(Watch("theirs"))
    watched = {each.feed: each for each in guest.sees(Watched)}
    assert (watched["ticks"].end, watched["ticks"].status.state, watched["theirs"].spec) == (0, "idle", None)
    assert guest.closing is None


def test_rows_of_a_kernel_that_another_has_followed_are_dropped(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    second = comes_back(bench)
    second.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    second.send(rows_frame("ticks", ticks(0, 4)))
    assert end_of(bench) == 4


@pytest.mark.rule("F2")
def test_a_kernel_that_declares_again_goes_on_with_the_rows(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    second = comes_back(bench)
    second.send(Feed("ticks", PRICES))
    second.send(rows_frame("ticks", ticks(10, 10)))
    assert (fed(second), second.sees(Fed)[0].epoch) == ([("ticks", 10), ("ticks", 20)], bench.owner.sees(Fed)[0].epoch)


def test_a_declare_is_answered_after_the_rows_that_were_on_their_way(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.hold()
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    second = comes_back(bench)
    second.send(Feed("ticks", PRICES))
    bench.go_on()
    assert fed(second) == [("ticks", 10)]


@pytest.mark.rule("F2")
def test_other_columns_begin_a_new_epoch_without_rows(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    bench.owner.send(Feed("ticks", FeedSpec((Column("score", "integer"),))))
    first, *_, last = bench.owner.sees(Fed)
    assert (last.end, last.epoch != first.epoch, end_of(bench)) == (0, True, 0)


def test_a_feed_that_is_ended_and_declared_begins_anew(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    bench.hold()
    bench.owner.send(Feed("ticks"))
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(rows_frame("ticks", ticks(0, 3)))
    bench.go_on()
    assert (fed(bench.owner)[-1], end_of(bench)) == (("ticks", 3), 3)


def test_a_room_has_only_so_many_feeds(bench: RoomBench) -> None:
    for number in range(limits.MAX_FEEDS):
        bench.owner.send(Feed(f"feed {number}", PRICES))
    bench.owner.forget()
    bench.owner.send(Feed("one more", PRICES))
    bench.owner.send(Feed("feed 3", PRICES))
    (report,) = bench.owner.sees(Report)
    assert (report.feed, report.status.state, fed(bench.owner)) == ("one more", "failed", [("feed 3", 0)])


def test_rows_that_are_no_rows_end_the_session(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    with pytest.raises(FrameError, match="not a block"):
        bench.owner.send(Rows("ticks", b"garbage"))


@pytest.mark.rule("C3")
def test_rows_that_cannot_be_kept_are_not_shown_and_their_producer_comes_back(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks"))
    bench.hold()
    bench.owner.send(rows_frame("ticks", ticks(0, 10)))
    bench.go_on(fail=True)
    again = comes_back(bench)
    again.send(Feed("ticks", PRICES))
    again.send(rows_frame("ticks", ticks(0, 6)))
    assert (bench.owner.closing, fed(again)) == (closing.STORE_FAILED, [("ticks", 0), ("ticks", 6)])
    assert [columns.head(rows.block).count for rows in viewer.sees(Rows)] == [6]


@pytest.mark.rule("C3")
def test_the_feed_process_comes_back_when_its_rows_cannot_be_kept_and_the_owner_stays(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES, SOURCE))
    feeder = feeder_of(bench)
    bench.hold()
    feeder.send(rows_frame("ticks", ticks(0, 10)))
    bench.go_on(fail=True)
    assert (feeder.closing, bench.owner.closing) == (closing.STORE_FAILED, None)
    assert feeder_of(bench).sees(Feed)[-1].end == 0


def test_a_feed_that_cannot_be_kept_is_not_there(bench: RoomBench) -> None:
    bench.hold()
    bench.owner.send(Feed("ticks", PRICES))
    bench.go_on(fail=True)
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks"))
    assert (bench.owner.closing, viewer.sees(Watched)[-1].spec) == (closing.STORE_FAILED, None)


# Sources.


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


def test_an_end_of_what_is_not_there_is_nothing(bench: RoomBench) -> None:
    bench.owner.send(Feed("never"))
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(Feed("ticks"))
    bench.owner.send(rows_frame("ticks", ticks(0, 5)))
    assert (fed(bench.owner), end_of(bench)) == ([("ticks", 0)], 0)


def test_a_feed_process_of_another_version_is_sent_away(bench: RoomBench) -> None:
    assert bench.join("", caller=Caller(feeds=True), version=2).closing == closing.VERSION


def test_the_secret_of_the_feed_process_opens_no_other_door(bench: RoomBench) -> None:
    guest = bench.join("", kind="feeder", secret="the relay's own")
    assert guest.closing == closing.WRONG_LINK


def test_grants_and_feeds_do_not_disturb_each_other(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    push = bench.owner.push(Grant, invitation=invitation("more"))
    bench.owner.send(rows_frame("ticks", ticks(0, 2)))
    assert (bench.owner.sees(Ack)[-1].id, fed(bench.owner)[-1]) == (push, ("ticks", 2))
