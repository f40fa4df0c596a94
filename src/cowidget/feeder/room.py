"""The feed process in one room: its connection to the relay, and the feeds that it fills there (PROTOCOL.md F9)."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import ssl
from collections.abc import Iterable
from dataclasses import dataclass

from cowidget.client.backoff import STEADY, delays
from cowidget.core import codec
from cowidget.core.frames import (
    VERSION,
    ClientFrame,
    Ending,
    Fed,
    Feed,
    Fetched,
    Hello,
    Ping,
    Pong,
    RelayFrame,
    Welcome,
)
from cowidget.errors import FrameError, RelayUnavailable
from cowidget.feeder.running_feed import RunningFeed
from cowidget.feeds.reach import Reach
from cowidget.transports.websocket import Closed, WebSocketLink, dial

_log = logging.getLogger(__name__)

# Seconds; see `client.peer`.
PING_INTERVAL = 4.0
SILENCE = 10.0
# Frames are joined up to here.
MESSAGE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    """The relay whose rooms we fill."""

    address: str
    secret: str
    tls: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"Home({self.address!r})"


class FilledRoom:
    """Keeps a room's feeds running, and comes back to the relay, until it is cancelled."""

    def __init__(self, room: str, home: Home, reach: Reach) -> None:
        self._room = room
        self._home = home
        self._reach = reach
        self._instance = secrets.token_urlsafe(12)
        self._feeds: dict[str, RunningFeed] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._wakeup = asyncio.Event()
        self._joined = False
        self._tasks: asyncio.TaskGroup

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as self._tasks:
            await self._keep_connected()

    async def _keep_connected(self) -> None:
        waits = delays(random.random)
        while True:
            began = asyncio.get_running_loop().time()
            try:
                async with dial(self._home.address, self._home.tls) as link:
                    await self._talk(link)
            except RelayUnavailable as error:
                _log.debug("room %s: %s", self._room, error)
            self._joined = False
            if asyncio.get_running_loop().time() - began >= STEADY:
                waits = delays(random.random)
            await asyncio.sleep(next(waits))

    # One connection.

    async def _talk(self, link: WebSocketLink) -> None:
        for feed in self._feeds.values():
            feed.placed = False
        hello = Hello(VERSION, self._room, self._instance, self._home.secret, kind="feeder")
        await link.send(codec.join([codec.encode(hello)]))
        async with asyncio.TaskGroup() as tasks:
            helpers = [tasks.create_task(each) for each in (self._write(link), self._ping(link))]
            try:
                await self._read(link)
            finally:
                for helper in helpers:
                    helper.cancel()

    async def _read(self, link: WebSocketLink) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENCE):
                    message = await link.receive()
            except TimeoutError:
                link.cut()
                return
            if isinstance(message, Closed):
                _log.debug("room %s: closed with %s %s", self._room, message.code, message.reason)
                return
            try:
                frames = codec.decode_relay(message)
            except FrameError as error:
                _log.warning("room %s: %s", self._room, error)
                await link.close(error.closing.code, error.closing.slug)
                return
            for frame in frames:
                if isinstance(frame, Ending):
                    _log.debug("room %s: %s", self._room, frame.slug)
                    return
                self._receive(frame)

    def _receive(self, frame: RelayFrame) -> None:
        match frame:
            case Welcome():
                self._joined = True
            case Feed():
                self._receive_feed(frame)
            case Fed() if (feed := self._feeds.get(frame.feed)) is not None:
                feed.receive_fed(frame)
            case Fetched() if (feed := self._feeds.get(frame.feed)) is not None:
                feed.receive_fetched(frame)
            case Pong():
                # Long after the welcome, which is followed by every feed that there is.
                self._stop_feeds([name for name, feed in self._feeds.items() if not feed.placed])
            case _:
                return  # of no meaning for us

    def _receive_feed(self, frame: Feed) -> None:
        feed = self._feeds.get(frame.feed)
        if feed is not None and not feed.continues(frame):
            self._stop_feeds([frame.feed])
            feed = None
        if frame.spec is None or frame.source is None:
            return
        if feed is None:
            feed = RunningFeed(frame.feed, frame.spec, frame.source, self._wakeup.set)
            self._feeds[frame.feed] = feed
            self._running[frame.feed] = self._tasks.create_task(feed.run(self._reach), name=f"feed {frame.feed}")
        feed.receive_place(frame)

    def _stop_feeds(self, names: Iterable[str]) -> None:
        for name in names:
            del self._feeds[name]
            self._running.pop(name).cancel()

    async def _write(self, link: WebSocketLink) -> None:
        while True:
            await self._wakeup.wait()
            self._wakeup.clear()
            if not self._joined:
                continue
            frames = [frame for feed in list(self._feeds.values()) if feed.placed for frame in feed.take_frames()]
            for message in _messages(frames):
                await link.send(message)

    async def _ping(self, link: WebSocketLink) -> None:
        while True:
            await asyncio.sleep(PING_INTERVAL)
            if self._joined:
                await link.send(codec.join([codec.encode(Ping(asyncio.get_running_loop().time()))]))


def _messages(frames: Iterable[ClientFrame]) -> Iterable[bytes]:
    encoded: list[bytes] = []
    size = 0
    for frame in frames:
        data = codec.encode(frame)
        if encoded and size + len(data) > MESSAGE_BYTES:
            yield codec.join(encoded)
            encoded, size = [], 0
        encoded.append(data)
        size += len(data)
    if encoded:
        yield codec.join(encoded)
