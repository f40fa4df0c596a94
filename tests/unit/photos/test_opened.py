from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from PIL import features

from cowidget.photos.cleaning import clean
from cowidget.photos.opened import reading
from cowidget.photos.photo import Photo
from cowidget.photos.refusal import PhotoRefused, Slug
from cowidget.photos.sniffing import Kind
from tests.support.photos import animated, camera, corners, encoded, noise, profile

PHOTOS = {
    "jpeg": encoded(corners((40, 30)), "JPEG", exif=camera(6), comment=b"Ann", icc_profile=profile()),
    "cmyk": encoded(corners((40, 30), "CMYK"), "JPEG"),
    "png": encoded(corners((40, 30)), "PNG", exif=camera(6), icc_profile=profile()),
    "palette": encoded(corners((40, 30), "P"), "PNG", transparency=1),
    "webp": encoded(noise((40, 30)), "WEBP", exif=camera(6), icc_profile=profile()),
    "gif": encoded(corners((40, 30)), "GIF"),
    "avif": encoded(corners((40, 30)), "AVIF", exif=camera(6), icc_profile=profile()),
    "depth": animated([corners(), corners()], "MPO"),
    **{
        f"moving {kind}": animated([corners((40, 30)), noise((40, 30))], kind, duration=50)
        for kind in ("GIF", "WEBP", "AVIF", "PNG")
    },
}
MAGICS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8 ", b"\0\0\0\x10ftypavif"]
# Small ones that say that they are large take long, and are not what is asked here.
LIGHT = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def judge(data: bytes) -> Photo | Slug:
    try:
        return clean(data)
    except PhotoRefused as refused:
        return refused.slug


@LIGHT
@given(st.sampled_from(MAGICS), st.binary(max_size=400))
def test_any_bytes_are_a_photo_or_refused(magic: bytes, rest: bytes) -> None:
    assert isinstance(judge(magic + rest), Photo | Slug)


@LIGHT
@given(st.sampled_from(sorted(PHOTOS)), st.integers(1, 12), st.randoms(use_true_random=False))
def test_a_damaged_photo_is_a_photo_or_refused(name: str, damages: int, chance: random.Random) -> None:
    data = bytearray(PHOTOS[name])
    for _ in range(damages):
        at = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(8)]
            case _:
                data[at:at] = chance.randbytes(chance.randrange(8))
        if not data:
            break
    assert isinstance(judge(bytes(data)), Photo | Slug)


@LIGHT
@given(st.sampled_from(sorted(PHOTOS)), st.floats(0, 1))
def test_a_shortened_photo_is_a_photo_or_refused(name: str, share: float) -> None:
    photo = PHOTOS[name]
    assert isinstance(judge(photo[: int(len(photo) * share)]), Photo | Slug)


def test_a_photo_for_which_there_is_no_memory_is_refused() -> None:
    with pytest.raises(PhotoRefused) as refused, reading(b"", Kind.PNG):
        raise MemoryError
    assert refused.value.slug is Slug.TOO_SLOW


def test_an_avif_is_refused_where_it_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    assert judge(encoded(corners(), "AVIF")) is Slug.AVIF
