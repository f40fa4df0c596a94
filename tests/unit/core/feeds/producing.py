"""A producer, and a room that keeps what it sends."""

from itertools import count

import numpy as np

from cowidget.core.columns import Block, decode, encode, head, slice_block
from cowidget.core.feed_values import Column, FeedSpec
from cowidget.core.feeds.producer import Producer
from cowidget.core.feeds.record import Record
from cowidget.core.frames import ClientFrame, Fed, Feed, Fetch, Fetched, Rows

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
