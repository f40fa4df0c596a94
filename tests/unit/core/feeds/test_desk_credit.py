"""How much of a feed somebody is told, and what they fetch."""

from __future__ import annotations

import pytest

from cowidget.core import closing, columns, limits
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus
from cowidget.core.frames import Drawn, Feed, Fetch, Fetched, Report, Rows, Watch, Watched
from tests.support.feed_clients import PRICES, ticks
from tests.support.feed_rooms import crc_of, fetched, fill, noise, told, watch
from tests.support.rooms import RoomBench


@pytest.fixture
def bench() -> RoomBench:
    bench = RoomBench()
    bench.owner.send(Feed("ticks", PRICES))
    return bench


# Credit.


@pytest.mark.rule("F7")
def test_who_draws_nothing_is_sent_nothing_more(bench: RoomBench) -> None:
    viewer = watch(bench)
    for first in range(0, 100_000, 1_000):
        bench.now += 0.1
        noise(bench, first, 1_000)
    size = sum(len(rows.block) for rows in viewer.sees(Rows))
    assert limits.CREDIT_BYTES < size < limits.CREDIT_BYTES + 3 * 16_500


@pytest.mark.rule("F7")
def test_who_has_credit_again_gets_the_newest_rows_only(bench: RoomBench) -> None:
    viewer = watch(bench)
    for first in range(0, 100_000, 1_000):
        bench.now += 0.1
        noise(bench, first, 1_000)
    stood = told(viewer)[-1][1]
    viewer.forget()
    viewer.send(Drawn("ticks", stood))
    assert told(viewer) == [(99_000, 100_000)]


@pytest.mark.rule("F7")
def test_who_is_less_than_8192_rows_behind_gets_them_all(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.slow = True
    bench.run(bench.room.receive_congested(viewer.connection, bench.now))
    for first in range(0, 8_000, 100):
        fill(bench, first, 100)
    before = told(viewer)
    viewer.drain()
    assert before == []
    assert told(viewer) == [(first, first + 100) for first in range(0, 8_000, 100)]


def test_who_catches_up_in_the_middle_of_a_chunk_gets_the_rest_of_it(bench: RoomBench) -> None:
    fill(bench, 0, 10_000)
    viewer = watch(bench)
    viewer.slow = True
    bench.run(bench.room.receive_congested(viewer.connection, bench.now))
    fill(bench, 10_000, 7_000)  # seals all 17,000
    viewer.drain()
    assert told(viewer)[0][0] == 10_000
    assert told(viewer)[-1][1] == 17_000


def test_what_is_drawn_is_at_most_what_was_sent(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.send(Drawn("ticks", 10**12))
    for first in range(0, 100_000, 1_000):
        bench.now += 0.1
        noise(bench, first, 1_000)
    assert told(viewer)[-1][1] < 100_000


def test_a_slow_viewer_of_bins_gets_the_last_one_when_it_is_far_behind(bench: RoomBench) -> None:
    viewer = watch(bench, level=1)
    viewer.slow = True
    bench.run(bench.room.receive_congested(viewer.connection, bench.now))
    for first in range(0, 300_000, 50_000):
        fill(bench, first, 50_000)
    viewer.drain()
    (rows,) = viewer.sees(Rows)
    assert rows.newest is not None
    assert (columns.head(rows.block).count, columns.head(rows.newest).first) == (1, 299_999)


@pytest.mark.rule("S10")
def test_who_cannot_read_is_told_afterwards_what_the_feed_has_become(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.congest()
    viewer.slow = True
    bench.owner.send(Report("ticks", FeedStatus("live")))
    bench.owner.send(Feed("ticks", FeedSpec((Column("score"),))))
    viewer.forget()
    viewer.drain()
    (watched,) = viewer.sees(Watched)
    assert (watched.spec, watched.status.state) == (FeedSpec((Column("score"),)), "live")


def test_who_cannot_read_is_told_afterwards_how_the_source_is(bench: RoomBench) -> None:
    viewer = watch(bench)
    viewer.congest()
    for state in ("connecting", "retrying", "live"):
        bench.owner.send(Report("ticks", FeedStatus(state)))
    viewer.drain()
    assert [report.status.state for report in viewer.sees(Report)] == ["live"]


def test_who_watches_while_it_cannot_read_is_answered_afterwards(bench: RoomBench) -> None:
    viewer = bench.join("viewer")
    viewer.congest()
    viewer.send(Watch("ticks"))
    fill(bench, 0, 10)
    before = viewer.sees(Watched)
    viewer.drain()
    assert (before, viewer.sees(Watched)[0].end) == ([], 10)


def test_who_cannot_read_is_fed_nothing_and_others_go_on(bench: RoomBench) -> None:
    slow, fast = watch(bench), watch(bench)
    slow.congest()
    fill(bench, 0, 10)
    assert (told(slow), told(fast)) == ([], [(0, 10)])


# Fetching.


@pytest.mark.rule("F10")
def test_a_fetch_is_answered_in_parts_that_fit(bench: RoomBench) -> None:
    for first in range(0, 100_000, 10_000):
        noise(bench, first, 10_000)
    viewer = bench.join("viewer")
    viewer.send(Fetch("ticks", 7, 0, 100_000))
    answers = viewer.sees(Fetched)
    assert [answer.more for answer in answers] == [True] * (len(answers) - 1) + [False]
    assert all(sum(map(len, answer.blocks)) <= 512 << 10 and answer.id == 7 for answer in answers)
    starts = [columns.head(block).first for block in fetched(viewer)]
    assert starts == sorted(starts)
    assert sum(columns.head(block).count for block in fetched(viewer)) == 100_000


@pytest.mark.rule("F10")
def test_the_last_fetch_is_answered_first(bench: RoomBench) -> None:
    for first in range(0, 100_000, 10_000):
        noise(bench, first, 10_000)
    viewer = bench.join("viewer")
    viewer.slow = True
    viewer.send(Fetch("ticks", 1, 0, 100_000))
    viewer.send(Fetch("ticks", 2, 90_000, 100_000))
    viewer.drain()
    order = [answer.id for answer in viewer.sees(Fetched)]
    assert (order[:2], set(order[2:])) == ([1, 2], {1})


@pytest.mark.rule("F6")
def test_all_rows_come_by_fetch_and_live_none_twice_and_none_left_out(bench: RoomBench) -> None:
    for first in range(0, 30_000, 1_000):
        fill(bench, first, 1_000)
    viewer = watch(bench)
    fill(bench, 30_000, 500)
    (watched,) = viewer.sees(Watched)
    viewer.send(Fetch("ticks", 1, watched.first, watched.end))
    rows = [rows.block for rows in viewer.sees(Rows)]
    assert crc_of(rows, 0, 30_500) + crc_of(fetched(viewer), 0, watched.end) & 0xFFFFFFFF == (
        columns.checksum(ticks(0, 30_500))
    )


def test_live_rows_wait_behind_an_answer_that_is_on_its_way(bench: RoomBench) -> None:
    fill(bench, 0, 1_000)
    viewer = watch(bench)
    viewer.slow = True
    viewer.send(Fetch("ticks", 1, 0, 1_000))
    fill(bench, 1_000, 10)
    before = told(viewer)
    viewer.drain()
    assert (before, told(viewer)) == ([], [(1_000, 1_010)])


def test_a_fetch_of_what_is_not_there_is_answered_with_nothing(bench: RoomBench) -> None:
    fill(bench, 0, 10)
    viewer = bench.join("viewer")
    viewer.send(Fetch("no such feed", 1, 0, 10))
    viewer.send(Fetch("ticks", 2, 10, 50))
    viewer.send(Fetch("ticks", 3, 8, 2))
    assert viewer.sees(Fetched) == [
        Fetched("no such feed", 1),
        Fetched("ticks", 2),
        Fetched("ticks", 3),
    ]


@pytest.mark.rule("F6")
def test_bins_are_fetched_by_the_rows_that_they_cover(bench: RoomBench) -> None:
    for first in range(0, 500_000, 50_000):
        fill(bench, first, 50_000)
    viewer = bench.join("viewer")
    viewer.send(Fetch("ticks", 1, 100_003, 400_000, level=1))
    bins = [columns.decode(block) for block in fetched(viewer)]
    assert bins[0].first == 100_000
    assert sum(each.count for each in bins) == (400_000 - 100_000) // 16
    assert all(len(block) <= limits.FETCH_BYTES for block in fetched(viewer))


def test_rows_that_left_the_memory_come_from_the_store(bench: RoomBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_MEMORY_BYTES", 1)
    for first in range(0, 100_000, 10_000):
        fill(bench, first, 10_000)
    viewer = bench.join("viewer")
    viewer.send(Fetch("ticks", 1, 0, 100_000))
    assert crc_of(fetched(viewer), 0, 100_000) == columns.checksum(ticks(0, 100_000))


def test_a_store_that_cannot_read_sends_those_who_wait_away(bench: RoomBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_MEMORY_BYTES", 1)
    for first in range(0, 100_000, 10_000):
        fill(bench, first, 10_000)
    viewer = bench.join("viewer")
    bench.hold()
    viewer.send(Fetch("ticks", 1, 0, 10_000))
    bench.go_on(fail=True)
    assert viewer.closing == closing.STORE_FAILED


def test_who_has_gone_gets_no_rows_from_the_store(bench: RoomBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_MEMORY_BYTES", 1)
    for first in range(0, 100_000, 10_000):
        fill(bench, first, 10_000)
    viewer = bench.join("viewer")
    bench.hold()
    viewer.send(Fetch("ticks", 1, 0, 10_000))
    viewer.leave()
    bench.go_on()
    assert fetched(viewer) == []
