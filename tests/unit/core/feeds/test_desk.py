"""Who is told what of a feed, and when."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from cowidget.core import closing, columns, limits
from cowidget.core.columns import Bins
from cowidget.core.feed_values import Column, FeedSpec
from cowidget.core.frames import Drawn, Fed, Feed, Fetch, Fetched, Rows, Unwatch, Watch, Watched
from cowidget.errors import FrameError
from tests.support.feed_clients import PRICES, rows_frame, ticks
from tests.support.feed_rooms import crc_of, fetched, fill, told, watch
from tests.support.rooms import RoomBench


@pytest.fixture
def bench() -> RoomBench:
    bench = RoomBench()
    bench.owner.send(Feed("ticks", PRICES))
    return bench


# Watching.


@pytest.mark.rule("F6")
def test_who_watches_is_told_what_there_is_and_then_what_comes(bench: RoomBench) -> None:
    fill(bench, 0, 100)
    viewer = watch(bench)
    fill(bench, 100, 10)
    (watched,) = viewer.sees(Watched)
    assert (watched.spec, watched.first, watched.end, told(viewer)) == (PRICES, 0, 100, [(100, 110)])


@pytest.mark.rule("F6")
def test_who_watches_what_is_not_there_is_told_when_it_is(bench: RoomBench) -> None:
    viewer = bench.join("viewer")
    viewer.send(Watch("later"))
    bench.owner.send(Feed("later", PRICES))
    fill(bench, 0, 5, "later")
    assert [watched.spec for watched in viewer.sees(Watched)] == [None, PRICES]
    assert told(viewer) == [(0, 5)]


@pytest.mark.rule("F6")
def test_who_watches_is_told_of_new_columns_of_a_new_epoch_and_of_the_end(bench: RoomBench) -> None:
    viewer = watch(bench)
    more = replace(PRICES, columns=(*PRICES.columns, Column("city", "text")))
    bench.owner.send(Feed("ticks", more))
    bench.owner.send(Feed("ticks", FeedSpec((Column("score"),))))
    bench.owner.send(Feed("ticks"))
    watched = viewer.sees(Watched)
    assert [each.spec for each in watched] == [PRICES, more, FeedSpec((Column("score"),)), None]
    assert watched[0].epoch == watched[1].epoch != watched[2].epoch


def test_a_declare_that_changes_nothing_is_told_to_nobody_else(bench: RoomBench) -> None:
    viewer = watch(bench)
    bench.owner.send(Feed("ticks", PRICES))
    assert len(viewer.sees(Watched)) == 1


@pytest.mark.rule("F6")
def test_a_newcomer_gets_an_overview_of_all_rows(bench: RoomBench) -> None:
    fill(bench, 0, 50_000)
    (watched,) = watch(bench).sees(Watched)
    (data,) = watched.overview
    bins = columns.decode(data)
    assert isinstance(bins, Bins)
    price = np.asarray(ticks(0, 50_000).columns[1])
    assert (bins.low[1].min(), bins.high[1].max(), bins.first) == (price.min(), price.max(), 0)


def test_who_comes_back_with_most_of_the_rows_needs_no_overview(bench: RoomBench) -> None:
    fill(bench, 0, 20_000)
    epoch = bench.owner.sees(Fed)[0].epoch
    near, far, other = bench.join("viewer"), bench.join("viewer"), bench.join("viewer")
    near.send(Watch("ticks", epoch=epoch, after=15_000))
    far.send(Watch("ticks", epoch=epoch, after=100))
    other.send(Watch("ticks", epoch="another", after=20_000))
    assert [bool(peer.sees(Watched)[0].overview) for peer in (near, far, other)] == [False, True, True]


@pytest.mark.rule("F5")
def test_rows_are_told_when_the_store_has_them_and_not_before(bench: RoomBench) -> None:
    viewer = watch(bench)
    bench.hold()
    fill(bench, 0, 10)
    before = told(viewer)
    bench.go_on()
    assert (before, told(viewer)) == ([], [(0, 10)])


@pytest.mark.rule("F5")
def test_rows_that_the_store_has_lost_are_told_to_nobody(bench: RoomBench) -> None:
    viewer = watch(bench)
    bench.hold()
    fill(bench, 0, 10)
    bench.go_on(fail=True)
    assert told(viewer) == []


@pytest.mark.rule("F5")
def test_what_was_told_is_there_after_a_restart(bench: RoomBench) -> None:
    viewer = watch(bench)
    for first in range(0, 40_000, 8_000):
        fill(bench, first, 8_000)
        viewer.send(Drawn("ticks", first + 8_000))
    bench.restart(clean=False)
    again = watch(bench)
    again.send(Fetch("ticks", 1, 0, 40_000))
    (watched,) = again.sees(Watched)
    assert (told(viewer)[-1], watched.end) == ((32_000, 40_000), 40_000)
    assert crc_of(fetched(again), 0, 40_000) == columns.checksum(ticks(0, 40_000))


def test_who_watches_no_more_is_told_nothing(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.send(Unwatch("ticks"))
    viewer.send(Unwatch("ticks"))
    viewer.send(Drawn("ticks", 5))
    fill(bench, 0, 10)
    assert told(viewer) == []


def test_who_has_left_is_told_nothing(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.send(Fetch("ticks", 1, 0, 10))
    viewer.leave()
    fill(bench, 0, 10)
    assert told(viewer) == []


def test_everybody_who_stands_at_the_same_row_gets_the_producers_bytes(bench: RoomBench) -> None:
    viewers = [watch(bench) for _ in range(3)]
    frame = rows_frame("ticks", ticks(0, 10))
    bench.owner.send(frame)
    sent = [viewer.sees(Rows)[0] for viewer in viewers]
    assert sent[0] is sent[1] is sent[2]
    assert sent[0].block == frame.block


def test_a_connection_watches_only_so_many_feeds(bench: RoomBench) -> None:
    viewer = bench.join("viewer")
    for number in range(limits.MAX_WATCHES):
        viewer.send(Watch(f"feed {number}"))
    with pytest.raises(FrameError, match="more than 64 feeds"):
        viewer.send(Watch("one more"))
    viewer.send(Watch("feed 3"))
    viewer.leave()
    bench.owner.send(Feed("one more", PRICES))
    assert [fed.feed for fed in bench.owner.sees(Fed)] == ["ticks", "one more"]


# Levels.


@pytest.mark.rule("F6")
def test_a_watcher_with_a_level_gets_bins_and_the_last_one_again_as_it_grows(bench: RoomBench) -> None:
    fill(bench, 0, 300)
    viewer = watch(bench, level=1)
    fill(bench, 300, 5)
    fill(bench, 305, 40)
    sent = [columns.decode(rows.block) for rows in viewer.sees(Rows)]
    assert [(bins.first, bins.count, bins.level) for bins in sent if isinstance(bins, Bins)] == [
        (288, 2, 1),
        (304, 3, 1),
    ]
    rows = np.asarray(ticks(304, 41).columns[1])
    last = sent[-1]
    assert isinstance(last, Bins)
    assert last.high[1].tolist() == [rows[:16].max(), rows[16:32].max(), rows[32:].max()]


@pytest.mark.rule("F6")
def test_with_bins_comes_the_newest_row(bench: RoomBench) -> None:
    fill(bench, 0, 300)
    viewer = watch(bench, level=2)
    fill(bench, 300, 7)
    fill(bench, 307, 20_000)  # seals them all
    newest = [rows.newest for rows in viewer.sees(Rows)]
    assert newest == [columns.encode(ticks(306, 1)), columns.encode(ticks(20_306, 1))]


def test_with_rows_comes_no_other(bench: RoomBench) -> None:
    viewer = watch(bench)
    fill(bench, 0, 20)
    assert [rows.newest for rows in viewer.sees(Rows)] == [None]


def test_a_watcher_changes_its_level_by_watching_again(bench: RoomBench) -> None:
    viewer = watch(bench, level=1)
    viewer.send(Watch("ticks"))
    fill(bench, 0, 20)
    assert [columns.head(rows.block).kind for rows in viewer.sees(Rows)] == ["rows"]


# Opening and keeping.


def test_a_feed_is_read_before_anybody_is_answered(bench: RoomBench) -> None:
    fill(bench, 0, 100)
    bench.restart()
    bench.hold()
    viewer = watch(bench)
    kernel = bench.join("owner")
    kernel.send(Feed("ticks", PRICES))
    kernel.send(rows_frame("ticks", ticks(100, 5)))
    before = viewer.sees(Watched) + kernel.sees(Fed)
    bench.go_on()
    assert (before, viewer.sees(Watched)[0].end) == ([], 100)
    assert ([fed.end for fed in kernel.sees(Fed)], told(viewer)) == ([100, 105], [(100, 105)])


def test_a_feed_that_cannot_be_read_sends_those_who_wait_away_and_is_read_again(bench: RoomBench) -> None:
    fill(bench, 0, 100)
    bench.restart()
    bench.hold()
    viewer = watch(bench)
    bench.go_on(fail=True)
    again = watch(bench)
    assert (viewer.closing, again.sees(Watched)[0].end) == (closing.STORE_FAILED, 100)


def test_who_leaves_while_a_feed_is_read_is_answered_nothing(bench: RoomBench) -> None:
    fill(bench, 0, 100)
    bench.restart()
    bench.hold()
    viewer, other = watch(bench), watch(bench)
    viewer.leave()
    bench.go_on()
    assert ([each.end for each in viewer.sees(Watched)], other.sees(Watched)[0].end) == ([], 100)


def test_of_what_waits_for_a_feed_to_be_read_only_so_much_is_kept(
    bench: RoomBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowidget.core.feeds.desk.MAX_WAITING", 2)
    bench.restart()
    bench.hold()
    viewer = bench.join("viewer")
    for id in range(1, 5):
        viewer.send(Fetch("ticks", id, 0, 10))
    bench.go_on()
    assert sorted(answer.id for answer in viewer.sees(Fetched)) == [1, 2]


def test_a_bad_block_that_waited_ends_its_session(bench: RoomBench) -> None:
    bench.restart()
    bench.hold()
    kernel = bench.join("owner")
    kernel.send(Feed("ticks", PRICES))
    kernel.send(Rows("ticks", b"garbage"))
    before = bench.room.connections
    bench.go_on()
    assert (kernel.closing, before - bench.room.connections) == (closing.UNDECODABLE, 1)


def test_old_rows_are_dropped_in_whole_chunks(bench: RoomBench) -> None:
    bench.owner.send(Feed("ticks", replace(PRICES, keep_rows=20_000)))
    for first in range(0, 200_000, 10_000):
        fill(bench, first, 10_000)
    (watched,) = watch(bench).sees(Watched)
    bench.restart()
    (again,) = watch(bench).sees(Watched)
    assert 20_000 <= watched.end - watched.first < 20_000 + 2 * limits.CHUNK_ROWS
    assert (again.first, again.end) == (watched.first, watched.end)


def test_a_new_epoch_while_a_chunk_is_sealed_keeps_its_own_rows(bench: RoomBench) -> None:
    bench.hold()
    fill(bench, 0, 16_384)
    bench.owner.send(Feed("ticks"))
    bench.owner.send(Feed("ticks", PRICES))
    fill(bench, 0, 3)
    bench.go_on()
    bench.restart()
    (watched,) = watch(bench).sees(Watched)
    assert (watched.first, watched.end) == (0, 3)
