"""Pixels to files: nothing is written that is not a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageChops

from cowidget.core.values import Mime
from cowidget.photos.photo import MAX_PLACEHOLDER_BYTES, PLACEHOLDER_SIDE, THUMB_SIDE

JPEG: Mime = "image/jpeg"
PNG: Mime = "image/png"
WEBP: Mime = "image/webp"

# Of 100: below, edges show; above, bytes grow and nobody sees why.
_QUALITY = 82
_THUMB_QUALITY = 75
_PLACEHOLDER_QUALITY = 40
# Lines and letters are worth this many times the bytes, because JPEG smears them.
_CRISP_WORTH = 2
# Of a picture whose pixels repeat their neighbours: drawn by a program, not taken by a camera.
_FLAT_SHARE = 0.5


def fresh(image: Image.Image) -> Image.Image:
    """A picture that has nothing but these pixels; what is wholly transparent has no colour any more."""
    if image.mode == "RGBA":
        # Erased parts of screenshots keep their colours otherwise, for anybody who takes the alpha away.
        image = Image.alpha_composite(Image.new("RGBA", image.size), image)
    return Image.frombytes(image.mode, image.size, image.tobytes())


def without_idle_alpha(frames: Sequence[Image.Image]) -> list[Image.Image]:
    """The frames as RGB, if nothing in any of them is transparent; else all as RGBA."""
    see_through = any(frame.mode == "RGBA" and frame.getchannel("A").getextrema() != (255, 255) for frame in frames)
    return [frame.convert("RGBA" if see_through else "RGB") for frame in frames]


def within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size reduced, never enlarged, so that its longest side is `side`."""
    width, height = size
    factor = min(1.0, side / max(size))
    return max(1, round(width * factor)), max(1, round(height * factor))


def reduced(image: Image.Image, side: int) -> Image.Image:
    """The picture with its longest side at most `side`."""
    size = within(image.size, side)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def encode_photo(image: Image.Image) -> tuple[Mime, bytes]:
    """What a camera took: a JPEG, or a WebP if it has alpha."""
    if image.mode == "RGBA":
        return encode_webp(image)
    return JPEG, _save(image, "JPEG", quality=_QUALITY)


def encode_webp(image: Image.Image) -> tuple[Mime, bytes]:
    """For what came in a format of the newer kind."""
    # Method 2 takes half the time of the default, for the same number of bytes.
    return WEBP, _save(image, "WEBP", quality=_QUALITY, method=2)


def encode_exact(image: Image.Image) -> tuple[Mime, bytes]:
    """For what came without loss: stays so if a program drew it, and that costs little."""
    if _is_drawn(image):
        exact = _save(image, "PNG")
        if len(exact) <= _CRISP_WORTH * len(_save(image.convert("RGB"), "JPEG", quality=_QUALITY)):
            return PNG, exact
    return encode_photo(image)


def encode_moving(frames: Sequence[Image.Image], durations: Sequence[int], loop: int) -> tuple[Mime, bytes]:
    """An animated WebP: `durations` in ms, `loop` the times it is played, 0 for always."""
    options = {"quality": _THUMB_QUALITY, "method": 2, "duration": list(durations), "loop": loop}
    return WEBP, _save(frames[0], "WEBP", save_all=True, append_images=frames[1:], background=(0, 0, 0, 0), **options)


def encode_thumb(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """What lists show, in WebP, and its size."""
    small = reduced(image, THUMB_SIDE)
    return _save(small, "WEBP", quality=_THUMB_QUALITY, method=2), small.size


def encode_placeholder(image: Image.Image) -> bytes:
    """What is shown at once, in at most `MAX_PLACEHOLDER_BYTES` of WebP."""
    side = PLACEHOLDER_SIDE
    while True:
        tiny = _save(reduced(image, side), "WEBP", quality=_PLACEHOLDER_QUALITY, method=6)
        if len(tiny) <= MAX_PLACEHOLDER_BYTES or side == 1:
            return tiny
        # Noise with alpha, for instance.
        side //= 2


def _is_drawn(image: Image.Image) -> bool:
    steps = ImageChops.difference(image, ImageChops.offset(image, 1, 0))
    largest = steps.getchannel(0)
    for band in range(1, len(steps.getbands())):
        largest = ImageChops.lighter(largest, steps.getchannel(band))
    return largest.histogram()[0] >= _FLAT_SHARE * image.width * image.height


def _save(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
