"""A clean photo, and how large one may be."""

from __future__ import annotations

from msgspec import Struct

from cowidget.core import limits
from cowidget.core.values import Mime

MAX_BYTES = limits.MAX_PHOTO_BYTES
# By its header, before anything is decoded: 200 MB of memory. More than any usual phone's; fewer would refuse those.
MAX_PIXELS = 50_000_000
# Longest side of what is kept: a full screen, or a phone's at three dots per pixel.
MAX_SIDE = 2048
# Longest side of what a list shows, at two dots per pixel.
THUMB_SIDE = 400
# What is shown before anything has come: it travels in the message itself.
PLACEHOLDER_SIDE = 16
MAX_PLACEHOLDER_BYTES = 256

# One that moves: what bounds its work is its frames and the pixels of all of them together (up to 6 s).
MAX_FRAMES = 150
MAX_MOVING_PIXELS = 100_000_000
# Longest side and bytes of what is kept: everybody in the room loads it whole before it moves.
MAX_MOVING_SIDE = 640
MAX_MOVING_BYTES = 4_000_000


class Photo(Struct, frozen=True, tag="photo"):
    """New pixels in a new file: nothing of what was sent is left but what can be seen.

    Attributes:
        sha256: its name, in hexadecimal digits: that of `data`.
        mime: its media type.
        width: of what is kept, the right way up.
        height: likewise.
        data: the file.
        thumb: a small one for lists, in WebP; it never moves.
        thumb_size: its width and height.
        placeholder: a tiny one, in WebP, of at most `MAX_PLACEHOLDER_BYTES`.
        frames: how many pictures move in it; 1 for a still one.
    """

    sha256: str
    mime: Mime
    width: int
    height: int
    data: bytes
    thumb: bytes
    thumb_size: tuple[int, int]
    placeholder: bytes
    frames: int = 1
