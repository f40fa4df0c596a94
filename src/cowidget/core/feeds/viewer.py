"""A watcher's half of one feed: which rows it holds, which it wants, what is void (PROTOCOL.md F5 to F7, F10).

It keeps no rows: the shell is told which are new. It takes all of them: levels are for browsers, whose machine is
`js/src/feeds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowidget.core.columns import Block, decode, head, slice_block
from cowidget.core.feed_values import FeedSpec, FeedStatus
from cowidget.core.feeds.ranges import Range, Ranges
from cowidget.core.frames import ClientFrame, Drawn, Fed, Feed, Fetch, Fetched, Report, Rows, Unwatch, Watch, Watched

# Rows of one fetch: four of the relay's chunks, so that the next one is asked for while the line is still busy.
FETCH_ROWS = 65_536
# One is answered while the next one waits: the line never rests, and what is asked for is never old.
MOST_FETCHES = 2

News = Feed | Rows | Report | Fed | Watched | Fetched


@dataclass(frozen=True, slots=True)
class Seen:
    """What some news brought.

    Attributes:
        blocks: rows that were not here; none of them was told before.
        frames: what to answer.
        void: forget the rows from this one on before taking `blocks`; None: none.
        described: the feed's spec, status, first row or epoch may have changed.
    """

    blocks: tuple[Block, ...] = ()
    frames: tuple[ClientFrame, ...] = ()
    void: int | None = None
    described: bool = False


class Viewer:
    """Holds a feed from row `first` on, gets what is missing newest first, and says what it has taken.

    Attributes:
        spec: what the feed is; None: there is none (yet).
        status: how its source is doing.
        first: the oldest row that is to be had.
        end: the row after the newest.
    """

    def __init__(self, feed: str, ids: Iterator[int], *, history: bool = True) -> None:
        self.feed = feed
        self.spec: FeedSpec | None = None
        self.status = FeedStatus("idle")
        self.epoch = ""
        self.first = 0
        self.end = 0
        self._history = history
        self._since: int | None = None
        # What is here, or is not to be had.
        self._held = Ranges()
        self._asked: dict[int, Range] = {}
        # Shared by all viewers of a connection, so that an answer is for one of them.
        self._ids = ids
        self._watching = False

    @property
    def complete(self) -> bool:
        """Whether every row that is to be had is here."""
        return self._watching and not self._missing()

    # The connection.

    def receive_welcome(self) -> list[ClientFrame]:
        """The room let us in: watch from where we stand."""
        self._asked.clear()
        return [Watch(self.feed, self.epoch, self._held.end)]

    def receive_cut(self) -> None:
        """The connection is gone, and with it what was asked for."""
        self._asked.clear()
        self._watching = False

    def want_history(self) -> list[ClientFrame]:
        """Get the rows from before we came, too."""
        self._history = True
        self._since = 0 if self._since is not None else None
        return self._wish()

    def leave(self) -> list[ClientFrame]:
        """Watch no more."""
        return [Unwatch(self.feed)] if self._watching else []

    def receive(self, news: News) -> Seen:
        """Take what the room tells of this feed."""
        match news:
            case Watched():
                return self._receive_watched(news)
            case Rows(block=data) if self._watching:
                return self._receive_rows(data)
            case Fetched() if self._watching:
                return self._receive_fetched(news)
            case Report(status=status):
                self.status = status
                return Seen(described=True)
            case _:
                return Seen()

    def _receive_watched(self, watched: Watched) -> Seen:
        void: int | None = None
        if watched.epoch != self.epoch:
            void = 0
        elif self._held.end > watched.end:
            void = watched.end
        if void is not None:
            self._held.remove(void, 1 << 53)
            self._asked.clear()
        self.spec, self.status, self.epoch = watched.spec, watched.status, watched.epoch
        self.first, self.end = watched.first, watched.end
        self._held.remove(0, self.first)
        if self._since is None or void == 0:
            self._since = 0 if self._history else watched.end
        self._watching = watched.spec is not None
        return Seen((), tuple(self._wish()), void, described=True)

    def _receive_rows(self, data: bytes) -> Seen:
        if head(data).kind != "rows":
            return Seen()
        blocks = self._take(data)
        end = head(data).first + head(data).count
        self.end = max(self.end, end)
        return Seen(tuple(blocks), (Drawn(self.feed, self.end), *self._wish()))

    def _receive_fetched(self, fetched: Fetched) -> Seen:
        asked = self._asked.get(fetched.id)
        if asked is None:
            return Seen()  # what was asked of an epoch that is over
        blocks = [block for data in fetched.blocks if head(data).kind == "rows" for block in self._take(data)]
        if not fetched.more:
            del self._asked[fetched.id]
            # What did not come is not there any more: the room keeps only so much.
            self._held.add(*asked)
        return Seen(tuple(blocks), tuple(self._wish()))

    def _take(self, data: bytes) -> list[Block]:
        block = decode(data)
        if not isinstance(block, Block):
            raise AssertionError("bins have been passed over")
        fresh = self._held.missing(block.first, block.end)
        self._held.add(block.first, block.end)
        return [slice_block(block, first, last) for first, last in fresh]

    def _missing(self) -> list[Range]:
        return self._held.missing(max(self.first, self._since or 0), self.end)

    def _wish(self) -> list[ClientFrame]:
        wishes: list[ClientFrame] = []
        wanted = Ranges((*self._held, *self._asked.values()))
        for first, last in reversed(wanted.missing(max(self.first, self._since or 0), self.end)):
            while last > first and len(self._asked) < MOST_FETCHES:
                start = max(first, last - FETCH_ROWS)
                number = next(self._ids)
                self._asked[number] = (start, last)
                wishes.append(Fetch(self.feed, number, start, last))
                last = start
        return wishes
