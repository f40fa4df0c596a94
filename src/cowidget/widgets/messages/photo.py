"""A photo of the chat, from Python."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from IPython.display import display

from cowidget.core import values
from cowidget.errors import CowidgetError
from cowidget.widgets.plain_errors import plain_errors

Fetch = Callable[[str], bytes]
"""Gets the bytes of a photo or a thumbnail by their hash. Raises as `Photo.read` does."""

ENDINGS: dict[str, str] = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that the room has; its bytes come when they are asked for.

    Attributes:
        sha256: of its bytes; the same photo has the same one.
        mime: image/jpeg, image/png or image/webp.
        width: in pixels.
        height: in pixels.
        size: in bytes.
        frames: how many pictures move in it; 1 for a still one.
        alt: what is to be seen, as its poster says; hostile until proved otherwise.
        name: what its file was called there; hostile, too.
    """

    sha256: str
    mime: str
    width: int
    height: int
    size: int
    frames: int = 1
    alt: str = ""
    name: str = ""
    thumb: str = field(default="", repr=False)
    _fetch: Fetch | None = field(default=None, repr=False, compare=False)

    @plain_errors
    def read(self) -> bytes:
        """The file. Waits until it is here.

        Raises:
            ShareError: the room does not have it any more.
            RelayUnavailable: the relay is away, or does not answer.
            RoomClosed: the session has ended.
        """
        return self._read(self.sha256)

    @plain_errors
    def save(self, path: str | Path) -> Path:
        """Write the file; where it is.

        Args:
            path: a file, or a folder, in which it gets a name of its own.

        Raises:
            ShareError, RelayUnavailable, RoomClosed: as `read` does.
            OSError: it cannot be written.
        """
        place = Path(path)
        # Not the name that its poster gave it: that may be any file's.
        target = place / f"{self.sha256[:16]}.{self.ending}" if place.is_dir() else place
        target.write_bytes(self.read())
        return target

    def show(self) -> None:
        """Display it in the running cell."""
        display(self)

    @property
    def ending(self) -> str:
        """What its file's name ends with: jpg, png or webp."""
        return ENDINGS[self.mime]

    def _read(self, sha256: str) -> bytes:
        if self._fetch is None:
            raise AssertionError("the chat makes photos with a way to their bytes")
        return self._fetch(sha256)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        shown = {"text/plain": repr(self)}
        try:
            return shown | {"text/html": image_html(self, _as_url(self.mime, self.read()))}
        except CowidgetError as error:
            return {"text/plain": f"{self!r}: {error}"}


def photo_of(photo: values.Photo, fetch: Fetch | None) -> Photo:
    """What the user holds of a photo."""
    return Photo(
        photo.sha256,
        photo.mime,
        photo.width,
        photo.height,
        photo.size,
        photo.frames,
        photo.alt,
        photo.name,
        photo.thumb,
        fetch,
    )


def image_html(photo: Photo, source: str) -> str:
    """An element that shows it, from this address."""
    return (
        f'<img src="{escape(source)}" alt="{escape(photo.alt)}" width="{photo.width}" height="{photo.height}" '
        'style="max-width:100%;height:auto">'
    )


def thumb_html(photo: Photo) -> str:
    """An element with its small picture in it; words alone where the room does not give it."""
    try:
        source = _as_url("image/webp", photo._read(photo.thumb))
    except CowidgetError as error:
        return f"<i>{escape(photo.alt or 'photo')}: {escape(str(error))}</i>"
    return f'<img src="{source}" alt="{escape(photo.alt)}" style="max-width:100%;max-height:200px">'


def _as_url(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{b64encode(data).decode()}"
