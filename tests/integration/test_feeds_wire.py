"""The feed process's connection to its relay, through a network that breaks: no row is lost, none is there twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from cowidget.core.feed_values import Column, FeedSpec, Source
from cowidget.feeder.room import FilledRoom, Home
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import Reach
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.settings import Settings
from cowidget.relay.thread import relay_in_thread
from tests.support.fault_proxy import FaultProxy
from tests.support.feed_clients import declare
from tests.support.feed_servers import SocketHost, socket_host
from tests.support.price_watcher import PriceWatcher, watching
from tests.support.running_relay import OPERATOR_TOKEN
from tests.support.wire_client import invite, owner_client

SECRET = "the feed process's secret, for tests only"
ROWS = 20_000


@pytest.fixture
def relay() -> Iterator[RelayAddress]:
    """One whose feed process the tests are."""
    with relay_in_thread(Settings(operator_token=OPERATOR_TOKEN, feeder_secret=SECRET, feeds=False)) as address:
        yield address


@asynccontextmanager
async def filled(relay: RelayAddress, host: SocketHost, proxy: FaultProxy) -> AsyncIterator[PriceWatcher]:
    """A feed that is filled through the proxy, and a guest who watches it."""
    socket = relay.url.replace("http", "ws", 1) + "/ws"
    async with owner_client(socket) as owner:
        await invite(owner)
        await declare(
            owner, spec=FeedSpec((Column("price"),)), source=Source(host.url, {"price": "p"}, stale_after=600.0)
        )
        home = Home(f"ws://127.0.0.1:{proxy.port}/ws", SECRET)
        filling = asyncio.create_task(FilledRoom("lab", home, Reach(Networks(everything=True))).run())
        try:
            async with watching(socket) as guest:
                await host.wait_connected()
                yield guest
        finally:
            filling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await filling


async def say_all(host: SocketHost, count: int = ROWS) -> None:
    for first in range(0, count, 100):
        await host.say([{"p": price} for price in range(first, first + 100)])
        await asyncio.sleep(0)


@pytest.mark.rule("F4")
async def test_every_row_of_a_fast_source_arrives_once(relay: RelayAddress) -> None:
    async with (
        socket_host() as host,
        FaultProxy("127.0.0.1", port(relay)) as proxy,
        filled(relay, host, proxy) as guest,
    ):
        await say_all(host)
        await guest.sees(*range(ROWS))


@pytest.mark.rule("F4")
async def test_rows_under_way_when_the_line_is_cut_arrive_once(relay: RelayAddress) -> None:
    async with (
        socket_host() as host,
        FaultProxy("127.0.0.1", port(relay)) as proxy,
        filled(relay, host, proxy) as guest,
    ):
        saying = asyncio.create_task(say_all(host))
        for _ in range(5):
            await asyncio.sleep(0.1)
            await proxy.cut()
        await saying
        await guest.sees(*range(ROWS))
        assert len(host.headers) == 1, "the source was connected to again"


@pytest.mark.rule("F4")
async def test_rows_that_came_while_the_relay_was_out_of_reach_arrive_when_it_is_back(relay: RelayAddress) -> None:
    async with (
        socket_host() as host,
        FaultProxy("127.0.0.1", port(relay)) as proxy,
        filled(relay, host, proxy) as guest,
    ):
        await host.say({"p": 0})
        await guest.sees(0)
        await proxy.refuse()
        await proxy.cut()
        await host.say(*({"p": price} for price in range(1, 10)))
        await proxy.accept()
        await guest.sees(*range(10))


def port(relay: RelayAddress) -> int:
    return int(relay.url.rpartition(":")[2])
