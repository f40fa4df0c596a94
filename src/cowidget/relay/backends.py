"""Stores by URL: the only file that names concrete ones."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from cowidget.errors import StoreError
from cowidget.stores.base import Store
from cowidget.stores.memory import MemoryStore
from cowidget.stores.sqlite import SqliteStore

MIB = 1 << 20
KEY_BYTES = 32


async def open_store(url: str, wait: float = 0.0) -> Store:
    """Open a store.

    Args:
        url: `sqlite:///relative/path`, `sqlite:////absolute/path` or `memory:`; both take `?max_mb=`,
            beyond which they refuse to grow.
        wait: seconds to wait for another relay to let go of it.

    Raises:
        StoreError: the URL names no store, or the store cannot be opened.
        StoreLocked: another relay holds it.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "memory":
            return MemoryStore(max_bytes=_max_bytes(parts) or 1024 * MIB)
        case "sqlite":
            return await SqliteStore.connect(_path(parts), max_bytes=_max_bytes(parts), wait=wait)
    raise StoreError(f"{url!r} names no store; use sqlite:///path or memory:")


def load_key(url: str) -> bytes:
    """The relay's own secret, kept beside its store: with it, sessions prove after a restart who they are.

    Raises:
        StoreError: it can be neither read nor written.
    """
    parts = urlsplit(url)
    if parts.scheme != "sqlite":
        return secrets.token_bytes(KEY_BYTES)
    path = _path(parts)
    return _kept_key(path.with_name(path.name + ".key"))


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite store at an absolute path."""
    return f"sqlite:///{quote(path.as_posix())}"


def _kept_key(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            # Written aside and moved: a kill in between leaves no half of a key.
            fresh = path.with_name(path.name + ".new")
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
            fresh.replace(path)
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot keep the relay's key in {path}: {error}") from error


def _path(parts: SplitResult) -> Path:
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path:
        raise StoreError(f"{parts.geturl()!r} names no file; use sqlite:///path")
    return Path(path)


def _max_bytes(parts: SplitResult) -> int | None:
    wanted = parse_qs(parts.query).get("max_mb")
    if wanted is None:
        return None
    try:
        return max(1, int(wanted[-1])) * MIB
    except ValueError as error:
        raise StoreError(f"max_mb={wanted[-1]!r} is not a number") from error
