"""The producer's half of one feed in one room: which rows it sends, and which the room has (PROTOCOL.md F4).

Rows come from a `Record`, by its own numbers; the room's numbers may differ, for it can hold rows of an earlier
life of this feed. The shell reports `receive_welcome`, `receive` and `receive_cut`, and asks for `next_rows`
whenever the line is free.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import inf

from cowidget.core.columns import Block, decode, encode
from cowidget.core.feed_values import FeedSpec, FeedStatus, Source
from cowidget.core.feeds.record import PIECE_ROWS, Record
from cowidget.core.frames import ClientFrame, Fed, Feed, Fetch, Fetched, Report, Rows

# What may be under way: on loopback a millisecond of a relay's work, at 100 Mbit/s less than a second of the line.
WINDOW_BYTES = 8 << 20
# A frame's block may have 512 KiB. A value has at most eight bytes; text is as long as it is.
BLOCK_BYTES = 1 << 19
_AIM_BYTES = BLOCK_BYTES - (1 << 14)


class Stand(Enum):
    """How far the room knows of the feed."""

    AWAY = auto()
    DECLARED = auto()
    ASKING = auto()
    SENDING = auto()


@dataclass(frozen=True, slots=True)
class _Place:
    """The same row by the room's number and by the record's."""

    room: int
    record: int


class Producer:
    """Sends each row of its record once, again if the room lost it, and none that the record no longer has.

    Attributes:
        spec: the feed as it was last declared.
        lost: rows that the record let go of before the room had them.
        skipped: rows that are not newer than those which the room had before ours.
        last_time: of the newest of those; minus infinity when there are none.
        joined: whether the room has answered at least once.
        first: the record's first row by the number that both have for it; None where the numbers differ.
    """

    def __init__(
        self, feed: str, spec: FeedSpec, record: Record, fetches: Iterator[int], window: int = WINDOW_BYTES
    ) -> None:
        self.feed = feed
        self.spec = spec
        self.lost = 0
        self.skipped = 0
        self.last_time = -inf
        self.first: int | None = None
        self.joined = False
        self._record = record
        self._fetches = fetches
        self._asked = 0
        self._window = window
        self._stand = Stand.AWAY
        self._status: FeedStatus | None = None
        self._epoch = ""
        # An epoch that we have asked the room to end; empty: whichever it has.
        self._spent: str | None = None
        self._acked = self._sent = _Place(0, record.first)
        # Where each block under way ends, and its size.
        self._under_way: deque[tuple[_Place, int]] = deque()
        # Where blocks end of which we do not know whether the room has them.
        self._unsure: list[_Place] = []
        self._bytes = 0
        self._sent_again_from = -1

    # What is known.

    @property
    def acked(self) -> int:
        """The room has every row of the record before this one that it was sent."""
        return self._acked.record

    @property
    def sending(self) -> bool:
        """Whether the room is here and takes rows."""
        return self._stand is Stand.SENDING

    @property
    def drained(self) -> bool:
        """Whether the room has all rows."""
        return self.joined and self._acked.record >= self._record.end

    # The connection.

    def receive_welcome(self) -> list[ClientFrame]:
        """The room let us in: declare the feed. Rows follow when it has told where it stands."""
        self._stand = Stand.DECLARED
        ending: list[ClientFrame] = [Feed(self.feed)] if self._spent is not None else []
        return [*ending, Feed(self.feed, self.spec)]

    def receive_cut(self) -> None:
        """The connection is gone, and what was under way perhaps with it."""
        self._stand = Stand.AWAY
        self._go_back()

    def receive(self, news: Fed | Fetched) -> list[ClientFrame]:
        """The room has the rows up to `end`; as an answer to a declaration: send from there on."""
        if isinstance(news, Fetched):
            return self._receive_last(news) if self._stand is Stand.ASKING and news.id == self._asked else []
        return self._receive_fed(news)

    def _receive_fed(self, fed: Fed) -> list[ClientFrame]:
        if self._stand in (Stand.AWAY, Stand.ASKING) or fed.epoch == self._spent:
            return []
        if self._stand is Stand.DECLARED:
            fresh = not self.joined or fed.epoch != self._epoch
            self._start(fed)
            if fresh and fed.end:
                # Rows of an earlier life: what we have may be the same again, of a cell that was run again.
                self._stand = Stand.ASKING
                self.joined = False
                self._asked = next(self._fetches)
                return [Fetch(self.feed, self._asked, fed.end - 1, fed.end)]
            if fresh:
                self._place(0, self._record.first)
            return self._begin()
        if fed.epoch != self._epoch:
            self._start(fed)
        elif fed.end > self._acked.room:
            self._advance(fed.end)
        else:
            self._repeat(fed.end)
        return []

    def _receive_last(self, fetched: Fetched) -> list[ClientFrame]:
        for data in fetched.blocks:
            block = decode(data)
            if isinstance(block, Block) and block.count:
                self.last_time = float(block.time[-1])
        if fetched.more:
            return []
        at = self._record.after(self.last_time)
        self.skipped += at - self._acked.record
        self._place(self._acked.room, at)
        return self._begin()

    def _place(self, room: int, record: int) -> None:
        """Row `record` is row `room` there; in the first room that we join, our rows get the room's numbers."""
        if not self._record.aligned:
            self._record.align(record, room)
            self.first = record = room
        self._acked = self._sent = _Place(room, record)

    def _begin(self) -> list[ClientFrame]:
        self._stand = Stand.SENDING
        self.joined = True
        return [Report(self.feed, self._status)] if self._status is not None else []

    # What the application does.

    def declare(self, spec: FeedSpec) -> list[ClientFrame]:
        """The feed has more columns, or another title."""
        self.spec = spec
        return [] if self._stand is Stand.AWAY else [Feed(self.feed, spec)]

    def restart(self) -> list[ClientFrame]:
        """The record was cleared: so is the room's, in a new epoch."""
        self._go_back()
        self._acked = self._sent = _Place(0, self._record.first)
        self._spent = self._epoch
        return [] if self._stand is Stand.AWAY else self.receive_welcome()

    def report(self, status: FeedStatus) -> list[ClientFrame]:
        """How the source is doing; told again after each welcome."""
        self._status = status
        return [Report(self.feed, status)] if self._stand is Stand.SENDING else []

    def next_rows(self, now: float) -> Rows | None:
        """The next block to send; None: there is none, or enough is under way."""
        if self._stand is not Stand.SENDING or self._bytes >= self._window:
            return None
        if self._sent.record < self._record.first:
            self.lost += self._record.first - self._sent.record
            self._sent = _Place(self._sent.room, self._record.first)
        block = self._record.run(self._sent.record, PIECE_ROWS)
        if block is None:
            return None
        block = Block(self._sent.room, block.columns, now)
        data, count = _fitted(block)
        self._sent = _Place(block.first + count, self._sent.record + count)
        self._under_way.append((self._sent, len(data)))
        self._bytes += len(data)
        return Rows(self.feed, data)

    def _start(self, fed: Fed) -> None:
        known = self.joined and fed.epoch == self._epoch
        self._epoch = fed.epoch
        self._spent = None
        self._go_back()
        if known and fed.end >= self._acked.room:
            # What was under way before the line broke has arrived up to here; what is more than that is not ours.
            for place in sorted(self._unsure, key=_room_number):
                self._acked = _passed(self._acked, place, fed.end)
            self._acked = self._sent = _Place(fed.end, self._acked.record)
        elif known:
            kept = self._acked.record - (self._acked.room - fed.end)
            self._acked = self._sent = _Place(fed.end, max(kept, self._record.first))
        else:
            self._acked = self._sent = _Place(fed.end, self._record.first)
        self._unsure.clear()

    def _advance(self, end: int) -> None:
        while self._under_way and self._under_way[0][0].room <= end:
            self._acked, size = self._under_way.popleft()
            self._bytes -= size
        if self._under_way:
            self._acked = _passed(self._acked, self._under_way[0][0], end)
        self._unsure.clear()
        self._sent_again_from = -1

    def _repeat(self, end: int) -> None:
        # A block before the last ones is missing. Each of those brings this answer: once is enough.
        if end == self._sent_again_from or (not self._under_way and end == self._acked.room):
            return
        if end < self._acked.room:
            kept = self._acked.record - (self._acked.room - end)
            self._acked = _Place(end, max(kept, self._record.first))
        self._go_back()
        self._sent_again_from = end

    def _go_back(self) -> None:
        self._unsure += [place for place, _ in self._under_way]
        self._sent = self._acked
        self._under_way.clear()
        self._bytes = 0
        self._sent_again_from = -1


class Declaration:
    """A feed whose rows come from the feed process: the kernel declares it with its source, and no more.

    It has the methods of a `Producer` that the connection needs.
    """

    def __init__(self, feed: str, spec: FeedSpec, source: Source) -> None:
        self.feed = feed
        self.spec = spec
        self.source = source
        self._away = True

    @property
    def drained(self) -> bool:
        """Nothing of ours is ever waiting."""
        return True

    def receive_welcome(self) -> list[ClientFrame]:
        """The room let us in: declare the feed with its source."""
        self._away = False
        return [Feed(self.feed, self.spec, self.source)]

    def receive_cut(self) -> None:
        """The connection is gone."""
        self._away = True

    def receive(self, news: Fed | Fetched) -> list[ClientFrame]:
        """Nothing: who fills the feed is told elsewhere."""
        return []

    def declare(self, spec: FeedSpec, source: Source) -> list[ClientFrame]:
        """Another source or title, or more columns."""
        self.spec, self.source = spec, source
        return [] if self._away else [Feed(self.feed, spec, source)]

    def restart(self) -> list[ClientFrame]:
        """Let the room forget the rows and begin anew."""
        return [] if self._away else [Feed(self.feed), Feed(self.feed, self.spec, self.source)]

    def next_rows(self, now: float) -> Rows | None:
        """None: the feed process sends them."""
        return None


def _room_number(place: _Place) -> int:
    return place.room


def _passed(acked: _Place, place: _Place, end: int) -> _Place:
    """How far a block that ends at `place` has arrived: rows that came twice are dropped one by one."""
    if place.room <= end:
        return place
    return _Place(end, place.record - (place.room - end)) if acked.room < end else acked


def _fitted(block: Block) -> tuple[bytes, int]:
    count = min(block.count, max(_AIM_BYTES // (8 * len(block.columns)), 1))
    while True:
        part = Block(block.first, {column: values[:count] for column, values in block.columns.items()}, block.sent)
        data = encode(part)
        if len(data) <= BLOCK_BYTES or count == 1:
            return data, count
        count = max(count // 2, 1)
