"""What a producer sends (F2, F4)."""

from itertools import count

import numpy as np
import pytest

from cowidget.core.columns import Block, encode, head
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.feeds.producer import BLOCK_BYTES, Declaration, Producer
from cowidget.core.feeds.record import Record
from cowidget.core.frames import Fed, Feed, Fetch, Fetched, Report
from tests.unit.core.feeds.producing import SPEC, Kernel, Room, first_of, rows


@pytest.mark.rule("F2")
def test_a_feed_is_declared_at_each_welcome() -> None:
    kernel = Kernel(Room())
    assert kernel.producer.receive_welcome() == [Feed("ticks", SPEC)]
    kernel.producer.receive_cut()
    assert kernel.producer.receive_welcome() == [Feed("ticks", SPEC)]


@pytest.mark.rule("F4")
def test_no_rows_are_sent_before_the_room_has_told_where_it_stands() -> None:
    kernel = Kernel(Room())
    kernel.push(3)
    kernel.producer.receive_welcome()
    assert kernel.producer.next_rows(1.0) is None


@pytest.mark.rule("F4")
def test_rows_are_sent_once() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    for _ in range(3):
        kernel.push(5)
        kernel.run()
    assert kernel.room.values() == [number / 4 for number in range(15)]
    assert kernel.producer.drained


@pytest.mark.rule("F2")
def test_rows_go_on_after_those_of_an_earlier_life() -> None:
    kernel = Kernel(Room(earlier=100))
    kernel.welcome()
    kernel.push(5)
    assert first_of(kernel.producer.next_rows(1.0)) == 100
    assert kernel.record.end == 105


@pytest.mark.rule("F1")
def test_rows_that_were_pushed_before_and_are_not_newer_are_not_sent_again() -> None:
    kernel = Kernel(Room(earlier=100))
    kernel.push(120)  # a cell that was run again, with twenty rows more
    kernel.welcome()
    kernel.run()
    assert kernel.room.values() == [number / 4 for number in range(120)]
    assert kernel.producer.skipped == 100


def test_the_last_row_of_an_earlier_life_may_come_in_parts() -> None:
    kernel = Kernel(Room())
    kernel.push(7)
    kernel.producer.receive_welcome()
    (fetch,) = kernel.producer.receive(Fed("ticks", "first", 3))
    assert isinstance(fetch, Fetch)
    last = encode(Block(2, rows(2, 1)))
    assert kernel.producer.receive(Fetched("ticks", fetch.id, (), more=True)) == []
    assert not kernel.producer.sending
    kernel.producer.receive(Fetched("ticks", fetch.id, (last,)))
    assert (kernel.producer.sending, kernel.producer.skipped) == (True, 3)


def test_no_more_is_under_way_than_the_window() -> None:
    kernel = Kernel(Room(), window=150_000)
    kernel.welcome()
    numbers = np.arange(100_000.0)
    kernel.record.append({0: numbers, 1: np.sin(numbers)})
    sent = []
    while (frame := kernel.producer.next_rows(1.0)) is not None:
        sent.append(len(frame.block))
    assert 150_000 <= sum(sent) < 150_000 + BLOCK_BYTES


def test_a_block_is_no_larger_than_a_frame_may_be() -> None:
    record = Record()
    words = [f"{number:0500}" for number in range(4000)]
    record.append({0: np.arange(4000.0), 1: words})
    producer = Producer("ticks", SPEC, record, count(1))
    producer.receive_welcome()
    producer.receive(Fed("ticks", "e", 0))
    sent = 0
    while (frame := producer.next_rows(1.0)) is not None:
        assert len(frame.block) <= BLOCK_BYTES
        sent += head(frame.block).count
    assert sent == 4000


def test_a_block_tells_when_it_was_sent() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(1)
    frame = kernel.producer.next_rows(1234.5)
    assert frame is not None
    assert head(frame.block).sent == 1234.5


@pytest.mark.rule("F2")
def test_a_column_more_is_declared_at_once() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    wider = FeedSpec((Column("price"), Column("size")))
    assert kernel.producer.declare(wider) == [Feed("ticks", wider)]


def test_a_cleared_feed_is_ended_and_declared_anew() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    kernel.run()
    late = kernel.room.fed()
    kernel.record.clear()
    frames = kernel.producer.restart()
    kernel.producer.receive(late)  # of the epoch that is over
    assert kernel.producer.next_rows(1.0) is None
    kernel.send(frames)
    kernel.push(2)
    kernel.run()
    assert kernel.room.values() == [0.0, 0.25]


@pytest.mark.rule("F8")
def test_a_report_follows_the_declaration() -> None:
    kernel = Kernel(Room())
    status = FeedStatus("live")
    assert kernel.producer.report(status) == []
    kernel.producer.receive_welcome()
    assert kernel.producer.receive(kernel.room.fed()) == [Report("ticks", status)]


@pytest.mark.rule("F9")
def test_a_feed_by_url_is_declared_with_its_source_and_has_no_rows() -> None:
    source = Source("wss://example.org")
    declaration = Declaration("ticks", SPEC, source)
    assert declaration.receive_welcome() == [Feed("ticks", SPEC, source)]
    assert declaration.next_rows(1.0) is None
    assert declaration.drained


def test_a_feed_by_url_is_declared_anew_while_there_is_a_line() -> None:
    source, other = Source("wss://example.org"), Source("wss://example.org", paused=True)
    declaration = Declaration("ticks", SPEC, source)
    assert declaration.declare(SPEC, other) == []
    declaration.receive_welcome()
    assert declaration.receive(Fed("ticks", "first", 3)) == []
    assert declaration.declare(SPEC, source) == [Feed("ticks", SPEC, source)]
    assert declaration.restart() == [Feed("ticks"), Feed("ticks", SPEC, source)]
    declaration.receive_cut()
    assert declaration.restart() == []
