"""What a room shares as messages: a widget's state, a chart's span of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import Widget

from cowidget.core.bodies import MAX_SNAPSHOT_BYTES
from cowidget.core.codec import value_size
from cowidget.core.replica import Replica
from cowidget.core.rights import never_writable
from cowidget.core.values import Moment, Share, Snapshot
from cowidget.errors import ShareError
from cowidget.widgets.charts.chart import Chart
from cowidget.widgets.messages.part import Part
from cowidget.widgets.remote import RemoteWidget


def shown_of(
    thing: Any, part: Part | None, replica: Callable[[Callable[[Replica], Any]], Any]
) -> Snapshot | Moment | None:
    """A widget's state, or the span of time that a chart shows; None if the thing is no widget and not in the room.

    Args:
        thing: what is to be sent.
        part: where it is.
        replica: reads the room's replica.

    Raises:
        ShareError: it is a widget that is not in the room, has nothing to show yet, or more than a message holds.
    """
    if part is None:
        if isinstance(thing, (Widget, RemoteWidget)):
            raise ShareError(f"This {type(thing).__name__} is not in this room. Share it first: room.share(…).")
        return None
    if isinstance(thing, Chart):
        return _moment(thing, part.share)
    snapshot: Snapshot = replica(lambda held: _snapshot(held, part))
    return snapshot


def _snapshot(replica: Replica, part: Part) -> Snapshot:
    share = replica.shares.get(part.share)
    if share is None:
        raise ShareError(f"{part.share} is not in the room yet. Send it again in a moment.")
    values, size = {}, 0
    for key in _ordered(replica, share, part.prefix):
        value = replica.value(key)
        added = value_size({key: value})
        if size + added <= MAX_SNAPSHOT_BYTES:
            values[key], size = value, size + added
        elif key in _writable(share):
            raise ShareError(
                f"The state of {part.share} holds more than {MAX_SNAPSHOT_BYTES >> 10} KiB, so it cannot be sent."
            )
    if not values:
        raise ShareError(f"{part.share} has no state that could be sent.")
    return Snapshot(part.share, values, b"")


def _ordered(replica: Replica, share: Share, prefix: str) -> list[str]:
    """First what people can set again; what is left of the room is for the rest."""
    keys = [key for key in replica.keys(prefix) if _is_state(key)]
    return sorted(keys, key=lambda key: (key not in _writable(share), key))


def _is_state(key: str) -> bool:
    trait = key.rpartition("/")[2]
    return not trait.startswith(("_", "$"))


def _writable(share: Share) -> frozenset[str]:
    return frozenset(
        f"{share.name}/{model.path}/{trait}" if model.path else f"{share.name}/{trait}"
        for model in share.models
        for trait in (*model.writable, *model.local)
        if not never_writable(trait)
    )


def _moment(chart: Chart, share: str) -> Moment:
    ends = [end for feed in chart.feeds if (end := feed.last_time) is not None]
    if not ends:
        raise ShareError(f"{share} has no rows yet, so there is no moment to show.")
    return Moment(share, min(_start(chart, max(ends)), max(ends)), max(ends), b"")


def _start(chart: Chart, end: float) -> float:
    if chart.window:
        return end - chart.window
    times = (feed.tail(chart.window_rows or None)["t"] for feed in chart.feeds)
    return min((float(time[0]) for time in times if len(time)), default=end)
