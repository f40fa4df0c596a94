"""Feeds on a real relay: what was told is kept, and everybody holds the same rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import numpy as np
import pytest
from msgspec.structs import replace

from cowidget.core import closing, columns, limits
from cowidget.core.codec import Subprotocol
from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedStatus, Source
from cowidget.core.feeds.changes import FeedChange
from cowidget.core.frames import Drawn, Fed, Feed, Report, Rows, Watch, Watched
from cowidget.errors import StoreError
from cowidget.relay.hub import Hub
from cowidget.relay.server import Server
from cowidget.relay.settings import Settings
from cowidget.stores.memory import MemoryStore
from tests.support.feed_clients import PRICES, WireWatcher, declare, push, rows_frame, ticks
from tests.support.running_relay import OPERATOR_TOKEN, RunningRelay, running_relay
from tests.support.wire_client import WireClient, guest_client, invite, owner_client, wire_client

SOURCE = Source("wss://example.org", {"t": "T:ms", "price": "p"}, headers={"key": "secret"})
FEEDER_SECRET = "the feed process's secret, for tests only"


@pytest.fixture
def relay() -> Iterator[RunningRelay]:
    with running_relay() as relay:
        yield relay


def noise(first: int, count: int) -> Block:
    """Rows that do not compress: 16 bytes each."""
    return Block(first, {0: first + np.arange(count) / count, 1: np.random.default_rng(first).random(count)})


@pytest.mark.rule("F6")
@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_a_late_joiner_gets_an_overview_then_all_rows_then_the_live_ones(
    relay: RunningRelay, subprotocol: Subprotocol
) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner, role="viewer")
        await declare(owner)
        for first in range(0, 60_000, 5_000):
            await push(owner, ticks(first, 5_000))
        async with guest_client(relay.websocket, subprotocol=subprotocol) as ada:
            watcher = WireWatcher(ada)
            watched = await watcher.watch()
            await push(owner, ticks(60_000, 10))
            await watcher.follow(60_010)
            await watcher.fetch_all(watched.first, watched.end)
            assert (watched.first, watched.end, len(watcher.overview())) == (0, 60_000, 1)
            assert watcher.crc() == columns.checksum(ticks(0, 60_010))


@pytest.mark.rule("F5")
async def test_a_kill_loses_no_row_that_was_told(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        await declare(owner)
        async with guest_client(relay.websocket) as ada:
            watcher = WireWatcher(ada)
            await watcher.watch()
            for first in range(0, 50_000, 1_000):
                await push(owner, ticks(first, 1_000))
            await watcher.follow(50_000)
            relay.kill()
    relay.start()
    async with guest_client(relay.websocket) as again:
        later = WireWatcher(again)
        watched = await later.watch()
        await later.fetch_all(watched.first, watched.end)
        assert (later.crc(), watched.epoch) == (watcher.crc(), watcher.epoch)


@pytest.mark.rule("F4")
async def test_a_kernel_that_comes_back_after_a_kill_sends_what_was_not_kept(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        await declare(owner)
        await push(owner, ticks(0, 1_000))
        for first in range(1_000, 20_000, 1_000):
            await owner.send(rows_frame("ticks", ticks(first, 1_000)))
        relay.kill()
    relay.start()
    async with owner_client(relay.websocket) as owner:
        fed = await declare(owner)
        await push(owner, ticks(fed.end, 20_000 - fed.end))
        async with guest_client(relay.websocket) as ada:
            watcher = WireWatcher(ada)
            watched = await watcher.watch()
            await watcher.fetch_all(0, watched.end)
            assert (watched.end, watcher.crc()) == (20_000, columns.checksum(ticks(0, 20_000)))


@pytest.mark.rule("F7")
async def test_a_viewer_who_does_not_read_costs_no_memory_and_gets_the_newest_rows_then(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        await declare(owner, spec=replace(PRICES, keep_rows=100_000))
        async with guest_client(relay.websocket) as slow, guest_client(relay.websocket, instance="2") as fast:
            watchers = [WireWatcher(slow), WireWatcher(fast)]
            for watcher in watchers:
                await watcher.watch()
            for first in range(0, 400_000, 10_000):
                await push(owner, noise(first, 10_000))
                await watchers[1].follow(first + 10_000)
            warm = relay.rss()
            for first in range(400_000, 1_600_000, 10_000):
                await push(owner, noise(first, 10_000))
                await watchers[1].follow(first + 10_000)
            grown = relay.rss() - warm
            await slow.send(Drawn("ticks", 1 << 50))
            newest = await slow.sees(Rows, lambda rows: columns.head(rows.block).first > 1_500_000)
            assert columns.head(newest.block).count <= 10_000
            assert grown < 8 * limits.MIB, f"{grown / limits.MIB:.1f} MiB more"


async def test_many_small_blocks_come_to_everybody_once_and_in_order(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        await declare(owner)
        async with guest_client(relay.websocket) as ada, guest_client(relay.websocket, instance="2") as bob:
            watchers = [WireWatcher(ada), WireWatcher(bob)]
            for watcher in watchers:
                await watcher.watch()
            await owner.send(*(rows_frame("ticks", ticks(row, 1)) for row in range(1_000)))
            for watcher in watchers:
                await watcher.follow(1_000)
            assert [(watcher.rows(), watcher.holes(0, 1_000)) for watcher in watchers] == [(1_000, [])] * 2


@pytest.mark.rule("F2")
async def test_a_guest_who_declares_or_fills_a_feed_changes_nothing(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner, role="host")
        await declare(owner, source=SOURCE)
        async with guest_client(relay.websocket) as host:
            await host.send(Feed("theirs", PRICES, SOURCE), Feed("ticks"), rows_frame("ticks", ticks(0, 5)))
            await host.send(Watch("ticks"), Watch("theirs"))
            ticks_now = await host.sees(Watched, lambda watched: watched.feed == "ticks")
            theirs = await host.sees(Watched, lambda watched: watched.feed == "theirs")
            assert (ticks_now.spec, ticks_now.end, theirs.spec) == (PRICES, 0, None)


async def test_rows_that_are_no_block_close_the_producer_and_harm_nobody_else(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        await declare(owner)
        async with guest_client(relay.websocket) as ada:
            watcher = WireWatcher(ada)
            await watcher.watch()
            await owner.send(Rows("ticks", b"garbage" * 20))
            assert await owner.closed() == (closing.UNDECODABLE.code, closing.UNDECODABLE.slug)
            async with owner_client(relay.websocket) as again:
                await declare(again)
                await push(again, ticks(0, 10))
                await watcher.follow(10)


# With a feed process, played by the test.


class Wishes:
    """Stands for the feed process: what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def want(self, room: str) -> None:
        self.told.append(("want", room))

    def leave(self, room: str) -> None:
        self.told.append(("leave", room))


class FullStore(MemoryStore):
    """Keeps no rows while it is full."""

    full = False

    async def keep_feeds(self, room: str, fence: int, changes: Sequence[FeedChange]) -> None:
        if self.full:
            raise StoreError("full")
        await super().keep_feeds(room, fence, changes)


@asynccontextmanager
async def feed_relay(store: MemoryStore, **options: object) -> AsyncIterator[tuple[str, Wishes]]:
    """A relay in this process, and what it tells its feed process."""
    fields = {"operator_token": OPERATOR_TOKEN, "feeder_secret": FEEDER_SECRET, "feeds": False, "stop_timeout": 0.2}
    settings = Settings(**(fields | options))
    wishes = Wishes()
    hub = Hub(store, b"k" * 32, settings)
    server = Server(hub, settings)
    hub.feeder = wishes
    await server.listen()
    try:
        yield f"ws://127.0.0.1:{server.port}/ws", wishes
    finally:
        await server.aclose()


@asynccontextmanager
async def feeder_client(url: str, secret: str = FEEDER_SECRET) -> AsyncIterator[WireClient]:
    async with wire_client(url) as client:
        await client.hello(secret=secret, kind="feeder")
        yield client


@pytest.mark.rule("F9")
async def test_the_feed_process_fills_a_feed_with_a_source() -> None:
    async with feed_relay(MemoryStore()) as (url, wishes), owner_client(url) as owner:
        await invite(owner)
        await declare(owner, source=SOURCE)
        async with feeder_client(url) as feeder, guest_client(url) as ada:
            feed = await feeder.sees(Feed)
            watcher = WireWatcher(ada)
            await watcher.watch()
            await feeder.send(Report("ticks", FeedStatus("live")), rows_frame("ticks", ticks(0, 10)))
            await watcher.follow(10)
            status = (await ada.sees(Report)).status
            people = {person.role for person in ada.welcome.people}
            assert (feed, status.state, people) == (Feed("ticks", PRICES, SOURCE), "live", {"owner", "participant"})
            assert (await feeder.sees(Fed)).end == 10
    assert wishes.told == [("want", "lab"), ("leave", "lab")]


@pytest.mark.rule("F9")
async def test_the_feed_process_is_sent_away_when_nobody_else_is_there() -> None:
    async with feed_relay(MemoryStore(), room_idle=0.2) as (url, wishes):
        async with owner_client(url) as owner:
            await declare(owner, source=SOURCE)
            feeder = feeder_client(url)
            client = await feeder.__aenter__()
        ended = await client.closed()
        async with owner_client(url):
            wanted_again = [*wishes.told]
        await feeder.__aexit__(None, None, None)
    assert ended == (closing.STOPPED.code, closing.STOPPED.slug)
    assert wanted_again == [("want", "lab"), ("leave", "lab"), ("want", "lab")]


@pytest.mark.rule("F9")
@pytest.mark.parametrize(
    ("secret", "room", "expected"),
    [("another", "lab", closing.WRONG_LINK), (FEEDER_SECRET, "hall", closing.UNKNOWN_ROOM)],
)
async def test_the_door_of_the_feed_process_opens_for_it_alone(
    secret: str, room: str, expected: closing.Closing
) -> None:
    async with feed_relay(MemoryStore()) as (url, _), owner_client(url), wire_client(url) as client:
        with pytest.raises(Exception, match=expected.slug):
            await client.hello(room, secret=secret, kind="feeder")


@pytest.mark.rule("C3")
async def test_rows_that_cannot_be_kept_are_sent_again_when_they_can() -> None:
    store = FullStore()
    async with feed_relay(store) as (url, _):
        async with owner_client(url) as owner:
            await invite(owner)
            await declare(owner)
            await push(owner, ticks(0, 10))
            store.full = True
            await owner.send(rows_frame("ticks", ticks(10, 10)), rows_frame("ticks", ticks(20, 10)))
            assert await owner.closed() == (closing.STORE_FAILED.code, closing.STORE_FAILED.slug)
        store.full = False
        async with owner_client(url) as owner, guest_client(url) as ada:
            fed = await declare(owner)
            await push(owner, ticks(fed.end, 20))
            watcher = WireWatcher(ada)
            watched = await watcher.watch()
            await watcher.fetch_all(0, watched.end)
            assert (fed.end, watcher.crc()) == (10, columns.checksum(ticks(0, 30)))
