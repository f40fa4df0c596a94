"""A room for feeds without a relay: takes what a kernel's feeding sends, keeps rows, answers as PROTOCOL.md says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from cowidget.client.feeding import Feeding
from cowidget.client.link import link_thread
from cowidget.core.columns import Block, checksum, decode, encode, slice_block
from cowidget.core.feed_values import FeedSpec, FeedStatus, Source
from cowidget.core.frames import ClientFrame, Fed, Feed, Fetch, Fetched, Report, Rows, Watch, Watched
from cowidget.core.replica import Replica

PATIENCE = 10.0


class WirelessRoom:
    """One feed of one room, seen by one kernel. It stands for a handle: it has its `feeding` and its `push`."""

    def __init__(self, blocks: Sequence[Block] = ()) -> None:
        self.thread = link_thread()
        self.feeding = Feeding(self._ready, time.time)
        self.blocks = list(blocks)
        self.spec: FeedSpec | None = FeedSpec(()) if blocks else None
        self.source: Source | None = None
        self.status = FeedStatus("idle")
        self.deaf = False
        self.watched = False
        self.posts: list[Callable[[Replica], object]] = []
        self.epoch = 1

    @property
    def rows(self) -> int:
        return self.blocks[-1].end if self.blocks else 0

    @property
    def crc(self) -> int:
        crc = 0
        for block in self.blocks:
            crc = checksum(block, crc)
        return crc

    def welcome(self) -> None:
        """Let the kernel in."""
        self.thread.ask(self.feeding.receive_welcome)

    def cut(self) -> None:
        """Let the line break."""
        self.thread.ask(self.feeding.receive_cut)

    def has(self, rows: int) -> bool:
        """Wait until so many rows are here."""
        return _soon(lambda: self.rows >= rows)

    def becomes(self, state: str) -> bool:
        """Wait until the source is said to be so."""
        return _soon(lambda: self.status.state == state)

    def push(self, make: Callable[[Replica], object]) -> None:
        """As a handle's."""
        self.posts.append(make)

    def fill(self, block: Block) -> None:
        """Rows of a feed process."""
        self.thread.ask(lambda: self._fill(block))

    def report(self, status: FeedStatus) -> None:
        """What a feed process says of its source."""
        self.status = status
        self.thread.ask(lambda: self.feeding.receive(Report("ticks", status)))

    def _fill(self, block: Block) -> None:
        self.blocks.append(block)
        if self.watched:
            self.feeding.receive(Rows("ticks", encode(block)))

    def _ready(self) -> None:
        self.thread.call(self._take_all)

    def _take_all(self) -> None:
        while not self.deaf and (frame := self.feeding.next_frame()) is not None:
            self._take(frame)

    def _take(self, frame: ClientFrame) -> None:
        match frame:
            case Feed(spec=None):
                self.blocks, self.spec = [], None
                self.epoch += 1
            case Feed(spec=spec, source=source):
                self.spec, self.source = spec, source
                self.feeding.receive(self._fed())
            case Rows(block=data):
                block = decode(data)
                assert isinstance(block, Block)
                fresh = slice_block(block, self.rows, block.end)
                if block.first <= self.rows and fresh.count:
                    self.blocks.append(fresh)
                self.feeding.receive(self._fed())
            case Watch():
                self.watched = True
                self.feeding.receive(Watched("ticks", self.spec, self.status, str(self.epoch), 0, self.rows))
            case Fetch(id=number, first=first, last=last):
                parts = [slice_block(block, first, last) for block in self.blocks]
                data = tuple(encode(part) for part in parts if part.count)
                self.feeding.receive(Fetched("ticks", number, data))
            case Report(status=status):
                self.status = status
            case _:
                return

    def _fed(self) -> Fed:
        return Fed("ticks", str(self.epoch), self.rows)


def _soon(reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
