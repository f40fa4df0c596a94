"""A photo that somebody sent, made into one that can be shown to others."""

from __future__ import annotations

import hashlib

from PIL import Image

from cowidget.core.values import Mime
from cowidget.photos.colours import to_srgb, widen
from cowidget.photos.encoding import (
    encode_exact,
    encode_moving,
    encode_photo,
    encode_placeholder,
    encode_thumb,
    encode_webp,
    fresh,
    reduced,
    within,
    without_idle_alpha,
)
from cowidget.photos.moving import Moving, moves, read_moving
from cowidget.photos.opened import open_photo, reading, turning, upright
from cowidget.photos.photo import MAX_BYTES, MAX_MOVING_BYTES, MAX_SIDE, Photo
from cowidget.photos.refusal import PhotoRefused, Slug
from cowidget.photos.sniffing import Kind, sniff

# Of the size to reach. A JPEG is decoded at 1/2, 1/4 or 1/8 at a third of the cost; a photo of 12 megapixels then has
# 2016 pixels instead of 2048, and needs no second step.
_NEAR_ENOUGH = 0.9

# For those that do not move.
_ENCODERS = {
    Kind.JPEG: encode_photo,
    Kind.PNG: encode_exact,
    Kind.GIF: encode_exact,
    Kind.WEBP: encode_webp,
    Kind.AVIF: encode_webp,
}


def clean(data: bytes) -> Photo:
    """Decode, put upright, reduce, and write new files: the same bytes for the same photo, each time.

    It decodes what a stranger sent, and takes up to seconds and hundreds of megabytes: call it in a process that may
    die (`Workshop` does).

    Raises:
        PhotoRefused: it cannot be shown, and its text says what to do.
    """
    if len(data) > MAX_BYTES:
        raise PhotoRefused(Slug.TOO_LARGE)
    kind = sniff(data)
    with reading(data, kind), open_photo(data, kind) as image:
        seen = read_moving(image, kind) if moves(image, kind) else _read_still(image)
    return _write_moving(seen) if isinstance(seen, Moving) else _write_still(seen, kind)


def _read_still(image: Image.Image) -> Image.Image:
    width, height = within(image.size, MAX_SIDE)
    image.draft(None, (max(1, int(width * _NEAR_ENOUGH)), max(1, int(height * _NEAR_ENOUGH))))
    turn, profile = turning(image), image.info.get("icc_profile")
    (pixels,) = without_idle_alpha([to_srgb(reduced(widen(image), MAX_SIDE), profile)])
    return fresh(upright(pixels, turn))


def _write_still(pixels: Image.Image, kind: Kind) -> Photo:
    mime, data = _ENCODERS[kind](pixels)
    return _photo(mime, data, pixels, 1)


def _write_moving(moving: Moving) -> Photo:
    mime, data = encode_moving(moving.frames, moving.durations, moving.loop)
    if len(data) > MAX_MOVING_BYTES:
        raise PhotoRefused(Slug.TOO_HEAVY)
    return _photo(mime, data, moving.frames[0], len(moving.frames))


def _photo(mime: Mime, data: bytes, shown: Image.Image, frames: int) -> Photo:
    thumb, thumb_size = encode_thumb(shown)
    return Photo(
        sha256=hashlib.sha256(data).hexdigest(),
        mime=mime,
        width=shown.width,
        height=shown.height,
        data=data,
        thumb=thumb,
        thumb_size=thumb_size,
        placeholder=encode_placeholder(shown),
        frames=frames,
    )
