"""A feed in a few kilobytes: what a newcomer sees first (F6)."""

from __future__ import annotations

from cowidget.core import columns, limits
from cowidget.core.feeds.pyramid import FACTOR, LEVELS, Pyramid


def overview(pyramid: Pyramid, first: int, end: int, width: int) -> tuple[bytes, ...]:
    """The finest bins of the rows `[first, end)` that are few and small enough, as a block; none without rows.

    Args:
        pyramid: the feed's.
        first: its first row.
        end: the row after its last.
        width: how many columns it has.
    """
    if first == end:
        return ()
    most = min(limits.OVERVIEW_BINS, limits.OVERVIEW_BYTES // (8 * (1 + 2 * width)))
    level = 1
    while level < LEVELS and (end - first) // FACTOR**level >= most - 1:
        level += 1
    return (columns.encode(pyramid.bins(level, first, end)),)
