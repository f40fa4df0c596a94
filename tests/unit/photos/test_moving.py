from __future__ import annotations

import pytest
from PIL import Image, ImageSequence

from cowidget.photos import cleaning
from cowidget.photos.cleaning import clean
from cowidget.photos.photo import MAX_FRAMES, MAX_MOVING_SIDE
from cowidget.photos.refusal import PhotoRefused
from tests.support.photos import (
    BLUE,
    GREEN,
    RED,
    SECRET,
    XMP,
    YELLOW,
    alike,
    animated,
    camera,
    colour,
    corner_colours,
    corners,
    encoded,
    long_gif,
    noise,
    opened,
    parts,
    stored,
)

DURATIONS = [100, 50, 250, 80]
COLOURS = [RED, GREEN, BLUE, YELLOW]
TOO_LONG = (
    "This animation is too long. Up to 150 frames with 100 megapixels in all can be sent: shorten it, or make it "
    "smaller."
)


def blinking(size: tuple[int, int] = (48, 32)) -> list[Image.Image]:
    return [Image.new("RGB", size, of) for of in COLOURS]


def played(data: bytes) -> list[tuple[tuple[int, ...], int]]:
    """The colour of each frame, and how long it stays."""
    image = opened(data)
    frames = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        frames.append((colour(frame, 20, 20), int(frame.info["duration"])))
    return frames


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(PhotoRefused) as refused:
        clean(data)
    return refused.value.slug, refused.value.text


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_what_moves_goes_on_moving_at_its_pace(kind: str) -> None:
    photo = clean(animated(blinking(), kind, duration=DURATIONS))
    frames = played(photo.data)
    assert (photo.mime, photo.frames) == ("image/webp", 4)
    assert [duration for _, duration in frames] == DURATIONS
    assert alike([shown for shown, _ in frames], COLOURS, tolerance=20)


@pytest.mark.parametrize(
    ("kind", "loop", "kept"),
    [("GIF", None, 1), ("GIF", 0, 0), ("GIF", 2, 3), ("WEBP", 0, 0), ("WEBP", 3, 3), ("PNG", 0, 0), ("PNG", 5, 5)],
)
def test_what_moves_is_played_as_often_as_before(kind: str, loop: int | None, kept: int) -> None:
    options = {} if loop is None else {"loop": loop}
    photo = clean(animated(blinking(), kind, duration=50, **options))
    assert opened(photo.data).info["loop"] == kept


def test_an_avif_moves_for_ever() -> None:
    assert opened(clean(animated(blinking(), "AVIF", duration=50)).data).info["loop"] == 0


def test_nothing_but_pixels_comes_out_of_an_animation() -> None:
    data = animated(blinking(), "WEBP", duration=50, exif=camera(), xmp=XMP) + SECRET.encode()
    photo = clean(data)
    assert set(parts(photo.data)) <= {"VP8X", "ANIM", "ANMF"}
    assert SECRET.encode() not in photo.data


def test_a_gif_with_a_program_in_its_comments_comes_out_without() -> None:
    photo = clean(animated(blinking(), "GIF", comment=b"*/=alert(1)/*", duration=50) + b"<script>")
    assert b"alert" not in photo.data
    assert b"script" not in photo.data


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("kind", ["WEBP", "PNG"])  # Pillow 13 crashes when it writes such an AVIF
def test_an_animation_comes_out_the_right_way_up(kind: str, orientation: int) -> None:
    frames = [stored(image, orientation) for image in (corners(), corners().point(lambda value: value // 2))]
    photo = clean(animated(frames, kind, exif=camera(orientation), duration=50))
    assert (photo.width, photo.height) == (96, 64)
    assert alike(corner_colours(opened(photo.data)), COLOURS, tolerance=20)


def test_a_transparent_animation_stays_so() -> None:
    frames = [Image.new("RGBA", (32, 32), (*of, 0)) for of in COLOURS]
    for at, frame in enumerate(frames):
        frame.paste((200, 0, 0, 255), (at * 4, 0, at * 4 + 8, 16))
        frame.paste((0, 0, 200, 255), (0, 24, 32, 32))
    photo = clean(animated(frames, "GIF", duration=50, disposal=2))
    image = opened(photo.data)
    assert (colour(image, 4, 4, "RGBA")[3], colour(image, 24, 4, "RGBA")[3]) == (255, 0)


def test_the_thumb_of_an_animation_is_its_first_frame() -> None:
    photo = clean(animated(blinking(), "GIF", duration=50))
    assert alike([colour(opened(photo.thumb), 20, 20)], [RED], tolerance=20)
    assert getattr(opened(photo.thumb), "n_frames", 1) == 1


def test_an_animated_png_begins_without_its_picture_for_old_browsers() -> None:
    frames = blinking()
    data = encoded(frames[3], "PNG", save_all=True, default_image=True, append_images=frames[:3], duration=50)
    assert alike([shown for shown, _ in played(clean(data).data)], COLOURS[:3], tolerance=20)


def test_a_large_animation_is_reduced() -> None:
    photo = clean(animated(blinking((1600, 800)), "GIF", duration=50))
    assert (photo.width, photo.height) == (MAX_MOVING_SIDE, MAX_MOVING_SIDE // 2)


def test_a_frame_that_stands_out_over_the_screen_is_cut_off() -> None:
    small, large = long_gif(1, (16, 16)), long_gif(1, (64, 64))
    photo = clean(small[:-1] + large[large.index(b"\x2c") :])
    assert (photo.width, photo.height, photo.frames) == (16, 16, 2)


def test_the_most_frames_are_not_too_many() -> None:
    assert clean(long_gif(MAX_FRAMES)).frames == MAX_FRAMES


@pytest.mark.parametrize("frames", [MAX_FRAMES + 1, 200_000])
def test_more_frames_are_refused_before_they_are_decoded(frames: int) -> None:
    assert refusal(long_gif(frames)) == ("too-long", TOO_LONG)


def test_more_pixels_in_all_frames_are_refused() -> None:
    assert refusal(long_gif(11, (4000, 2500)))[0] == "too-long"


def test_an_animation_that_stays_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "MAX_MOVING_BYTES", 10_000)
    assert refusal(animated([noise((200, 200), seed) for seed in range(4)], "WEBP", duration=50)) == (
        "too-heavy",
        "This animation stays larger than 4 MB. Shorten it, or make it smaller.",
    )
