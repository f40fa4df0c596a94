"""How a chart begins: what `cw.live`, `cw.chart` and `.line()` take beside data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import available_timezones

from cowidget.errors import ShareError

if TYPE_CHECKING:
    from cowidget.widgets.feeds.spans import Span

MAX_TEXT = 200


class Axis(TypedDict, total=False):
    """One side's axis.

    Attributes:
        label: what it says.
        unit: what follows the values.
        log: logarithmic.
        min: where it begins; None: with the lowest value that is seen.
        max: where it ends.
    """

    label: str
    unit: str
    log: bool
    min: float | None
    max: float | None


class ChartOptions(TypedDict, total=False):
    """How a chart begins.

    Attributes:
        title: what stands above it.
        window: how much of it is seen: "5m", "1h", or a number of rows; None is all.
        height: pixels.
        zone: a time zone such as "Europe/Berlin"; empty: each viewer's own.
        left: the axis on the left.
        right: the one on the right.
        group: charts of one group link their cursors; default: all charts of a page.
    """

    title: str
    window: Span | None
    height: int
    zone: str
    left: Axis
    right: Axis
    group: str


def checked_axis(side: str, axis: Axis) -> dict[str, Any]:
    """All that an axis has.

    Raises:
        ShareError: something of it cannot be; says what can.
    """
    if unknown := axis.keys() - Axis.__annotations__.keys():
        raise ShareError(f"{side}= has no {min(unknown)!r}. An axis has: {', '.join(Axis.__annotations__)}.")
    low, high = axis.get("min"), axis.get("max")
    if any(end is not None and not math.isfinite(end) for end in (low, high)):
        raise ShareError(f"{side}=: min and max of an axis are numbers, or None.")
    if low is not None and high is not None and not low < high:
        raise ShareError(f"{side}=: min={low:g} is not below max={high:g}.")
    if axis.get("log") and low is not None and low <= 0:
        raise ShareError(f"{side}=: a logarithmic axis begins above 0.")
    return {
        "label": str(axis.get("label", ""))[:MAX_TEXT],
        "unit": str(axis.get("unit", ""))[:MAX_TEXT],
        "log": bool(axis.get("log", False)),
        "min": low,
        "max": high,
    }


def checked_zone(zone: str) -> str:
    """The zone.

    Raises:
        ShareError: there is no such zone.
    """
    # Windows has no list of its own; browsers have one everywhere.
    known = available_timezones() if zone else set()
    if known and zone not in known:
        raise ShareError(f"zone={zone!r} is no time zone. Write one like 'Europe/Berlin'; empty: each viewer's own.")
    return zone
