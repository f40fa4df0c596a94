"""The frames of photos: see PROTOCOL.md U1-U9."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cowidget.core.values import Offset, Photo, Sha256

# Why there is no photo: what the bytes are (`photos/refusal.py`), or what kept the relay from taking them.
Decline = Literal[
    "not-a-photo",
    "heic",
    "svg",
    "web-page",
    "tiff",
    "bmp",
    "pdf",
    "video",
    "avif",
    "too-large",
    "too-many-pixels",
    "too-long",
    "too-heavy",
    "truncated",
    "broken",
    "too-slow",
    "busy",
    "hash",
    "quota",
    "failed",
]

# Frames from client to relay.


class Upload(Struct, frozen=True, tag="upload"):
    """I have a photo of `size` bytes, as it was taken; `blob` is their hash. Pull it (U1)."""

    blob: Sha256
    size: Offset


# Frames from relay to client.


class Uploaded(Struct, frozen=True, tag="uploaded"):
    """This is what has become of the bytes that you offered: it can be posted."""

    blob: Sha256
    photo: Photo


class Declined(Struct, frozen=True, tag="declined"):
    """There will be no photo of the bytes that you offered; `text` says why, and what to do."""

    blob: Sha256
    slug: Decline
    text: str


class Pass(Struct, frozen=True, tag="pass"):
    """From now on, `photos` is what lets you get photos by HTTP, in place of the one that you hold (U8)."""

    photos: str


PhotoNews = Uploaded | Declined | Pass
