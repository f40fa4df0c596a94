"""Where this kernel's relay is: its own process, a thread, or one that somebody runs (`COWIDGET_RELAY`)."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cowidget.client.links import page_address, socket_address
from cowidget.client.peer import Route
from cowidget.errors import RelayUnavailable, StoreError
from cowidget.relay import backends
from cowidget.relay.network import network_address
from cowidget.relay.origins import is_loopback
from cowidget.relay.place import Place as Folder
from cowidget.relay.process import EVERYWHERE, ensure_relay
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.settings import Settings
from cowidget.relay.thread import relay_in_thread
from cowidget.widgets.reach import Reach, reach_of

_OURS = ("process", "thread")
_SCHEMES = ("ws", "wss", "http", "https")
_NO_NETWORK = (
    "This computer is on no network, so nobody else could open the link. Connect it first, or share without lan=True."
)
_NOT_OURS = (
    "lan=True opens this notebook's own relay, and COWIDGET_RELAY names another one, on {host}. "
    "Whoever runs that one opens it: cowidget relay --host 0.0.0.0."
)


@dataclass(frozen=True, slots=True)
class Found:
    """One relay.

    Attributes:
        url: its address.
        token: its operator's token, which lets us create rooms.
        local: it runs on this machine, for this user, and is started again when it is gone.
    """

    url: str
    token: str = field(repr=False)
    local: bool


class Place:
    """Finds the relay, and finds it again when it has gone."""

    def __init__(self, room: str, *, lan: bool = False) -> None:
        self._room = room
        self._found: Found
        # The address that links name instead of loopback, once somebody has asked for that.
        self._address = ""
        if lan:
            self.open_to_network()
        else:
            self._found = find(room)

    def open_to_network(self) -> None:
        """Let the relay be reached from this machine's network; links name its address there from now on.

        A relay that serves this machine only is started again. One that somebody runs stays as it is.

        Raises:
            RelayUnavailable: there is no network, or the relay is not ours to open; says what to do.
        """
        address = network_address()
        if address is None and _wanted() in _OURS:
            raise RelayUnavailable(_NO_NETWORK)
        self._found = find(self._room, network=True)
        self._address = address or "" if self._found.local else ""

    @property
    def page(self) -> str:
        """The http address that links begin with."""
        if not self._address:
            return page_address(self._found.url)
        # A laptop may be on another network by now.
        self._address = network_address() or self._address
        return f"http://{self._address}:{self.port}"

    @property
    def reach(self) -> Reach:
        """Who can open a link that begins with `page`."""
        return reach_of(self.page, local=self._found.local)

    @property
    def socket(self) -> str:
        """The WebSocket address."""
        return socket_address(self._found.url)

    @property
    def port(self) -> int:
        """The local relay's port, for a proxy on the same machine; 0 for a relay elsewhere."""
        return (urlsplit(self._found.url).port or 0) if self._found.local else 0

    async def route(self, failures: int) -> Route:
        """The way to dial, given how many attempts have failed."""
        if failures and self._found.local:
            # It may have been killed: the next one has another token, perhaps another port.
            self._found = await asyncio.to_thread(find, self._room, network=bool(self._address))
        return Route(self.socket, self._found.token)


def find(room: str, *, network: bool = False) -> Found:
    """This kernel's relay; a local one is started if it does not run.

    Args:
        room: a relay in a thread keeps its rooms under the name of the first one.
        network: a local one listens on all addresses of this machine.

    Raises:
        RelayUnavailable: it cannot be reached or started; says why.
    """
    wanted = _wanted()
    if wanted == "process":
        running = ensure_relay(network=network)
        return Found(running.url, running.operator_token, local=True)
    if wanted == "thread":
        beside = _beside(room, network)
        return Found(beside.url, beside.operator_token, local=True)
    parts = urlsplit(wanted)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise RelayUnavailable(f"COWIDGET_RELAY={wanted!r} is none of: process, thread, wss://host.")
    if network and is_loopback(parts.hostname or ""):
        raise RelayUnavailable(_NOT_OURS.format(host=parts.hostname))
    return Found(wanted, os.environ.get("COWIDGET_TOKEN", ""), local=False)


def _wanted() -> str:
    return os.environ.get("COWIDGET_RELAY", "process")


# One relay beside this kernel, until the kernel ends.
_open = ExitStack()
_running: list[RelayAddress] = []


_one_at_a_time = threading.Lock()


def _beside(room: str, network: bool) -> RelayAddress:
    with _one_at_a_time:
        if _running and network and not _running[0].network:
            _open.close()
            _running.clear()
        if not _running:
            _running.append(_start_beside(room, network))
        return _running[0]


def _start_beside(room: str, network: bool) -> RelayAddress:
    folder = Folder.of_user()
    folder.make()
    port = folder.folder / f"thread-{room}.port"
    settings = Settings(
        host=EVERYWHERE if network else "127.0.0.1",
        store=backends.sqlite_url(folder.folder / f"thread-{room}.sqlite"),
        port_hint=int(port.read_text()) if port.exists() else 0,
        feed_networks="all",
    )
    try:
        address = _open.enter_context(relay_in_thread(settings))
    except StoreError as error:
        raise RelayUnavailable(f"The relay in this kernel cannot keep its rooms: {error}") from error
    port.write_text(str(urlsplit(address.url).port))
    atexit.register(_open.close)
    return address
