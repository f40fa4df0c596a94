"""What bridges a short absence: a ring of events, and the end of the log (PROTOCOL.md E2, L2)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from cowidget.core import limits
from cowidget.core.acts import blanked, is_of
from cowidget.core.bodies import size_of
from cowidget.core.frames import Event
from cowidget.core.values import LogEntry


@dataclass(frozen=True, slots=True)
class Addressed:
    """An event and the only peer that it is for; empty for everybody but its author."""

    event: Event
    to: str = ""

    def is_for(self, peer: str) -> bool:
        """Whether this peer is meant."""
        return peer == self.to if self.to else peer != self.event.by


class EventRing:
    """The latest events, bounded by number and bytes."""

    def __init__(self, start: int) -> None:
        """Nothing is known of events up to and including position `start`."""
        self._ring: deque[tuple[int, Addressed]] = deque()
        self._bytes = 0
        self._horizon = start

    def add(self, addressed: Addressed) -> None:
        """Keep an event; the oldest ones make room."""
        size = len(msgspec.msgpack.encode(addressed.event))
        self._ring.append((size, addressed))
        self._bytes += size
        while len(self._ring) > limits.MAX_EVENTS or self._bytes > limits.MAX_EVENT_BYTES:
            size, oldest = self._ring.popleft()
            self._bytes -= size
            self._horizon = oldest.event.at

    def reaches(self, since: int) -> bool:
        """Whether every event after this position is still here."""
        return since >= self._horizon

    def since(self, position: int, peer: str) -> list[Event]:
        """The events after a position that are for this peer, oldest first."""
        return [a.event for _, a in self._ring if a.event.at > position and a.is_for(peer)]


def fitting(entries: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
    """As many of these, from the first on, as one frame should hold; at least one if there are any."""
    size = 0
    for count, entry in enumerate(entries):
        size += size_of(entry.body)
        if count and size > limits.PATCH_BYTES:
            return tuple(entries[:count])
    return tuple(entries)


class LogTail:
    """The last entries of the log, bounded by number and bytes, so that most pages need no store."""

    def __init__(self, top: int, entries: list[LogEntry]) -> None:
        self.top = top
        self._entries: deque[LogEntry] = deque(entries)
        self._bytes = sum(size_of(entry.body) for entry in entries)
        self._shorten()

    def add(self, entry: LogEntry) -> None:
        """The next entry; offsets are gapless."""
        if entry.at != self.top + 1:
            raise AssertionError(f"the store gave offset {entry.at} after {self.top}")
        self._entries.append(entry)
        self._bytes += size_of(entry.body)
        self.top = entry.at
        self._shorten()

    def erase(self, at: int) -> None:
        """Blank the entry at an offset, and its edits (L8)."""
        self._entries = deque(blanked(entry) if is_of(entry, at) else entry for entry in self._entries)
        self._bytes = sum(size_of(entry.body) for entry in self._entries)

    def reaches(self, offset: int) -> bool:
        """Whether every entry after this offset is here."""
        first = self._entries[0].at if self._entries else self.top + 1
        return first <= offset + 1

    def after(self, offset: int, count: int) -> list[LogEntry]:
        """The first `count` entries after an offset that `reaches`."""
        return [entry for entry in self._entries if entry.at > offset][:count]

    def last(self, count: int) -> list[LogEntry]:
        """The last `count` entries."""
        return list(self._entries)[-count:]

    def _shorten(self) -> None:
        while len(self._entries) > limits.LOG_TAIL or self._bytes > limits.LOG_TAIL_BYTES:
            self._bytes -= size_of(self._entries.popleft().body)
