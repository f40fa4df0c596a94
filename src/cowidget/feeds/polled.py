"""A source that is asked again and again: `http://`, `https://`."""

from __future__ import annotations

import asyncio
import hashlib

import httpx

from cowidget.core.feed_values import Source
from cowidget.feeds import events, http
from cowidget.feeds.failures import SourceRefused
from cowidget.feeds.reach import MAX_MESSAGE, Reach
from cowidget.feeds.source import Watcher
from cowidget.feeds.trouble import told

SCHEMES = http.SCHEMES
# Seconds between two polls when the source does not say, and at least.
EVERY = 5.0
SHORTEST = 0.1
# Seconds for a whole answer.
BODY_TIMEOUT = 30.0
NOT_MODIFIED = 304


class PolledSource:
    """Asks for a document, and tells it when it is another one than before."""

    reconnects = False

    def __init__(self, source: Source, reach: Reach) -> None:
        self._url = source.url
        self._headers = dict(source.headers)
        self._every = max(source.every or EVERY, SHORTEST)
        self._reach = reach
        self._known: dict[str, str] = {}
        self._digest = b""

    async def follow(self, watcher: Watcher) -> None:
        """See `Followed.follow`; it never ends by itself."""
        loop = asyncio.get_running_loop()
        async with http.client(self._reach) as client:
            due = loop.time()
            while True:
                await self._poll(client, watcher)
                # In step with the clock, and never two at once when the host is slow.
                due = max(due + self._every, loop.time())
                await asyncio.sleep(due - loop.time())

    async def _poll(self, client: http.Client, watcher: Watcher) -> None:
        own = {"Accept": "application/json, */*;q=0.5", **self._known}
        async with client.get(self._url, self._headers, own) as response:
            if response.status_code == NOT_MODIFIED:
                watcher.opened()
                watcher.alive()
                return
            body = await self._read(response)
        watcher.opened()
        if body is None:
            watcher.refuse(f"An answer of more than {MAX_MESSAGE >> 20} MB was refused.")
            return
        digest = hashlib.sha256(body).digest()
        if digest == self._digest:
            watcher.alive()
        else:
            await watcher.receive(body)
        # Only now: what was not taken is asked for again.
        self._digest, self._known = digest, _validators(response)

    async def _read(self, response: httpx.Response) -> bytes | None:
        """The body; None when it is too large, of which no more is read than shows it."""
        if response.headers.get("Content-Type", "").startswith(events.TYPE):
            raise SourceRefused("The source sends an event stream; write sse+ before the address.")
        parts, size = [], 0
        with told():
            async with asyncio.timeout(BODY_TIMEOUT):
                async for piece in http.pieces(response):
                    parts.append(piece)
                    size += len(piece)
                    if size > MAX_MESSAGE:
                        return None
        return b"".join(parts)


def _validators(response: httpx.Response) -> dict[str, str]:
    names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {ask: response.headers[name] for name, ask in names.items() if name in response.headers}
