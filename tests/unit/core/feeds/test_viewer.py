"""What a watcher holds, fetches and answers (F5 to F7, F10)."""

from collections.abc import Iterable
from itertools import count

import numpy as np
import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Bins, Block, checksum, encode, slice_block
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import FETCH_ROWS, MOST_FETCHES, Seen, Viewer
from cowidget.core.frames import ClientFrame, Drawn, Fed, Fetch, Fetched, Report, Rows, Unwatch, Watch, Watched

SPEC = FeedSpec((Column("price"),))


def block(first: int, last: int) -> Block:
    numbers = np.arange(first, last, dtype=np.float64)
    return Block(first, {0: numbers, 1: numbers / 4})


def rows(first: int, last: int) -> Rows:
    return Rows("ticks", encode(block(first, last)))


def watched(first: int, end: int, epoch: str = "one") -> Watched:
    return Watched("ticks", SPEC, FeedStatus("live"), epoch, first, end)


def fetched(fetch: ClientFrame, *ranges: tuple[int, int], more: bool = False) -> Fetched:
    assert isinstance(fetch, Fetch)
    return Fetched("ticks", fetch.id, tuple(encode(block(*each)) for each in ranges), more)


def viewer(*, history: bool = True) -> Viewer:
    made = Viewer("ticks", count(1), history=history)
    made.receive_welcome()
    return made


def told(seen: Seen) -> list[tuple[int, int]]:
    return [(each.first, each.end) for each in seen.blocks]


def asked(frames: Iterable[ClientFrame]) -> list[tuple[int, int]]:
    return [(frame.first, frame.last) for frame in frames if isinstance(frame, Fetch)]


@pytest.mark.rule("F6")
def test_what_was_there_before_is_fetched_newest_first() -> None:
    seen = viewer().receive(watched(0, 3 * FETCH_ROWS))
    assert asked(seen.frames) == [(2 * FETCH_ROWS, 3 * FETCH_ROWS), (FETCH_ROWS, 2 * FETCH_ROWS)]


@pytest.mark.rule("F10")
def test_the_next_rows_are_asked_for_when_an_answer_is_whole() -> None:
    watching = viewer()
    first, _ = watching.receive(watched(0, 3 * FETCH_ROWS)).frames
    half = (2 * FETCH_ROWS, 2 * FETCH_ROWS + 10)
    assert asked(watching.receive(fetched(first, half, more=True)).frames) == []
    rest = (2 * FETCH_ROWS + 10, 3 * FETCH_ROWS)
    assert asked(watching.receive(fetched(first, rest)).frames) == [(0, FETCH_ROWS)]


@pytest.mark.rule("F6")
def test_live_rows_are_told_once_and_without_asking() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    assert told(watching.receive(rows(0, 5))) == [(0, 5)]
    assert told(watching.receive(rows(3, 8))) == [(5, 8)]
    assert watching.complete


@pytest.mark.rule("F7")
def test_a_hole_is_fetched_when_the_room_has_skipped_ahead() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    watching.receive(rows(0, 5))
    assert asked(watching.receive(rows(20_000, 20_010)).frames) == [(5, 20_000)]


@pytest.mark.rule("F7")
def test_rows_are_told_as_drawn() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    assert watching.receive(rows(0, 5)).frames == (Drawn("ticks", 5),)


@pytest.mark.rule("F6")
def test_after_a_cut_only_what_was_missed_is_fetched() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    watching.receive(rows(0, 100))
    watching.receive_cut()
    assert watching.receive_welcome() == [Watch("ticks", "one", 100)]
    assert asked(watching.receive(watched(0, 130)).frames) == [(100, 130)]


@pytest.mark.rule("F5")
def test_everything_of_another_epoch_is_void() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    watching.receive(rows(0, 100))
    seen = watching.receive(watched(0, 7, epoch="two"))
    assert seen.void == 0
    assert asked(seen.frames) == [(0, 7)]


@pytest.mark.rule("F5")
def test_rows_that_the_room_does_not_have_any_more_are_void() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    watching.receive(rows(0, 100))
    assert watching.receive(watched(0, 60)).void == 60


def test_an_answer_to_what_was_asked_of_another_epoch_is_passed_over() -> None:
    watching = viewer()
    (fetch,) = watching.receive(watched(0, 5)).frames
    watching.receive(watched(0, 3, epoch="two"))
    assert told(watching.receive(fetched(fetch, (0, 5)))) == []


@pytest.mark.rule("F10")
def test_what_an_answer_lacks_is_not_asked_for_again() -> None:
    watching = viewer()
    (fetch,) = watching.receive(watched(0, 100)).frames
    assert watching.receive(fetched(fetch, (60, 100))).frames == ()
    assert watching.complete


@pytest.mark.rule("F10")
def test_of_an_answer_that_holds_more_each_row_is_told_once() -> None:
    watching = viewer()
    (fetch,) = watching.receive(watched(0, 10)).frames
    watching.receive(rows(10, 20))
    assert told(watching.receive(fetched(fetch, (0, 15)))) == [(0, 10)]


def test_who_wants_no_history_gets_rows_from_now_on() -> None:
    watching = viewer(history=False)
    assert watching.receive(watched(0, 100)).frames == ()
    assert told(watching.receive(rows(100, 105))) == [(100, 105)]


def test_history_can_be_wanted_later() -> None:
    watching = viewer(history=False)
    watching.receive(watched(0, 100))
    assert asked(watching.want_history()) == [(0, 100)]


def test_bins_are_not_rows() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    bins = Bins(0, 1, np.array([0.0]), {1: np.array([0.0])}, {1: np.array([1.0])})
    assert watching.receive(Rows("ticks", encode(bins))) == Seen()


@pytest.mark.rule("F8")
def test_how_the_source_is_doing_is_told() -> None:
    watching = viewer()
    assert watching.receive(Report("ticks", FeedStatus("stale"))).described
    assert watching.status.state == "stale"


def test_a_feed_that_is_over_has_no_rows() -> None:
    watching = viewer()
    watching.receive(watched(0, 0))
    watching.receive(rows(0, 5))
    assert watching.receive(Watched("ticks")).void == 0
    assert told(watching.receive(rows(5, 9))) == []


def test_who_leaves_says_so_only_if_the_room_knows() -> None:
    watching = viewer()
    assert watching.leave() == []
    watching.receive(watched(0, 0))
    assert watching.leave() == [Unwatch("ticks")]


def test_what_producers_are_told_means_nothing() -> None:
    assert viewer().receive(Fed("ticks", "one", 3)) == Seen()


class Told:
    """A watcher, all it was told, and a room whose feed grows and forgets."""

    def __init__(self) -> None:
        self.viewer = viewer()
        self.record = Record()
        self.first = self.end = self.sent = 0
        self.wishes: list[Fetch] = []
        self.take(self.viewer.receive(watched(0, 0)))

    def take(self, seen: Seen) -> None:
        if seen.void is not None:
            self.record.cut(seen.void)
        for each in seen.blocks:
            self.record.insert(each)
        self.wishes += [frame for frame in seen.frames if isinstance(frame, Fetch)]
        assert len(self.wishes) <= MOST_FETCHES

    def grow(self, number: int) -> None:
        self.end += number

    def tell(self, _: int) -> None:
        if self.end > self.sent:
            self.take(self.viewer.receive(rows(self.sent, self.end)))
            self.sent = self.end

    def skip(self, number: int) -> None:
        self.sent = max(self.sent, self.end - number)
        self.tell(0)

    def answer(self, _: int = 0) -> None:
        if self.wishes:
            fetch = self.wishes.pop()
            have = slice_block(block(self.first, self.end), fetch.first, fetch.last)
            self.take(self.viewer.receive(Fetched("ticks", fetch.id, (encode(have),) if have.count else ())))

    def cut(self, _: int = 0) -> None:
        self.viewer.receive_cut()
        self.wishes.clear()
        self.viewer.receive_welcome()
        self.take(self.viewer.receive(watched(self.first, self.end)))
        self.sent = self.end

    def forget(self, number: int) -> None:
        self.first = min(self.first + number, self.sent)


@pytest.mark.rule("F6")
@given(
    st.lists(
        st.tuples(st.sampled_from(["grow", "tell", "skip", "answer", "cut", "forget"]), st.integers(1, 40)), max_size=60
    )
)
def test_in_the_end_every_row_is_here_once(steps: list[tuple[str, int]]) -> None:
    told = Told()
    for step, number in steps:
        getattr(told, step)(number)
    told.cut()
    while told.wishes:
        told.answer()
    told.record.forget(told.first)
    here = [slice_block(each, told.first, told.end) for each in told.record.blocks()]
    assert sum(checksum(each) for each in here) & 0xFFFFFFFF == checksum(block(told.first, told.end))
    assert told.viewer.complete
