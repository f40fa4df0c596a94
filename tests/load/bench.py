"""`make bench`: the figures, each beside what it is measured against. Takes about three minutes.

These machines are shared and noisy: read the ratios, and run it again before believing a small difference.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from tests.load import deliveries, latency, memory

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


def show_bundles() -> None:
    """Sizes of what browsers load."""
    for name, size in json.loads(MANIFEST.read_text())["sizes"].items():
        budget = " (to reach: 400 and 120)" if name == "panel.js" else ""
        print(f"  {name}: {size['raw'] / 1000:.0f} KB, {size['gzip'] / 1000:.0f} KB gzip{budget}")


FIGURES: dict[str, tuple[str, Callable[[], None]]] = {
    "deliveries": (f"server CPU per delivery of a small change to {deliveries.CLIENTS} clients", show_deliveries),
    "memory": ("relay memory per idle connection", show_memory),
    "latency": ("a trait change from browser to browser, one way", show_latency),
    "bundles": ("bundles", show_bundles),
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
