"""The frames of an animation, one after the other, and never more of them than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from cowidget.photos.colours import to_srgb, widen
from cowidget.photos.encoding import fresh, reduced, without_idle_alpha
from cowidget.photos.opened import turning, upright
from cowidget.photos.photo import MAX_FRAMES, MAX_MOVING_PIXELS, MAX_MOVING_SIDE
from cowidget.photos.refusal import PhotoRefused, Slug
from cowidget.photos.sniffing import Kind

# ms, of a frame that does not say how long it stays.
_USUAL_DURATION = 100
# What a file's 24 bits hold.
_LONGEST_DURATION = (1 << 24) - 1
_MOST_LOOPS = (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves, ready to be encoded: frames of one size, all RGB or all RGBA."""

    frames: list[Image.Image]
    durations: list[int]
    loop: int


def moves(image: Image.Image, kind: Kind) -> bool:
    """Whether there is more than one frame to play; a JPEG's others are depth, a second eye, or brightness."""
    return kind is not Kind.JPEG and bool(getattr(image, "is_animated", False))


def read_moving(image: Image.Image, kind: Kind) -> Moving:
    """Decode all frames.

    Raises:
        PhotoRefused: there are more than may be, or more pixels in them, or none.
    """
    # First: decoding changes what is told of it.
    loop, profile = _loop(image, kind), image.info.get("icc_profile")
    turn = turning(image)
    frames: list[Image.Image] = []
    durations: list[int] = []
    for frame, duration in _decoded(image):
        frames.append(upright(to_srgb(reduced(widen(frame), MAX_MOVING_SIDE), profile), turn))
        durations.append(duration)
    if not frames:
        raise PhotoRefused(Slug.BROKEN)
    return Moving([fresh(frame) for frame in without_idle_alpha(frames)], durations, loop)


def _decoded(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    # One at a time until there is no other: only decoding tells how many a GIF has.
    width, height = image.size
    # An animated PNG may begin with a picture for those who cannot show the others.
    first = 1 if getattr(image, "default_image", False) else 0
    index = first
    while True:
        try:
            image.seek(index)
        except EOFError:
            return
        count = index - first + 1
        if count > MAX_FRAMES or count * image.width * image.height > MAX_MOVING_PIXELS:
            raise PhotoRefused(Slug.TOO_LONG)
        image.load()
        # A GIF's frame may stand out over its screen; browsers cut that off.
        yield (image if image.size == (width, height) else image.crop((0, 0, width, height))), _duration(image)
        index += 1


def _duration(image: Image.Image) -> int:
    duration: float = image.info.get("duration", _USUAL_DURATION)
    return min(max(round(duration), 0), _LONGEST_DURATION)


def _loop(image: Image.Image, kind: Kind) -> int:
    """How often it is played in all; 0 is always."""
    told: int | None = image.info.get("loop")
    if kind is not Kind.GIF:
        return min(told or 0, _MOST_LOOPS)
    # A GIF tells how often it is played again; nothing is once.
    if told is None:
        return 1
    return 0 if told == 0 else min(told + 1, _MOST_LOOPS)
