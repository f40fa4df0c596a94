from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from cowidget.photos.cleaning import clean
from cowidget.photos.photo import MAX_BYTES, MAX_PLACEHOLDER_BYTES, MAX_SIDE, Photo
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
    corner_colours,
    corners,
    empty_png,
    encoded,
    noise,
    opened,
    parts,
    profile,
    scene,
    screenshot,
    stored,
)

FOUR = ("JPEG", "PNG", "WEBP", "AVIF")
UPRIGHT = [RED, GREEN, BLUE, YELLOW]
# All that may be in a file beside its pixels: nothing that somebody wrote.
JPEG_PARTS = {"SOI", "APP0", "DQT", "SOF", "DHT", "SOS", "EOI"}
PNG_PARTS = {"IHDR", "IDAT", "IEND"}
WEBP_PARTS = {"VP8", "VP8L", "VP8X", "ALPH"}


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(PhotoRefused) as refused:
        clean(data)
    return refused.value.slug, refused.value.text


def gossiping(kind: str, orientation: int = 1, image: Image.Image | None = None) -> bytes:
    """Everything that this kind of file can tell of its maker."""
    pixels = stored(corners() if image is None else image, orientation)
    options: dict[str, object] = {"exif": camera(orientation), "icc_profile": profile()}
    match kind:
        case "JPEG":
            options |= {"comment": SECRET.encode(), "xmp": XMP}
        case "PNG":
            told = PngImagePlugin.PngInfo()
            told.add_text("Comment", SECRET)
            told.add_itxt("XML:com.adobe.xmp", XMP.decode())
            told.add_text("Author", SECRET, zip=True)
            options["pnginfo"] = told
        case _:
            options["xmp"] = XMP
    return encoded(pixels, kind, **options)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", FOUR)
def test_a_photo_comes_out_the_right_way_up(kind: str, orientation: int) -> None:
    photo = clean(gossiping(kind, orientation))
    assert (photo.width, photo.height) == (96, 64)
    assert alike(corner_colours(opened(photo.data)), UPRIGHT)


@pytest.mark.parametrize("kind", FOUR)
def test_the_thumb_and_the_placeholder_are_the_right_way_up(kind: str) -> None:
    photo = clean(gossiping(kind, 6))
    for small in (photo.thumb, photo.placeholder):
        assert alike(corner_colours(opened(small)), UPRIGHT, tolerance=60)


@pytest.mark.parametrize("kind", FOUR)
def test_the_test_photo_tells_of_its_maker(kind: str) -> None:
    image = opened(gossiping(kind))
    assert image.getexif().get_ifd(0x8825)[29] == SECRET
    assert image.info["icc_profile"]
    assert SECRET.encode() in (image.info.get("xmp") or image.info["XML:com.adobe.xmp"].encode())


@pytest.mark.parametrize("kind", FOUR)
def test_nothing_but_pixels_comes_out(kind: str) -> None:
    photo = clean(gossiping(kind) + SECRET.encode())
    allowed = {"image/jpeg": JPEG_PARTS, "image/png": PNG_PARTS, "image/webp": WEBP_PARTS}
    assert set(parts(photo.data)) <= allowed[photo.mime]
    assert set(parts(photo.thumb)) <= WEBP_PARTS
    assert set(parts(photo.placeholder)) <= WEBP_PARTS


@pytest.mark.parametrize("kind", FOUR)
def test_no_word_of_the_camera_comes_out(kind: str) -> None:
    photo = clean(gossiping(kind) + SECRET.encode())
    for file in (photo.data, photo.thumb, photo.placeholder):
        for word in (SECRET.encode(), b"Exif", b"GPS", b"xmp", b"rdf:", b"ICC_PROFILE", b"acsp", b"iCCP", b"EXIF"):
            assert word not in file


def test_an_unreadable_orientation_leaves_the_photo_as_it_lies() -> None:
    photo = clean(encoded(corners(), "JPEG", exif=b"Exif\0\0nonsense"))
    assert alike(corner_colours(opened(photo.data)), UPRIGHT)


def test_the_same_photo_has_the_same_name() -> None:
    data = gossiping("JPEG", 6)
    assert clean(data) == clean(data)


def test_a_photo_is_named_by_its_clean_bytes() -> None:
    photo = clean(gossiping("JPEG"))
    assert photo.sha256 == hashlib.sha256(photo.data).hexdigest()


@pytest.mark.parametrize(
    ("kind", "size", "kept", "thumb"),
    [
        ("JPEG", (4032, 3024), (2016, 1512), (400, 300)),  # half of it, and not 2048: decoded so at a third of the cost
        ("JPEG", (2600, 1300), (2048, 1024), (400, 200)),
        ("PNG", (3000, 30), (2048, 20), (400, 4)),
        ("PNG", (1, 5000), (1, 2048), (1, 400)),
        ("WEBP", (300, 200), (300, 200), (300, 200)),
        ("AVIF", (1, 1), (1, 1), (1, 1)),
    ],
)
def test_a_photo_is_reduced_and_never_enlarged(
    kind: str, size: tuple[int, int], kept: tuple[int, int], thumb: tuple[int, int]
) -> None:
    photo = clean(encoded(corners(size), kind))
    assert (photo.width, photo.height) == opened(photo.data).size == kept
    assert photo.thumb_size == opened(photo.thumb).size == thumb
    assert max(kept) <= MAX_SIDE


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_placeholder_is_tiny_whatever_it_shows(mode: str) -> None:
    assert len(clean(encoded(noise((64, 64), mode=mode), "PNG")).placeholder) <= MAX_PLACEHOLDER_BYTES


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (encoded(corners(), "JPEG"), "image/jpeg"),
        (encoded(screenshot(), "PNG"), "image/png"),
        (encoded(screenshot().convert("P"), "GIF"), "image/png"),
        (encoded(scene((320, 200)), "PNG"), "image/jpeg"),
        (encoded(corners(mode="RGBA"), "WEBP"), "image/webp"),
        (encoded(corners(), "AVIF"), "image/webp"),
    ],
    ids=["photo", "screenshot", "still gif", "photo in a png", "webp", "avif"],
)
def test_a_photo_is_kept_in_the_kind_of_file_that_suits_it(data: bytes, mime: str) -> None:
    photo = clean(data)
    assert photo.mime == mime == Image.MIME[opened(photo.data).format or ""]


def test_a_screenshot_keeps_each_pixel() -> None:
    shot = screenshot()
    assert opened(clean(encoded(shot, "PNG")).data).tobytes() == shot.tobytes()


def test_what_was_transparent_stays_so() -> None:
    shot = screenshot().convert("RGBA")
    shot.putalpha(Image.linear_gradient("L").resize(shot.size))
    assert opened(clean(encoded(shot, "PNG")).data).convert("RGBA").getchannel("A").getextrema() == (0, 255)


def test_a_transparent_photo_is_a_webp_with_alpha() -> None:
    shot = scene((320, 200)).convert("RGBA")
    shot.putalpha(Image.linear_gradient("L").resize(shot.size))
    photo = clean(encoded(shot, "PNG"))
    assert (photo.mime, opened(photo.data).mode, opened(photo.thumb).mode) == ("image/webp", "RGBA", "RGBA")


def test_what_was_erased_from_a_screenshot_cannot_be_brought_back() -> None:
    shot = screenshot().convert("RGBA")
    shot.paste((0, 0, 0, 0), (0, 0, 640, 100))
    hidden = screenshot().convert("RGBA")
    hidden.putalpha(shot.getchannel("A"))
    back = opened(clean(encoded(hidden, "PNG")).data).convert("RGBA")
    assert back.crop((0, 0, 640, 100)).getextrema() == ((0, 0),) * 4


def test_a_photo_with_depth_beside_it_is_a_still_photo() -> None:
    photo = clean(animated([corners(), corners()], "MPO"))
    assert (photo.mime, photo.frames) == ("image/jpeg", 1)
    assert set(parts(photo.data)) <= JPEG_PARTS


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("run.js", "alert(1)")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "hidden"),
    [
        (encoded(corners(), "JPEG") + archive(), b"PK\x03\x04"),
        (encoded(corners(), "JPEG", comment=b"*/=alert(1)/*"), b"alert"),
        (encoded(corners(), "GIF", comment=b"*/=alert(1)/*") + b"*/alert(1)", b"alert"),
        (encoded(corners(), "PNG") + b"<html><script>alert(1)</script>", b"script"),
        (encoded(corners(), "WEBP") + b"<script>alert(1)</script>", b"script"),
        (encoded(corners(), "AVIF") + b"\0\0\0\x20free<script>alert(1)</script>", b"script"),
    ],
    ids=["jpeg and zip", "jpeg and script", "gif and script", "png and page", "webp and page", "avif and page"],
)
def test_a_file_that_is_two_things_comes_out_as_one(data: bytes, hidden: bytes) -> None:
    assert hidden in data
    photo = clean(data)
    assert hidden not in photo.data + photo.thumb + photo.placeholder
    assert "trailing" not in parts(photo.data)
    assert alike(corner_colours(opened(photo.data)), UPRIGHT, tolerance=20)


TRUNCATED = "This photo is not complete: its end is missing. Export or download it again, and send that."


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
@pytest.mark.parametrize("kind", [*FOUR, "GIF"])
def test_a_photo_whose_end_is_missing_is_refused(kind: str, share: float) -> None:
    data = encoded(noise((200, 150)), kind)
    assert refusal(data[: int(len(data) * share)]) == ("truncated", TRUNCATED)


def test_a_damaged_photo_is_refused() -> None:
    data = encoded(noise((300, 300)), "PNG")
    assert refusal(data[: len(data) // 2] + data[len(data) // 2 + 100 :]) == (
        "broken",
        "This photo is damaged and cannot be read. Export it again, or send a screenshot of it.",
    )


def test_a_web_page_that_calls_itself_a_photo_is_refused() -> None:
    assert refusal(b"<!doctype html><html><script>alert(1)</script></html>") == (
        "web-page",
        "This is a web page, whatever its name says. Save the picture in it and send that.",
    )


def test_a_drawing_that_can_run_is_refused() -> None:
    assert refusal(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') == (
        "svg",
        "This is an SVG, which can carry programs. Save it as a PNG and send that.",
    )


def test_a_few_bytes_with_a_hundred_megapixels_in_them_are_refused() -> None:
    bomb = empty_png(10_000, 10_000)
    assert len(bomb) < 20_000
    assert refusal(bomb) == (
        "too-many-pixels",
        "This photo has more than 50 megapixels. Make it smaller, or send a screenshot of it.",
    )


@pytest.mark.parametrize("size", [(50_001, 1000), (20_000, 20_000)])
def test_pixels_are_counted_before_they_are_decoded(size: tuple[int, int]) -> None:
    head = empty_png(*size)[:45]  # its beginning is all there is
    assert refusal(head)[0] == "too-many-pixels"


def test_fifty_megapixels_are_not_too_many() -> None:
    assert isinstance(clean(empty_png(10_000, 5_000)), Photo)


def test_a_text_that_unfolds_to_gigabytes_is_refused() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "a" * 100_000_000, zip=True)
    assert refusal(encoded(corners(), "PNG", pnginfo=told))[0] == "broken"


def test_more_bytes_than_may_be_sent_are_refused() -> None:
    assert refusal(encoded(corners(), "JPEG") + bytes(MAX_BYTES)) == (
        "too-large",
        "This photo is larger than 10 MB. Make it smaller, or send a screenshot of it.",
    )
