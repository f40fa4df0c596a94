"""A guest's copy of a feed, in any kernel, and checksums to compare it with the host's."""

from __future__ import annotations

from typing import Any

from cowidget.core.columns import checksum
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import Seen, Viewer
from cowidget.widgets.feeds.feed import Feed


class FeedGuest:
    """Watches a feed of a joined room for as long as it lives, over cuts and restarts."""

    def __init__(self, room: Any, feed: str) -> None:
        handle = room._handle
        self._thread = handle.thread
        self._record = Record()
        self._viewer = Viewer(feed, handle.feeding.fetches)
        self.tellings: list[int] = []
        self._thread.ask(lambda: handle.feeding.view(self._viewer, self._take))

    @property
    def rows(self) -> int:
        return self._thread.ask(lambda: len(self._record))

    @property
    def state(self) -> tuple[int, int]:
        """How many rows are here, and their checksum."""
        return self._thread.ask(lambda: (len(self._record), crc_of(self._record)))

    def _take(self, seen: Seen) -> None:
        if seen.void is not None:
            self._record.cut(seen.void)
        for block in seen.blocks:
            self.tellings.append(block.count)
            self._record.insert(block)


def state_of(feed: Feed) -> tuple[int, int]:
    """How many rows the host has, and their checksum."""
    feed._thread.ask(feed._rows.drain)
    return feed._thread.ask(lambda: (len(feed._rows.record), crc_of(feed._rows.record)))


def crc_of(record: Record) -> int:
    crc = 0
    for block in record.blocks():
        crc = checksum(block, crc)
    return crc
