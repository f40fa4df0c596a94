"""Sources by URL: the only file that names the kinds."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from cowidget.core.feed_values import Source
from cowidget.feeds import events, lines, polled, websocket
from cowidget.feeds.failures import FieldError, SourceError
from cowidget.feeds.fields import parse_fields
from cowidget.feeds.paths import parse_path
from cowidget.feeds.reach import Reach
from cowidget.feeds.source import Followed

KINDS: dict[str, Callable[[Source, Reach], Followed]] = {
    **dict.fromkeys(websocket.SCHEMES, websocket.WebSocketSource),
    **dict.fromkeys(events.SCHEMES, events.EventSource),
    **dict.fromkeys(lines.SCHEMES, lines.LineSource),
    **dict.fromkeys(polled.SCHEMES, polled.PolledSource),
}
# Where the time since which rows are missing goes in `backfill`: Unix seconds, or milliseconds.
SINCE = "{since}"
SINCE_MS = "{since_ms}"

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


def check_source(source: Source) -> None:
    """Check what can be checked of a source without asking its host.

    Raises:
        SourceError: its URL, its headers or its backfill cannot work.
        FieldError: a field, or the path to the records, is not understood.
    """
    _check_url(source.url, tuple(KINDS), "a source's address")
    if source.backfill:
        if SINCE not in source.backfill and SINCE_MS not in source.backfill:
            raise SourceError(f"backfill: the address says nowhere since when; put {SINCE} or {SINCE_MS} into it")
        _check_url(backfill_url(source.backfill, 0.0), polled.SCHEMES, "backfill")
    for name, value in source.headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise SourceError(f"the header {name[:40]!r} cannot be sent: names and values are plain text on one line")
    parse_fields(source.fields)
    try:
        parse_path(source.records)
    except FieldError as error:
        raise FieldError(f"records: {error}") from error


def open_source(source: Source, reach: Reach) -> Followed:
    """What follows a source, by its URL: WebSockets, events, lines of JSON, or a document that is asked for.

    Raises:
        SourceError: see `check_source`.
        FieldError: see `check_source`.
    """
    check_source(source)
    return KINDS[urlsplit(source.url).scheme](source, reach)


def backfill_url(template: str, since: float) -> str:
    """The address of the rows since a time in Unix seconds."""
    return template.replace(SINCE_MS, str(round(since * 1000))).replace(SINCE, f"{since:.6f}".rstrip("0").rstrip("."))


def _check_url(url: str, schemes: tuple[str, ...], what: str) -> None:
    try:
        parts = urlsplit(url)
        valid = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise SourceError(f"{what} is none: {error}") from error
    if parts.scheme not in schemes:
        listed = ", ".join(f"{scheme}://" for scheme in schemes)
        raise SourceError(
            f"{what} begins with {parts.scheme + '://' if parts.scheme else 'nothing'}; use one of {listed}"
        )
    if not valid or any(ord(letter) <= 32 for letter in url):
        raise SourceError(f"{what} is none; it looks like {parts.scheme}://host/path")
