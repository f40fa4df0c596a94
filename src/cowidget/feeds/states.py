"""The states of a feed's source, and what leads from one to the next: one table, one place that assigns."""

from __future__ import annotations

from enum import StrEnum

from cowidget.core.feed_values import FeedState


class Event(StrEnum):
    """What happens to a source."""

    OPENED = "opened"  # the host has accepted us
    HEARD = "heard"  # it said something
    SILENT = "silent"  # it has said nothing for too long
    LOST = "lost"  # there is no connection, another attempt may work
    REFUSED = "refused"  # the host says no
    OVER = "over"  # it said that there is no more


_TABLE: dict[FeedState, dict[Event, FeedState]] = {
    "connecting": {
        Event.OPENED: "live",
        Event.LOST: "retrying",
        Event.REFUSED: "failed",
        Event.OVER: "ended",
    },
    "live": {
        Event.OPENED: "live",  # a polled source answers again
        Event.HEARD: "live",
        Event.SILENT: "stale",
        Event.LOST: "retrying",
        Event.REFUSED: "failed",
        Event.OVER: "ended",
    },
    # A new connection does not help a host that has nothing to say: only a message does.
    "stale": {
        Event.OPENED: "stale",
        Event.HEARD: "live",
        Event.SILENT: "stale",
        Event.LOST: "retrying",
        Event.REFUSED: "failed",
        Event.OVER: "ended",
    },
    "retrying": {
        Event.OPENED: "live",
        Event.LOST: "retrying",
        Event.REFUSED: "failed",
        Event.OVER: "ended",
    },
    "failed": {
        Event.OPENED: "live",
        Event.LOST: "failed",
        Event.REFUSED: "failed",
        Event.OVER: "ended",
    },
    "idle": {},
    "ended": {},
}


def after(state: FeedState, event: Event) -> FeedState:
    """The state that follows.

    Raises:
        AssertionError: this cannot happen in this state.
    """
    following = _TABLE[state].get(event)
    if following is None:
        raise AssertionError(f"{event} in the state {state}")
    return following
