"""What a producer sends again after cuts, and to a room that has lost rows (F2, F4)."""

import pytest
from hypothesis import given, strategies as st

from cowidget.core.columns import Block, checksum
from cowidget.core.frames import ClientFrame, Fed, Fetched, Rows
from tests.unit.core.feeds.producing import Kernel, Room, first_of, rows


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


def test_a_feed_that_was_cleared_while_away_is_cleared_at_the_welcome() -> None:
    kernel = Kernel(Room(earlier=10))
    assert kernel.producer.restart() == []
    kernel.push(3)
    kernel.welcome()
    kernel.run()
    assert kernel.room.end == 3


def test_an_answer_from_before_the_cut_means_nothing() -> None:
    kernel = Kernel(Room())
    assert kernel.producer.receive(Fed("ticks", "e", 7)) == []
    assert not kernel.producer.joined


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
