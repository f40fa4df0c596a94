"""What a log entry may hold."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cowidget.core.bodies import MAX_PICTURE, MAX_SHARE, MAX_TEXT, fault_of, size_of
from cowidget.core.values import Moment, Text

PNG = b"\x89PNG\r\n\x1a\n rest"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


def moment(**fields: Any) -> Moment:
    return Moment(**{"share": "chart", "start": 1.5, "end": 2.5, "picture": PNG, **fields})


@pytest.mark.rule("L4")
@pytest.mark.parametrize("picture", [PNG, WEBP, b"", PNG.ljust(MAX_PICTURE, b"\0")])
def test_a_moment_has_a_picture_or_none(picture: bytes) -> None:
    assert fault_of(moment(picture=picture)) == ""


@pytest.mark.rule("L4")
@pytest.mark.parametrize("picture", [b"<svg onload=alert(1)>", b"GIF89a", b"\x89PNG", b"RIFF\x10\x00\x00\x00WAVE"])
def test_what_could_be_anything_else_is_no_picture(picture: bytes) -> None:
    assert "PNG or WebP" in fault_of(moment(picture=picture))


@pytest.mark.rule("L4")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"start": 3.0}, "beginning"),
        ({"start": math.nan}, "beginning"),
        ({"end": math.inf}, "beginning"),
        ({"start": -math.inf}, "beginning"),
        ({"share": ""}, "shared chart"),
        ({"share": "c" * (MAX_SHARE + 1)}, "shared chart"),
        ({"text": "x" * (MAX_TEXT + 1)}, "characters"),
        ({"picture": PNG.ljust(MAX_PICTURE + 1, b"\0")}, "128 KiB"),
    ],
)
def test_what_a_moment_cannot_be_is_said(fields: dict[str, Any], word: str) -> None:
    assert word in fault_of(moment(**fields))


@pytest.mark.rule("L4")
@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (MAX_TEXT, True), (MAX_TEXT + 1, False)])
def test_a_text_is_not_empty_and_not_too_long(length: int, fits: bool) -> None:
    assert (fault_of(Text("x" * length)) == "") is fits


def test_the_words_of_a_moment_may_be_missing_and_its_range_a_single_instant() -> None:
    assert fault_of(moment(text="", start=2.0, end=2.0)) == ""


def test_a_body_is_as_large_as_its_text_in_bytes_and_its_picture() -> None:
    assert (size_of(Text("ä")), size_of(moment(text="ä"))) == (2, 2 + len(PNG))
