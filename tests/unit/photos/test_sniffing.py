from __future__ import annotations

import pytest

from cowidget.photos.refusal import SENTENCES, PhotoRefused, Slug
from cowidget.photos.sniffing import Kind, is_cut_off, sniff
from tests.support.photos import corners, encoded


def refusal(data: bytes) -> Slug:
    with pytest.raises(PhotoRefused) as refused:
        sniff(data)
    return refused.value.slug


def heif(*brands: bytes) -> bytes:
    return (16 + 4 * len(brands[1:])).to_bytes(4, "big") + b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])


@pytest.mark.parametrize("kind", Kind)
def test_a_photo_is_known_by_its_first_bytes(kind: Kind) -> None:
    assert sniff(encoded(corners(), kind)) is kind


def test_an_animated_avif_is_an_avif() -> None:
    assert sniff(heif(b"avis", b"msf1", b"mif1")) is Kind.AVIF


def test_an_avif_that_first_says_only_image_is_an_avif() -> None:
    assert sniff(heif(b"mif1", b"mif1", b"avif")) is Kind.AVIF


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", Slug.NOT_A_PHOTO),
        (b"Dear all, please find the photo attached.", Slug.NOT_A_PHOTO),
        (b"BMW is a maker of cars", Slug.NOT_A_PHOTO),
        (b"PK\x03\x04" + bytes(40), Slug.NOT_A_PHOTO),
        (b"RIFF\x24\0\0\0WAVEfmt ", Slug.NOT_A_PHOTO),
        (heif(b"heic", b"mif1", b"heic"), Slug.HEIC),
        (heif(b"mif1", b"heix"), Slug.HEIC),
        (heif(b"isom", b"mp42"), Slug.VIDEO),
        (b"RIFF\x24\0\0\0AVI LIST", Slug.VIDEO),
        (b"\x1aE\xdf\xa3webm", Slug.VIDEO),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Slug.SVG),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->\n<SVG:svg/>", Slug.SVG),
        (b"  <!DOCTYPE html><p>", Slug.WEB_PAGE),
        (b"<script>alert(1)</script>", Slug.WEB_PAGE),
        (b"<html><svg></svg></html>", Slug.WEB_PAGE),
        (b"%PDF-1.7", Slug.PDF),
    ],
)
def test_what_is_no_photo_is_refused_by_what_it_is(data: bytes, slug: Slug) -> None:
    assert refusal(data) is slug


@pytest.mark.parametrize(("kind", "slug"), [("TIFF", Slug.TIFF), ("BMP", Slug.BMP), ("PDF", Slug.PDF)])
def test_pictures_that_browsers_do_not_show_are_refused_by_their_kind(kind: str, slug: Slug) -> None:
    assert refusal(encoded(corners(), kind)) is slug


@pytest.mark.parametrize("kind", [Kind.WEBP, Kind.AVIF])
def test_a_file_without_its_end_is_seen_to_be_cut_off(kind: Kind) -> None:
    data = encoded(corners(), kind)
    assert (is_cut_off(data, kind), is_cut_off(data[:-1], kind)) == (False, True)


def test_a_box_that_reaches_to_the_end_is_whole() -> None:
    assert not is_cut_off(heif(b"avif") + bytes(4) + b"mdat...", Kind.AVIF)


def test_a_box_with_a_long_size_is_cut_off_by_it() -> None:
    assert is_cut_off(heif(b"avif") + b"\0\0\0\1mdat" + (99).to_bytes(8, "big"), Kind.AVIF)


def test_every_refusal_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Slug)


def test_a_refused_heic_tells_what_to_do_on_the_phone() -> None:
    assert PhotoRefused(Slug.HEIC).text == (
        "This is a HEIC photo, which most browsers cannot show. Send a screenshot of it, or save it as a JPEG first. "
        "An iPhone takes JPEGs after Settings, Camera, Formats, Most Compatible."
    )
