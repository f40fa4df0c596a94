"""The feed process: told by the relay on its standard input which rooms want it, and gone when that ends.

The first line says where the relay is; each later one, which room wants us or no longer does. One JSON object per line.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import ssl
import sys
import threading
from typing import BinaryIO

import msgspec
from msgspec import Struct

from cowidget.errors import UsageError
from cowidget.feeder.room import FilledRoom, Home
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import Reach

_log = logging.getLogger(__name__)

# Seconds for the connections to say goodbye.
GOODBYE = 2.0


class Order(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The first line: which relay we belong to.

    Attributes:
        address: its WebSocket.
        secret: lets us into its rooms.
        certificate: in PEM, the one that it shows; empty when it speaks plainly.
        reach: `all` or `public`: what sources may reach.
        allow: and which networks and hosts beside.
    """

    address: str
    secret: str
    certificate: str = ""
    reach: str = "public"
    allow: tuple[str, ...] = ()


class Wish(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A later line: a room that wants us, or one that no longer does."""

    want: str = ""
    leave: str = ""


def run(commands: BinaryIO) -> None:
    """Fill feeds until `commands` ends, or a signal ends us. Does not return.

    Raises:
        UsageError: the first line is no order.
    """
    order = _read_order(commands)
    asyncio.run(_run(order, commands))
    # Without waiting for threads: one that asks a name server may hang for half a minute.
    sys.stderr.flush()
    os._exit(0)


def _read_order(commands: BinaryIO) -> Order:
    try:
        return msgspec.json.decode(commands.readline(), type=Order)
    except msgspec.MsgspecError as error:
        raise UsageError(
            "The feed process is started by a relay, which tells it on its standard input what to do."
        ) from error


async def _run(order: Order, commands: BinaryIO) -> None:
    home = Home(order.address, order.secret, _only(order.certificate) if order.certificate else None)
    reach = Reach(Networks.of(order.reach, order.allow))
    rooms = _Rooms(home, reach)
    loop = asyncio.get_running_loop()
    _stop_on_signals(loop, rooms)

    def listen() -> None:
        for line in commands:
            loop.call_soon_threadsafe(rooms.receive, line)
        loop.call_soon_threadsafe(rooms.stop)

    # A thread, because Windows has no other way to wait for a pipe and sockets; a daemon, because nothing ends a read.
    threading.Thread(target=listen, name="cowidget-commands", daemon=True).start()
    await rooms.run()


class _Rooms:
    """The rooms that want us, each with its own task: the end of one is no end of another."""

    def __init__(self, home: Home, reach: Reach) -> None:
        self._home = home
        self._reach = reach
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._left: set[asyncio.Task[None]] = set()
        self._stopped = asyncio.Event()

    def receive(self, line: bytes) -> None:
        """One line of the relay's."""
        wish = msgspec.json.decode(line, type=Wish)
        if wish.want and wish.want not in self._tasks:
            self._tasks[wish.want] = asyncio.create_task(self._fill(wish.want), name=f"room {wish.want}")
        if wish.leave and (task := self._tasks.pop(wish.leave, None)) is not None:
            self._left.add(task)
            task.add_done_callback(self._left.discard)
            task.cancel()

    def stop(self) -> None:
        """The relay wants us no more, or is gone."""
        self._stopped.set()

    async def run(self) -> None:
        """Run until `stop`."""
        await self._stopped.wait()
        tasks = {*self._tasks.values(), *self._left}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GOODBYE)

    async def _fill(self, room: str) -> None:
        while True:
            try:
                await FilledRoom(room, self._home, self._reach).run()
            except Exception:  # noqa: BLE001 - the outermost loop: a mistake in one room is not the others' end
                _log.exception("room %s: begins again", room)
                await asyncio.sleep(1.0)


def _only(certificate: str) -> ssl.SSLContext:
    """Trusts this certificate and no other, by whatever name the relay is called here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate)
    return context


def _stop_on_signals(loop: asyncio.AbstractEventLoop, rooms: _Rooms) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, rooms.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(rooms.stop))
