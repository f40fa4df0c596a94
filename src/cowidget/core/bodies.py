"""What a log entry may hold (PROTOCOL.md L4): clients ask before they push, the relay before it orders."""

from __future__ import annotations

import math

from cowidget.core.values import Body, Moment, Text

MAX_TEXT = 8000
MAX_PICTURE = 128 << 10
MAX_SHARE = 64
# Anything else could be a page or a script, for a program that guesses the type by the content.
_PNG = b"\x89PNG\r\n\x1a\n"


def size_of(body: Body) -> int:
    """Bytes that a body adds to a message."""
    text = len(body.text.encode())
    return text + len(body.picture) if isinstance(body, Moment) else text


def fault_of(body: Body) -> str:
    """Why this cannot be posted, as a sentence; empty if it can."""
    if isinstance(body, Text):
        return "" if 1 <= len(body.text) <= MAX_TEXT else f"A message has 1 to {MAX_TEXT} characters."
    if len(body.text) > MAX_TEXT:
        return f"A message has 1 to {MAX_TEXT} characters."
    if not 1 <= len(body.share) <= MAX_SHARE:
        return "A moment is one of a shared chart."
    if not (math.isfinite(body.start) and math.isfinite(body.end) and body.start <= body.end):
        return "A moment has a beginning and an end."
    if len(body.picture) > MAX_PICTURE:
        return f"A moment's picture holds at most {MAX_PICTURE >> 10} KiB."
    return "" if _is_picture(body.picture) else "A moment's picture is PNG or WebP."


def _is_picture(data: bytes) -> bool:
    return data == b"" or data.startswith(_PNG) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
