"""A source that sends JSON, line by line, over HTTP: `ndjson+http://`, `ndjson+https://`."""

from __future__ import annotations

from cowidget.core.feed_values import Source
from cowidget.feeds import http
from cowidget.feeds.failures import SourceFailure
from cowidget.feeds.line_reader import LineReader
from cowidget.feeds.reach import MAX_MESSAGE, Reach
from cowidget.feeds.source import Watcher

SCHEMES = ("ndjson+http", "ndjson+https")


class LineSource:
    """Follows newline-delimited JSON."""

    reconnects = True

    def __init__(self, source: Source, reach: Reach) -> None:
        self._url = source.url.removeprefix("ndjson+")
        self._headers = dict(source.headers)
        self._reach = reach

    async def follow(self, watcher: Watcher) -> None:
        """See `Followed.follow`; it ends with a file, whose length the host knows, and not with a stream."""
        own = {"Accept": "application/x-ndjson, application/json;q=0.9, */*;q=0.5"}
        async with (
            http.client(self._reach) as client,
            client.get(self._url, self._headers, own, endless=True) as response,
        ):
            watcher.opened()
            lines = LineReader(MAX_MESSAGE)
            async for piece in http.pieces(response):
                await self._tell(watcher, lines.receive(piece))
                watcher.alive()
            await self._tell(watcher, lines.finish())
            if "Content-Length" in response.headers:
                return
        raise SourceFailure("The source ended the stream.")

    async def _tell(self, watcher: Watcher, lines: list[bytes | None]) -> None:
        for line in lines:
            if line is None:
                watcher.refuse(f"A line of more than {MAX_MESSAGE >> 20} MB was refused.")
            elif line.strip():
                await watcher.receive(line)
