"""Colours as browsers without a profile show them: eight bits of sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

# Which pictures a profile of a kind can be meant for; another one is ignored, as browsers do.
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_FITTING = {("RGB", "RGB"), ("L", "L"), ("L", "RGB"), ("CMYK", "CMYK")}


def widen(image: Image.Image) -> Image.Image:
    """The same colours without a palette, in eight bits and, where it has any, with alpha: L, RGB, CMYK or RGBA."""
    if image.mode.startswith(("I", "F")):
        image = image.point(lambda value: value * (1 / 256) + 0).convert("L")
        # Of 16 bits: it would mean another grey now.
        image.info.pop("transparency", None)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that are seen, as RGB or RGBA, for a picture of `widen`; alpha stays as it is.

    A profile that cannot be read, or is another kind of picture's, is ignored: browsers show such a picture, too.
    """
    base = "RGB" if image.mode == "RGBA" else image.mode
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if not profile:
        return image.convert(wanted)
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = _MODES.get(meant.profile.xcolor_space.strip(), "")
        if (base, mode) not in _FITTING:
            return image.convert(wanted)
        seen = ImageCms.profileToProfile(
            image if image.mode == "RGBA" else image.convert(mode),
            meant,
            ImageCms.createProfile("sRGB"),
            outputMode=wanted,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert(wanted)
    if seen is None:
        raise AssertionError("only a conversion in place returns nothing")
    return seen
