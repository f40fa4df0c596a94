"""Takes the secrets of a source out of texts that everybody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from cowidget.core.feed_values import Source

# What stands in a secret's place.
MASK = "•••"
# Shorter ones are in every other word: a text without them would say nothing.
MIN_SECRET = 4
# What a status may hold (`Line`).
MAX_TEXT = 500

# A token after `Bearer`; and one in what is sent to subscribe, where the shorter words are names of channels.
_WORD = re.compile(r"[^\s\"',:;={}\[\]]{8,}")
_TOKEN = re.compile(r"[^\s\"',:;={}\[\]]{16,}")


class Scrubber:
    """Knows the secrets of one source: what is in its headers, its URLs' logins and queries, and what it sends.

    Its hosts are secrets, too: nobody but owners is told of a source (F2), and they may stand in a private network.
    """

    def __init__(self, source: Source) -> None:
        found = {each for each in _secrets(source) if len(each) >= MIN_SECRET}
        # The longest first: one may be part of another.
        ordered = sorted(found, key=lambda each: (-len(each), each))
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def clean(self, text: str) -> str:
        """The text without secrets, short enough for a status."""
        cleaned = text if self._pattern is None else self._pattern.sub(MASK, text)
        return cleaned if len(cleaned) <= MAX_TEXT else cleaned[: MAX_TEXT - 1] + "…"


def _secrets(source: Source) -> Iterator[str]:
    for value in source.headers.values():
        yield value
        yield from _WORD.findall(value)
    for url in (source.url, source.backfill):
        yield from _in_url(url)
    for message in source.subscribe:
        yield from (message, *_TOKEN.findall(message))


def _in_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        # A host of one word, like `data`, is not to be told from the words of a sentence.
        host = parts.hostname if "." in (parts.hostname or "") else None
        named = (parts.username, parts.password, host)
    except ValueError:  # it is refused where it is opened
        return
    for each in named:
        if each:
            yield each
            yield unquote(each)
    if parts.query:
        yield parts.query
    for _, value in parse_qsl(parts.query):
        yield value
