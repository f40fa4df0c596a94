"""Photos as people and attackers send them, made by Pillow, and what is found in those that come out.

data = encoded(upside_down(corners(), 3), "JPEG", exif=camera(3))
assert parts(clean(data).data) == ["SOI", "APP0", ...]
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageDraw

ORIENTATION = 0x0112
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 40), (30, 40, 210), (230, 220, 30)

# What a camera, a phone or a person wrote, and nobody else may read.
SECRET = "taken by Ann at home"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description>{SECRET}</rdf:Description></x:xmpmeta>'.encode()

# How a camera that was held so stores what it saw: what puts it right, undone.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """Red and green above, blue and yellow below: each turn of it looks different."""
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    middle = size[0] // 2, size[1] // 2
    for (x, y), colour in {(0, 0): RED, (1, 0): GREEN, (0, 1): BLUE, (1, 1): YELLOW}.items():
        left, top = x * middle[0], y * middle[1]
        draw.rectangle((left, top, left + middle[0], top + middle[1]), fill=colour)
    return image.convert(mode, palette=Image.Palette.ADAPTIVE)


def noise(size: tuple[int, int], seed: int = 7, mode: str = "RGB") -> Image.Image:
    """What no encoder makes small."""
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], len(mode)), dtype=np.uint8)
    return Image.frombytes(mode, size, values.tobytes())


def scene(size: tuple[int, int]) -> Image.Image:
    """Soft and grainy, like what a camera takes."""
    rough = noise((size[0] // 16, size[1] // 16)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(rough, noise((256, 256)).resize(size), 0.1)


def screenshot(size: tuple[int, int] = (640, 400)) -> Image.Image:
    """Lines of text on white."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for line in range(0, size[1], 16):
        draw.text((8, line), f"{line:4}  room = cw.share(widget)  # {'=' * (line % 17)}", fill=(20, 40, 120))
    return image


def stored(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels in a file whose orientation says how to show this image."""
    turn = _STORED[orientation]
    return image if turn is None else image.transpose(turn)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image in a file of this kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animated(frames: Sequence[Image.Image], kind: str, **options: Any) -> bytes:
    """The frames in one file."""
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def opened(data: bytes) -> Image.Image:
    """What a reader sees, decoded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def camera(orientation: int = 1) -> Image.Exif:
    """What a phone writes: how it was held, where, and who it belongs to."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = SECRET  # description
    exif[0x9286] = SECRET  # comment
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: SECRET})
    return exif


def colour(image: Image.Image, x: int, y: int, mode: str = "RGB") -> tuple[int, ...]:
    """Of one pixel."""
    seen = image.convert(mode).getpixel((x, y))
    assert isinstance(seen, tuple)
    return tuple(int(channel) for channel in seen)


def corner_colours(image: Image.Image) -> list[tuple[int, ...]]:
    """From well within the four quarters, in the order of reading."""
    width, height = image.size
    return [colour(image, x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]


def alike(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]], tolerance: int = 14) -> bool:
    """Whether an eye sees the same colours."""
    return all(abs(a - b) <= tolerance for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))


def parts(data: bytes) -> list[str]:
    """The names of all that is in a JPEG, PNG or WebP up to its last byte, in order."""
    if data.startswith(b"\xff\xd8"):
        return list(_jpeg_parts(data))
    if data.startswith(b"\x89PNG"):
        return list(_png_parts(data))
    return list(_webp_parts(data))


def profile(colorants: dict[str, tuple[float, float, float]] | None = None, swap: bool = False) -> bytes:
    """An ICC profile: sRGB's with other primaries (XYZ at D50), or with red and green swapped."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swap:
        return made.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    changed = bytearray(made)
    for at in range(132, 132 + 12 * int.from_bytes(made[128:132], "big"), 12):
        name, offset, _ = struct.unpack_from(">4sII", made, at)
        if colorants and (xyz := colorants.get(name.decode("latin-1"))):
            struct.pack_into(">3i", changed, offset + 8, *(round(value * 65536) for value in xyz))
    return bytes(changed)


def empty_png(width: int, height: int) -> bytes:
    """As many white pixels as wanted, in few bytes."""
    row = bytes(1 + (width + 7) // 8)
    squeezed = zlib.compressobj(9)
    rows = b"".join(squeezed.compress(row) for _ in range(height)) + squeezed.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def long_gif(frames: int, size: tuple[int, int] = (16, 16)) -> bytes:
    """A GIF with as many frames as wanted; they all show one picture."""
    data = encoded(Image.new("P", size), "GIF")
    frame = data[data.index(b"\x2c") : -1]
    return data[: data.index(b"\x2c")] + frame * frames + b"\x3b"


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _jpeg_parts(data: bytes) -> Iterator[str]:
    names = {0xC0: "SOF", 0xC2: "SOF", 0xC4: "DHT", 0xDA: "SOS", 0xDB: "DQT", 0xDD: "DRI", 0xFE: "COM"}
    yield "SOI"
    at = 2
    while data[at + 1] != 0xD9:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        yield f"APP{marker - 0xE0}" if 0xE0 <= marker < 0xF0 else names[marker]
        at += 2 + size
        if marker == 0xDA:
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] < 0xD8:
                at += 1
    yield "EOI"
    if data[at + 2 :]:
        yield "trailing"


def _png_parts(data: bytes) -> Iterator[str]:
    at = 8
    while at < len(data):
        name = data[at + 4 : at + 8]
        yield name.decode("latin-1")
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if name == b"IEND" and at < len(data):
            yield "trailing"
            return


def _webp_parts(data: bytes) -> Iterator[str]:
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    while at < end:
        yield data[at : at + 4].decode("latin-1").strip()
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    if len(data) > end:
        yield "trailing"
