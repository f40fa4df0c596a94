"""From what was pushed and what arrived: how much, how late, and how much not."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.charts_watchers import Arrival

Pushed = Sequence[tuple[int, float]]
"""The row behind each push, and when it was."""


@dataclass(frozen=True, slots=True)
class Delay:
    """From the push until the whole of it is in the watcher's hands, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of pushes.

    Attributes:
        points: that arrived, at all watchers together, per second.
        arrived: the part of the pushes that arrived whole, of those that should have been.
        delay: of those that did.
        size: bytes per row on the wire.
    """

    points: float
    arrived: float
    delay: Delay
    size: float


def delivery(pushed: Pushed, arrivals: Sequence[Sequence[Arrival]], seconds: float, expected: float = 0.0) -> Delivery:
    """Over so many seconds; `expected` pushes should have been, if the pace was kept."""
    rows = sum(each.end - each.first for watcher in arrivals for each in watcher)
    size = sum(each.size for watcher in arrivals for each in watcher)
    delays = [delay for watcher in arrivals for delay in delays_of(pushed, watcher)]
    wanted = max(expected, len(pushed)) * len(arrivals)
    return Delivery(rows / seconds, len(delays) / wanted, spread(delays), size / max(rows, 1))


def delays_of(pushed: Pushed, arrivals: Sequence[Arrival]) -> list[float]:
    """Milliseconds from each push to the arrival of its last row; those that were skipped are left out."""
    ends = [each.end for each in arrivals]
    found = []
    for end, begun in pushed:
        at = bisect_left(ends, end)
        if at < len(arrivals) and arrivals[at].first < end:
            found.append(1000 * (arrivals[at].time - begun))
    return found


def spread(delays: Sequence[float]) -> Delay:
    """Their median, and what all but a twentieth are below."""
    if len(delays) < 2:
        return Delay(float("nan"), float("nan"))
    cuts = statistics.quantiles(delays, n=20)
    return Delay(cuts[9], cuts[18])
