"""The photos that a room has."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.effects import PhotoRecord
from cowidget.core.photo_table import PhotoTable
from cowidget.core.values import Photo, Photos

A, B, THUMB = "a" * 64, "b" * 64, "c" * 64


def photo(sha256: str, size: int = 5) -> Photo:
    return Photo(sha256, THUMB, "image/jpeg", 4, 3, size, b"tiny")


def table(*hashes: str, shown: bool = False) -> PhotoTable:
    return PhotoTable(PhotoRecord(photo(each), (f"raw {each}",), 100.0, shown) for each in hashes)


def test_a_thumbnail_is_there_as_long_as_one_of_its_photos() -> None:
    photos = table(A, B)
    assert photos.remove([A, A, "x"]) == (photo(A),)
    assert THUMB in photos
    photos.remove([B])
    assert THUMB not in photos


def test_bytes_add_up() -> None:
    photos = table(A, B)
    photos.add(PhotoRecord(photo(A), ("another raw",), 100.0))
    assert photos.bytes == 10
    photos.remove([A])
    assert photos.bytes == 5


def test_what_was_made_of_bytes_is_known_until_it_goes() -> None:
    photos = table(A)
    photos.add(PhotoRecord(photo(A), ("another raw",), 100.0))
    assert [photos.made_of(raw, 100.0) for raw in (f"raw {A}", "another raw", "x")] == [photo(A), photo(A), None]
    photos.remove([A])
    assert photos.made_of("another raw", 100.0) is None


@pytest.mark.rule("U6")
@pytest.mark.parametrize("what", ["made_of", "fill", "add"])
def test_who_is_about_to_post_a_photo_keeps_it_for_another_hour(what: str) -> None:
    photos = table(A)
    acts = {
        "made_of": lambda: photos.made_of(f"raw {A}", 200.0),
        "fill": lambda: photos.fill(Photos((photo(A),)), 200.0),
        "add": lambda: photos.add(PhotoRecord(photo(A), (), 200.0)),
    }
    acts[what]()
    assert photos.deadline() == 200.0 + limits.PHOTO_GRACE
    assert photos.sweep(199.0 + limits.PHOTO_GRACE) == ()


@pytest.mark.rule("U6")
def test_a_photo_that_was_posted_is_not_swept() -> None:
    photos = table(A, B)
    photos.post(Photos((photo(A),)))
    assert photos.sweep(100.0 + limits.PHOTO_GRACE) == (photo(B),)
    assert (photos.deadline(), A in photos, B in photos) == (None, True, False)
