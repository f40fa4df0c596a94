"""What one room asks of the store about its feeds."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, assert_never

from cowidget.core import limits
from cowidget.core.effects import Effect, KeepFeeds, ReadRows, SealFeed
from cowidget.core.feeds import ring
from cowidget.core.feeds.changes import FeedChange, KeptRows, SealRows
from cowidget.core.room import Room
from cowidget.errors import Fenced, StoreError
from cowidget.relay.keeping import Keeping

log = logging.getLogger(__name__)

# Changes of one transaction: more delays the first of them, fewer cost more commits.
MAX_CHANGES = 500
# What is read at once. More blocks the loop while it is decoded (a MiB: 20 ms); less costs more round trips.
MAX_READ_BYTES = limits.MIB


class FeedWork:
    """Keeps changes that were asked for one after the other in one transaction.

    Args:
        keeping: where the room is kept.
        work: the room's queue; what follows there may be done along.
        step: lets the room decide, and runs what it asks for.
    """

    def __init__(
        self, keeping: Keeping, work: deque[Any], step: Callable[[Callable[[float], list[Effect]]], None]
    ) -> None:
        self._keeping = keeping
        self._work = work
        self._step = step

    async def do(self, room: Room, work: KeepFeeds | SealFeed | ReadRows) -> None:
        """Do this, and tell the room.

        Raises:
            Fenced: another relay has the room.
        """
        match work:
            case KeepFeeds():
                await self._keep(room, work)
            case SealFeed():
                await self._seal(room, work)
            case ReadRows():
                await self._read(room, work)
            case _:
                assert_never(work)

    async def _keep(self, room: Room, keep: KeepFeeds) -> None:
        changes = list(keep.changes)
        while self._work and isinstance(following := self._work[0], KeepFeeds) and len(changes) < MAX_CHANGES:
            changes += following.changes
            self._work.popleft()
        try:
            await self._keeping.keep_feeds(changes)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot keep rows: %s", room.name, error)
            lost = changes + self._take_changes()
            self._step(lambda now: room.receive_feeds_lost(lost, now))
            return
        self._step(lambda now: room.receive_feeds_kept(changes, now))

    def _take_changes(self) -> list[FeedChange]:
        """The changes that wait: rows must not be kept after others that were not."""
        changes = [change for work in self._work if isinstance(work, KeepFeeds) for change in work.changes]
        others = [work for work in self._work if not isinstance(work, KeepFeeds)]
        self._work.clear()
        self._work.extend(others)
        return changes

    async def _seal(self, room: Room, sealing: SealFeed) -> None:
        # To encode and compress takes a millisecond for each chunk, mostly without the GIL.
        chunks = await asyncio.to_thread(ring.seal, sealing.blocks, sealing.rows)
        first, last = sealing.blocks[0].first, sealing.blocks[-1].end
        try:
            await self._keeping.keep_feeds([SealRows(sealing.feed, first, last, chunks)])
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot seal rows: %s", room.name, error)
            chunks = ()
        self._step(lambda now: room.receive_sealed(sealing, chunks, now))

    async def _read(self, room: Room, read: ReadRows) -> None:
        blocks: list[KeptRows]
        try:
            blocks = await self._keeping.read_rows(read.feed, read.first, read.last, MAX_READ_BYTES)
        except StoreError as error:
            log.warning("%s cannot read rows: %s", room.name, error)
            self._step(lambda now: room.receive_unread(read, now))
            return
        self._step(lambda now: room.receive_rows(read, blocks, now))
