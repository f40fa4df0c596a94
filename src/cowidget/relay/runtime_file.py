"""The file in which a running relay tells its user's kernels where it is."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
from hmac import compare_digest
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from cowidget.core.frames import VERSION
from cowidget.relay.site import prove

# Seconds. A healthy relay answers within milliseconds, also on a machine that is busy with a notebook.
HEALTH_TIMEOUT = 3.0
MAX_HEALTH_BYTES = 1 << 16


class RelayAddress(Struct, frozen=True):
    """A relay that this user may use as its operator.

    Attributes:
        url: where this machine reaches it.
        operator_token: lets its holder create rooms.
        pid: its process.
        protocol: the major version that it speaks.
        network: it listens on this machine's other addresses, too.
    """

    url: str
    operator_token: str
    pid: int
    protocol: int = VERSION
    network: bool = False

    def __repr__(self) -> str:
        return f"RelayAddress(url={self.url!r}, pid={self.pid})"


class _Health(Struct):
    """What we need of the answer of `/healthz`."""

    proof: str


def write(path: Path, address: RelayAddress) -> None:
    """Write the file, readable by its user only, whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(msgspec.json.encode(address))
    fresh.replace(path)


def remove(path: Path, address: RelayAddress) -> None:
    """Remove the file, if it is still about this relay."""
    if _read(path) == address:
        path.unlink(missing_ok=True)


def find(path: Path) -> RelayAddress | None:
    """The relay that the file names, if it is there and proves that it is the one."""
    address = _read(path)
    if address is None or address.protocol != VERSION or not _is_alive(address):
        return None
    return address


def _read(path: Path) -> RelayAddress | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=RelayAddress)
    except (OSError, msgspec.MsgspecError):
        return None


def _is_alive(address: RelayAddress) -> bool:
    # Another program may have the port by now. It does not get the token, it must show that it has it.
    nonce = secrets.token_hex(16)
    try:
        health = msgspec.json.decode(_ask(address.url, f"/healthz?nonce={nonce}"), type=_Health)
    except (OSError, http.client.HTTPException, msgspec.MsgspecError, ValueError, OverflowError):
        return False
    return compare_digest(health.proof, prove(address.operator_token, nonce))


def _ask(url: str, path: str) -> bytes:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=HEALTH_TIMEOUT)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read(MAX_HEALTH_BYTES)
