"""Getting what an http(s) address holds, once per process."""

from __future__ import annotations

import functools
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from http.client import HTTPException
from typing import ClassVar
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag

FETCH_TIMEOUT = 10.0
# Of one address, and of a share's code together. A browser would have to load it all; vega with its imports has 1.5 MB.
MAX_BYTES = 20 << 20
_MAX_KEPT = 64 << 20
# An address that failed is not asked again for so long: each new child of a widget asks for all its code.
_FAILED_FOR = 60.0
_PIECE = 64 << 10


class FetchError(Exception):
    """An address gave nothing that can be used; the text says why. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. `url` is where it came from after redirects."""

    url: str
    type: str
    data: bytes

    def text(self, kind: re.Pattern[str], what: str) -> str:
        """Its text.

        Raises:
            FetchError: a browser would not take this for `what` either.
        """
        if not kind.fullmatch(self.type):
            raise FetchError(f"it is {self.type or 'of no type'}, not {what}")
        return self.data.decode("utf-8", "replace")


def fetch(url: str) -> Fetched:
    """What the address gives, or gave to this process before. Blocks, for `FETCH_TIMEOUT` at most.

    Raises:
        FetchError: it gives nothing.
    """
    url = urldefrag(url).url
    if (known := _Kept.get(url)) is not None:
        return known
    try:
        fetched = _read(url)
    except (OSError, HTTPException, ValueError) as error:
        reason = _reason(error)
        _Kept.fail(url, reason)
        raise FetchError(reason) from error
    _Kept.put(url, fetched)
    return fetched


def may_import(importer: str, url: str) -> bool:
    """Whether a browser would let the code at `importer` load the code at `url`: https brings nothing by plain http."""
    return not importer.lower().startswith("https:") or url.lower().startswith("https:")


def _read(url: str) -> Fetched:
    deadline = time.monotonic() + FETCH_TIMEOUT
    # S310 warns of file: and the like, which this opener does not know.
    asked = request.Request(url, headers={"Accept": "*/*", "User-Agent": "Mozilla/5.0 (cowidget)"})  # noqa: S310
    with _opener().open(asked, timeout=FETCH_TIMEOUT) as answer:
        if not may_import(url, answer.url):
            raise OSError(f"it leads from https to {answer.url}")
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BYTES:
                raise OSError(f"it has more than {MAX_BYTES >> 20} MB")
            # The socket's own timeout is for each packet.
            if time.monotonic() > deadline:
                raise TimeoutError(f"it took longer than {FETCH_TIMEOUT:.0f} s")
        return Fetched(answer.url, answer.headers.get_content_type(), b"".join(pieces))


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        # It is an open response, too.
        error.close()
        return f"the server says {error.code} {error.reason}"
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        return _reason(error.reason)
    return str(error) or type(error).__name__


@functools.cache
def _opener() -> request.OpenerDirector:
    # Only what is needed: urllib's own opener also follows to ftp: and reads file:.
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.UnknownHandler(),
        request.HTTPHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(),
        request.HTTPSHandler(),
    ):
        opener.add_handler(handler)
    return opener


class _Kept:
    """What addresses gave to this process, the newest `_MAX_KEPT` bytes, and when others failed. For any thread."""

    lock: ClassVar[threading.Lock] = threading.Lock()
    found: ClassVar[OrderedDict[str, Fetched]] = OrderedDict()
    failed: ClassVar[dict[str, tuple[float, str]]] = {}

    @classmethod
    def get(cls, url: str) -> Fetched | None:
        with cls.lock:
            if (failure := cls.failed.get(url)) is not None:
                if time.monotonic() < failure[0] + _FAILED_FOR:
                    raise FetchError(failure[1])
                del cls.failed[url]
            if (known := cls.found.get(url)) is not None:
                cls.found.move_to_end(url)
            return known

    @classmethod
    def put(cls, url: str, fetched: Fetched) -> None:
        with cls.lock:
            cls.found[url] = fetched
            while sum(len(one.data) for one in cls.found.values()) > _MAX_KEPT:
                cls.found.popitem(last=False)

    @classmethod
    def fail(cls, url: str, reason: str) -> None:
        with cls.lock:
            cls.failed[url] = (time.monotonic(), reason)
