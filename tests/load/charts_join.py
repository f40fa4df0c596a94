"""A newcomer and a million rows: from the watch to the first paint, and to the last row; here, and over a slow line."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.load.charts_page import ChartPage, chromium
from tests.load.drag import bench_kernel
from tests.load.servers import running_relay
from tests.support.background import BackgroundLoop
from tests.support.fault_proxy import FaultProxy

ROWS = 1_000_000
ROUNDS = 5
# 10 Mbit/s and 50 ms there and back.
BYTES_PER_SECOND = 1_250_000
ONE_WAY = 0.025
SETUP = f"""
import cowidget as cw, time
from tests.load.charts_wire import ticks
chart = cw.chart("price", name="load", keep=2_000_000)
room = cw.share(chart)
rows = ticks(0, {ROWS})
chart.push({{"t": rows["t"], "price": rows["price"]}})
"""


@dataclass(frozen=True, slots=True)
class Join:
    """Milliseconds after the watch."""

    painted: float
    complete: float


def measure(rounds: int = ROUNDS) -> dict[str, Join]:
    """Medians, by the line."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel, chromium() as browser:
        link = kernel.value("room.url")
        time.sleep(2.0)  # until the relay has sealed them
        joins = {"loopback": _median([_join(browser, link) for _ in range(rounds)])}
        with BackgroundLoop() as background:
            proxy = background.enter(FaultProxy("127.0.0.1", relay.port))
            slow = urlsplit(link)._replace(netloc=f"127.0.0.1:{proxy.port}").geturl()
            joins["10 Mbit/s, 50 ms"] = _median([_join(browser, slow, background, proxy) for _ in range(3)])
    return joins


def _join(
    browser: Browser, link: str, background: BackgroundLoop | None = None, proxy: FaultProxy | None = None
) -> Join:
    if background is not None and proxy is not None:
        background.run(proxy.delay(ONE_WAY))
        background.run(proxy.limit(BYTES_PER_SECOND))
    page = ChartPage(browser, link)
    page.wait("window.benchTimes?.painted")
    complete = page.complete(ROWS)
    times = page.times()
    page.close()
    return Join(times["painted"] - times["watch"], complete - times["watch"])


def _median(joins: list[Join]) -> Join:
    return Join(*(statistics.median(getattr(each, name) for each in joins) for name in Join.__slots__))


if __name__ == "__main__":
    for line, join in measure().items():
        print(f"{line}: painted {join.painted:.0f} ms, complete {join.complete:.0f} ms")
