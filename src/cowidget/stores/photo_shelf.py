"""The photos of one room in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cowidget.core.acts import photos_of
from cowidget.core.effects import Entry, PhotoRecord
from cowidget.core.values import Refusal


@dataclass(slots=True)
class KeptPhoto:
    """One photo, and how many messages show it."""

    record: PhotoRecord
    data: bytes
    thumb: bytes
    shown: int = 0


class PhotoShelf:
    """What the memory store keeps of a room's photos."""

    def __init__(self) -> None:
        self._photos: dict[str, KeptPhoto] = {}

    def records(self) -> list[PhotoRecord]:
        """The photos, the oldest first."""
        return [replace(kept.record, shown=kept.shown > 0) for kept in self._photos.values()]

    def size(self) -> int:
        """The bytes of all photos and thumbnails."""
        return sum(len(kept.data) + len(kept.thumb) for kept in self._photos.values())

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._photos

    def keep(self, record: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """See `Store.keep_photo`."""
        kept = self._photos.setdefault(record.photo.sha256, KeptPhoto(record, data, thumb))
        raws = tuple(dict.fromkeys((*kept.record.raws, *record.raws)))
        kept.record = replace(kept.record, raws=raws)

    def read(self, sha256: str) -> bytes | None:
        """See `Store.read_photo`."""
        if (kept := self._photos.get(sha256)) is not None:
            return kept.data
        thumbs = (kept.thumb for kept in self._photos.values() if kept.record.photo.thumb == sha256)
        return next(thumbs, None)

    def drop(self, photos: Iterable[str]) -> tuple[str, ...]:
        """See `Store.drop_photos`; the ones that are gone."""
        gone = tuple(sha256 for sha256 in photos if sha256 in self._photos and not self._photos[sha256].shown)
        for sha256 in gone:
            del self._photos[sha256]
        return gone

    # What messages do.

    def refusal(self, entry: Entry) -> Refusal | Literal[""]:
        """Why an entry cannot be shown (U5)."""
        return "" if all(sha256 in self._photos for sha256 in photos_of(entry)) else "unknown"

    def show(self, photos: Sequence[str], change: Literal[1, -1]) -> tuple[str, ...]:
        """One message more or less shows these; the ones that none shows any more are gone."""
        for sha256 in photos:
            self._photos[sha256].shown += change
        return self.drop(photos) if change < 0 else ()
