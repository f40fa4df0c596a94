"""The photos that a room has: what is known of each, and which of them nobody has posted (PROTOCOL.md U5, U6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.effects import PhotoRecord
from cowidget.core.values import Photo, Photos

# Whatever the photo is (U4).
_THUMB_MIME = "image/webp"


class PhotoTable:
    """Photos by the hash of their clean bytes. How many messages show each is the store's to know.

    Attributes:
        bytes: of all of them together, without thumbnails.
    """

    def __init__(self, records: Iterable[PhotoRecord]) -> None:
        self.bytes = 0
        self._photos: dict[str, Photo] = {}
        self._thumbs: Counter[str] = Counter()
        # What the photos were made of.
        self._made: dict[str, str] = {}
        self._unposted: dict[str, float] = {}
        for record in records:
            self.add(record)

    def __contains__(self, sha256: str) -> bool:
        """Whether these are the bytes of a photo or of a thumbnail of this room."""
        return sha256 in self._photos or sha256 in self._thumbs

    def add(self, record: PhotoRecord) -> None:
        """The store has a photo; of one that is known, it may be another source."""
        photo = record.photo
        self._made.update(dict.fromkeys(record.raws, photo.sha256))
        if photo.sha256 in self._photos:
            self.touch(photo.sha256, record.since)
            return
        self._photos[photo.sha256] = photo
        self._thumbs[photo.thumb] += 1
        self.bytes += photo.size
        if not record.shown:
            self._unposted[photo.sha256] = record.since

    def made_of(self, raw: str, now: float) -> Photo | None:
        """The photo that was made of these bytes, if it is here; somebody is about to post it."""
        if (sha256 := self._made.get(raw)) is None:
            return None
        self.touch(sha256, now)
        return self._photos[sha256]

    def touch(self, sha256: str, now: float) -> None:
        """Somebody is about to post this: it stays for another while."""
        if sha256 in self._unposted:
            self._unposted[sha256] = max(now, self._unposted[sha256])

    def fill(self, body: Photos, now: float) -> Photos | None:
        """The body with all that is known of its photos; None if one is not here."""
        here = [self._photos.get(photo.sha256) for photo in body.photos]
        filled = [
            replace(known, alt=wish.alt, name=wish.name)
            for known, wish in zip(here, body.photos, strict=True)
            if known is not None
        ]
        if len(filled) < len(here):
            return None
        for photo in filled:
            self.touch(photo.sha256, now)
        return replace(body, photos=tuple(filled))

    def post(self, body: Photos) -> None:
        """The store has a message that shows these."""
        for photo in body.photos:
            self._unposted.pop(photo.sha256, None)

    def mime_of(self, sha256: str) -> str | None:
        """The media type of a photo or a thumbnail; None for all else."""
        if (photo := self._photos.get(sha256)) is not None:
            return photo.mime
        return _THUMB_MIME if sha256 in self._thumbs else None

    def remove(self, photos: Iterable[str]) -> tuple[Photo, ...]:
        """The store has these no more, or is to forget them; those that were here."""
        removed = tuple(self._photos.pop(sha256) for sha256 in photos if sha256 in self._photos)
        for photo in removed:
            self._unposted.pop(photo.sha256, None)
            self.bytes -= photo.size
            self._thumbs[photo.thumb] -= 1
            if not self._thumbs[photo.thumb]:
                del self._thumbs[photo.thumb]
            self._made = {raw: made for raw, made in self._made.items() if made != photo.sha256}
        return removed

    def sweep(self, now: float) -> tuple[Photo, ...]:
        """Let go of what nobody has posted for too long; these photos."""
        return self.remove([sha256 for sha256, since in self._unposted.items() if now - since >= limits.PHOTO_GRACE])

    def deadline(self) -> float | None:
        """When there is something to sweep."""
        since = min(self._unposted.values(), default=None)
        return None if since is None else since + limits.PHOTO_GRACE
