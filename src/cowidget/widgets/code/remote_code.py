"""Code that widgets import by URL, fetched by the kernel: the guests' page has no network.

What is fetched is what the widget's author (and the authors of what that imports) wrote into the code, as
JupyterLab's own browser would fetch it; guests and the relay have no say in it. As in a browser, code that came
by https brings nothing by plain http.
"""

from __future__ import annotations

import base64
import functools
import logging
import mimetypes
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from cowidget.errors import ShareError
from cowidget.widgets.code.es_imports import grounded, remote_imports
from cowidget.widgets.code.fetching import MAX_BYTES, FetchError, fetch, may_import

_log = logging.getLogger(__name__)

# A cell waits for it: longer, and a firewall that swallows packets holds it up; shorter, and a CDN that builds
# packages on first request is missed.
SHARE_TIMEOUT = 30.0
_CONNECTIONS = 6
# The bound of `Module.name` (core/values.py).
_MAX_NAME = 1024
_SCRIPT = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script")
_STYLE = re.compile(r"text/(?:css|plain)")
_URL_IN_STYLE = re.compile(r"""url\(\s*(["']?)(?P<url>[^"')\s]+)\1\s*\)""")


def modules_for(codes: Iterable[str]) -> dict[str, str]:
    """The modules that these texts import by URL, and those that these import, by the name they are imported by.

    Blocks, for `SHARE_TIMEOUT` at most. One that cannot be fetched is left out and logged.
    """
    first = dict.fromkeys(url for code in codes for url in remote_imports(code))
    return _Gathering(first).run() if first else {}


def script_at(url: str) -> str:
    """The module at this address, what it names relatively named wholly. Blocks.

    Raises:
        ShareError: it cannot be fetched; says why.
    """
    try:
        return _module(url)
    except FetchError as error:
        raise ShareError(f"Its code is at {url}, which this kernel could not fetch: {error}.") from error


def style_at(url: str) -> str:
    """The style sheet at this address, with the pictures and fonts that it names relatively inside it. Blocks.

    Raises:
        ShareError: it cannot be fetched; says why.
    """
    try:
        fetched = fetch(url)
        text = fetched.text(_STYLE, "a style sheet")
    except FetchError as error:
        raise ShareError(f"Its style is at {url}, which this kernel could not fetch: {error}.") from error
    deadline = time.monotonic() + SHARE_TIMEOUT
    return _URL_IN_STYLE.sub(lambda match: _inlined(match, fetched.url, deadline), text)


def is_url(text: str) -> bool:
    """Whether the text is an address and not code."""
    # Code has megabytes: look at its beginning first.
    return text[:8].lower().startswith(("http://", "https://")) and not re.search(r"\s", text.strip())


def data_url(name: str, data: bytes) -> str:
    """The bytes as an address that needs no network; the name tells their type."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


class _Gathering:
    """The modules of one share, several at once, until none is named that is not here."""

    def __init__(self, first: Iterable[str]) -> None:
        self._deadline = time.monotonic() + SHARE_TIMEOUT
        self._found: dict[str, str] = {}
        self._bytes = 0
        self._met: set[str] = set()
        self._waiting: dict[Future[str], str] = {}
        self._first = first

    def run(self) -> dict[str, str]:
        with _pool() as pool:
            self._ask(pool, self._first, "")
            while self._waiting:
                left = self._deadline - time.monotonic()
                done, _ = wait(self._waiting, max(left, 0), FIRST_COMPLETED)
                if not done:
                    break
                for future in done:
                    self._take(pool, self._waiting.pop(future), future)
        for url in self._waiting.values():
            _left_out(url, f"it was not here after {SHARE_TIMEOUT:.0f} s")
        return self._found

    def _ask(self, pool: ThreadPoolExecutor, urls: Iterable[str], importer: str) -> None:
        for url in urls:
            if url in self._met:
                continue
            self._met.add(url)
            if len(url) > _MAX_NAME:
                _left_out(url[:80] + "…", "its address is too long")
            elif not may_import(importer, url):
                _left_out(url, f"{importer} came by https, and this would not")
            else:
                self._waiting[pool.submit(_module, url)] = url

    def _take(self, pool: ThreadPoolExecutor, url: str, future: Future[str]) -> None:
        try:
            code = future.result()
        except FetchError as error:
            _left_out(url, str(error))
            return
        self._bytes += len(code)
        if self._bytes > MAX_BYTES:
            _left_out(url, f"the modules of one share may have {MAX_BYTES >> 20} MB together")
            return
        self._found[url] = code
        self._ask(pool, remote_imports(code), url)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="cowidget-fetch")
    try:
        yield pool
    finally:
        # An interrupted cell does not wait for what is on its way.
        pool.shutdown(wait=False, cancel_futures=True)


def _module(url: str) -> str:
    fetched = fetch(url)
    return _grounded(fetched.text(_SCRIPT, "a script"), fetched.url)


# 5 MB of text take 0.3 s, and every new child of a widget asks for all its code again.
_grounded = functools.lru_cache(maxsize=256)(grounded)


def _inlined(match: re.Match[str], base: str, deadline: float) -> str:
    named = match["url"]
    if urlsplit(named).scheme or named.startswith(("#", "//")):
        return match[0]
    url = urljoin(base, named)
    try:
        if time.monotonic() > deadline:
            raise FetchError(f"it was not here after {SHARE_TIMEOUT:.0f} s")
        return f'url("{data_url(urlsplit(url).path, fetch(url).data)}")'
    except FetchError as error:
        _left_out(url, str(error))
        return match[0]


# Every new child of a widget asks for all its code again; once is enough.
@functools.lru_cache(maxsize=1024)
def _left_out(url: str, reason: str) -> None:
    _log.warning("%s is not brought to the guests, whose page cannot fetch it: %s", url, reason)
