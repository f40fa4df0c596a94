"""A store in memory: for one relay that may forget, and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cowidget.core import limits
from cowidget.core.acts import act_of, photos_of
from cowidget.core.effects import Entry, Hits, Opened, Ordered, PhotoRecord, Row
from cowidget.core.feeds.changes import FeedChange, KeptRows, PutRows
from cowidget.core.frames import Page, Search
from cowidget.core.values import Erase, Position
from cowidget.errors import Fenced, StoreError
from cowidget.stores import record
from cowidget.stores.feed_shelf import FeedShelf, grown
from cowidget.stores.log_shelf import LogShelf
from cowidget.stores.photo_shelf import PhotoShelf


@dataclass(slots=True)
class KeptRoom:
    """One room. Entries are kept as bytes, so that nobody can change them afterwards."""

    state_epoch: str
    log_epoch: str
    fence: int = 0
    clean: bool = True
    state_top: int = 0
    journal: dict[int, bytes] = field(default_factory=dict)
    log: LogShelf = field(default_factory=LogShelf)
    acked: dict[str, int] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    feeds: FeedShelf = field(default_factory=FeedShelf)
    photos: PhotoShelf = field(default_factory=PhotoShelf)

    def size(self) -> int:
        """The bytes that this room holds."""
        parts = (self.journal.values(), self.rows.values(), self.blobs.values())
        shelves = self.log.size() + self.feeds.size() + self.photos.size()
        return sum(len(value) for values in parts for value in values) + shelves


class MemoryStore:
    """Implements `Store` on a dictionary. What it is given as `rooms` outlives it.

    Args:
        rooms: where the rooms are kept; a second store on the same dictionary finds them again.
        max_bytes: appends and blobs fail with `StoreError` beyond it. Lower: long sessions with photos
            fail early. Higher: a guest who may write can fill the machine's memory.
    """

    def __init__(self, rooms: dict[str, KeptRoom] | None = None, max_bytes: int = 1 << 30) -> None:
        self._rooms: dict[str, KeptRoom] | None = {} if rooms is None else rooms
        self._max_bytes = max_bytes
        self._bytes = sum(room.size() for room in self._rooms.values())

    async def open(self, room: str) -> Opened | None:
        """See `Store.open`."""
        kept = self._open_rooms().get(room)
        return None if kept is None else self._opened(kept)

    async def create(self, room: str) -> Opened:
        """See `Store.create`."""
        rooms = self._open_rooms()
        if room not in rooms:
            rooms[room] = KeptRoom(state_epoch=record.new_epoch(), log_epoch=record.new_epoch())
        return self._opened(rooms[room])

    async def append(self, room: str, fence: int, entries: Sequence[Entry]) -> list[Ordered]:
        """See `Store.append`."""
        kept = self._fenced(room, fence)
        encoded = [record.encode(entry) for entry in entries]
        self._grow(sum(map(len, encoded)))
        return [self._order(kept, entry, data) for entry, data in zip(entries, encoded, strict=True)]

    async def save(self, room: str, fence: int, rows: Sequence[Row], removed: Sequence[str], at: int) -> None:
        """See `Store.save`."""
        kept = self._fenced(room, fence)
        before = kept.size()
        kept.rows.update((row.name, row.value) for row in rows)
        for name in removed:
            kept.rows.pop(name, None)
        kept.journal = {position: data for position, data in kept.journal.items() if position > at}
        self._bytes += kept.size() - before

    async def read_log(self, room: str, page: Page) -> list[Ordered]:
        """See `Store.read_log`."""
        return self._known(room).log.read(page)

    async def search_log(self, room: str, search: Search) -> Hits:
        """See `Store.search_log`."""
        return self._known(room).log.search(search)

    async def put_blob(self, room: str, blob: str, data: bytes) -> None:
        """See `Store.put_blob`."""
        blobs = self._known(room).blobs
        if blob not in blobs:
            self._grow(len(data))
            blobs[blob] = data

    async def get_blob(self, room: str, blob: str) -> bytes | None:
        """See `Store.get_blob`."""
        return self._known(room).blobs.get(blob)

    async def drop_blobs(self, room: str, fence: int, blobs: Sequence[str]) -> None:
        """See `Store.drop_blobs`."""
        kept = self._fenced(room, fence)
        for blob in blobs:
            self._bytes -= len(kept.blobs.pop(blob, b""))

    async def keep_photo(self, room: str, fence: int, record: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """See `Store.keep_photo`."""
        photos = self._fenced(room, fence).photos
        if record.photo.sha256 not in photos:
            self._grow(len(data) + len(thumb))
        photos.keep(record, data, thumb)

    async def read_photo(self, room: str, sha256: str) -> bytes | None:
        """See `Store.read_photo`."""
        return self._known(room).photos.read(sha256)

    async def drop_photos(self, room: str, fence: int, photos: Sequence[str]) -> None:
        """See `Store.drop_photos`."""
        kept = self._fenced(room, fence).photos
        before = kept.size()
        kept.drop(photos)
        self._bytes += kept.size() - before

    async def keep_feeds(self, room: str, fence: int, changes: Sequence[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        feeds = self._fenced(room, fence).feeds
        more = grown(changes)
        self._grow(more)
        frees = any(not isinstance(change, PutRows) for change in changes)
        before = feeds.size() if frees else 0
        feeds.apply(changes)
        if frees:
            self._bytes += feeds.size() - before - more

    async def read_rows(self, room: str, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        return self._known(room).feeds.read(feed, first, last, max_bytes)

    async def close_room(self, room: str, fence: int, keep: frozenset[str]) -> None:
        """See `Store.close_room`."""
        kept = self._known(room)
        if kept.fence != fence:
            return
        before = kept.size()
        kept.clean = True
        kept.blobs = {blob: data for blob, data in kept.blobs.items() if blob in keep}
        self._bytes += kept.size() - before

    async def aclose(self) -> None:
        """See `Store.aclose`."""
        self._rooms = None

    def _opened(self, kept: KeptRoom) -> Opened:
        if not kept.clean:
            kept.state_epoch = record.new_epoch()
        kept.clean = False
        kept.fence += 1
        return Opened(
            fence=kept.fence,
            state=Position(kept.state_epoch, kept.state_top),
            log=Position(kept.log_epoch, kept.log.top),
            rows=[Row(name, value) for name, value in kept.rows.items()],
            journal=[record.decode(at, data) for at, data in kept.journal.items()],
            tail=kept.log.last(kept.log.top, limits.LOG_TAIL),
            acked=dict(kept.acked),
            blobs=frozenset(kept.blobs),
            feeds=kept.feeds.records(),
            photos=kept.photos.records(),
        )

    def _order(self, kept: KeptRoom, entry: Entry, data: bytes) -> Ordered:
        if entry.id:
            if entry.id <= kept.acked.get(entry.author, 0):
                self._bytes -= len(data)
                return Ordered(entry, None)
            kept.acked[entry.author] = entry.id
        if record.is_log(entry):
            return self._add(kept, entry, data)
        kept.state_top += 1
        if record.is_kept(entry):
            kept.journal[kept.state_top] = data
        else:
            self._bytes -= len(data)
        return Ordered(entry, kept.state_top)

    def _add(self, kept: KeptRoom, entry: Entry, data: bytes) -> Ordered:
        self._bytes -= len(data)
        if refusal := kept.log.refusal(entry) or kept.photos.refusal(entry):
            return Ordered(entry, None, refusal)
        gone: tuple[str, ...] = ()
        if isinstance(act := act_of(entry), Erase):
            before = kept.photos.size()
            gone = kept.photos.show(photos_of(kept.log.entry(act.entry)), -1)
            self._bytes += kept.photos.size() - before
        kept.photos.show(photos_of(entry), 1)
        self._bytes += kept.log.add(entry, data)
        return Ordered(entry, kept.log.top, gone=gone)

    def _grow(self, count: int) -> None:
        if self._bytes + count > self._max_bytes:
            raise StoreError(f"the store is full: it may hold {self._max_bytes} bytes")
        self._bytes += count

    def _open_rooms(self) -> dict[str, KeptRoom]:
        if self._rooms is None:
            raise StoreError("the store is closed")
        return self._rooms

    def _known(self, room: str) -> KeptRoom:
        kept = self._open_rooms().get(room)
        if kept is None:
            raise StoreError(f"the store has no room {room!r}")
        return kept

    def _fenced(self, room: str, fence: int) -> KeptRoom:
        kept = self._known(room)
        if kept.fence != fence:
            raise Fenced(f"room {room!r} has been opened again")
        return kept
