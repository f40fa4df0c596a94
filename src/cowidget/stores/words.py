"""The words of texts and of queries, as both stores compare them (PROTOCOL.md L9)."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# Kana and ideographs: written without spaces, so each is a word of its own.
_UNSPACED = re.compile("([\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def folded(text: str) -> str:
    """The words of a text, one space between them, without case and diacritics."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
        text = _UNSPACED.sub(r" \1 ", bare).casefold()
    return " ".join(_WORD.findall(text.lower()))


def phrases(query: str) -> list[str]:
    """What a text must hold: for each part between the spaces of a query, its words one after the other."""
    return [words for part in query.split() if (words := folded(part))]


def padded(text: str) -> str:
    """A text to look for `needles` in; empty if it has no words."""
    words = folded(text)
    return f" {words} " if words else ""


def needles(query: str) -> list[str]:
    """What a padded text must contain to hold all phrases of a query; the last one may go on, and comes first."""
    found = phrases(query)
    return [f" {found[-1]}", *(f" {phrase} " for phrase in found[:-1])] if found else []
