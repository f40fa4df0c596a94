"""What a kernel under test runs: it pushes rows at a pace, from a thread, and remembers when."""

from __future__ import annotations

import json
import threading
import time
from typing import Protocol

import numpy as np

# Rows of a sensor: a regular time and a measurement. In Unix seconds, and seconds.
START = 1_767_225_600.0
STEP = 0.001


class Pushable(Protocol):
    """A feed, or a chart with one."""

    def push(self, rows: dict[str, np.ndarray]) -> int:
        """Add rows; the number of the first of them."""


def sensor(first: int, count: int) -> dict[str, np.ndarray]:
    """Rows by their numbers: one millisecond apart, a noisy wave."""
    numbers = np.arange(first, first + count)
    values = np.sin(numbers / 700) * 10 + np.random.default_rng(first).normal(size=count)
    return {"t": np.round(START + numbers * STEP, 3), "v": values.astype(np.float32)}


class Pusher(threading.Thread):
    """Pushes `rows` rows `per_second` times a second, from row `first` on, until it is ended."""

    def __init__(self, feed: Pushable, rows: int, per_second: float, first: int = 0) -> None:
        super().__init__(daemon=True)
        self._feed = feed
        self._rows = rows
        self._first = first
        self._per_second = per_second
        self._ended = threading.Event()
        self._log: list[tuple[int, float]] = []
        self.start()

    def run(self) -> None:
        # Made before: what is measured is the way of the rows, not where they come from.
        made = [sensor(n * self._rows, self._rows)["v"] for n in range(32)]
        times = START + np.arange(self._rows) * STEP
        begun, number = time.monotonic(), 0
        while not self._ended.wait(max(0.0, begun + number / self._per_second - time.monotonic())):
            shift = (self._first + number * self._rows) * STEP
            now = time.monotonic()
            first = self._feed.push({"t": np.round(times + shift, 3), "v": made[number % len(made)]})
            self._log.append((first + self._rows, now))
            number += 1

    def end(self) -> str:
        """End it: as JSON, the row behind each push and when it was, in seconds of the monotonic clock."""
        self._ended.set()
        self.join()
        return json.dumps(self._log)
