"""Values that every store, subprotocol and language can carry (M4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from cowidget.core import limits

_SCALARS = frozenset({type(None), bool, int, float, str, bytes})
_KEYS = frozenset({str, int, float})


def encode_portable(value: Any) -> bytes:
    """The MessagePack of a value that everybody can read.

    Raises:
        TypeError: it is nothing that MessagePack knows.
        ValueError: not everybody can read it; says why.
    """
    try:
        data = msgspec.msgpack.encode(value)
    except OverflowError as error:
        raise ValueError("an integer of more than 64 bits cannot travel") from error
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    if type(value) not in _SCALARS:
        check_portable([msgspec.msgpack.decode(data)])  # as others will read it: tuples are lists by now
    return data


def check_portable(values: list[Any]) -> None:
    """Raises `ValueError` unless everybody can read these values, which were decoded from a message."""
    # Level by level, so that the depth of a value does not become that of our stack.
    containers = [value for value in values if type(value) not in _SCALARS]
    for _ in range(limits.MAX_DEPTH):
        if not containers:
            return
        inner: list[Any] = []
        for container in containers:
            inner += [value for value in _parts(container) if type(value) not in _SCALARS]
        containers = inner
    if containers:
        raise ValueError(_TOO_DEEP)


def _parts(container: Any) -> Iterable[Any]:
    if isinstance(container, list):
        return container
    if not isinstance(container, dict):
        raise ValueError(f"a {type(container).__name__} cannot travel: MessagePack has it as an extension type only")
    for key in container:
        if type(key) not in _KEYS:
            raise ValueError(f"a map with the key {key!r} cannot travel: keys are text or numbers")
    return container.values()


_TOO_DEEP = f"a value of more than {limits.MAX_DEPTH} levels cannot travel"
