from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cowidget.photos.cleaning import clean
from cowidget.photos.colours import to_srgb, widen
from tests.support.photos import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    alike,
    animated,
    colour,
    corner_colours,
    corners,
    encoded,
    opened,
    profile,
)

# The primaries of Display P3, as phones and Macs use it, in XYZ at D50.
P3 = {
    "rXYZ": (0.51512, 0.24120, -0.00105),
    "gXYZ": (0.29198, 0.69225, 0.04189),
    "bXYZ": (0.15710, 0.06657, 0.78407),
}
P3_TO_SRGB = np.array([[1.22494, -0.22494, 0.0], [-0.04206, 1.04206, 0.0], [-0.01964, -0.07864, 1.09827]])


def seen_in_p3(sent: tuple[int, int, int]) -> tuple[int, ...]:
    """The sRGB of it, by the textbook."""
    value = np.array(sent) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    linear = np.clip(P3_TO_SRGB @ linear, 0, 1)
    value = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(int(channel) for channel in np.round(value * 255))


def of_one(pixel: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (40, 40), pixel)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_looks_the_same_without_its_wide_colours(kind: str) -> None:
    sent = (110, 170, 90)
    photo = clean(encoded(of_one(sent), kind, icc_profile=profile(P3)))
    seen = colour(opened(photo.data), 20, 20)
    assert alike([seen], [seen_in_p3(sent)], tolerance=4)
    assert not alike([seen], [sent], tolerance=8)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_whose_profile_swaps_red_and_green_looks_as_it_did(kind: str) -> None:
    photo = clean(encoded(of_one((255, 0, 0)), kind, icc_profile=profile(swap=True)))
    assert alike([colour(opened(photo.data), 20, 20)], [(0, 255, 0)])


def test_an_animation_looks_the_same_without_its_profile() -> None:
    data = animated([of_one((255, 0, 0)), of_one((0, 255, 0))], "WEBP", icc_profile=profile(swap=True))
    assert alike([colour(opened(clean(data).data), 20, 20)], [(0, 255, 0)])


def test_transparency_stays_when_the_profile_goes() -> None:
    image = to_srgb(of_one((255, 0, 0, 77), "RGBA"), profile(swap=True))
    assert image.getpixel((0, 0)) == (0, 255, 0, 77)


def test_a_palette_keeps_its_profile() -> None:
    data = encoded(of_one((255, 0, 0)).convert("P"), "PNG", icc_profile=profile(swap=True))
    assert alike([colour(opened(clean(data).data), 20, 20)], [(0, 255, 0)])


@pytest.mark.parametrize("bad", [b"no profile", profile()[:200], profile().replace(b"RGB ", b"CMYK")])
def test_a_profile_that_is_broken_or_anothers_is_ignored(bad: bytes) -> None:
    assert to_srgb(of_one((12, 34, 56)), bad).getpixel((0, 0)) == (12, 34, 56)


def test_a_photo_for_print_is_shown_in_its_colours() -> None:
    photo = clean(encoded(corners(mode="CMYK"), "JPEG"))
    assert alike(corner_colours(opened(photo.data)), [RED, GREEN, BLUE, YELLOW])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode_shows_what_it_showed(mode: str) -> None:
    if mode == "I;16":
        grey = np.tile(np.linspace(0, 65535, 64), (64, 1)).astype(np.uint16)
        image, same = Image.fromarray(grey), Image.fromarray((grey >> 8).astype(np.uint8))
    else:
        image = same = corners(mode=mode)
    photo = clean(encoded(image, "PNG"))
    assert alike(corner_colours(opened(photo.data)), corner_colours(same), tolerance=3)


def test_a_colour_that_means_transparent_becomes_so() -> None:
    image = corners((64, 64), "P")
    image.info["transparency"] = image.getpixel((1, 1))
    back = opened(clean(encoded(image, "PNG")).data)
    assert (colour(back, 1, 1, "RGBA"), colour(back, 60, 60, "RGBA")[3]) == ((0, 0, 0, 0), 255)


def test_sixteen_bits_of_grey_become_eight() -> None:
    assert widen(Image.new("I;16", (2, 2), 0x8000)).getpixel((0, 0)) == 0x80
