"""A relay, a kernel that pushes, and raw watchers: what most of the figures of charts are measured on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.load.charts_arrivals import Pushed
from tests.load.charts_watchers import Plan, Watchers, watching
from tests.load.drag import BenchKernel, bench_kernel
from tests.load.servers import Server, running_relay

FEED = "load"
SETUP = """
import cowidget as cw
from tests.load.charts_pusher import Pusher
chart = cw.chart("v:single", name="load", keep=500_000)
room = cw.share(chart)
"""
WARM_UP = 1.5


class Scene:
    """All are there."""

    def __init__(self, relay: Server, kernel: BenchKernel, watchers: Watchers) -> None:
        self.relay = relay
        self.kernel = kernel
        self.watchers = watchers
        self._pushed = 0

    def push(self, rows: int, per_second: float) -> None:
        """Let the kernel push, from a thread."""
        self.kernel.value(f"exec('pusher = Pusher(chart, {rows}, {per_second}, {self._pushed})')")

    def end(self) -> Pushed:
        """Let it end; what was pushed."""
        pushed: Pushed = json.loads(self.kernel.value("pusher.end()"))
        time.sleep(0.5)
        self._pushed = pushed[-1][0]
        return pushed

    def warm_up(self, rows: int, per_second: float) -> None:
        """Push for a moment, and forget it."""
        self.push(rows, per_second)
        time.sleep(WARM_UP)
        self.end()
        self.watchers.collect()


@contextmanager
def scene(viewers: int, setup: str = SETUP, feed: str = FEED) -> Iterator[Scene]:
    """For the time of the block."""
    with (
        running_relay("memory:", "--feeds-allow", "all") as relay,
        bench_kernel(relay, setup) as kernel,
        watching(Plan(relay.port, kernel.value("room.url"), feed, viewers)) as watchers,
    ):
        yield Scene(relay, kernel, watchers)
