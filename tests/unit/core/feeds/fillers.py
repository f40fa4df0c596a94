"""Who fills the feeds of a room in a test: its kernel, and the feed process."""

from __future__ import annotations

from cowidget.core.access import Caller
from cowidget.core.feed_values import Source
from cowidget.core.frames import Fed, Watch, Watched
from tests.support.rooms import Peer, RoomBench

SOURCE = Source("wss://example.org/trades", {"t": "T:ms", "price": "p"}, headers={"key": "secret"})


def feeder_of(bench: RoomBench) -> Peer:
    return bench.join("", caller=Caller(feeds=True), kind="feeder")


def comes_back(bench: RoomBench) -> Peer:
    """The owner's kernel, started again."""
    return bench.join("owner")


def fed(peer: Peer) -> list[tuple[str, int]]:
    return [(each.feed, each.end) for each in peer.sees(Fed)]


def end_of(bench: RoomBench, feed: str = "ticks") -> int:
    viewer = bench.join("viewer")
    viewer.send(Watch(feed))
    return viewer.sees(Watched)[-1].end
