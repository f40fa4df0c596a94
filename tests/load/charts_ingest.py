"""Rows per second that a kernel takes, one by one and in batches, and that a relay keeps up with."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.load.charts_scene import SETUP, scene
from tests.load.drag import bench_kernel
from tests.load.servers import Server, running_relay

SINGLE = 200_000
BATCHED = 20_000_000
BATCH = 10_000
KEPT = 4_000_000
ALONE = """
import time
import cowidget as cw, numpy as np
from tests.load.charts_pusher import sensor

def push_single(feed, count):
    began = time.perf_counter()
    for number in range(count):
        feed.push(v=1.5)
    return count / (time.perf_counter() - began)

def push_batched(feed, count, batch):
    made = [sensor(first, batch) for first in range(0, 50 * batch, batch)]
    span = made[-1]["t"][-1] - made[0]["t"][0] + 0.001
    began = time.perf_counter()
    for number in range(count // batch):
        rows = made[number % 50]
        feed.push({"t": rows["t"] + span * (number // 50), "v": rows["v"]})
    taken = count / (time.perf_counter() - began)
    feed.tail(rows=1)
    return taken
"""


@dataclass(frozen=True, slots=True)
class Ingest:
    """Rows per second.

    Attributes:
        single: by one `push` each, in a kernel.
        shared: the same, of a feed that a room shows.
        batched: by pushes of ten thousand, in a kernel.
        kept: the same, of a feed that a room shows, until the store of the relay has them.
    """

    single: float
    shared: float
    batched: float
    kept: float


def measure() -> Ingest:
    """Each once; a single one is thousands of pushes."""
    with running_relay() as relay:
        single = _alone(relay, f"push_single(cw.feed('v'), {SINGLE})")
        batched = _alone(relay, f"push_batched(cw.feed('v:single', keep=1_000_000), {BATCHED}, {BATCH})")
        shared = _alone(relay, f"push_single(chart, {SINGLE})", "chart = cw.chart('v'); cw.share(chart)")
    return Ingest(single, shared, batched, kept())


def kept(rows: int = KEPT) -> float:
    """Rows per second from the first push until a watcher has seen the last row."""
    with scene(1, ALONE + SETUP) as stage:
        began = time.monotonic()
        stage.kernel.value(f"push_batched(chart.feed, {rows}, {BATCH})")
        end, last = 0, began
        while end < rows and time.monotonic() < began + 40:
            time.sleep(0.05)
            (arrivals,) = stage.watchers.collect()
            if arrivals:
                end, last = arrivals[-1].end, arrivals[-1].time
    return end / (last - began)


def _alone(relay: Server, expression: str, setup: str = "") -> float:
    with bench_kernel(relay, f"{ALONE}\n{setup}") as kernel:
        return float(kernel.value(expression))


if __name__ == "__main__":
    print(measure())
