"""The relay as this process: until a signal ends it, or nobody has been there for long enough."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cowidget.relay import runtime_file
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.server import Server, serve
from cowidget.relay.settings import Settings

Announce = Callable[[RelayAddress, str | None], None]


def run(settings: Settings, announce: Announce, runtime: Path | None, port_file: Path | None) -> None:
    """Run a relay until SIGTERM, SIGINT or its idle exit.

    Args:
        settings: how it runs.
        announce: called when it listens, with its address here and that on the network, if it has one.
        runtime: the file in which it tells its address while it runs.
        port_file: remembers the port, so that the next relay tries it first.

    Raises:
        RelayUnavailable: the port cannot be had, or the certificate cannot be used.
        StoreError: the store cannot be opened.
    """
    if port_file is not None:
        settings = replace(settings, port_hint=_last_port(port_file))
    asyncio.run(_run(settings, announce, runtime, port_file))


async def _run(settings: Settings, announce: Announce, runtime: Path | None, port_file: Path | None) -> None:
    async with serve(settings) as server:
        address = server.address
        _stop_on_signals(server)
        if port_file is not None:
            await asyncio.to_thread(port_file.write_text, str(server.port))
        if runtime is not None:
            runtime_file.write(runtime, address)
        try:
            announce(address, server.network_url)
            await server.wait_stopped()
        finally:
            if runtime is not None:
                # Before the port is closed: who finds the file finds a relay that answers.
                runtime_file.remove(runtime, address)


def _stop_on_signals(server: Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, server.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(server.stop))


def _last_port(port_file: Path) -> int:
    try:
        port = int(port_file.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    return port if 0 < port < 1 << 16 else 0
