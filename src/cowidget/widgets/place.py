"""Where this kernel's relay is: its own process, a thread, or one that somebody runs (`COWIDGET_RELAY`)."""

from __future__ import annotations

import asyncio
import atexit
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cowidget.client.links import page_address, socket_address
from cowidget.client.peer import Route
from cowidget.errors import RelayUnavailable, StoreError
from cowidget.relay import backends
from cowidget.relay.place import Place as Folder
from cowidget.relay.process import ensure_relay
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.settings import Settings
from cowidget.relay.thread import relay_in_thread

_SCHEMES = ("ws", "wss", "http", "https")


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

    def __init__(self, room: str) -> None:
        self._room = room
        self._found = find(room)

    @property
    def page(self) -> str:
        """The http address that links begin with."""
        return page_address(self._found.url)

    @property
    def socket(self) -> str:
        """The WebSocket address."""
        return socket_address(self._found.url)

    @property
    def port(self) -> int:
        """The local relay's port, for a proxy on the same machine; 0 for a relay elsewhere."""
        return (urlsplit(self.page).port or 0) if self._found.local else 0

    async def route(self, failures: int) -> Route:
        """The way to dial, given how many attempts have failed."""
        if failures and self._found.local:
            # It may have been killed: the next one has another token, perhaps another port.
            self._found = await asyncio.to_thread(find, self._room)
        return Route(self.socket, self._found.token)


def find(room: str) -> Found:
    """This kernel's relay; a local one is started if it does not run.

    Args:
        room: a relay in a thread keeps its rooms under the name of the first one.

    Raises:
        RelayUnavailable: it cannot be reached or started; says why.
    """
    wanted = os.environ.get("COWIDGET_RELAY", "process")
    if wanted == "process":
        running = ensure_relay()
        return Found(running.url, running.operator_token, local=True)
    if wanted == "thread":
        beside = _beside(room)
        return Found(beside.url, beside.operator_token, local=True)
    parts = urlsplit(wanted)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise RelayUnavailable(f"COWIDGET_RELAY={wanted!r} is none of: process, thread, wss://host.")
    return Found(wanted, os.environ.get("COWIDGET_TOKEN", ""), local=False)


# One relay beside this kernel, until the kernel ends.
_open = ExitStack()
_running: list[RelayAddress] = []


def _beside(room: str) -> RelayAddress:
    if _running:
        return _running[0]
    folder = Folder.of_user()
    folder.make()
    port = folder.folder / f"thread-{room}.port"
    settings = Settings(
        store=backends.sqlite_url(folder.folder / f"thread-{room}.sqlite"),
        port_hint=int(port.read_text()) if port.exists() else 0,
    )
    try:
        address = _open.enter_context(relay_in_thread(settings))
    except StoreError as error:
        raise RelayUnavailable(f"The relay in this kernel cannot keep its rooms: {error}") from error
    port.write_text(str(urlsplit(address.url).port))
    _running.append(address)
    atexit.register(_open.close)
    return address
