"""One value of a message, as a column takes it: numbers, integers, times and texts."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cowidget.core.feed_values import ColumnType
from cowidget.feeds.failures import Mismatch
from cowidget.feeds.paths import name_of

# A number of seconds beyond the year 5000 is one of milliseconds, or of less.
LATEST = 1e11
MAX_TEXT = 500

Cell = float | int | str | None
"""What a row holds in a column; None where the source has null."""


def number(value: Any) -> Cell:
    """A float; also from a text, as exchanges send their prices."""
    if isinstance(value, (int, float)):
        return _as_float(value)
    if isinstance(value, str):
        return _parse(value)
    return None if value is None else _no("number", value)


def integer(value: Any) -> Cell:
    """An int of 64 bits."""
    if isinstance(value, str):
        value = _parse_integer(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if not isinstance(value, int) or not -(1 << 63) <= value < 1 << 63:
        return _no("integer of 64 bits", value)
    return int(value)


def text(value: Any) -> Cell:
    """A text; numbers are written out."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return None if value is None else _no("text", value)


def iso(value: Any) -> Cell:
    """Unix seconds of a date and time in ISO 8601; without a zone it is UTC."""
    if value is None:
        return None
    if not isinstance(value, str):
        return _no("date in ISO 8601", value)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return _no("date in ISO 8601", value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _seconds(units: float) -> Callable[[Any], Cell]:
    def seconds(value: Any) -> Cell:
        read = number(value)
        return read / units if isinstance(read, float) else read

    return seconds


# What may follow the colon of a field: how it is read, and the type of its column.
TYPES: dict[str, tuple[Callable[[Any], Cell], ColumnType]] = {
    "float": (number, "number"),
    "int": (integer, "integer"),
    "s": (number, "number"),
    "ms": (_seconds(1e3), "number"),
    "us": (_seconds(1e6), "number"),
    "ns": (_seconds(1e9), "number"),
    "iso": (iso, "number"),
    "str": (text, "text"),
}


def time_of(value: Any) -> Cell:
    """A row's time when its field names no type: a date in ISO 8601, or Unix seconds."""
    return iso(value) if isinstance(value, str) and not _is_number(value) else number(value)


def any_time(value: Any) -> Cell:
    """A row's time when nothing at all is said about it: the unit is taken from how large it is."""
    read = time_of(value)
    if isinstance(read, float):
        while abs(read) >= LATEST:
            read /= 1e3
    return read


def check_time(read: Cell, path: str) -> float:
    """A row's time.

    Raises:
        Mismatch: it is none; says what to write.
    """
    if not isinstance(read, float) or not math.isfinite(read):
        raise Mismatch(f"the time at {path!r} is {name_of(read)}")
    if abs(read) >= LATEST:
        raise Mismatch(f"the time at {path!r} is {read:.0f}, too large for seconds; write t={path + ':ms'!r}")
    return read


def _parse(value: str) -> float:
    try:
        if "_" not in value:  # Python's own way to write 1_000
            return float(value)
    except ValueError:
        pass
    raise Mismatch(f"{name_of(value)} is no number; if it is meant as text, write :str")


def _parse_integer(value: str) -> int | float:
    try:
        if "_" not in value and len(value) <= MAX_TEXT:
            return int(value)
    except ValueError:
        pass
    return _parse(value)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise Mismatch("a number is too large") from error


def _is_number(value: str) -> bool:
    try:
        _parse(value)
    except Mismatch:
        return False
    return True


def _no(wanted: str, value: Any) -> Cell:
    raise Mismatch(f"{name_of(value)} is no {wanted}")
