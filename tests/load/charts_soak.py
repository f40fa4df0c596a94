"""Small frames as fast as they go: what the page's heap and the relay's memory are before and after.

A day at 23 frames a second is 2,000,000 of them: `python -m tests.load.charts_soak 1200` runs for so many seconds.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from playwright.sync_api import CDPSession

from tests.load.charts_page import ChartPage, chromium
from tests.load.drag import bench_kernel
from tests.load.servers import running_relay

SECONDS = 45.0
WARM_UP = 10.0
# A kernel joins rows of 20 ms to one frame; here each ten rows are a frame, as many as the relay takes.
SETUP = """
import threading, time
import cowidget as cw, numpy as np
from cowidget.core.columns import Block, encode
from cowidget.core.feed_frames import Fed, Rows

chart = cw.chart("v:single", name="load", keep=50_000)
room = cw.share(chart)
handle = room._hosting.handle

class Flood(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.kept = self.frames = 0
        self.ended = threading.Event()
        handle.on_feeds(self.receive)
        self.start()

    def receive(self, news):
        if isinstance(news, Fed):
            self.kept = news.end // 10

    def run(self):
        values = np.sin(np.arange(10, dtype=np.float32))
        while not self.ended.is_set():
            while self.frames < self.kept + 1_000:
                first = self.frames * 10
                times = 1_767_225_600 + np.arange(first, first + 10) / 1000
                handle.send_feed(Rows("load", encode(Block(first, {0: np.round(times, 3), 1: values}, time.time()))))
                self.frames += 1
            time.sleep(0.002)
"""
# The frames of rows that come into the page.
COUNTS = """
(() => {
  window.benchRows = 0;
  const send = WebSocket.prototype.send;
  const heard = new WeakSet();
  const hear = ({ data }) => {
    if (typeof data === "string") return;
    const text = new TextDecoder("latin1").decode(data);
    window.benchRows += text.split("\\u00a4type\\u00a4rows").length - 1;
  };
  WebSocket.prototype.send = function (data) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", hear);
    }
    return send.call(this, data);
  };
})();
"""


@dataclass(frozen=True, slots=True)
class Soak:
    """Frames that were sent, and that came into the page; MiB of the page's heaps and of the relay, by the minute."""

    sent: int
    told: int
    heap: tuple[float, float]
    relay: tuple[float, float]


def measure(seconds: float = SECONDS) -> Soak:
    """After the feed has been full for a while."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel, chromium() as browser:
        page = ChartPage(browser, kernel.value("room.url"), COUNTS)
        page.wait("window.__cowidgetCharts?.size")
        kernel.value("exec('flood = Flood()')")
        time.sleep(WARM_UP)
        sessions = page.devtools()
        sent, told = int(kernel.value("flood.frames")), page.page.evaluate("benchRows")
        heap, resident = _heap(sessions), relay.memory() / (1 << 20)
        time.sleep(seconds)
        kernel.value("flood.ended.set()")
        time.sleep(1.0)
        return Soak(
            int(kernel.value("flood.frames")) - sent,
            page.page.evaluate("benchRows") - told,
            (heap, _heap(sessions)),
            (resident, relay.memory() / (1 << 20)),
        )


def _heap(sessions: list[CDPSession]) -> float:
    """MiB that are reachable, the bytes of arrays among them."""
    used = 0.0
    for session in sessions:
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        used += usage["usedSize"] + usage.get("backingStorageSize", 0)
    return used / (1 << 20)


if __name__ == "__main__":
    print(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
