"""The marks of one chart, the same in each room that it is in.

Marks change in the link's thread only, which all rooms of a process share: so their changes have one order for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.core.notes import Effect
from cowidget.core.replica import DELETED, Replica
from cowidget.widgets.charts.marks import Mark, key_of, read


class MarkBook:
    """What the chart has; people in its rooms change it, too."""

    def __init__(self) -> None:
        # Replaced, never changed: any thread reads it.
        self._marks: dict[str, Mark] = {}
        self._places: list[MarkPlace] = []
        self._observers: list[Callable[[Mapping[str, Mark]], None]] = []

    @property
    def snapshot(self) -> Mapping[str, Mark]:
        """All of them by id, in the order in which they came."""
        return self._marks

    def observe(self, observer: Callable[[Mapping[str, Mark]], None]) -> None:
        """Call it with all marks whenever one has changed."""
        self._observers.append(observer)

    def change(self, changes: Mapping[str, Mark | None]) -> None:
        """Put marks, or take them away: everywhere. From any thread; they are there when it returns.

        A chart that is in no room yet takes them there when it comes.
        """
        link_thread().ask(lambda: self._change(changes))

    # The link's thread.

    def receive(self, changes: Mapping[str, Mark | None], place: MarkPlace) -> None:
        """Somebody has changed marks in this room: the others are told."""
        news = {identity: mark for identity, mark in changes.items() if self._marks.get(identity) != mark}
        self._keep(news)
        for other in tuple(self._places):
            if news and other is not place:
                other.write(news)

    def enter(self, place: MarkPlace) -> None:
        """The chart is in this room from now on."""
        self._places.append(place)

    def leave(self, place: MarkPlace) -> None:
        """It is there no more."""
        if place in self._places:
            self._places.remove(place)

    def _change(self, changes: Mapping[str, Mark | None]) -> None:
        self._keep(changes)
        for place in tuple(self._places):
            place.write(changes)

    def _keep(self, changes: Mapping[str, Mark | None]) -> None:
        kept = {**self._marks, **{identity: mark for identity, mark in changes.items() if mark is not None}}
        gone = {identity for identity, mark in changes.items() if mark is None}
        self._marks = {identity: mark for identity, mark in kept.items() if identity not in gone}
        for observer in tuple(self._observers):
            observer(self._marks)


class MarkPlace:
    """A chart's marks in one room, under one share. Belongs to the link's thread."""

    def __init__(self, handle: Handle, share: str, book: MarkBook) -> None:
        self.share = share
        self.book = book
        self._handle = handle
        self._prefix = key_of(share)
        # Keys with a write of ours that the replica has not been given yet, and those that are to be looked at
        # again: whether ours or theirs came last is known when ours is acknowledged.
        self._queued: Counter[str] = Counter()
        self._deferred: set[str] = set()
        self._open = False
        self._closed = False

    def open(self, replica: Replica) -> list[Effect]:
        """Take what the room has, and give it what it lacks."""
        if self._closed:
            return []
        self._open = True
        there = replica.keys(self._prefix)
        ours = self.book.snapshot
        theirs = {self._id(key): self._read(replica, key) for key in there}
        news = {identity: mark for identity, mark in theirs.items() if mark is not None and identity not in ours}
        self.book.enter(self)
        self.book.receive(news, self)
        return self._set(replica, ours)

    def close(self) -> None:
        """The room keeps what it has; nothing is passed on any more."""
        self._open, self._closed = False, True
        self.book.leave(self)

    def write(self, changes: Mapping[str, Mark | None]) -> None:
        """Tell the room."""
        keys = [self._prefix + identity for identity in changes]
        self._queued.update(keys)
        self._handle.push(lambda replica: self._send(replica, changes, keys))

    def receive(self, replica: Replica, keys: Iterable[str]) -> None:
        """These keys have changed in the room, whoever did it."""
        mine = [key for key in keys if key.startswith(self._prefix)]
        if mine and self._open:
            self._examine(replica, mine)

    def receive_settled(self, replica: Replica) -> None:
        """The room has taken, or refused, something of ours."""
        if self._deferred:
            self._examine(replica, tuple(self._deferred))

    def _send(self, replica: Replica, changes: Mapping[str, Mark | None], keys: Iterable[str]) -> list[Effect]:
        self._queued.subtract(keys)
        self._deferred.update(keys)
        return self._set(replica, changes) if self._open else []

    def _set(self, replica: Replica, changes: Mapping[str, Mark | None]) -> list[Effect]:
        values: dict[str, Any] = {}
        for identity, mark in changes.items():
            key = self._prefix + identity
            value = DELETED if mark is None else mark.value()
            if replica.value(key, DELETED) != value:
                values[key] = value
        return replica.set(values) if values else []

    def _examine(self, replica: Replica, keys: Iterable[str]) -> None:
        news: dict[str, Mark | None] = {}
        for key in keys:
            if self._queued[key] > 0 or replica.outstanding(key):
                self._deferred.add(key)
                continue
            self._deferred.discard(key)
            state = replica.state(key)
            # What we have written ourselves is no news, also when somebody has written something else since.
            if state is None or state.by != replica.peer:
                news[self._id(key)] = self._read(replica, key)
        self.book.receive(news, self)

    def _read(self, replica: Replica, key: str) -> Mark | None:
        return read(self._id(key), replica.value(key))

    def _id(self, key: str) -> str:
        return key.removeprefix(self._prefix)
