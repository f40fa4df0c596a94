"""What an emoji is (PROTOCOL.md L6). By lists of blocks: Python and browsers know different versions of Unicode."""

from __future__ import annotations

import re

MAX_EMOJI = 16
# Signs that became emoji one by one, and the blocks of the others, which also hold those of versions to come.
_SIGN = (
    "["
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
    "]"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = f"{_SIGN}\ufe0f?{_TONE}?"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
# England, Scotland: tags are letters that cannot be seen, so nowhere else.
_REGION = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
_EMOJI = re.compile(f"{_KEYCAP}|{_FLAG}|{_REGION}|{_ONE}(?:\u200d{_ONE})*")


def is_emoji(text: str) -> bool:
    """Whether this is one emoji, as L6 has it."""
    return len(text) <= MAX_EMOJI and _EMOJI.fullmatch(text) is not None
