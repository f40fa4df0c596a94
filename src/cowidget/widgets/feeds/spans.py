"""Spans of time and numbers of rows, as people write them: "5m", 0.5, timedelta(hours=1), 2_000_000."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import timedelta

from cowidget.errors import FeedError

Span = str | float | timedelta

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|w)\s*")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a feed: the newest `seconds` (0: whatever their age), at most `rows` of it (0: all)."""

    seconds: float = 0.0
    rows: int = 0


def seconds(span: Span, what: str = "a span of time") -> float:
    """Seconds of a span: "250ms", "5m", "24h", "7d", a number of seconds, or a timedelta.

    Args:
        span: what was written.
        what: the argument's name, for the error.

    Raises:
        FeedError: it is none of these, or negative.
    """
    match span:
        case timedelta():
            number = span.total_seconds()
        case str() if (found := _SPAN.fullmatch(span)) is not None:
            number = float(found[1]) * _UNITS[found[2]]
        case bool():
            number = math.nan
        case int() | float():
            number = float(span)
        case _:
            number = math.nan
    if not 0 <= number < math.inf:
        raise FeedError(f"{what}={span!r} is no span of time. Write for example '250ms', '5m', '24h', or seconds.")
    return number


def amount(much: Span | None, what: str = "keep") -> Amount:
    """A span of time, or a whole number of rows; None is all.

    Raises:
        FeedError: it is neither.
    """
    if much is None:
        return Amount()
    if isinstance(much, int) and not isinstance(much, bool):
        if much < 1:
            raise FeedError(f"{what}={much} is no number of rows. Write for example 2_000_000, or a span like '24h'.")
        return Amount(rows=much)
    return Amount(seconds=seconds(much, what))
