"""What a producer sends, and when again (F2, F4)."""

from itertools import count

import numpy as np
import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Block, checksum, decode, encode, head, slice_block
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.feeds.producer import BLOCK_BYTES, Declaration, Producer
from cowidget.core.feeds.record import Record
from cowidget.core.frames import ClientFrame, Fed, Feed, Fetch, Fetched, Report, Rows

SPEC = FeedSpec((Column("price"),))


def rows(first: int, number: int) -> dict[int, np.ndarray]:
    numbers = np.arange(first, first + number, dtype=np.float64)
    return {0: numbers, 1: numbers / 4}


class Room:
    """The relay's half, as PROTOCOL.md has it: keeps what continues what it has, and tells how far that is."""

    def __init__(self, earlier: int = 0) -> None:
        self.blocks = [Block(0, rows(0, earlier))] if earlier else []
        self.epoch = "first"
        self.epochs = 1
        self.exists = bool(earlier)

    @property
    def end(self) -> int:
        return self.blocks[-1].end if self.blocks else 0

    def fed(self) -> Fed:
        return Fed("ticks", self.epoch, self.end)

    def take(self, frame: ClientFrame) -> list[Fed | Fetched]:
        match frame:
            case Feed(spec=None):
                if self.exists:
                    self.lose_all()
                return []
            case Feed():
                self.exists = True
                return [self.fed()]
            case Fetch(first=first, last=last, id=number):
                blocks = [slice_block(block, first, last) for block in self.blocks]
                return [Fetched("ticks", number, tuple(encode(block) for block in blocks if block.count))]
            case Rows(block=data):
                block = decode(data)
                assert isinstance(block, Block)
                if block.first <= self.end < block.end:
                    self.blocks.append(slice_block(block, self.end, block.end))
                return [self.fed()]
            case _:
                return []

    def lose_all(self) -> None:
        self.epochs += 1
        self.blocks, self.epoch, self.exists = [], f"epoch {self.epochs}", False

    def values(self) -> list[float]:
        return [value for block in self.blocks for value in np.asarray(block.columns[1]).tolist()]


class Kernel:
    """A producer with its record, and a line to a room that can be cut."""

    def __init__(self, room: Room, **options: int) -> None:
        self.room = room
        self.record = Record()
        self.producer = Producer("ticks", SPEC, self.record, count(1), **options)

    def push(self, number: int) -> None:
        self.record.append(rows(self.record.end, number))

    def welcome(self) -> None:
        self.send(self.producer.receive_welcome())

    def send(self, frames: list[ClientFrame]) -> None:
        for frame in frames:
            for answer in self.room.take(frame):
                self.send(self.producer.receive(answer))

    def run(self) -> None:
        while (frame := self.producer.next_rows(1.0)) is not None:
            self.send([frame])


def first_of(frame: Rows | None) -> int:
    assert frame is not None
    return head(frame.block).first


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


@pytest.mark.rule("F4")
def test_a_cut_while_the_room_tells_its_last_row_changes_nothing() -> None:
    kernel = Kernel(Room(earlier=100))
    kernel.push(120)
    kernel.producer.receive_welcome()
    kernel.producer.receive(kernel.room.fed())
    kernel.producer.receive_cut()
    kernel.welcome()
    kernel.run()
    assert kernel.room.end == 120


@pytest.mark.rule("F4")
def test_what_was_under_way_when_the_line_broke_is_sent_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    kernel.producer.next_rows(1.0)  # never arrives
    kernel.producer.receive_cut()
    kernel.welcome()
    kernel.run()
    assert kernel.room.end == 5


@pytest.mark.rule("F4")
def test_what_arrived_before_the_line_broke_is_not_sent_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    sent = kernel.producer.next_rows(1.0)
    assert sent is not None
    kernel.room.take(sent)  # its answer is lost
    kernel.producer.receive_cut()
    kernel.push(2)
    kernel.welcome()
    assert first_of(kernel.producer.next_rows(1.0)) == 5


@pytest.mark.rule("F4")
def test_a_missing_block_is_sent_again_and_what_followed_it_once() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    sent = []
    for _ in range(3):
        kernel.push(5)
        sent.append(kernel.producer.next_rows(1.0))
    for lost in sent[1:]:  # the first one never arrived
        assert lost is not None
        for answer in kernel.room.take(lost):
            kernel.producer.receive(answer)
    kernel.run()
    assert kernel.room.values() == [number / 4 for number in range(15)]


@pytest.mark.rule("F2")
def test_a_room_that_lost_the_rows_gets_all_that_are_here() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    kernel.run()
    kernel.producer.receive_cut()
    kernel.room.lose_all()
    kernel.welcome()
    kernel.run()
    assert kernel.room.end == 5


def test_a_room_that_lost_its_last_rows_gets_them_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    for _ in range(2):
        kernel.push(5)
        kernel.run()
    kernel.producer.receive_cut()
    kernel.room.blocks.pop()
    kernel.welcome()
    kernel.run()
    assert kernel.room.values() == [number / 4 for number in range(10)]


def test_rows_that_the_record_has_let_go_of_are_counted_as_lost() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(40_000)
    kernel.record.forget(16_384)
    kernel.run()
    assert (kernel.producer.lost, kernel.room.end) == (16_384, 40_000 - 16_384)


def test_a_room_that_begins_anew_while_we_send_gets_all_rows() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    kernel.run()
    kernel.room.lose_all()
    kernel.push(5)
    kernel.run()
    assert kernel.room.values() == [number / 4 for number in range(10)]


def test_a_room_that_tells_of_fewer_rows_than_before_gets_them_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    for _ in range(2):
        kernel.push(5)
        kernel.run()
    kernel.room.blocks.pop()
    kernel.producer.receive(kernel.room.fed())
    kernel.run()
    assert kernel.room.end == 10


@pytest.mark.rule("F4")
def test_rows_of_a_block_that_arrived_in_part_are_not_sent_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(5)
    kernel.producer.next_rows(1.0)
    kernel.producer.receive(Fed("ticks", "first", 3))
    kernel.producer.receive_cut()
    assert kernel.producer.acked == 3


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


def test_rows_that_arrived_after_some_were_lost_are_not_sent_again() -> None:
    kernel = Kernel(Room())
    kernel.welcome()
    kernel.push(40_000)
    kernel.record.forget(16_384)
    sent = kernel.producer.next_rows(1.0)
    assert sent is not None
    kernel.room.take(sent)  # its answer is lost
    kernel.producer.receive_cut()
    kernel.welcome()
    kernel.run()
    assert (kernel.room.end, kernel.producer.lost) == (40_000 - 16_384, 16_384)


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


def test_a_feed_that_was_cleared_while_away_is_cleared_at_the_welcome() -> None:
    kernel = Kernel(Room(earlier=10))
    assert kernel.producer.restart() == []
    kernel.push(3)
    kernel.welcome()
    kernel.run()
    assert kernel.room.end == 3


@pytest.mark.rule("F8")
def test_a_report_follows_the_declaration() -> None:
    kernel = Kernel(Room())
    status = FeedStatus("live")
    assert kernel.producer.report(status) == []
    kernel.producer.receive_welcome()
    assert kernel.producer.receive(kernel.room.fed()) == [Report("ticks", status)]


def test_an_answer_from_before_the_cut_means_nothing() -> None:
    kernel = Kernel(Room())
    assert kernel.producer.receive(Fed("ticks", "e", 7)) == []
    assert not kernel.producer.joined


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


class Line:
    """A line between the two that loses, delays and breaks."""

    def __init__(self) -> None:
        self.kernel = Kernel(Room(), window=400)
        self.up = False
        self.out: list[ClientFrame] = []
        self.back: list[Fed | Fetched] = []

    def push(self, number: int) -> None:
        self.kernel.push(number)

    def welcome(self, _: int = 0) -> None:
        if not self.up:
            self.up = True
            self.out.extend(self.kernel.producer.receive_welcome())

    def cut(self, _: int = 0) -> None:
        self.up = False
        self.out.clear()
        self.back.clear()
        self.kernel.producer.receive_cut()

    def send(self, _: int = 0) -> bool:
        frame = self.kernel.producer.next_rows(1.0) if self.up else None
        if frame is not None:
            self.out.append(frame)
        return frame is not None

    def lose(self, _: int) -> None:
        if self.out and isinstance(self.out[0], Rows):
            self.out.pop(0)

    def arrive(self, _: int = 0) -> None:
        if self.out:
            self.back.extend(self.kernel.room.take(self.out.pop(0)))

    def answer(self, _: int = 0) -> None:
        if self.back:
            self.out.extend(self.kernel.producer.receive(self.back.pop(0)))

    def settle(self) -> None:
        self.welcome()
        while self.out or self.back or self.send():
            self.arrive()
            self.answer()


@pytest.mark.rule("F4")
@given(
    st.lists(
        st.tuples(st.sampled_from(["push", "send", "lose", "arrive", "answer", "cut", "welcome"]), st.integers(1, 9)),
        max_size=60,
    )
)
def test_no_row_is_lost_or_doubled_whatever_breaks(steps: list[tuple[str, int]]) -> None:
    line = Line()
    for step, number in steps:
        getattr(line, step)(number)
    line.cut()
    line.settle()
    crc = sum(checksum(block) for block in line.kernel.room.blocks) & 0xFFFFFFFF
    assert crc == checksum(Block(0, rows(0, line.kernel.record.end)))
    assert line.kernel.producer.drained
