"""The port: takes connections, watches over them, and ends in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import logging
import os
import socket
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence

from websockets.http11 import Request, Response

from cowidget.core import closing, limits
from cowidget.core.access import Caller
from cowidget.core.frames import ClientFrame
from cowidget.errors import RelayUnavailable
from cowidget.relay import backends
from cowidget.relay.connection import READ_BYTES, Connection, Phase
from cowidget.relay.desk import LATER, Later
from cowidget.relay.feeder import Feeder
from cowidget.relay.hub import Hub
from cowidget.relay.network import network_address
from cowidget.relay.origins import is_loopback, origin_allowed
from cowidget.relay.photo_counter import PhotoCounter
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.settings import Settings
from cowidget.relay.site import PhotoRequest, Site
from cowidget.relay.tls import server_context
from cowidget.stores.base import Store

log = logging.getLogger(__name__)

# Seconds between two looks at all connections: one timer for all of them, not one each.
SWEEP_INTERVAL = 0.5
# Connections that the system holds for us while we are busy: a lecture reconnects all at once.
BACKLOG = 1024
# Where to reach, on this machine, a relay that listens on all of its addresses.
_LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names them, binds nothing


class Server:
    """One relay on one port. Made by `serve`."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub = hub
        self.to_flush = hub.to_flush
        self._settings = settings
        self._site = Site(settings, self._report)
        self._photos = PhotoCounter(hub)
        self._connections: set[Connection] = set()
        self._crowded: set[Connection] = set()
        self._per_address: Counter[str] = Counter()
        self._names = itertools.count(1)
        self._incoming = memoryview(bytearray(READ_BYTES))
        self._sweep: asyncio.TimerHandle | None = None
        self._lonely_since = time.monotonic()
        self._empty = asyncio.Event()
        self._stop = asyncio.Event()
        self._listener: asyncio.Server
        self._feeder = Feeder(settings, lambda: self.url) if settings.feeds else None
        hub.feeder = self._feeder
        self._tls: ssl.SSLContext | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The address of this relay, as `http(s)://host:port`; one that listens everywhere is here, too."""
        host = _LOOPBACK_OF.get(self._settings.host, self._settings.host)
        return self._url(f"[{host}]" if ":" in host else host)

    @property
    def address(self) -> RelayAddress:
        """What this user's kernels need to know of it."""
        network = not is_loopback(self._settings.host)
        return RelayAddress(self.url, self._settings.operator_token, os.getpid(), network=network)

    @property
    def network_url(self) -> str | None:
        """Its address on this machine's network; None when it listens on one address only, or is on no network."""
        address = network_address() if self._settings.host in _LOOPBACK_OF else None
        return None if address is None else self._url(address)

    def _url(self, host: str) -> str:
        scheme = "http" if self._settings.certificate is None else "https"
        return f"{scheme}://{host}:{self.port}"

    def stop(self) -> None:
        """Let `wait_stopped` return. Must be called in the event loop."""
        self._stop.set()

    async def wait_stopped(self) -> None:
        """Wait for `stop`, or for the relay to have been alone for `idle_exit`."""
        await self._stop.wait()

    # Its life.

    async def listen(self) -> None:
        """Take connections from now on.

        Raises:
            RelayUnavailable: the port cannot be had, or the certificate cannot be used.
        """
        settings = self._settings
        self._tls = await asyncio.to_thread(server_context, settings.certificate, settings.key)
        self._listener = await self._bind()
        self.port = self._listener.sockets[0].getsockname()[1]
        self._look_around()
        log.info("listening on %s", self.url)

    async def _bind(self) -> asyncio.Server:
        settings = self._settings
        if not settings.port and settings.port_hint:
            with contextlib.suppress(OSError):  # somebody else has it by now: any other will do
                return await self._create_server(settings.port_hint)
        try:
            return await self._create_server(settings.port)
        except OSError as error:
            raise RelayUnavailable(_why_not(error, settings)) from error

    async def _create_server(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        # Dual stack would give two sockets with two ports where the port is 0.
        family = socket.AF_INET6 if ":" in self._settings.host else socket.AF_INET
        # Who does not finish the TLS handshake is not one of our connections yet: asyncio ends it.
        patience = None if self._tls is None else limits.HELLO_TIMEOUT
        return await loop.create_server(
            self._connect,
            self._settings.host,
            port,
            family=family,
            backlog=BACKLOG,
            ssl=self._tls,
            ssl_handshake_timeout=patience,
        )

    def _connect(self) -> Connection:
        return Connection(self, f"c{next(self._names)}", self._incoming)

    async def aclose(self) -> None:
        """Tell every session to come back, save every room, and wait for the goodbyes."""
        self._listener.close()
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in list(self._connections):
            if connection.phase is Phase.OPEN:
                connection.close(closing.RESTARTING)
            else:
                connection.cut()
        try:
            if self._feeder is not None:
                await self._feeder.aclose()
            await self._photos.aclose()
            await self._hub.aclose()
        finally:
            await self._wait_for_goodbyes()

    async def _wait_for_goodbyes(self) -> None:
        try:
            async with asyncio.timeout(self._settings.stop_timeout):
                while self._connections:
                    self._empty.clear()
                    await self._empty.wait()
        except TimeoutError:
            for connection in list(self._connections):
                connection.cut()

    def _look_around(self) -> None:
        self._sweep = asyncio.get_running_loop().call_later(SWEEP_INTERVAL, self._look_around)
        now = time.monotonic()
        for connection in list(self._connections):
            connection.tick(now)
        if self._connections:
            self._lonely_since = now
        elif self._settings.idle_exit and now - self._lonely_since >= self._settings.idle_exit:
            log.info("nobody has been here for %s s", self._settings.idle_exit)
            self.stop()

    def _report(self) -> Mapping[str, int]:
        sessions = sum(connection.phase is Phase.OPEN for connection in self._connections)
        return {"rooms": self._hub.rooms, "sessions": sessions}

    # What connections report (see `Desk`).

    def admit(self, connection: Connection) -> None:
        """It counts from now on; beyond the limits it will only hear so."""
        self._connections.add(connection)
        self._per_address[connection.address] += 1
        if self._is_crowded(connection.address):
            self._crowded.add(connection)

    def answer(self, connection: Connection, request: Request) -> Response | Later | None:
        """The page, an asset, a photo as soon as it is there, or nothing for a WebSocket."""
        response = self._site.answer(request, crowded=connection in self._crowded)
        if isinstance(response, PhotoRequest):
            self._photos.ask(connection, response)
            return LATER
        if response is None:
            connection.caller = self._caller(request)
        return response

    def opened(self, connection: Connection) -> None:
        """A WebSocket can be told why it cannot stay."""
        if connection in self._crowded:
            connection.close(closing.BUSY)

    def receive(self, connection: Connection, frames: Sequence[ClientFrame], size: int) -> None:
        """On to the hub."""
        self._hub.receive(connection, frames, size)

    def congested(self, connection: Connection) -> None:
        """On to the hub."""
        self._hub.congested(connection)

    def drained(self, connection: Connection) -> None:
        """On to the hub."""
        self._hub.drained(connection)

    def left(self, connection: Connection) -> None:
        """On to the hub."""
        self._hub.left(connection)

    def lost(self, connection: Connection) -> None:
        """It does not count any more."""
        self._connections.discard(connection)
        self._crowded.discard(connection)
        self._per_address[connection.address] -= 1
        if not self._per_address[connection.address]:
            del self._per_address[connection.address]
        if not self._connections:
            self._empty.set()

    def _is_crowded(self, address: str) -> bool:
        if len(self._connections) > self._settings.connections:
            return True
        counted = address not in self._settings.proxies
        return counted and self._per_address[address] > self._settings.connections_per_address

    def _caller(self, request: Request) -> Caller:
        origins, hosts = (request.headers.get_all(name) for name in ("Origin", "Host"))
        if len(origins) > 1 or len(hosts) != 1:
            return Caller(origin="invalid", origin_allowed=False)
        origin = origins[0] if origins else ""
        return Caller(origin, origin_allowed(origin, hosts[0], self._settings))


@contextlib.asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[Server]:
    """Run a relay while the block runs.

    It listens when the block begins. When it ends, every session is told to come back, every room is
    saved, and the store is closed.

    Raises:
        RelayUnavailable: the port cannot be had, or the certificate cannot be used; says what to do.
        StoreError: the store cannot be opened.
    """
    store = await backends.open_store(settings.store, settings.store_wait)
    try:
        key = await asyncio.to_thread(backends.load_key, settings.store)
        async with serve_store(store, key, settings) as server:
            yield server
    finally:
        await store.aclose()


@contextlib.asynccontextmanager
async def serve_store(store: Store, relay_key: bytes, settings: Settings) -> AsyncIterator[Server]:
    """The same on a store that is open, and stays open."""
    server = Server(Hub(store, relay_key, settings), settings)
    await server.listen()
    try:
        yield server
    finally:
        await server.aclose()


def _why_not(error: OSError, settings: Settings) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use; choose another with --port, or leave it out for a free one."
    return f"Cannot listen on {where}: {error.strerror or error}."
