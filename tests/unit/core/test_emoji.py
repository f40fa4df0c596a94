"""What an emoji is."""

from __future__ import annotations

import pytest

from cowidget.core.emoji import is_emoji


@pytest.mark.rule("L6")
@pytest.mark.parametrize(
    "text",
    [
        "👍",
        "👍🏽",
        "❤️",
        "❤",
        "☝🏿",
        "☝️",
        "1️⃣",
        "#⃣",
        "🇩🇪",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "👩‍💻",
        "👩🏾‍❤️‍💋‍👨🏻",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🏴‍☠️",
        "⏰",
        "↔️",
        "Ⓜ️",
        "🅰️",
        "🫠",
        "©️",
        "⭐",
    ],
)
def test_an_emoji_is_one(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.rule("L6")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "1",
        "12",
        "#",
        "*",
        "ok",
        "👍a",
        "a👍",
        "👍 ",
        " 👍",
        "👍\n",
        "👍👍",
        "🇩",
        "🇩🇪🇫🇷",
        "<b>",
        "&#1;",
        "\u200d",
        "\ufe0f",
        "👍\u200d",
        "\u200d👍",
        "👍\u202e",
        "👍\U000e0041\U000e0042\U000e007f",
        "👍\x00",
        "é",
        "字",
        "👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👍",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_emoji(text)
