"""A live chart in the words of whoever looks at it, and the notebook that feeds it.

    stream = Stream(host)                       # shares `prices`, a chart
    stream.push(20_000)
    LiveChart.of(ann).holds(20_000)

The chart tells what it has and what it has drawn through `__cowidgetCharts`, in its frame.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.support.hosts import Host
from tests.support.pages import PATIENCE_MS, GuestPage

# What a cell has in front of it: rows whose values follow from their numbers, and a checksum as pages have it.
PRELUDE = """
import numpy as np, threading, time
from cowidget.core.columns import Block, checksum

def rows(first, count, step=0.01):
    n = np.arange(first, first + count)
    return {"t": 1_767_225_600 + n * step, "price": np.round(100 + 10 * np.sin(n / 700) + n % 7 / 10, 2)}

def crc_of(chart):
    table = chart.feed.tail()
    return [len(table["t"]), checksum(Block(0, dict(enumerate(table.values()))))]

class Flow(threading.Thread):
    # Twenty times a second, beside the cells.
    def __init__(self, chart, first, each=20):
        super().__init__(daemon=True)
        self.chart, self.next, self.each, self.ended = chart, first, each, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.05):
            self.chart.push(rows(self.next, self.each))
            self.next += self.each

    def stop(self):
        self.ended.set()
        self.join()
        return self.next
"""

_ASK = """([share, method]) => {
  const charts = window.__cowidgetCharts ?? new Map();
  const chart = share === "" ? [...charts.values()][0] : charts.get(share);
  return chart?.[method]() ?? {};
}"""
# A frame that is asked for now comes after what the chart has to draw in it.
_STANDS_STILL = """async ([share]) => {
  for (let before = []; ; ) {
    await new Promise(requestAnimationFrame);
    const { from, to } = window.__cowidgetCharts.get(share).stats();
    if (from === before[0] && to === before[1]) return before;
    before = [from, to];
  }
}"""


class Stream:
    """A chart of pushed rows that a host shares as `prices`."""

    def __init__(self, host: Host, options: str = "") -> None:
        self._host = host
        host.run(PRELUDE)
        host.run(f"prices = cw.chart('price', name='prices', title='The price', keep=5_000_000{options})")
        host.run("room.share(prices, name='prices')")

    def push(self, count: int, first: int = 0) -> None:
        """Rows by their numbers: the same ones have the same values."""
        self._host.run(f"prices.push(rows({first}, {count}))")

    def flows(self, first: int, each: int = 20) -> None:
        """Push `each` rows twenty times a second, from a thread of the kernel."""
        self._host.run(f"flow = Flow(prices, {first}, {each})")

    def ends(self) -> int:
        """End the flow; the number of rows."""
        return int(self._host.kernel.value("flow.stop()"))

    def holds(self) -> list[int]:
        """How many rows Python has, and their checksum."""
        return list(self._host.kernel.value("crc_of(prices)"))


class LiveChart:
    """One chart of one page; without the name of a share, the only one of its frame."""

    def __init__(self, page: Page, iframe: Locator, share: str = "prices") -> None:
        self.page = page
        self.share = share
        self._iframe = iframe

    @classmethod
    def of(cls, guest: GuestPage, share: str = "prices") -> LiveChart:
        """A chart in a guest's page."""
        return cls(guest.page, guest.page.locator("iframe[title='Shared widgets']"), share)

    @property
    def root(self) -> Locator:
        frame: FrameLocator = self._iframe.content_frame
        place = frame.locator(f"[data-share='{self.share}']" if self.share else "body")
        return place.get_by_test_id("chart")

    @property
    def surface(self) -> Locator:
        """What is pointed at, zoomed and moved."""
        return self.root.get_by_test_id("surface")

    @property
    def badge(self) -> Locator:
        return self.root.get_by_test_id("badge")

    @property
    def go_live(self) -> Locator:
        return self.root.get_by_test_id("go-live")

    # What it says of itself.

    def figures(self) -> dict[str, Any]:
        """Rows, checksum, frames; empty while there is no chart."""
        return dict(self._ask("stats"))

    def drawn(self) -> dict[str, list[float | None]]:
        """The lowest and the highest value of each pixel."""
        return dict(self._ask("drawn"))

    def draws(self, what: Callable[[dict[str, list[float | None]]], bool]) -> None:
        """Wait until what is drawn is so."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not what(drawn := self.drawn()):
            assert time.monotonic() < deadline, f"drawn: {drawn}"
            self.page.wait_for_timeout(30)

    def draws_like(self, other: LiveChart) -> None:
        """Wait until both have drawn the same, pixel by pixel: each draws when its page has time for it."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while (mine := self.drawn()) != (theirs := other.drawn()):
            assert time.monotonic() < deadline, f"{_differing(mine, theirs)} pixels differ"
            self.page.wait_for_timeout(100)

    def span(self) -> tuple[float, float]:
        """The times that are shown, in Unix seconds, once it stands still: it glides to where one sends it."""
        start, end = self._evaluate(_STANDS_STILL)
        return start, end

    def narrower_than(self, seconds: float) -> tuple[float, float]:
        """Wait until less than that is shown; the span."""
        told = self.sees(lambda told: told["to"] - told["from"] < seconds)
        return told["from"], told["to"]

    def sees(self, what: Callable[[dict[str, Any]], bool], within: float = PATIENCE_MS / 1000) -> dict[str, Any]:
        """Wait until its figures are so; they."""
        deadline = time.monotonic() + within
        while not ((figures := self.figures()) and what(figures)):
            assert time.monotonic() < deadline, f"{self.share} tells {figures}"
            self.page.wait_for_timeout(30)
        return figures

    def gains(self, rows: int) -> None:
        """Wait until so many more have come than now: they go on coming."""
        end = self.sees(lambda told: True)["end"]
        self.sees(lambda told: told["end"] >= end + rows)

    def holds(self, rows: int, within: float = PATIENCE_MS / 1000) -> int:
        """Wait until it has all these rows and no others; their checksum."""
        figures = self.sees(lambda told: told["loaded"] == told["end"] - told["first"] == rows, within)
        return int(figures["crc"])

    def sees_mark(self, text: str) -> None:
        """Wait until a mark with this text is drawn."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while text not in (marks := self._ask("marks")):
            assert time.monotonic() < deadline, f"{self.share} shows the marks {marks}"
            self.page.wait_for_timeout(30)

    # What one does with it.

    def point(self, x: float, y: float = 0.5) -> None:
        """Move the mouse there: parts of the surface's width and height."""
        width, height = self.surface.evaluate("surface => [surface.clientWidth, surface.clientHeight]")
        self.surface.hover(position={"x": width * x, "y": height * y})

    def leave(self) -> None:
        """Move the mouse out of it."""
        self.page.mouse.move(2, 2)

    def focus(self) -> None:
        """So that keys are for it."""
        self.surface.focus()

    def presses(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.surface.press(key)

    def chooses(self, button: str, entry: str) -> None:
        """An entry of one of its menus: `add` or `more`."""
        menu = self.root.get_by_role("menu")
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not menu.is_visible():
            # JupyterLab measures the cells that come into sight, and moves the frame away from below the mouse.
            assert time.monotonic() < deadline, f"{self.share} has not opened its menu"
            self.root.get_by_test_id(button).click()
            self.page.wait_for_timeout(100)
        menu.get_by_role("menuitem").filter(has_text=entry).click()

    def sees_badge(self, words: str, within_ms: int = PATIENCE_MS) -> None:
        expect(self.badge).to_contain_text(words, timeout=within_ms)

    def _ask(self, method: str) -> Any:
        return self._evaluate(_ASK, method)

    def _evaluate(self, function: str, *arguments: str) -> Any:
        handle = self._iframe.element_handle()
        frame = handle.content_frame()
        assert frame is not None, "the frame has gone"
        return frame.evaluate(function, [self.share, *arguments])


def _differing(mine: dict[str, list[float | None]], theirs: dict[str, list[float | None]]) -> int:
    """How many pixels differ; one that the other has not differs, too."""
    pixels = [list(zip_longest(drawn["low"], drawn["high"])) for drawn in (mine, theirs)]
    return sum(one != other for one, other in zip_longest(*pixels))
