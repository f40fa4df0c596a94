"""Charts of a source by its address: the relay reads it, whatever becomes of the kernel, and says how it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.background import BackgroundLoop
from tests.support.busy import holding_the_lock, release
from tests.support.feed_servers import SocketHost, socket_host
from tests.support.hosts import Host
from tests.support.live import PRELUDE, LiveChart
from tests.support.running_relay import RunningRelay, running_relay

# Silence is nothing unusual: on a busy machine the test itself takes its time.
_SHARE = (
    "quotes = cw.live({url!r}, t='T:ms', price='p:float', stale_after='5m', name='quotes')\n"
    "room.share(quotes, name='quotes')"
)
_START = 1_767_225_600_000


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RunningRelay]:
    """Its sources may reach this machine."""
    with running_relay(folder=tmp_path, feeds_allow="127.0.0.1") as relay:
        yield relay


class Market:
    """A host of quotes on this machine."""

    def __init__(self, background: BackgroundLoop, host: SocketHost) -> None:
        self.url = host.url
        self._background = background
        self._host = host
        self._told = 0
        self._ended = False

    def tells(self, count: int) -> None:
        """So many new quotes."""
        self._background.run(self._tell(count))

    def flows(self) -> None:
        """Two quotes, fifty times a second."""
        self._background.enter(self._flowing())

    def ends(self) -> int:
        """End the flow; how many quotes were told."""
        self._ended = True
        self._background.run(self._tell(0))
        return self._told

    def says(self, text: str) -> None:
        """Anything."""
        self._background.run(self._host.say(text))

    def has_a_listener(self, ever: int = 1) -> None:
        """Wait for somebody, after so many have come."""
        self._background.run(self._host.wait_connected(ever))

    def cuts(self) -> None:
        """The line breaks, without a word (1006), and nobody gets through until `admits`."""
        self._background.call(self._host.bar)
        self._background.run(self._host.cut())

    def admits(self) -> None:
        """Whoever comes gets through again."""
        self._background.call(self._host.admit)

    async def _tell(self, count: int) -> None:
        quotes = [{"T": _START + n * 10, "p": 100 + n % 50 / 100} for n in range(self._told, self._told + count)]
        self._told += count
        await self._host.say(*quotes)

    @asynccontextmanager
    async def _flowing(self) -> AsyncIterator[None]:
        async def flow() -> None:
            while not self._ended:
                await self._tell(2)
                await asyncio.sleep(0.02)

        flowing = asyncio.create_task(flow())
        yield
        self._ended = True
        await flowing


@pytest.fixture
def market(background: BackgroundLoop) -> Market:
    return Market(background, background.enter(socket_host()))


@pytest.fixture
def chart(host: Host, market: Market, visit: Visit) -> LiveChart:
    """Of the market's quotes, in a guest's page; ten have come."""
    host.run(PRELUDE)
    host.run(_SHARE.format(url=market.url))
    market.has_a_listener()
    market.tells(10)
    chart = LiveChart.of(visit("Ann"), "quotes")
    chart.holds(10)
    return chart


def test_a_source_goes_on_while_the_kernel_is_busy(
    host: Host, market: Market, chart: LiveChart, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    busy = host.kernel.begin(holding_the_lock(str(gate)))

    for rows in (110, 210, 310):
        market.tells(100)
        chart.holds(rows)
    market.tells(100)
    crc = chart.holds(410)
    chart.sees_badge("live")
    release(gate)
    host.kernel.finish(busy)

    host.kernel.sees("crc_of(quotes)", [410, crc])


def test_a_source_goes_on_while_the_kernel_restarts_and_the_cell_that_is_run_again_joins_it(
    host: Host, market: Market, chart: LiveChart
) -> None:
    market.flows()
    host.kernel.restart()
    chart.gains(20)

    host.opens_the_notebook()
    host.runs_the_cell()
    host.run(PRELUDE)
    host.run(_SHARE.format(url=market.url))
    host.kernel.sees("crc_of(quotes)[0] > 100", True)
    rows = market.ends()

    crc = chart.holds(rows)
    host.kernel.sees("crc_of(quotes)", [rows, crc])


def test_a_source_that_breaks_off_is_a_badge_and_a_gap_and_comes_back(market: Market, chart: LiveChart) -> None:
    market.cuts()
    chart.sees_badge("reconnecting")
    market.admits()
    market.has_a_listener(ever=2)
    market.tells(10)

    chart.sees_badge("live")
    chart.holds(21)  # one of them is the gap


def test_a_source_that_falls_silent_is_a_badge_until_it_speaks_again(host: Host, market: Market, visit: Visit) -> None:
    host.run(f"still = cw.live({market.url!r}, t='T:ms', price='p', stale_after='1s', name='still'); room.share(still)")
    market.has_a_listener()
    market.tells(5)
    chart = LiveChart.of(visit("Ann"), "still")

    chart.sees_badge("no data for")
    market.flows()

    chart.sees_badge("live")


def test_a_message_that_makes_no_sense_is_counted_and_listed_and_the_rest_goes_on(
    host: Host, market: Market, chart: LiveChart
) -> None:
    market.says("<html>")
    market.says('{"T": "soon", "p": []}')
    market.tells(10)

    chart.holds(20)
    host.kernel.sees("len(quotes.errors)", 2)
    chart.sees_badge("live")
    chart.badge.click()
    expect(chart.root.get_by_test_id("errors").get_by_role("listitem")).to_have_count(2)


def test_an_address_that_the_relay_does_not_reach_says_so_on_the_chart(host: Host, visit: Visit) -> None:
    host.run("none = cw.live('ws://10.0.0.1:9/none', price='p', name='none'); room.share(none, name='none')")
    chart = LiveChart.of(visit("Ann"), "none")

    chart.sees_badge("failed")

    host.kernel.sees("none.status.state", "failed")
