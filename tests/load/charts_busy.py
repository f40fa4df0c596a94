"""What viewers get while the kernel runs a pure-Python loop: of rows pushed by a thread of it, and of a source's."""

from __future__ import annotations

import time

from tests.load.charts_arrivals import Delivery, delivery
from tests.load.charts_scene import FEED, scene
from tests.load.charts_source import running_source

VIEWERS = 50
PER_SECOND = 30
ROWS = 1_000
SECONDS = 8.0
BUSY = "end = __import__('time').monotonic() + {seconds}\nwhile __import__('time').monotonic() < end: sum(range(1000))"
FOLLOW = """
import cowidget as cw
chart = cw.live("{url}", t="t", v="v", records="rows", name="load", keep=500_000, late=0)
room = cw.share(chart)
"""


def measure_push(viewers: int = VIEWERS, seconds: float = SECONDS, *, busy: bool = True) -> Delivery:
    """Rows that a thread of the kernel pushes."""
    with scene(viewers) as stage:
        stage.warm_up(ROWS, PER_SECOND)
        stage.push(ROWS, PER_SECOND)
        begun = time.monotonic()
        if busy:
            stage.kernel.start(BUSY.format(seconds=seconds))
        time.sleep(seconds)
        elapsed = time.monotonic() - begun
        pushed = stage.end()
        return delivery(pushed, stage.watchers.collect(), elapsed, PER_SECOND * seconds)


def measure_source(viewers: int = VIEWERS, seconds: float = SECONDS) -> Delivery:
    """Rows that a WebSocket on this machine tells, which the feed process listens to."""
    with running_source(ROWS, PER_SECOND) as source, scene(viewers, FOLLOW.format(url=source.url), FEED) as stage:
        source.tell(1.5)
        stage.watchers.collect()
        stage.kernel.start(BUSY.format(seconds=seconds + 1))
        told = source.tell(seconds)
        time.sleep(0.5)
        return delivery(told, stage.watchers.collect(), seconds, PER_SECOND * seconds)


if __name__ == "__main__":
    print("pushed", measure_push())
    print("source", measure_source())
