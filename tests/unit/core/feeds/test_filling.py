"""Who may declare and fill feeds, and what they are answered."""

from __future__ import annotations

import pytest

from cowidget.core import closing, columns, limits
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus
from cowidget.core.frames import Ack, Fed, Feed, Grant, Report, Rows, Watch, Watched
from cowidget.errors import FrameError
from tests.support.feed_clients import PRICES, rows_frame, ticks
from tests.support.rooms import RoomBench, invitation
from tests.unit.core.feeds.fillers import SOURCE, comes_back, end_of, fed, feeder_of


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


def test_an_end_of_what_is_not_there_is_nothing(bench: RoomBench) -> None:
    bench.owner.send(Feed("never"))
    bench.owner.send(Feed("ticks", PRICES))
    bench.owner.send(Feed("ticks"))
    bench.owner.send(rows_frame("ticks", ticks(0, 5)))
    assert (fed(bench.owner), end_of(bench)) == ([("ticks", 0)], 0)


def test_grants_and_feeds_do_not_disturb_each_other(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", PRICES))
    push = bench.owner.push(Grant, invitation=invitation("more"))
    bench.owner.send(rows_frame("ticks", ticks(0, 2)))
    assert (bench.owner.sees(Ack)[-1].id, fed(bench.owner)[-1]) == (push, ("ticks", 2))
