"""Pictures of a notebook as files that the room takes: figures, images of Pillow, arrays, files."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from cowidget.errors import ShareError
from cowidget.photos.encoding import reduced
from cowidget.photos.photo import MAX_BYTES, MAX_SIDE
from cowidget.widgets.messages.drafts import Picture
from cowidget.widgets.objects.picture import describe, drawn, figure_of

# Dots to the inch: twice the usual screen's 72, sharp on phones.
DPI = 144.0
# Lossless pictures above this are compressed as photos are: an upload of seconds for what nobody sees.
_LARGE = 3_000_000
_QUALITY = 90
_DIRECT = frozenset({"L", "LA", "RGB", "RGBA"})
_CONVERTED = {
    "1": "L",
    "CMYK": "RGB",
    "YCbCr": "RGB",
    "LAB": "RGB",
    "HSV": "RGB",
    "RGBX": "RGB",
    "P": "RGBA",
    "PA": "RGBA",
}


def picture_of(thing: Any) -> Picture | None:
    """A picture from bytes, a path, an image of Pillow or an array; None if it is none of these.

    Raises:
        ShareError: it is one, but cannot be sent; says what to do.
    """
    match thing:
        case bytes() | bytearray() | memoryview():
            return Picture(_checked(bytes(thing), f"These {len(thing):,} bytes"))
        case os.PathLike():
            return _from_file(Path(thing))
        case Image.Image():
            return Picture(_encoded(thing))
        case np.ndarray() if thing.dtype != object:
            return Picture(_encoded(Image.fromarray(_pixels(thing))))
    return None


def figure_picture(thing: Any) -> Picture | None:
    """A picture of a figure of matplotlib, of its axes or of another part of it; None if it is none."""
    figure = figure_of(thing)
    return None if figure is None else Picture(drawn(figure, DPI), describe(figure))


def _from_file(path: Path) -> Picture:
    try:
        return Picture(_checked(path.read_bytes(), f"The file {path.name}"), name=path.name)
    except OSError as error:
        raise ShareError(f"{path} cannot be read: {error.strerror or error}.") from error


def _checked(data: bytes, what: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise ShareError(f"{what} cannot be sent: a photo has at most {MAX_BYTES // 1_000_000} MB. Make it smaller.")
    return data


def _pixels(array: Any) -> Any:
    colours = array.shape[2:] in ((), (3,), (4,))
    if array.ndim not in (2, 3) or not colours or 0 in array.shape:
        raise ShareError(
            f"An array of shape {array.shape} is no picture, which is (height, width) with 3 or 4 colours or none. "
            "To send its numbers: pandas.DataFrame(array)."
        )
    if array.dtype != np.uint8:
        raise ShareError(
            f"An array of {array.dtype} is no picture: that has numbers from 0 to 255. If these are from 0 to 1: "
            "(array * 255).astype('uint8')."
        )
    return np.ascontiguousarray(array)


def _encoded(image: Image.Image) -> bytes:
    if getattr(image, "is_animated", False):
        return _saved(image, "WEBP", save_all=True, quality=_QUALITY)
    turned = ImageOps.exif_transpose(image)
    mode = turned.mode if turned.mode in _DIRECT else _CONVERTED.get(turned.mode)
    if mode is None:
        raise ShareError(f"A picture of mode {image.mode!r} has no colours to show. Send image.convert('L').")
    pixels = reduced(turned.convert(mode), MAX_SIDE)
    png = _saved(pixels, "PNG")
    return png if len(png) <= _LARGE else _saved(pixels, "WEBP", quality=_QUALITY)


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()
