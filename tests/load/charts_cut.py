"""A viewer cut off for half a minute, and a relay that is killed: which rows are missing or doubled, and how soon."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.load.charts_page import ChartPage, chromium
from tests.load.drag import BenchKernel, bench_kernel
from tests.load.servers import Server, running_relay
from tests.support.background import BackgroundLoop
from tests.support.fault_proxy import FaultProxy

AWAY = 30.0
# Longer than the longest pause between two attempts of a page to come back.
PATIENCE = 40.0
ROWS = 100
PER_SECOND = 30
SETUP = """
import cowidget as cw, json
from cowidget.core.columns import Block, checksum
from tests.load.charts_pusher import Pusher
chart = cw.chart("v:single", name="load", keep=5_000_000)
room = cw.share(chart)

def held():
    table = chart.feed.tail()
    return json.dumps([len(table["t"]), checksum(Block(0, dict(enumerate(table.values()))))])
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """How it went on.

    Attributes:
        cut: milliseconds from the new line of the one who was cut off until it had all rows again.
        restart: the same for the slower of two viewers, after the relay was killed and started: rows that were pushed
            meanwhile come only when the kernel is back.
        host: rows that Python has, and their checksum.
        viewers: the same of each viewer.
    """

    cut: float
    restart: float
    host: tuple[int, int]
    viewers: list[tuple[int, int]]


class _Trial:
    def __init__(self, kernel: BenchKernel, pages: list[ChartPage]) -> None:
        self.kernel = kernel
        self.pages = pages

    def rows(self) -> int:
        """How many rows there are now."""
        return int(self.kernel.value("pusher._log[-1][0]"))

    def resumed(self, page: ChartPage, lines: int, rows: int) -> float:
        """Milliseconds from its latest line, after so many earlier ones, until it has these rows."""
        until = time.monotonic() + PATIENCE
        while self.lines(page) == lines and time.monotonic() < until:
            time.sleep(0.05)
        complete = page.complete(rows)
        return complete - max(page.times()["opened"])

    def lines(self, page: ChartPage) -> int:
        return len(page.times()["opened"])


def measure(away: float = AWAY) -> Cut:
    """The one after the other, while rows are pushed."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        store = f"sqlite:///{Path(folder) / 'rooms.sqlite'}"
        relays = stack.enter_context(ExitStack())
        relay = relays.enter_context(running_relay(store))
        kernel = stack.enter_context(bench_kernel(relay, SETUP))
        background = stack.enter_context(BackgroundLoop())
        proxy = background.enter(FaultProxy("127.0.0.1", relay.port))
        browser = stack.enter_context(chromium())
        trial = _Trial(kernel, _opened(browser, kernel.value("room.url"), proxy.port))
        kernel.value(f"exec('pusher = Pusher(chart, {ROWS}, {PER_SECOND})')")
        time.sleep(3.0)
        cut = _cut(trial, background, proxy, away)
        restart = _restart(trial, relays, relay, store)
        (pushed, _) = json.loads(kernel.value("pusher.end()"))[-1]
        for page in trial.pages:
            page.complete(pushed)
        (host, crc), figures = json.loads(kernel.value("held()")), [page.stats()[0] for page in trial.pages]
        return Cut(cut, restart, (host, crc), [(each["loaded"], each["crc"]) for each in figures])


def _opened(browser: Browser, link: str, port: int) -> list[ChartPage]:
    through = urlsplit(link)._replace(netloc=f"127.0.0.1:{port}").geturl()
    return [ChartPage(browser, each) for each in (through, link)]


def _cut(trial: _Trial, background: BackgroundLoop, proxy: FaultProxy, away: float) -> float:
    page, _ = trial.pages
    lines = trial.lines(page)
    background.run(proxy.refuse())
    background.run(proxy.cut())
    time.sleep(away)
    rows = trial.rows()
    background.run(proxy.accept())
    return trial.resumed(page, lines, rows)


def _restart(trial: _Trial, relays: ExitStack, relay: Server, store: str) -> float:
    lines = [trial.lines(page) for page in trial.pages]
    relay.process.kill()
    relays.close()
    relays.enter_context(running_relay(store, "--port", str(relay.port)))
    rows = trial.rows()
    return max(trial.resumed(page, known, rows) for page, known in zip(trial.pages, lines, strict=True))


if __name__ == "__main__":
    print(measure())
