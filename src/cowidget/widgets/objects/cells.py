"""The values of a table's column as they travel: numbers, truth values, texts, or None for what is missing."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Literal

Kind = Literal["integer", "number", "boolean", "date", "time", "text"]
"""What a column holds: how it is aligned, written and sorted. `time` is date and time, or time alone."""

# A cell shows what fits on a line or two; longer texts would make a table as large as a book.
MAX_TEXT = 300
# Beyond it, JavaScript's numbers skip integers: these travel as text.
_EXACT = 1 << 53
_MIDNIGHT = " 00:00:00"


def column(values: Sequence[Any]) -> tuple[Kind, list[Any]]:
    """The kind of a column from its values, and the values as they travel.

    `NaN`, `NaT` and `NA` are missing as None is. Numbers that JavaScript has not are texts ("Infinity").
    """
    present = [None if _is_missing(value) else value for value in values]
    kind = _kind({type(value) for value in present if value is not None})
    write = _WRITERS[kind]
    written = [None if value is None else write(value) for value in present]
    if kind == "time" and all(value is None or value.endswith(_MIDNIGHT) for value in written):
        return "date", [value and value.removesuffix(_MIDNIGHT) for value in written]
    return kind, written


def text(value: Any) -> str:
    """A value on one line, cut where it is too long."""
    words = value if isinstance(value, str) else str(value)
    return words if len(words) <= MAX_TEXT else f"{words[:MAX_TEXT]}…"


def _kind(types: set[type]) -> Kind:
    if not types:
        return "text"
    for kind, accepted in _TYPES.items():
        if all(issubclass(one, accepted) for one in types) and (kind == "boolean" or bool not in types):
            return kind
    return "text"


# The first whose types include all of a column's. A datetime is a date, too.
_TYPES: dict[Kind, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (Integral,),
    "number": (Real, Decimal),
    "time": (datetime.datetime, datetime.time),
    "date": (datetime.date,),
}


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def _number(value: Any) -> float | str | None:
    number = float(value)
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return None if math.isnan(number) else number


def _integer(value: int) -> int | str:
    return int(value) if -_EXACT <= value <= _EXACT else str(int(value))


def _time(value: Any) -> str:
    return str(value.isoformat(sep=" ")) if isinstance(value, datetime.datetime) else str(value.isoformat())


_WRITERS: dict[Kind, Callable[[Any], Any]] = {
    "boolean": bool,
    "integer": _integer,
    "number": _number,
    "time": _time,
    "date": lambda value: value.isoformat(),
    "text": text,
}
