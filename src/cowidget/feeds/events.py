"""A source that is a stream of server-sent events: `sse+http://`, `sse+https://`."""

from __future__ import annotations

from dataclasses import dataclass

from cowidget.core.feed_values import Source
from cowidget.feeds import http
from cowidget.feeds.failures import SourceFailure, SourceRefused
from cowidget.feeds.line_reader import LineReader
from cowidget.feeds.reach import MAX_MESSAGE, Reach
from cowidget.feeds.source import Watcher

SCHEMES = ("sse+http", "sse+https")
TYPE = "text/event-stream"
# Seconds that a host may set between two attempts; more would look dead.
MAX_RETRY = 60.0
# The status by which a host asks not to come back (HTML Standard, 9.2.3).
NO_CONTENT = 204
_BOM = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class TooLarge:
    """An event that was passed over."""


class EventReader:
    """Lines to the data of events. Pure.

    Attributes:
        last_id: of the last event; a new connection continues from there.
        retry: seconds between two attempts, as the host wishes; 0 when it said nothing.
    """

    def __init__(self) -> None:
        self.last_id = ""
        self.retry = 0.0
        self.begin()

    def begin(self) -> None:
        """A new connection: what was incomplete is void."""
        self._fresh = True
        self._id = self.last_id
        self._clear()

    def receive(self, line: bytes | None) -> bytes | TooLarge | None:
        """One line; returns the data of an event that is complete with it, if it has any."""
        if line is None:
            self._too_large = True
            return None
        if self._fresh:
            self._fresh = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        self._set(name, value.removeprefix(b" "))
        return None

    def _set(self, name: bytes, value: bytes) -> None:
        match name:
            case b"data":
                self._size += len(value) + 1
                self._too_large |= self._size > MAX_MESSAGE
                if not self._too_large:
                    self._data.append(value)
            case b"id" if b"\0" not in value:
                self._id = value.decode(errors="replace")
            case b"retry" if value.isdigit() and len(value) < 10:
                self.retry = min(int(value) / 1000, MAX_RETRY)

    def _dispatch(self) -> bytes | TooLarge | None:
        self.last_id = self._id
        data = TooLarge() if self._too_large else b"\n".join(self._data) if self._data else None
        self._clear()
        return data

    def _clear(self) -> None:
        self._data: list[bytes] = []
        self._size = 0
        self._too_large = False


class EventSource:
    """Follows a stream of events, from the one after the last on."""

    reconnects = True

    def __init__(self, source: Source, reach: Reach) -> None:
        self._url = source.url.removeprefix("sse+")
        self._headers = dict(source.headers)
        self._reach = reach
        self._reader = EventReader()

    async def follow(self, watcher: Watcher) -> None:
        """See `Followed.follow`; it ends when the host answers that there is no more."""
        own = {"Accept": TYPE, "Cache-Control": "no-store"}
        if self._reader.last_id:
            own["Last-Event-ID"] = self._reader.last_id
        async with (
            http.client(self._reach) as client,
            client.get(self._url, self._headers, own, endless=True) as response,
        ):
            if response.status_code == NO_CONTENT:
                return
            kind = response.headers.get("Content-Type", "")
            if kind.partition(";")[0].strip().lower() != TYPE:
                raise SourceRefused(f"The source sends {kind[:40] or 'something'}, which is no event stream.")
            watcher.opened()
            self._reader.begin()
            lines = LineReader(MAX_MESSAGE)
            async for piece in http.pieces(response):
                for line in lines.receive(piece):
                    await self._tell(watcher, self._reader.receive(line))
                watcher.alive()
        raise SourceFailure("The source ended the stream.", self._reader.retry)

    async def _tell(self, watcher: Watcher, event: bytes | TooLarge | None) -> None:
        if isinstance(event, TooLarge):
            watcher.refuse(f"An event of more than {MAX_MESSAGE >> 20} MB was refused.")
        elif event is not None:
            await watcher.receive(event)
