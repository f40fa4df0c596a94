"""How even a page's frames are, and what they cost, with four million points in view and new ones all the time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.load.charts_page import ChartPage, Clockwork, chromium
from tests.load.drag import bench_kernel
from tests.load.servers import running_relay

ROWS = 1_000_000
SERIES = ("a", "b", "c", "d")
PER_SECOND = 30
NEW_ROWS = 30
SECONDS = 8.0
SETUP = f"""
import cowidget as cw, numpy as np, threading, time

chart = cw.chart(*{SERIES}, name="load", keep=2_000_000)
room = cw.share(chart)

def rows(first, count):
    numbers = np.arange(first, first + count)
    columns = {{name: np.round(at * 5 + np.sin(numbers / 9000 + at) + np.random.normal(size=count) / 4, 2)
               for at, name in enumerate({SERIES})}}
    return {{"t": np.round(time.time() - 60 + (numbers - {ROWS}) / 1000, 3), **columns}}

for first in range(0, {ROWS}, 50_000):
    chart.push(rows(first, 50_000))

def live():
    for number in range(int(1e6)):
        time.sleep(1 / {PER_SECOND})
        chart.push(rows({ROWS} + number * {NEW_ROWS}, {NEW_ROWS}))
"""


@dataclass(frozen=True, slots=True)
class Frames:
    """Of the page, over some seconds.

    Attributes:
        fps: animation frames of the page, per second.
        painted: of them, those in which the chart drew, per second.
        script: milliseconds of a frame in which the chart drew, as it says itself.
        cpu: milliseconds of processor time of all its scripts, per frame.
        longest: between two frames, in milliseconds.
        long: how many were longer than 50 ms.
    """

    fps: float
    painted: float
    script: float
    cpu: float
    longest: float
    long: int


def measure(seconds: float = SECONDS) -> Frames:
    """After it has all rows and three seconds of live ones."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel, chromium() as browser:
        page = ChartPage(browser, kernel.value("room.url"))
        page.wait(f"[...(window.__cowidgetCharts?.values() ?? [])].some((chart) => chart.stats().loaded >= {ROWS})")
        kernel.value("threading.Thread(target=live, daemon=True).start()")
        time.sleep(3.0)
        return watch(page, seconds)


def watch(page: ChartPage, seconds: float) -> Frames:
    """The frames of a page from now on."""
    clockwork = Clockwork(page)
    page.sandbox.evaluate("benchTimes.frames.length = 0")
    time.sleep(seconds)
    intervals = page.sandbox.evaluate("benchTimes.frames")
    spent = clockwork.scripts
    (figures,) = page.stats()
    return Frames(
        fps=1000 * len(intervals) / sum(intervals),
        painted=figures["fps"],
        script=figures["jsMs"],
        cpu=spent / len(intervals),
        longest=max(intervals),
        long=sum(each > 50 for each in intervals),
    )


if __name__ == "__main__":
    print(measure())
