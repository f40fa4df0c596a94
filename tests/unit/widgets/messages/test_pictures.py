from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from cowidget.errors import ShareError
from cowidget.widgets.messages.pictures import figure_picture, picture_of


def opened(thing: Any) -> Any:
    picture = picture_of(thing)
    assert picture is not None
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


@pytest.mark.parametrize(("shape", "mode"), [((4, 6), "L"), ((4, 6, 3), "RGB"), ((4, 6, 4), "RGBA")])
def test_an_array_is_a_picture_with_its_pixels(shape: tuple[int, ...], mode: str) -> None:
    array = np.arange(np.prod(shape), dtype="uint8").reshape(shape)
    image = opened(array[::-1])  # not contiguous

    assert (image.format, image.mode, image.size) == ("PNG", mode, (6, 4))
    assert np.array_equal(np.asarray(image), array[::-1])


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((4, 6)), "float64 is no picture.*astype"),
        (np.zeros((4, 6), bool), "bool is no picture"),
        (np.zeros(4, "uint8"), r"shape \(4,\) is no picture"),
        (np.zeros((4, 6, 5), "uint8"), "is no picture"),
        (np.zeros((0, 6), "uint8"), "is no picture"),
    ],
)
def test_what_an_array_must_be_is_said(array: Any, sentence: str) -> None:
    with pytest.raises(ShareError, match=sentence):
        picture_of(array)


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("1", "L"),
        ("L", "L"),
        ("LA", "LA"),
        ("P", "RGBA"),
        ("RGB", "RGB"),
        ("RGBA", "RGBA"),
        ("CMYK", "RGB"),
        ("HSV", "RGB"),
    ],
)
def test_an_image_of_each_mode_is_sent(mode: str, shown: str) -> None:
    assert opened(Image.new(mode, (6, 4))).mode == shown


def test_an_image_without_colours_is_not() -> None:
    with pytest.raises(ShareError, match="mode 'F' has no colours"):
        picture_of(Image.new("F", (6, 4)))


def test_a_camera_s_image_is_sent_the_right_way_up() -> None:
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (6, 4)).save(data, "JPEG", exif=exif)

    assert opened(Image.open(data)).size == (4, 6)


def test_a_large_image_is_made_as_small_as_the_room_keeps_it() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (3000, 4000, 3), dtype="uint8")
    image = opened(Image.fromarray(noise))

    assert (image.format, image.size) == ("WEBP", (2048, 1536))


def test_an_image_that_moves_goes_on_moving() -> None:
    data = io.BytesIO()
    frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "blue")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])

    assert opened(Image.open(data)).n_frames == 2


def test_a_file_is_sent_as_it_is_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"bytes")
    picture = picture_of(tmp_path / "a.png")

    assert picture is not None
    assert (picture.data, picture.name) == (b"bytes", "a.png")


@pytest.mark.parametrize("path", ["nowhere.png", "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, path: str) -> None:
    with pytest.raises(ShareError, match="cannot be read"):
        picture_of(tmp_path / path)


def test_a_file_that_is_too_large_is_said() -> None:
    with pytest.raises(ShareError, match="at most 10 MB"):
        picture_of(bytes(10_000_001))


@pytest.mark.parametrize("thing", ["a.png", 3, None, [1], np.array([None], object)])
def test_all_else_is_no_picture(thing: Any) -> None:
    assert picture_of(thing) is None


def test_a_figure_has_144_dots_to_the_inch_and_is_described() -> None:
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    axes.set_title("Sales")
    told: list[object] = []
    figure.canvas.mpl_connect("draw_event", told.append)
    picture = figure_picture(axes)

    assert picture is not None
    assert Image.open(io.BytesIO(picture.data)).size == (864, 576)
    assert (picture.alt, told) == ("Figure: Sales", [])
