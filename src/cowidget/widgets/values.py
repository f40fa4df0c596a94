"""A trait's value as it travels: plain containers, text, numbers and bytes.

References between models are `IPY_MODEL_<id>` or `anywidget:<id>` in a kernel and
`anywidget:<model key>` in a room, because ids die with the kernel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from enum import Enum
from typing import Any

from cowidget.core.limits import MAX_DEPTH
from cowidget.errors import ShareError

CLASSIC = "IPY_MODEL_"
SCHEME = "anywidget:"
VIEW = "application/vnd.jupyter.widget-view+json"
"""The type of a representation that names a living widget."""
# MessagePack has no larger integers; as floats they arrive in JavaScript as they would by Jupyter's JSON.
_INT_RANGE = range(-(1 << 63), 1 << 64)


def plain(value: Any) -> Any:
    """A copy of a serialised trait value with nothing in it but what travels.

    Later changes of the original do not show in it.

    Raises:
        ShareError: something in it cannot travel; the text names its type.
    """
    return _plain(value, MAX_DEPTH)


def _plain(value: Any, depth: int) -> Any:
    if not depth:
        raise ShareError(f"A value of more than {MAX_DEPTH} levels cannot travel.")
    match value:
        case None | bool() | float() | str() if type(value) in (type(None), bool, float, str):
            return value
        case Enum():
            return _plain(value.value, depth)
        case int():
            number = int(value)
            return number if number in _INT_RANGE else float(number)
        case bytes() | bytearray() | memoryview():
            return bytes(value)
        case Mapping():
            return {str(key): _plain(inner, depth - 1) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner, depth - 1) for inner in value]
    return _plain_other(value)


def _plain_other(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    # A number, array or buffer of a library that need not be installed (numpy, pandas).
    if callable(tolist := getattr(value, "tolist", None)):
        return plain(tolist())
    try:
        return bytes(memoryview(value))
    except TypeError as error:
        raise ShareError(
            f"A value of type {type(value).__qualname__} cannot travel; give the trait a to_json."
        ) from error


def same(one: Any, other: Any) -> bool:
    """Whether two plain values show the same thing. True is not 1, NaN is NaN, 1 is 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(inner, other[key]) for key, inner in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def references(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Where a plain value refers to models: pairs of a path within it ("0.left") and a model id."""
    if isinstance(value, str):
        if (found := model_id(value)) is not None:
            yield at, found
        return
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for step, part in inner:
        yield from references(part, f"{at}.{step}" if at else str(step))


def model_id(text: str) -> str | None:
    """The model that a reference names, or None if the text is none."""
    for scheme in (CLASSIC, SCHEME):
        if text.startswith(scheme) and len(text) > len(scheme):
            return text.removeprefix(scheme)
    return None


def rewritten(value: Any, reference: Callable[[str], str]) -> Any:
    """A plain value with `reference` applied to each text in it that is a reference."""
    if isinstance(value, str):
        return reference(value) if model_id(value) is not None else value
    if isinstance(value, dict):
        return {key: rewritten(inner, reference) for key, inner in value.items()}
    if isinstance(value, list):
        return [rewritten(inner, reference) for inner in value]
    return value


def as_received(value: Any) -> Any:
    """A plain value as a front end's arrives in a kernel: bytes inside of it are memoryviews, itself they are not.

    Functions that read a trait's JSON expect the former; `traitlets.Bytes` refuses them.
    """
    return value if isinstance(value, bytes) else _viewed(value)


def _viewed(value: Any) -> Any:
    match value:
        case bytes():
            return memoryview(value)
        case dict():
            return {key: _viewed(inner) for key, inner in value.items()}
        case list():
            return [_viewed(inner) for inner in value]
    return value
