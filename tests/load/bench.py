"""`make bench`: the figures, each beside what it is measured against. Takes about a quarter of an hour.

These machines are shared and noisy: read the ratios, and run it again before believing a small difference.
"""

from __future__ import annotations

import itertools
import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from tests.load import blobs, charts_figures, chat_figures, deliveries, drag, latency, leaks, memory, opening, pointers

MANIFEST = Path(__file__).parents[2] / "src" / "cowidget" / "static" / "manifest.json"


def show_deliveries() -> None:
    """Server CPU per delivery."""
    cost = deliveries.measure()
    print(f"  ours {cost.ours:.1f} µs, websockets.broadcast {cost.peers:.1f} µs, ratio {cost.ratio:.2f} (to reach: 1)")


def show_memory() -> None:
    """Memory per idle connection."""
    print(f"  {memory.measure():.1f} KiB (to reach: 16)")


def show_latency() -> None:
    """Latency between two browsers."""
    for state, one_way in latency.measure().items():
        print(f"  {state}: p50 {one_way.p50:.1f} ms, p99 {one_way.p99:.1f} ms (to reach: 10 and 30)")


def show_blobs() -> None:
    """A large value to a group."""
    for name, cost in zip(("ours", "websockets.broadcast"), blobs.measure(), strict=True):
        print(f"  {name}: {cost.cpu:.0f} ms CPU, {cost.time:.0f} ms, {cost.memory:.1f} MiB beyond the value")


def show_drag() -> None:
    """CPU during a drag."""
    alone = drag.measure_jupyter()
    load = drag.measure()
    print(f"  kernel {load.kernel:.1f} % of a core; with one front end of Jupyter's, nothing shared: {alone:.1f} %")
    print(f"  relay {load.relay:.1f} %, {load.arrived:.0f} messages/s per guest")


def show_pointers() -> None:
    """CPU while everybody points, and how late others see it."""
    for name, moving in zip(("ours", "websockets.broadcast"), pointers.measure(), strict=True):
        print(
            f"  {name}, {moving.people} people: {moving.server:.0f} % of a core, p50 {moving.p50:.0f} ms,"
            f" p95 {moving.p95:.0f} ms, {moving.messages:.0f} messages/s for each"
        )
    print("  (to reach: 30 % and p95 100 ms)")


def show_opening() -> None:
    """From the link to the drawn room."""
    opened = opening.measure()
    print(f"  cold {opened.cold:.0f} ms, warm {opened.warm:.0f} ms (to reach: 1500 and 500)")


def show_leaks() -> None:
    """What each round leaves behind."""
    for before, after in itertools.pairwise(leaks.measure()):
        kinds = ", ".join(f"{more} {name}" for name, more in itertools.islice(leaks.growth(before, after).items(), 5))
        print(f"  kernel {after.kernel - before.kernel:+.1f} MiB, relay {after.relay - before.relay:+.1f} MiB; {kinds}")


def show_bundles() -> None:
    """Sizes of what browsers load."""
    for name, size in json.loads(MANIFEST.read_text())["sizes"].items():
        budget = " (to reach: 400 and 120)" if name == "panel.js" else ""
        print(f"  {name}: {size['raw'] / 1000:.0f} KB, {size['gzip'] / 1000:.0f} KB gzip{budget}")


FIGURES: dict[str, tuple[str, Callable[[], None]]] = {
    "deliveries": (f"server CPU per delivery of a small change to {deliveries.CLIENTS} clients", show_deliveries),
    "memory": ("relay memory per idle connection", show_memory),
    "latency": ("a trait change from browser to browser, one way", show_latency),
    "blobs": (f"{blobs.SIZE >> 20} MiB from one to {blobs.GUESTS}", show_blobs),
    "drag": (f"a drag at {drag.PER_SECOND} Hz with {drag.GUESTS} guests", show_drag),
    "pointers": (f"{pointers.PEOPLE} people who move their pointers at {pointers.PER_SECOND} Hz", show_pointers),
    "opening": ("a room of seven controls, from its link to the last one drawn", show_opening),
    "leaks": (f"{leaks.MODELS} models shared and closed, again and again", show_leaks),
    "bundles": ("bundles", show_bundles),
    **charts_figures.FIGURES,
    **chat_figures.FIGURES,
}


def main(wanted: list[str]) -> None:
    """Print the figures with these names, or all."""
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name in wanted or FIGURES:
        title, show = FIGURES[name]
        print(f"{title}")
        show()


if __name__ == "__main__":
    main(sys.argv[1:])
