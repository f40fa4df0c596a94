"""A store in memory: for one relay that may forget, and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cowidget.core import limits
from cowidget.core.effects import Entry, Opened, Ordered, Row
from cowidget.core.feeds.changes import FeedChange, KeptRows, PutRows
from cowidget.core.frames import Page
from cowidget.core.values import Position
from cowidget.errors import Fenced, StoreError
from cowidget.stores import record
from cowidget.stores.feed_shelf import FeedShelf, grown


@dataclass(slots=True)
class KeptRoom:
    """One room. Entries are kept as bytes, so that nobody can change them afterwards."""

    state_epoch: str
    log_epoch: str
    fence: int = 0
    clean: bool = True
    state_top: int = 0
    journal: dict[int, bytes] = field(default_factory=dict)
    log: list[bytes] = field(default_factory=list)
    acked: dict[str, int] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    feeds: FeedShelf = field(default_factory=FeedShelf)

    def size(self) -> int:
        """The bytes that this room holds."""
        parts = (self.journal.values(), self.log, self.rows.values(), self.blobs.values())
        return sum(len(value) for values in parts for value in values) + self.feeds.size()


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
        log = self._known(room).log
        if page.after is not None:
            return record.read(enumerate(log[page.after : page.after + page.count], page.after + 1))
        return _last(log, len(log) if page.before is None else page.before - 1, page.count)

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
            log=Position(kept.log_epoch, len(kept.log)),
            rows=[Row(name, value) for name, value in kept.rows.items()],
            journal=[record.decode(at, data) for at, data in kept.journal.items()],
            tail=_last(kept.log, len(kept.log), limits.LOG_TAIL),
            acked=dict(kept.acked),
            blobs=frozenset(kept.blobs),
            feeds=kept.feeds.records(),
        )

    def _order(self, kept: KeptRoom, entry: Entry, data: bytes) -> Ordered:
        if entry.id:
            if entry.id <= kept.acked.get(entry.author, 0):
                self._bytes -= len(data)
                return Ordered(entry, None)
            kept.acked[entry.author] = entry.id
        if record.is_log(entry):
            kept.log.append(data)
            return Ordered(entry, len(kept.log))
        kept.state_top += 1
        if record.is_kept(entry):
            kept.journal[kept.state_top] = data
        else:
            self._bytes -= len(data)
        return Ordered(entry, kept.state_top)

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


def _last(log: list[bytes], stop: int, count: int) -> list[Ordered]:
    """Up to `count` entries, the last of which is the one at `stop`."""
    stop = max(0, min(stop, len(log)))
    newest_first = range(stop, max(0, stop - count), -1)
    return record.read((at, log[at - 1]) for at in newest_first)[::-1]
