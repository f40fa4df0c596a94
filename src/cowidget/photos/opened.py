"""A photo opened by Pillow: what its header says, checked before a pixel is decoded."""

from __future__ import annotations

import contextlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, features

from cowidget.photos.photo import MAX_PIXELS
from cowidget.photos.refusal import PhotoRefused, Slug
from cowidget.photos.sniffing import Kind, is_cut_off

# What Pillow raises for bytes that are not what they should be; it promises no less.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextlib.contextmanager
def reading(data: bytes, kind: Kind) -> Iterator[None]:
    """What Pillow raises inside becomes the refusal of this file. For one thread at a time: it changes all warnings."""
    try:
        with warnings.catch_warnings():
            # What is wrong with strangers' files is nothing for our log, except that they are bombs.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except MemoryError as error:
        raise PhotoRefused(Slug.TOO_SLOW) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(Slug.TOO_MANY_PIXELS) from error
    except _BROKEN as error:
        cut = is_cut_off(data, kind) or "truncated" in str(error).lower()
        raise PhotoRefused(Slug.TRUNCATED if cut else Slug.BROKEN) from error


def open_photo(data: bytes, kind: Kind) -> Image.Image:
    """The photo, with nothing decoded yet; call it and what follows within `reading`.

    Raises:
        PhotoRefused: it has too many pixels, or this machine's Pillow cannot read it.
    """
    if kind is Kind.AVIF and not features.check("avif"):
        raise PhotoRefused(Slug.AVIF)
    image = Image.open(BytesIO(data), formats=[kind])
    if image.width * image.height > MAX_PIXELS:
        raise PhotoRefused(Slug.TOO_MANY_PIXELS)
    return image


def turning(image: Image.Image) -> Image.Transpose | None:
    """What puts the photo upright, from what its camera wrote; nothing, if that is not to be read."""
    # Here, because a PNG's would be decoded by the next line, and fail only the first time.
    image.load()
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        # Browsers show such a photo as it lies.
        return None
    return _UPRIGHT.get(orientation) if isinstance(orientation, int) else None


def upright(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """The picture turned so."""
    return image if turn is None else image.transpose(turn)
