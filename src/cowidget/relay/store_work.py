"""What one room asks of the store: done one after the other, and the answers brought to the room."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import assert_never

from cowidget.core import closing
from cowidget.core.effects import (
    Append,
    DropBlobs,
    DropPhotos,
    Effect,
    Entry,
    FetchBlob,
    KeepBlob,
    KeepFeeds,
    KeepPhoto,
    ReadLog,
    ReadRows,
    Save,
    SealFeed,
    SearchLog,
)
from cowidget.core.room import Room
from cowidget.errors import Fenced, StoreError
from cowidget.relay.blob_feed import BlobFeed
from cowidget.relay.connection import Connection
from cowidget.relay.feed_work import FeedWork
from cowidget.relay.keeping import Keeping

log = logging.getLogger(__name__)

BlobWork = KeepBlob | DropBlobs | FetchBlob | KeepPhoto | DropPhotos
Work = Append | Save | ReadLog | SearchLog | BlobWork | KeepFeeds | SealFeed | ReadRows
Decide = Callable[[float], list[Effect]]
# Entries of one transaction: more delays the first of them, fewer cost more commits.
MAX_BATCH = 2000
# Seconds between the starts of two transactions while each holds `MANY` entries or more. Every transaction is told to
# everybody, which costs more than its commit: longer delays each message, shorter costs processor time of all.
GATHER = 0.003
MANY = 8


class StoreWork:
    """The queue of one room.

    Args:
        keeping: where the room is kept.
        connections: those that are in the room, by name.
        step: lets the room decide, and runs what it asks for.
    """

    def __init__(self, keeping: Keeping, connections: Mapping[str, Connection], step: Callable[[Decide], None]) -> None:
        self._keeping = keeping
        self._connections = connections
        self._step = step
        self._work: deque[Work] = deque()
        self._blobs = BlobFeed()
        self._feeds = FeedWork(keeping, self._work, step)
        # When the next transaction with entries may start.
        self._next = 0.0

    def __bool__(self) -> bool:
        return bool(self._work)

    def add(self, work: Work) -> None:
        """The room asks for this, after all that it has asked for."""
        self._work.append(work)

    def left(self, connection: Connection) -> None:
        """A connection has ended: it waits for nothing."""
        self._blobs.take(connection.name)

    def drained(self, connection: Connection) -> None:
        """A connection's outbox has drained: the blobs that it pulls go on."""
        # Before what was pulled later and is on its way: clients take a blob's parts in their order.
        pulls = self._blobs.take(connection.name)
        self._work.extendleft(FetchBlob(connection.name, pull) for pull in reversed(pulls))

    async def do_next(self, room: Room) -> None:
        """Do what was asked for first.

        Raises:
            Fenced: another relay has the room.
        """
        work = self._work.popleft()
        match work:
            case Append():
                await self._append(room, work)
            case Save():
                await self._keeping.save(work)
            case ReadLog():
                await self._read_log(room, work)
            case SearchLog():
                await self._search_log(room, work)
            case KeepBlob() | DropBlobs() | FetchBlob() | KeepPhoto() | DropPhotos():
                await self._do_bytes(room, work)
            case KeepFeeds() | SealFeed() | ReadRows():
                await self._feeds.do(room, work)
            case _:
                assert_never(work)

    async def _append(self, room: Room, append: Append) -> None:
        loop = asyncio.get_running_loop()
        if (wait := self._next - loop.time()) > 0:
            await asyncio.sleep(wait)
        began = loop.time()
        entries = list(append.entries)
        while self._work and isinstance(following := self._work[0], Append) and len(entries) < MAX_BATCH:
            entries += following.entries
            self._work.popleft()
        self._next = began + GATHER if len(entries) >= MANY else began
        try:
            ordered = await self._keeping.append(entries)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s: %s", room.name, error)
            failed = entries + self._take_appends()
            self._step(lambda now: room.receive_append_failed(failed, now))
            return
        self._step(lambda now: room.receive_appended(ordered, now))

    def _take_appends(self) -> list[Entry]:
        """The appends that wait.

        A later push of an author must not be kept when an earlier one was not: its id would make the
        earlier one a duplicate for ever.
        """
        entries = [entry for work in self._work if isinstance(work, Append) for entry in work.entries]
        others = [work for work in self._work if not isinstance(work, Append)]
        self._work.clear()
        self._work.extend(others)
        return entries

    async def _read_log(self, room: Room, read: ReadLog) -> None:
        try:
            entries = await self._keeping.read_log(read.page)
        except StoreError as error:
            self._turn_away(room, read.connection, error)
            return
        self._step(lambda now: room.receive_log(read.connection, read.page, entries, now))

    async def _search_log(self, room: Room, asked: SearchLog) -> None:
        try:
            hits = await self._keeping.search_log(asked.search)
        except StoreError as error:
            self._turn_away(room, asked.connection, error)
            return
        self._step(lambda now: room.receive_found(asked.connection, asked.search, hits, now))

    async def _do_bytes(self, room: Room, work: BlobWork) -> None:
        match work:
            case KeepBlob():
                await self._keep_blob(room, work)
            case DropBlobs(blobs=blobs):
                await self._keeping.drop_blobs(blobs)
            case FetchBlob():
                await self._fetch_blob(work)
            case KeepPhoto():
                await self._keep_photo(room, work)
            case DropPhotos(photos=photos, erased=erased):
                await self._keeping.drop_photos(photos, erased=erased)
            case _:
                assert_never(work)

    async def _keep_blob(self, room: Room, keep: KeepBlob) -> None:
        try:
            await self._keeping.put_blob(keep.blob, keep.data)
        except StoreError as error:
            log.warning("%s: %s", room.name, error)
            self._step(lambda now: room.receive_keep_failed(keep.blob, now))
            return
        self._step(lambda now: room.receive_kept(keep.blob, now))

    async def _keep_photo(self, room: Room, keep: KeepPhoto) -> None:
        try:
            await self._keeping.keep_photo(keep)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot keep a photo: %s", room.name, error)
            self._step(lambda now: room.photos.receive_keep_failed(keep.record, now))
            return
        self._step(lambda now: room.photos.receive_kept(keep.record, now))

    async def _fetch_blob(self, fetch: FetchBlob) -> None:
        connection = self._connections.get(fetch.connection)
        if connection is None:
            return
        if connection.is_congested:
            self._blobs.put_off(connection, fetch.pull)
            return
        try:
            data = await self._keeping.get_blob(fetch.pull.blob)
        except StoreError as error:
            log.warning("a blob cannot be read: %s", error)
            connection.close(closing.STORE_FAILED)
            return
        self._blobs.send(connection, fetch.pull, data)

    def _turn_away(self, room: Room, name: str, error: StoreError) -> None:
        log.warning("%s: %s", room.name, error)
        if (connection := self._connections.get(name)) is not None:
            connection.close(closing.STORE_FAILED)
