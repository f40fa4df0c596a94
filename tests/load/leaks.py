"""What stays of a thousand models that were shared and closed again: objects of the kernel, memory of both processes.

The first round fills what is kept on purpose: imports, caches, the arenas of malloc. What grows in each round
after it is a leak.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass

from tests.load.drag import bench_kernel
from tests.load.servers import running_relay

MODELS = 1002
ROUNDS = 4
SETUP = """
import collections, gc
import cowidget as cw, ipywidgets
room = cw.share(ipywidgets.IntSlider())

def alive():
    gc.collect()
    counted = collections.Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())
    return dict(counted)

def share_and_close(count):
    sliders = [ipywidgets.IntSlider() for _ in range(count)]
    for slider in sliders:
        room.share(slider)
    for slider in sliders:
        slider.layout.close()
        slider.style.close()
        slider.close()
"""


@dataclass(frozen=True, slots=True)
class Round:
    """After one round: MiB of each process, and the kernel's objects by type."""

    kernel: float
    relay: float
    alive: dict[str, int]


def measure(rounds: int = ROUNDS) -> list[Round]:
    """What is there after each round."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel:
        measured = []
        for _ in range(rounds):
            kernel.value(f"share_and_close({MODELS // 3})")
            kernel.value("room._hosting.handle.wait_sent(30)")
            kernel.value("__import__('time').sleep(2)")
            alive = json.loads(kernel.value("__import__('json').dumps(alive())"))
            measured.append(Round(kernel.process.memory_info().rss / 2**20, relay.memory() / 2**20, alive))
        return measured


def growth(before: Round, after: Round) -> dict[str, int]:
    """By how much each type has grown, the largest first."""
    grown = {name: count - before.alive.get(name, 0) for name, count in after.alive.items()}
    return dict(sorted(((name, more) for name, more in grown.items() if more > 0), key=lambda item: -item[1]))


if __name__ == "__main__":
    measured = measure()
    for before, after in itertools.pairwise(measured):
        grown = growth(before, after)
        print(f"kernel {after.kernel - before.kernel:+.1f} MiB, relay {after.relay - before.relay:+.1f} MiB; {grown}")
