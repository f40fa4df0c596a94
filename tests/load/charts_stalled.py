"""One viewer reads nothing more: what the relay keeps for it, and what the others notice."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.load.charts_arrivals import Delay, delays_of, spread
from tests.load.charts_scene import SETUP, Scene, scene

VIEWERS = 20
PER_SECOND = 30
# 16 KiB a frame, half a megabyte a second: the buffers of the sockets are full after some seconds.
ROWS = 4_000
SECONDS = 10.0
# Of which the middle one counts: a busy neighbour on the machine makes more of a difference than what is measured.
ROUNDS = 5
# Little, and full before anything is measured: what grows then is for a viewer.
KEPT = SETUP.replace("keep=500_000", "keep=60_000")


@dataclass(frozen=True, slots=True)
class Stalled:
    """Delays of the others before and after; bytes that the relay grew by, before and after."""

    before: Delay
    after: Delay
    grown_before: int
    grown_after: int

    @property
    def slower(self) -> float:
        """The others' p95 with one that stalls, by that without."""
        return self.after.p95 / self.before.p95


def measure(seconds: float = SECONDS) -> Stalled:
    """As long with all viewers well as with one that stalls."""
    return sorted((_round(seconds) for _ in range(ROUNDS)), key=lambda stalled: stalled.slower)[ROUNDS // 2]


def _round(seconds: float) -> Stalled:
    with scene(VIEWERS, KEPT) as stage:
        for _ in range(3):
            stage.warm_up(ROWS, PER_SECOND)
        before, grown_before = _watch(stage, seconds)
        stage.watchers.stall()
        after, grown_after = _watch(stage, seconds)
    return Stalled(before, after, grown_before, grown_after)


def _watch(stage: Scene, seconds: float) -> tuple[Delay, int]:
    stage.push(ROWS, PER_SECOND)
    memory = stage.relay.memory()
    time.sleep(seconds)
    grown = stage.relay.memory() - memory
    pushed = stage.end()
    _, *others = stage.watchers.collect()
    return spread([delay for watcher in others for delay in delays_of(pushed, watcher)]), grown


if __name__ == "__main__":
    print(measure())
