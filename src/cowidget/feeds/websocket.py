"""A source that is a WebSocket: `ws://`, `wss://`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode

from cowidget.core.feed_values import Source
from cowidget.feeds.failures import SourceFailure, SourceRefused
from cowidget.feeds.reach import CONNECT_TIMEOUT, MAX_MESSAGE, MAX_REDIRECTS, Reach, connect_to_one
from cowidget.feeds.source import Watcher
from cowidget.feeds.trouble import REDIRECTS, check_status, redirected, same_origin, status_of, told

SCHEMES = ("ws", "wss")
# Seconds between two pings of ours, and for the answer: what tells a quiet host from a dead line.
PING_INTERVAL = 20.0
# Seconds for the other side to answer our close. It is only a courtesy.
CLOSE_TIMEOUT = 1.0
_PORTS = {"ws": 80, "wss": 443}


class WebSocketSource:
    """Follows a WebSocket, after it has sent what subscribes to the data."""

    reconnects = True

    def __init__(self, source: Source, reach: Reach) -> None:
        self._url = source.url
        self._headers = dict(source.headers)
        self._subscribe = source.subscribe
        self._reach = reach

    async def follow(self, watcher: Watcher) -> None:
        """See `Followed.follow`; it never ends by itself."""
        socket = await self._open()
        try:
            for message in self._subscribe:
                await socket.send(message)
            watcher.opened()
            while True:
                await watcher.receive(await socket.recv())
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == CloseCode.MESSAGE_TOO_BIG:
                watcher.refuse(f"A message of more than {MAX_MESSAGE >> 20} MB was refused.")
            raise SourceFailure(self._why(error)) from error
        finally:
            await socket.close()

    async def _open(self) -> ClientConnection:
        url = self._url
        for _ in range(MAX_REDIRECTS + 1):
            with told():
                try:
                    return await self._connect(url)
                except InvalidStatus as error:
                    status, location, retry_after = status_of(error)
                    if status not in REDIRECTS:
                        check_status(status, retry_after)
                        raise
                    url = redirected(url, location, SCHEMES)
        raise SourceRefused("The source redirects too often.")

    async def _connect(self, url: str) -> ClientConnection:
        if self._reach.networks.everything:
            # The proxies of the environment look up names themselves, so there is nothing to check.
            return await self._dial(url, None)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        addresses = await self._reach.networks.resolve(host, port)
        return await connect_to_one(addresses, lambda address: self._dial(url, (address, port)))

    async def _dial(self, url: str, checked: tuple[str, int] | None) -> ClientConnection:
        # The host of the URL stays the one whose certificate is asked for.
        place: dict[str, Any] = {} if checked is None else {"host": checked[0], "port": checked[1]}
        headers = self._headers if same_origin(self._url, url) else {}
        named = any(name.lower() == "user-agent" for name in headers)
        return await _Connect(
            url,
            additional_headers=headers,
            user_agent_header=None if named else "cowidget",
            proxy=True if checked is None else None,
            ssl=self._reach.tls if urlsplit(url).scheme == "wss" else None,
            open_timeout=CONNECT_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            ping_interval=PING_INTERVAL,
            max_size=MAX_MESSAGE,
            **place,
        )

    def _why(self, error: ConnectionClosed) -> str:
        if error.rcvd is None:
            return "The source cut the connection."
        return f"The source closed the connection ({error.rcvd.code}{error.rcvd.reason and ': '}{error.rcvd.reason})."


class _Connect(connect):
    """Leaves redirects to us: their addresses must be checked, and our headers are not for other hosts."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc
