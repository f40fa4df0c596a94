"""One room in the store, as the relay that has it open sees it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cowidget.core.effects import Entry, Hits, KeepPhoto, Opened, Ordered, Row, Save
from cowidget.core.feeds.changes import FeedChange, KeptRows
from cowidget.core.frames import Page, Search
from cowidget.core.values import Photo
from cowidget.errors import Fenced, StoreError
from cowidget.relay.assets import Assets
from cowidget.relay.blob_cache import BlobCache
from cowidget.stores.base import Store

log = logging.getLogger(__name__)


class Keeping:
    """The store's calls for one room, with its fence. Each raises `StoreError` or `Fenced` as the store does."""

    def __init__(self, store: Store, cache: BlobCache, room: str, assets: Assets | None = None) -> None:
        self._store = store
        self._assets = assets
        self._cache = cache
        self._room = room
        self._fence = 0
        self._unsaved: Save | None = None

    async def open(self, *, create: bool) -> Opened | None:
        """Open the room, or None when there is none and none is to be created."""
        opened = await self._store.open(self._room)
        if opened is None and create:
            opened = await self._store.create(self._room)
        if opened is not None:
            self._fence = opened.fence
        return opened

    async def append(self, entries: Sequence[Entry]) -> list[Ordered]:
        """See `Store.append`."""
        return await self._store.append(self._room, self._fence, entries)

    async def save(self, save: Save) -> None:
        """Save, or let the next save take this one along; the journal has it all until then.

        Raises:
            Fenced: somebody else has the room.
        """
        try:
            await self._save(save)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot be saved: %s", self._room, error)

    async def close(self, save: Save, keep: frozenset[str]) -> None:
        """Save for the last time and let go of the room."""
        await self._save(save)
        await self._store.close_room(self._room, self._fence, keep)

    async def read_log(self, page: Page) -> list[Ordered]:
        """See `Store.read_log`."""
        return await self._store.read_log(self._room, page)

    async def search_log(self, search: Search) -> Hits:
        """See `Store.search_log`."""
        return await self._store.search_log(self._room, search)

    async def put_blob(self, blob: str, data: bytes) -> None:
        """See `Store.put_blob`."""
        await self._store.put_blob(self._room, blob, data)
        self._cache.put(blob, data)

    async def get_blob(self, blob: str) -> bytes | None:
        """See `Store.get_blob`; or the photo or thumbnail of this hash; or a part of a panel, of our own build."""
        if (data := self._cache.get(blob) or self._part(blob)) is not None:
            return data
        data = await self._store.get_blob(self._room, blob)
        if data is None:
            data = await self._store.read_photo(self._room, blob)
        if data is not None:
            self._cache.put(blob, data)
        return data

    def _part(self, sha256: str) -> bytes | None:
        build = None if self._assets is None else self._assets.build()
        return None if build is None else build.parts.get(sha256)

    async def drop_blobs(self, blobs: Sequence[str]) -> None:
        """Forget blobs; those that cannot be dropped now go when the room is closed.

        Raises:
            Fenced: somebody else has the room.
        """
        self._cache.drop(blobs)
        try:
            await self._store.drop_blobs(self._room, self._fence, blobs)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot drop blobs: %s", self._room, error)

    async def keep_photo(self, keep: KeepPhoto) -> None:
        """See `Store.keep_photo`."""
        await self._store.keep_photo(self._room, self._fence, keep.record, keep.data, keep.thumb)

    async def drop_photos(self, photos: Sequence[Photo], *, erased: bool) -> None:
        """Forget photos; if they were `erased`, the store has done so.

        Those that cannot be dropped now go when the room is opened again.

        Raises:
            Fenced: somebody else has the room.
        """
        self._cache.drop(sha256 for photo in photos for sha256 in (photo.sha256, photo.thumb))
        if erased:
            return
        try:
            await self._store.drop_photos(self._room, self._fence, [photo.sha256 for photo in photos])
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s cannot drop photos: %s", self._room, error)

    async def keep_feeds(self, changes: Sequence[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        await self._store.keep_feeds(self._room, self._fence, changes)

    async def read_rows(self, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        return await self._store.read_rows(self._room, feed, first, last, max_bytes)

    async def _save(self, save: Save) -> None:
        self._unsaved = save = joined(self._unsaved, save)
        await self._store.save(self._room, self._fence, save.rows, save.removed, save.at)
        self._unsaved = None


def joined(earlier: Save | None, later: Save) -> Save:
    """Both saves as one: what the later one says about a row counts."""
    if earlier is None:
        return later
    rows: dict[str, Row | None] = {row.name: row for row in earlier.rows}
    rows.update(dict.fromkeys(earlier.removed))
    rows.update((row.name, row) for row in later.rows)
    rows.update(dict.fromkeys(later.removed))
    kept = tuple(row for row in rows.values() if row is not None)
    return Save(kept, tuple(name for name, row in rows.items() if row is None), later.at)
