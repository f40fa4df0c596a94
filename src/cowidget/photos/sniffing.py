"""What a file is, by its first bytes: names and declared types are what somebody wrote."""

from __future__ import annotations

import re
from enum import StrEnum

from cowidget.photos.refusal import PhotoRefused, Slug


class Kind(StrEnum):
    """What is accepted, by Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    AVIF = "AVIF"


# How far into a text its kind is looked for, behind comments and declarations.
_TEXT_BYTES = 4096

_ACCEPTED = {
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"GIF87a": Kind.GIF,
    b"GIF89a": Kind.GIF,
}
_REFUSED = {
    b"II*\0": Slug.TIFF,
    b"MM\0*": Slug.TIFF,
    b"II+\0": Slug.TIFF,
    b"MM\0+": Slug.TIFF,
    b"%PDF": Slug.PDF,
    b"\x1aE\xdf\xa3": Slug.VIDEO,
}
_HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1")
)
_SVG = re.compile(rb"<(?:[a-z_][\w.-]*:)?svg[\s>/]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|title|iframe)\b", re.IGNORECASE)


def sniff(data: bytes) -> Kind:
    """The kind of a photo.

    Raises:
        PhotoRefused: it is something else; the sentence says what to do with that.
    """
    for magic, kind in _ACCEPTED.items():
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF":
        if data[8:12] == b"WEBP":
            return Kind.WEBP
        raise PhotoRefused(Slug.VIDEO if data[8:12] == b"AVI " else Slug.NOT_A_PHOTO)
    if data[4:8] == b"ftyp":
        return _by_brands(data)
    for magic, slug in _REFUSED.items():
        if data.startswith(magic):
            raise PhotoRefused(slug)
    # Two letters are how texts begin, too.
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        raise PhotoRefused(Slug.BMP)
    raise PhotoRefused(_kind_of_text(data[:_TEXT_BYTES]))


def is_cut_off(data: bytes, kind: Kind) -> bool:
    """Whether the file says that there is more of it; JPEG, PNG and GIF say it only to who decodes them."""
    if kind is Kind.WEBP:
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if kind is Kind.AVIF:
        return _boxes_end(data) > len(data)
    return False


def _by_brands(data: bytes) -> Kind:
    size = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(size, 256), 4))}
    if brands & {b"avif", b"avis"}:
        return Kind.AVIF
    raise PhotoRefused(Slug.HEIC if brands & _HEIC_BRANDS else Slug.VIDEO)


def _kind_of_text(head: bytes) -> Slug:
    page, drawing = _HTML.search(head), _SVG.search(head)
    # Either may hold the other; what comes first is what it is.
    if drawing is not None and (page is None or drawing.start() < page.start()):
        return Slug.SVG
    return Slug.NOT_A_PHOTO if page is None else Slug.WEB_PAGE


def _boxes_end(data: bytes) -> int:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # up to the end of the file
            return len(data)
        at += max(size, 8)
    return at
