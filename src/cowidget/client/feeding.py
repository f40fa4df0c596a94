"""The feeds of one connection: what is produced here, and what is watched. Belongs to the link's thread."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from itertools import count
from typing import Protocol

from cowidget.core.columns import BlockError
from cowidget.core.feeds.viewer import Seen, Viewer
from cowidget.core.frames import ClientFrame, Drawn, Fed, Feed, FeedNews, Fetched, Report, Rows, Watched

_log = logging.getLogger(__name__)

FEED_NEWS = (Feed, Rows, Report, Fed, Watched, Fetched)


class Producing(Protocol):
    """What `Producer` and `Declaration` have in common."""

    feed: str

    @property
    def drained(self) -> bool:
        """Whether the room has all rows."""

    def receive_welcome(self) -> list[ClientFrame]:
        """The room let us in."""

    def receive_cut(self) -> None:
        """The connection is gone."""

    def receive(self, news: Fed | Fetched) -> list[ClientFrame]:
        """Take what the room tells its producers."""

    def next_rows(self, now: float) -> Rows | None:
        """The next block to send, if there is one."""


class Feeding:
    """Takes the frames of feeds out of a connection's stream, and puts rows in while the line is free.

    Rows wait here, not in the line: every other frame overtakes them, and what a slow line cannot take yet is joined
    into larger blocks.
    """

    def __init__(self, ready: Callable[[], None], clock: Callable[[], float]) -> None:
        self.fetches = count(1)
        self._ready = ready
        self._clock = clock
        self._joined = False
        self._producers: dict[str, Producing] = {}
        self._told: dict[Producing, Callable[[], None]] = {}
        # A feed made anew while rows of the one before are under way: it begins when the room has those.
        self._successors: dict[str, Producing] = {}
        self._viewers: dict[str, list[tuple[Viewer, Callable[[Seen], None]]]] = {}
        self._listeners: list[Callable[[FeedNews], None]] = []
        self._frames: deque[ClientFrame] = deque()
        # The newest of each feed: an older one says nothing more.
        self._drawn: dict[str, Drawn] = {}
        self._turn: deque[str] = deque()

    @property
    def joined(self) -> bool:
        """Whether the room is there."""
        return self._joined

    # What the application asks for.

    def produce(self, producer: Producing, told: Callable[[], None] = lambda: None) -> None:
        """Declare a feed and send its rows. One of the same name that is here ends when the room has its rows.

        Args:
            producer: the feed's.
            told: called when the room has told how far it has the feed, and when the connection is gone.
        """
        self._told[producer] = told
        known = self._producers.get(producer.feed)
        if known is not None and known is not producer:
            if not known.drained:
                self._successors[producer.feed] = producer
                return
            del self._told[known]
        self._producers[producer.feed] = producer
        if producer.feed not in self._turn:
            self._turn.append(producer.feed)
        if self._joined:
            self.send(producer.receive_welcome())

    def withdraw(self, producer: Producing) -> None:
        """Send nothing more of it; the room keeps what it has."""
        if self._successors.get(producer.feed) is producer:
            del self._successors[producer.feed]
        self._told.pop(producer, None)
        if self._producers.get(producer.feed) is producer:
            del self._producers[producer.feed]
            self._turn.remove(producer.feed)
            self._succeed(producer.feed)

    def view(self, viewer: Viewer, tell: Callable[[Seen], None]) -> None:
        """Watch a feed; `tell` gets what is new."""
        self._viewers.setdefault(viewer.feed, []).append((viewer, tell))
        if self._joined:
            self.send(viewer.receive_welcome())

    def leave(self, viewer: Viewer) -> None:
        """Watch it no more."""
        left = [each for each in self._viewers.get(viewer.feed, ()) if each[0] is not viewer]
        self._viewers[viewer.feed] = left
        if not left:
            del self._viewers[viewer.feed]
            if self._joined:
                self.send(viewer.leave())

    def listen(self, listener: Callable[[FeedNews], None]) -> Callable[[], None]:
        """Tell `listener` every frame of feeds, as it comes, until what this returns is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def send(self, wishes: Iterable[ClientFrame]) -> None:
        """Send these in this order, before rows that wait. Dropped while we are away: a welcome begins anew."""
        if self._joined:
            self._frames.extend(wishes)
            self._ready()

    def stir(self) -> None:
        """There are new rows to send."""
        if self._joined:
            self._ready()

    # What the connection reports.

    def receive_welcome(self) -> None:
        """The room let us in."""
        self._joined = True
        for producer in self._producers.values():
            self.send(producer.receive_welcome())
        for viewers in self._viewers.values():
            for viewer, _ in viewers:
                self.send(viewer.receive_welcome())

    def receive_cut(self) -> None:
        """The connection is gone."""
        self._joined = False
        self._frames.clear()
        self._drawn.clear()
        for producer in self._producers.values():
            producer.receive_cut()
            self._told[producer]()
        for viewers in self._viewers.values():
            for viewer, _ in viewers:
                viewer.receive_cut()

    def receive(self, news: FeedNews) -> None:
        """Take a frame of the relay."""
        for listener in tuple(self._listeners):
            listener(news)
        if isinstance(news, Fed | Fetched):
            self._tell_producer(news)
        for viewer, tell in tuple(self._viewers.get(news.feed, ())):
            try:
                seen = viewer.receive(news)
            except BlockError as error:
                _log.warning("feed %s: a block that cannot be read: %s", news.feed, error)
                continue
            self._answer(seen.frames)
            tell(seen)

    def next_frame(self) -> ClientFrame | None:
        """The next frame to send, now that the line is free; None: there is none."""
        if not self._joined:
            return None
        if self._frames:
            return self._frames.popleft()
        if self._drawn:
            return self._drawn.pop(next(iter(self._drawn)))
        for _ in range(len(self._turn)):
            name = self._turn[0]
            self._turn.rotate(-1)
            if (rows := self._producers[name].next_rows(self._clock())) is not None:
                return rows
        return None

    def _tell_producer(self, news: Fed | Fetched) -> None:
        producer = self._producers.get(news.feed)
        if producer is None:
            return
        self.send(producer.receive(news))
        self._told[producer]()
        if producer.drained:
            self._succeed(news.feed)
        self._ready()

    def _succeed(self, feed: str) -> None:
        successor = self._successors.pop(feed, None)
        if successor is not None:
            told = self._told.pop(successor)
            if (before := self._producers.pop(feed, None)) is not None:
                self._told.pop(before, None)
            self.produce(successor, told)

    def _answer(self, frames: Iterable[ClientFrame]) -> None:
        others = []
        for frame in frames:
            if isinstance(frame, Drawn):
                self._drawn[frame.feed] = frame
            else:
                others.append(frame)
        self.send(others)
        self._ready()
