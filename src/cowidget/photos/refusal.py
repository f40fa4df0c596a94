"""Why a photo is refused, and what to tell the one who sent it."""

from __future__ import annotations

from enum import StrEnum

from cowidget.errors import UsageError
from cowidget.photos.photo import MAX_BYTES, MAX_FRAMES, MAX_MOVING_BYTES, MAX_MOVING_PIXELS, MAX_PIXELS

_MEGA = 1_000_000


class Slug(StrEnum):
    """What a page translates by; `SENTENCES` has the English."""

    NOT_A_PHOTO = "not-a-photo"
    HEIC = "heic"
    SVG = "svg"
    WEB_PAGE = "web-page"
    TIFF = "tiff"
    BMP = "bmp"
    PDF = "pdf"
    VIDEO = "video"
    AVIF = "avif"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_LONG = "too-long"
    TOO_HEAVY = "too-heavy"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    TOO_SLOW = "too-slow"
    BUSY = "busy"


SENTENCES = {
    Slug.NOT_A_PHOTO: "This is not a photo that a browser can show. JPEG, PNG, WebP, GIF and AVIF are.",
    Slug.HEIC: (
        "This is a HEIC photo, which most browsers cannot show. Send a screenshot of it, or save it as a JPEG first. "
        "An iPhone takes JPEGs after Settings, Camera, Formats, Most Compatible."
    ),
    Slug.SVG: "This is an SVG, which can carry programs. Save it as a PNG and send that.",
    Slug.WEB_PAGE: "This is a web page, whatever its name says. Save the picture in it and send that.",
    Slug.TIFF: "This is a TIFF or a camera's raw photo, which browsers cannot show. Save it as a JPEG or PNG first.",
    Slug.BMP: "This is a BMP, which is large and rarely shown. Save it as a PNG first.",
    Slug.PDF: "This is a PDF. Send a screenshot of the page that matters.",
    Slug.VIDEO: "This is a video, and only photos and animations can be sent. Send a frame of it.",
    Slug.AVIF: "The relay cannot read AVIF on its machine. Save the photo as a JPEG or WebP first.",
    Slug.TOO_LARGE: f"This photo is larger than {MAX_BYTES // _MEGA} MB. Make it smaller, or send a screenshot of it.",
    Slug.TOO_MANY_PIXELS: (
        f"This photo has more than {MAX_PIXELS // _MEGA} megapixels. Make it smaller, or send a screenshot of it."
    ),
    Slug.TOO_LONG: (
        f"This animation is too long. Up to {MAX_FRAMES} frames with {MAX_MOVING_PIXELS // _MEGA} megapixels in all "
        "can be sent: shorten it, or make it smaller."
    ),
    Slug.TOO_HEAVY: (
        f"This animation stays larger than {MAX_MOVING_BYTES // _MEGA} MB. Shorten it, or make it smaller."
    ),
    Slug.TRUNCATED: "This photo is not complete: its end is missing. Export or download it again, and send that.",
    Slug.BROKEN: "This photo is damaged and cannot be read. Export it again, or send a screenshot of it.",
    Slug.TOO_SLOW: "This photo takes too much time or memory to prepare. Make it smaller, or send a screenshot of it.",
    Slug.BUSY: "Many photos are being prepared right now. Send this one again in a moment.",
}


class PhotoRefused(UsageError):
    """This is no photo that can be shown to others.

    Attributes:
        slug: why.
        text: the sentence for the one who sent it: what it is, and what to do.
    """

    def __init__(self, slug: Slug) -> None:
        super().__init__(SENTENCES[slug])
        self.slug = slug
        self.text = SENTENCES[slug]
