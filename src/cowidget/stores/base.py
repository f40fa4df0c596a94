"""The contract of a store: it orders and keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cowidget.core.effects import Entry, Hits, Opened, Ordered, PhotoRecord, Row
from cowidget.core.feeds.changes import FeedChange, KeptRows
from cowidget.core.frames import Page, Search

__all__ = ["Opened", "Store"]


class Store(Protocol):
    """Orders the pushes of rooms and keeps them. One store serves many rooms.

    Every method may raise `StoreError`; then nothing of the call was kept and the call may be repeated.
    Cancelling a call leaves open whether it took effect; repeating it is safe.
    """

    async def open(self, room: str) -> Opened | None:
        """Open a room, or None when there is none of this name. Raises the fence."""
        ...

    async def create(self, room: str) -> Opened:
        """Open a room, creating it if there is none."""
        ...

    async def append(self, room: str, fence: int, entries: Sequence[Entry]) -> list[Ordered]:
        """Order entries and keep them, all or none.

        Entries get consecutive positions in their sequence, in the order given, starting after its top:
        a `Post` in the log, all else in the state. An entry whose id is not above the last one of its
        author is a duplicate: it gets no position and changes nothing (id 0 is never a duplicate). The
        ids are remembered in the same transaction. An act on the log that may not be (`acts.refusal_of`, asked about
        the log as the entries before it leave it) gets no position either and changes nothing but the id; its
        `refusal` says why. So it is, with `unknown`, for `Photos` that are not kept. An `Erase` puts `Erased` in the
        place of what it erases and of its edits; photos that no message shows any more go with it, and are its
        `gone`; before this returns, the bytes of all these are gone. `Emit` takes a position but its content is not
        kept.
        When this returns, log entries survive a loss of power, state entries a kill of the process.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def save(self, room: str, fence: int, rows: Sequence[Row], removed: Sequence[str], at: int) -> None:
        """Replace rows by name, drop the removed ones, forget the journal up to and including `at`.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def read_log(self, room: str, page: Page) -> list[Ordered]:
        """Log entries in ascending order.

        The first `count` after `page.after`, or the last `count` before `page.before`, or the last
        `count` of all; fewer of them when they hold more than `limits.LOG_TAIL_BYTES`, but at least one.
        """
        ...

    async def search_log(self, room: str, search: Search) -> Hits:
        """The newest messages before `search.before` that hold all words of the query (L9), at most `search.count`.

        Fewer of them when they hold more than `limits.LOG_TAIL_BYTES`, but at least one.
        """
        ...

    async def put_blob(self, room: str, blob: str, data: bytes) -> None:
        """Keep bytes under their hash for this room. Keeping them again is not an error."""
        ...

    async def get_blob(self, room: str, blob: str) -> bytes | None:
        """The bytes kept under a hash, or None."""
        ...

    async def drop_blobs(self, room: str, fence: int, blobs: Sequence[str]) -> None:
        """Forget the bytes under these hashes; their place can be used again. What is not there is no error.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def keep_photo(self, room: str, fence: int, record: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """Keep a photo and its thumbnail under their hashes. Of one that is there, further `raws` are remembered.

        Whether messages show it is found out in `append`, whatever the record says.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def read_photo(self, room: str, sha256: str) -> bytes | None:
        """The bytes of a photo or a thumbnail of this room, or None."""
        ...

    async def drop_photos(self, room: str, fence: int, photos: Sequence[str]) -> None:
        """Forget these photos and their thumbnails, unless a message shows them. What is not there is no error.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def keep_feeds(self, room: str, fence: int, changes: Sequence[FeedChange]) -> None:
        """Do these in order, all or none. A change to a feed that is not there does nothing.

        `PutRows` keeps a block under its first row, `SealRows` puts sealed ones in the place of those that begin in
        its range. When this returns, they survive a kill of the process.

        Raises:
            Fenced: the room has been opened again since `fence`.
        """
        ...

    async def read_rows(self, room: str, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """The blocks of a feed that begin in the rows `[first, last)`, in order.

        At least one if there is one, then as many as `max_bytes` hold together.
        """
        ...

    async def close_room(self, room: str, fence: int, keep: frozenset[str]) -> None:
        """The room is closed cleanly: its state epoch stays; blobs not in `keep` may be dropped.

        A stale fence is ignored: somebody else has the room now.
        """
        ...

    async def aclose(self) -> None:
        """Close the store. Calls after this raise `StoreError`."""
        ...
