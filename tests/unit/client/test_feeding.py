"""The feeds of one connection: whose turn it is, and who is told."""

from itertools import count

import numpy as np
import pytest

from cowidget.client.feeding import Feeding
from cowidget.core.columns import Block, encode
from cowidget.core.feed_values import FeedSpec, FeedStatus
from cowidget.core.feeds.producer import Producer
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import Seen, Viewer
from cowidget.core.frames import ClientFrame, Drawn, Fed, Feed, FeedNews, Report, Rows, Unwatch, Watch, Watched

SPEC = FeedSpec(())


def rows(first: int, last: int) -> bytes:
    return encode(Block(first, {0: np.arange(first, last, dtype=np.float64)}))


class Line:
    """A connection, and what would go out of it."""

    def __init__(self) -> None:
        self.woken = 0
        self.feeding = Feeding(self._wake, lambda: 5.0)

    def _wake(self) -> None:
        self.woken += 1

    def sent(self) -> list[ClientFrame]:
        frames = []
        while (frame := self.feeding.next_frame()) is not None:
            frames.append(frame)
        return frames

    def fed(self, feed: str, end: int, epoch: str = "one") -> None:
        self.feeding.receive(Fed(feed, epoch, end))


def producer(name: str, count_of_rows: int = 0) -> tuple[Producer, Record]:
    record = Record()
    if count_of_rows:
        record.append({0: np.arange(float(count_of_rows))})
    return Producer(name, SPEC, record, count(1)), record


def joined() -> Line:
    line = Line()
    line.feeding.receive_welcome()
    return line


@pytest.mark.rule("F2")
def test_feeds_are_declared_at_each_welcome() -> None:
    line = Line()
    line.feeding.produce(producer("a")[0])
    assert line.sent() == []
    line.feeding.receive_welcome()
    assert line.sent() == [Feed("a", SPEC)]
    line.feeding.receive_cut()
    assert line.sent() == []
    line.feeding.receive_welcome()
    assert line.sent() == [Feed("a", SPEC)]


def test_a_feed_made_while_we_are_there_is_declared_at_once() -> None:
    line = joined()
    line.feeding.produce(producer("a")[0])
    assert line.sent() == [Feed("a", SPEC)]


def test_feeds_take_turns() -> None:
    line = joined()
    for name in ("a", "b"):
        line.feeding.produce(producer(name, 40_000)[0])
    line.sent()
    for name in ("a", "b"):
        line.fed(name, 0)
    assert [frame.feed for frame in line.sent() if isinstance(frame, Rows)][:4] == ["a", "b", "a", "b"]


def test_what_was_sent_while_away_is_dropped() -> None:
    line = Line()
    line.feeding.send([Watch("a")])
    line.feeding.receive_welcome()
    assert line.sent() == []


def test_other_frames_go_before_rows() -> None:
    line = joined()
    line.feeding.produce(producer("a", 10)[0])
    line.sent()
    line.fed("a", 0)
    line.feeding.send([Watch("b")])
    assert [type(frame) for frame in line.sent()] == [Watch, Rows]


def test_who_produces_is_told_what_the_room_has() -> None:
    line = joined()
    told: list[int] = []
    made, _ = producer("a", 10)
    line.feeding.produce(made, lambda: told.append(made.acked))
    line.fed("a", 0)
    line.sent()
    line.fed("a", 10)
    assert told == [0, 10]


@pytest.mark.rule("F2")
def test_a_feed_made_anew_begins_when_the_room_has_the_rows_of_the_one_before() -> None:
    line = joined()
    old, _ = producer("a", 10)
    line.feeding.produce(old)
    line.fed("a", 0)
    line.sent()
    new, record = producer("a")
    line.feeding.produce(new)
    assert line.sent() == []
    line.fed("a", 10)
    assert line.sent() == [Feed("a", SPEC)]
    line.fed("a", 10)
    assert (new.acked, record.end) == (0, 0)  # it asks for the last row first


def test_a_feed_that_is_withdrawn_sends_nothing_more() -> None:
    line = joined()
    made, _ = producer("a", 10)
    line.feeding.produce(made)
    line.sent()
    line.feeding.withdraw(made)
    line.fed("a", 0)
    assert line.sent() == []


def test_a_successor_that_is_withdrawn_never_begins() -> None:
    line = joined()
    old, _ = producer("a", 10)
    line.feeding.produce(old)
    line.fed("a", 0)
    line.sent()
    new, _ = producer("a")
    line.feeding.produce(new)
    line.feeding.withdraw(new)
    line.fed("a", 10)
    assert line.sent() == []


@pytest.mark.rule("F6")
def test_who_watches_is_told_and_answers() -> None:
    line = joined()
    seen: list[Seen] = []
    line.feeding.view(Viewer("a", line.feeding.fetches), seen.append)
    assert line.sent() == [Watch("a")]
    line.feeding.receive(Watched("a", SPEC, FeedStatus("live"), "one", 0, 0))
    for first in (0, 5):
        line.feeding.receive(Rows("a", rows(first, first + 5)))
    assert [each.first for one in seen for each in one.blocks] == [0, 5]
    assert line.sent() == [Drawn("a", 10)]


def test_watching_ends_with_the_last_who_watches() -> None:
    line = joined()
    one, other = (Viewer("a", line.feeding.fetches) for _ in range(2))
    for viewer in (one, other):
        line.feeding.view(viewer, lambda _: None)
    line.feeding.receive(Watched("a", SPEC))
    line.sent()
    line.feeding.leave(one)
    assert line.sent() == []
    line.feeding.leave(other)
    assert line.sent() == [Unwatch("a")]


def test_feeds_are_watched_again_after_a_cut() -> None:
    line = joined()
    line.feeding.view(Viewer("a", line.feeding.fetches), lambda _: None)
    line.sent()
    line.feeding.receive(Watched("a", SPEC, FeedStatus("live"), "one", 0, 0))
    line.feeding.receive(Rows("a", rows(0, 5)))
    line.feeding.receive_cut()
    line.feeding.receive_welcome()
    assert line.sent() == [Watch("a", "one", 5)]


def test_a_block_that_cannot_be_read_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    line = joined()
    seen: list[Seen] = []
    line.feeding.view(Viewer("a", line.feeding.fetches), seen.append)
    line.feeding.receive(Watched("a", SPEC))
    line.feeding.receive(Rows("a", b"rubbish"))
    line.feeding.receive(Rows("a", rows(0, 5)))
    assert [each.first for one in seen for each in one.blocks] == [0]
    assert "cannot be read" in caplog.text


def test_frames_are_told_as_they_come_until_nobody_listens() -> None:
    line = joined()
    heard: list[FeedNews] = []
    forget = line.feeding.listen(heard.append)
    report = Report("a", FeedStatus("live"))
    line.feeding.receive(report)
    forget()
    line.feeding.receive(report)
    assert heard == [report]


def test_new_rows_wake_the_line_only_while_there_is_one() -> None:
    line = Line()
    line.feeding.stir()
    assert line.woken == 0
    line.feeding.receive_welcome()
    line.feeding.stir()
    assert line.woken == 1
