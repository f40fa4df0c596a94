"""Points per second from one feed of a kernel to fifty viewers, how late they come, and what that costs the relay."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.load.charts_arrivals import Delivery, delivery
from tests.load.charts_scene import scene

VIEWERS = 50
PER_SECOND = 30
ROWS = 4_000
SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Fanout:
    """Processor use in per cent of a core."""

    delivery: Delivery
    relay: float
    kernel: float
    watchers: float


def measure(viewers: int = VIEWERS, rows: int = ROWS, seconds: float = SECONDS) -> Fanout:
    """One after a second of warm-up."""
    with scene(viewers) as stage:
        stage.warm_up(rows, PER_SECOND)
        processes = (stage.relay, stage.kernel, stage.watchers)
        before, begun = [each.cpu() for each in processes], time.monotonic()
        stage.push(rows, PER_SECOND)
        time.sleep(seconds)
        elapsed = time.monotonic() - begun
        spent = [100 * (each.cpu() - early) / elapsed for each, early in zip(processes, before, strict=True)]
        pushed = stage.end()
        return Fanout(delivery(pushed, stage.watchers.collect(), elapsed, PER_SECOND * elapsed), *spent)


if __name__ == "__main__":
    print(measure())
