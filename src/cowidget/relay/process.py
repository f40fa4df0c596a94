"""The relay as its own process, one for this user on this machine: found, or started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from cowidget.errors import RelayUnavailable
from cowidget.relay import backends, launch, runtime_file
from cowidget.relay.place import Place
from cowidget.relay.runtime_file import RelayAddress

# Seconds. A cold start on a slow disk takes some; a kernel that waits longer seems dead.
START_TIMEOUT = 30.0
# Seconds for a relay to close its port after it was told to end, and between two looks at it.
STOP_TIMEOUT = 10.0
STOP_INTERVAL = 0.02
# Seconds without anybody, after which the relay leaves. Less: a lunch break costs a start. More: it
# stays for nothing.
IDLE_EXIT = 600
# Bytes of log after which the next start begins a new one.
MAX_LOG_BYTES = 1 << 20
# All IPv4 addresses of this machine.
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where the user asked for it


def ensure_relay(*, network: bool = False) -> RelayAddress:
    """The relay of this user on this machine; starts it when it is not there. Blocks while it does.

    However many call this at once, one relay is started.

    Args:
        network: it must listen on all addresses of this machine. One that serves this machine only is started
            again on its port, with its rooms; its clients come back by themselves.

    Raises:
        RelayUnavailable: it cannot be started; says why and what to do next.
    """
    place = Place.of_user()
    try:
        place.make()
        runtime = place.runtime
        if (running := runtime_file.find(runtime)) is not None and (running.network or not network):
            return running
        with FileLock(place.lock, timeout=START_TIMEOUT):
            running = runtime_file.find(runtime)
            if running is not None and network and not running.network:
                _stop(running, place)
                running = None
            return running or _start(place, network=network)
    except Timeout as error:
        raise _unavailable("another program has been starting it for too long", place) from error
    except OSError as error:
        raise _unavailable(str(error), place) from error


def _stop(relay: RelayAddress, place: Place) -> None:
    """End it, until its port can be had again. Its store, the next relay waits for itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(relay.pid, signal.SIGTERM)
    parts = urlsplit(relay.url)
    deadline = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < deadline:
        try:
            socket.create_connection((parts.hostname, parts.port), STOP_TIMEOUT).close()
        except OSError:
            return  # nobody listens there
        time.sleep(STOP_INTERVAL)
    raise _unavailable(f"the one that serves this machine only did not end within {STOP_TIMEOUT:.0f} s", place)


def _start(place: Place, *, network: bool) -> RelayAddress:
    if place.log.exists() and place.log.stat().st_size > MAX_LOG_BYTES:
        place.log.unlink()
    said_before = place.log.stat().st_size if place.log.exists() else 0
    command = [sys.executable, "-I", launch.__file__, str(place.log), *_command(place, network)]
    try:
        # Ends when the relay lets go of its standard output: when it is ready, or has ended.
        started = subprocess.run(  # noqa: S603 - our own interpreter and arguments
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=START_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _unavailable(f"it was not ready after {START_TIMEOUT:.0f} s", place) from error
    running = runtime_file.find(place.runtime) if started.stdout else None
    if running is None:
        raise _unavailable(_last_lines(place.log, said_before) or "it ended without a word", place)
    return running


def _command(place: Place, network: bool) -> list[str]:
    # -P: a notebook's folder may hold a `random.py`, which must not become the relay's.
    options = {
        "--host": EVERYWHERE if network else "127.0.0.1",
        "--store": backends.sqlite_url(place.store),
        "--runtime-file": str(place.runtime),
        "--port-file": str(place.port),
        "--idle-exit": str(IDLE_EXIT),
        # Whoever may create rooms there is the user, whose kernels reach the same.
        "--feeds-allow": "all",
        "--log-level": "info",
    }
    return [sys.executable, "-P", "-m", "cowidget", "relay", *(part for option in options.items() for part in option)]


def _last_lines(log: Path, since: int) -> str:
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:])


def _unavailable(reason: str, place: Place) -> RelayUnavailable:
    return RelayUnavailable(
        f"The relay could not be started: {reason.rstrip('.')}. Its log is {place.log}; "
        "until this is solved, COWIDGET_RELAY=thread runs it inside the kernel."
    )
