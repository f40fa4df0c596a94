"""The feed process beside a relay: started when it is wanted, its rows in the room, gone with the relay."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import trustme

from cowidget.core import columns
from cowidget.core.feed_values import Column, FeedSpec, Source
from cowidget.core.frames import Feed, Rows, Watched
from cowidget.core.values import Person
from cowidget.relay.settings import Settings
from cowidget.relay.thread import relay_in_thread
from tests.support.feed_clients import WireWatcher, declare
from tests.support.feed_servers import PATIENCE, SocketHost, http_host, socket_host
from tests.support.price_watcher import PriceWatcher, watching
from tests.support.running_relay import OPERATOR_TOKEN, RunningRelay, running_relay
from tests.support.wire_client import WireClient, guest_client, invite, owner_client

SPEC = FeedSpec((Column("price"),))


def source(url: str, **options: Any) -> Source:
    """One that no pause of a slow machine makes stale."""
    return Source(url, **{"fields": {"price": "p"}, "stale_after": 600.0, **options})


@asynccontextmanager
async def sharing(relay: RunningRelay, host: SocketHost, **options: Any) -> AsyncIterator[WireClient]:
    """A kernel that has declared the feed `ticks` of this host."""
    async with owner_client(relay.websocket) as owner:
        await declare(owner, spec=SPEC, source=source(host.url, **options))
        yield owner


def feed_process(relay: RunningRelay) -> psutil.Process:
    """The relay's feed process."""
    [process] = [child for child in psutil.Process(relay.pid).children() if "feed" in child.cmdline()]
    return process


def wait_gone(process: psutil.Process) -> None:
    deadline = time.monotonic() + PATIENCE
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, f"{process} is still there"
            time.sleep(0.02)


@pytest.mark.rule("F9")
async def test_a_source_fills_its_feed_and_no_process_is_there_before() -> None:
    with running_relay(feeds_allow="127.0.0.0/8") as relay:
        async with socket_host() as host, owner_client(relay.websocket) as owner:
            await invite(owner)
            assert psutil.Process(relay.pid).children() == []
            await declare(owner, spec=SPEC, source=source(host.url))
            async with watching(relay.websocket) as guest:
                await host.wait_connected()
                await host.say({"p": 1.5}, {"p": 2.25})
                await guest.sees(1.5, 2.25)
                await guest.reads("live")


@pytest.mark.rule("F9")
async def test_the_feed_process_is_no_person() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host) as owner:
            await host.wait_connected()
            await invite(owner)
            async with guest_client(relay.websocket) as guest:
                people: list[Person] = list(guest.welcome.people)

    assert {person.kind for person in people} == {"kernel", "guest"}


@pytest.mark.rule("F9")
async def test_the_feed_process_leaves_a_room_that_is_empty_and_comes_back_with_somebody() -> None:
    settings = Settings(operator_token=OPERATOR_TOKEN, feed_networks="all", room_idle=0.5)
    with relay_in_thread(settings) as address:
        websocket = address.url.replace("http", "ws", 1) + "/ws"
        async with socket_host() as host:
            async with owner_client(websocket) as owner:
                await invite(owner)
                await declare(owner, spec=SPEC, source=source(host.url))
                await host.wait_connected()
            await host.wait_left()
            async with watching(websocket) as guest:
                await host.wait_connected(2)
                await host.say({"p": 1})
                await guest.sees(1)


@pytest.mark.rule("F2")
async def test_no_guest_is_sent_anything_of_the_secrets_of_a_source() -> None:
    headers = {"Authorization": "Bearer s3cret-header"}
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, http_host() as other:
            other.document("/a", b"", 500)
            url = other.url.replace("http://", "http://me:s3cret-login@") + "/a?key=s3cret-query"
            async with sharing(relay, host, headers=headers, subscribe=('{"key": "s3cret-subscription"}',)) as owner:
                await invite(owner)
                await invite(owner, "host", "host")
                await declare(owner, "other", SPEC, source=source(url, every=0.1))
                async with watching(relay.websocket) as guest, watching(relay.websocket, secret="host") as manager:
                    other_feed = [WireWatcher(each.client, "other") for each in (guest, manager)]
                    watched = [await each.watch() for each in other_feed]
                    await host.wait_heard(1)
                    await host.say({"p": "s3cret-header"}, {"p": "s3cret-subscription"})
                    await host.close(4001, "the key s3cret-subscription is wrong")
                    for each in (guest, manager):
                        await each.says("closed the connection (4001: the key ••• is wrong)")
                    said = repr([guest.status, manager.status, guest.client.unseen, manager.client.unseen, watched])

    assert host.headers[0]["authorization"] == "Bearer s3cret-header"
    assert "s3cret" not in said


async def test_a_feed_that_fails_harms_no_other() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host) as owner:
            await invite(owner)
            await declare(owner, "bad", SPEC, source=source("ws://127.0.0.1:1/", fields={"price": "p:nothing"}))
            await declare(owner, "gone", SPEC, source=source("ws://127.0.0.1:1/"))
            async with watching(relay.websocket) as guest:
                await host.wait_connected()
                await host.say({"p": 1})
                await guest.sees(1)
                bad, gone = PriceWatcher(guest.client, "bad"), PriceWatcher(guest.client, "gone")
                for each, state in ((bad, "failed"), (gone, "retrying")):
                    await each.watch()
                    await each.reads(state)

    assert "'nothing' is no type" in bad.status.text


async def test_a_source_without_fields_adds_columns_for_all_who_watch() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, owner_client(relay.websocket) as owner:
            await invite(owner)
            await declare(owner, spec=FeedSpec(()), source=source(host.url, fields={}))
            async with watching(relay.websocket) as guest:
                await host.wait_connected()
                await host.say({"temp": 20.5})
                one = await guest.client.sees(
                    Watched, lambda each: each.spec is not None and len(each.spec.columns) == 1
                )
                await host.say({"temp": 21.0, "humidity": 40})
                two = await guest.client.sees(
                    Watched, lambda each: each.spec is not None and len(each.spec.columns) == 2
                )
                rows = await guest.client.sees(Rows, lambda rows: columns.head(rows.block).first == 1)
            block = columns.decode(rows.block)

    assert one.epoch == two.epoch
    assert isinstance(block, columns.Block)
    assert [list(values) for column, values in block.columns.items() if column] == [[21.0], [40.0]]


# The kernel goes, the source goes on.


async def test_rows_go_on_while_the_kernel_is_away_and_when_it_comes_back() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host:
            async with sharing(relay, host) as owner:
                await invite(owner)
                await host.wait_connected()
                await host.say({"p": 1})
                guest_here = watching(relay.websocket)
                guest = await guest_here.__aenter__()
                await guest.sees(1)
            await host.say({"p": 2})
            await guest.sees(1, 2)
            async with sharing(relay, host):
                await host.say({"p": 3})
                await guest.sees(1, 2, 3)
            await guest_here.__aexit__(None, None, None)

            assert len(host.headers) == 1, "the source was connected to again"


async def test_another_source_replaces_the_one_before() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as first, socket_host() as second, sharing(relay, first) as owner:
            await invite(owner)
            async with watching(relay.websocket) as guest:
                await first.wait_connected()
                await first.say({"p": 1})
                await guest.sees(1)
                await declare(owner, spec=SPEC, source=source(second.url))
                await first.wait_left()
                await second.wait_connected()
                await second.say({"p": 2})
                await guest.sees(1, None, 2)


async def test_a_feed_that_is_ended_is_left() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host) as owner:
            await host.wait_connected()
            await owner.send(Feed("ticks"))
            await host.wait_left()


# Processes that die.


async def test_a_feed_process_that_dies_is_started_again_and_the_feed_goes_on_after_a_gap() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host) as owner:
            await invite(owner)
            async with watching(relay.websocket) as guest:
                await host.wait_connected()
                await host.say({"p": 1})
                await guest.sees(1)
                feed_process(relay).kill()
                await host.wait_connected(2)
                await host.say({"p": 2})
                await guest.sees(1, None, 2)


async def test_a_feed_process_that_was_started_again_fills_in_what_it_missed() -> None:
    fields = {"t": "t", "price": "p"}
    with running_relay(feeds_allow="all") as relay:
        async with http_host() as history, socket_host() as host:
            history.document("/since", [{"t": 1, "p": 1}, {"t": 2, "p": 2}])
            backfill = history.url + "/since?from={since}"
            async with sharing(relay, host, fields=fields, backfill=backfill) as owner:
                await invite(owner)
                async with watching(relay.websocket) as guest:
                    await host.wait_connected()
                    await host.say({"t": 1, "p": 1})
                    await guest.sees(1)
                    feed_process(relay).kill()
                    await host.wait_connected(2)
                    await host.say({"t": 3, "p": 3})
                    await guest.sees(1, 2, 3)

    assert history.asked[0][0] == "/since?from=1"


async def test_no_process_remains_of_a_relay_that_was_killed() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host):
            await host.wait_connected()
            process = feed_process(relay)
            relay.kill()
            await asyncio.to_thread(wait_gone, process)


async def test_no_process_remains_of_a_relay_that_was_stopped() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host):
            await host.wait_connected()
            process = feed_process(relay)
            assert await asyncio.to_thread(relay.stop) == 0
            assert not process.is_running()


async def test_a_feed_process_that_is_told_to_end_does_so_and_is_started_again() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host, sharing(relay, host):
            await host.wait_connected()
            process = feed_process(relay)
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(wait_gone, process)
            await host.wait_connected(2)


async def test_a_feed_goes_on_when_its_relay_was_killed_and_is_started_again() -> None:
    with running_relay(feeds_allow="all") as relay:
        async with socket_host() as host:
            async with sharing(relay, host) as owner:
                await invite(owner)
                await host.wait_connected()
                async with watching(relay.websocket) as guest:
                    await host.say({"p": 1})
                    await guest.sees(1)
                relay.kill()
            await host.wait_left()
            await asyncio.to_thread(relay.start)
            async with sharing(relay, host), watching(relay.websocket) as guest:
                await guest.sees(1)
                await host.wait_connected(2)
                await host.say({"p": 2})
                await guest.sees(1, None, 2)


# Where sources may not go.


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254"])
async def test_a_relay_that_is_run_by_hand_refuses_private_addresses(host: str) -> None:
    with running_relay() as relay:
        async with owner_client(relay.websocket) as owner:
            await invite(owner)
            await declare(owner, spec=SPEC, source=source(f"http://{host}:{relay.port}/healthz"))
            async with watching(relay.websocket) as guest:
                await guest.reads("failed", "--feeds-allow")


async def test_a_public_looking_name_that_leads_here_is_refused_after_a_redirect() -> None:
    with running_relay(feeds_allow="localhost") as relay:
        async with http_host(host="localhost") as outside, owner_client(relay.websocket) as owner:
            url = outside.redirect("/a", f"http://127.0.0.1:{relay.port}/healthz")
            await invite(owner)
            await declare(owner, spec=SPEC, source=source(url))
            async with watching(relay.websocket) as guest:
                await guest.reads("failed", "private network")


def test_a_list_of_networks_that_is_none_is_said() -> None:
    command = [sys.executable, "-P", "-m", "cowidget", "relay", "--store", "memory:", "--feeds-allow", "10.0.0.0/99"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "'10.0.0.0/99' is neither a network like 10.0.0.0/8 nor the name of a host" in done.stderr


def test_the_feed_process_by_hand_says_who_starts_it() -> None:
    command = [sys.executable, "-P", "-m", "cowidget", "feed"]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "is started by a relay" in done.stderr


# Other forms of the relay.


async def test_a_relay_with_a_certificate_has_its_feeds_filled(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    with running_relay(feeds_allow="all", certificate=str(tmp_path / "both.pem")) as relay:
        tls = ssl.create_default_context(cafile=tmp_path / "authority.pem")
        async with socket_host() as host, owner_client(relay.websocket, ssl=tls) as owner:
            await declare(owner, spec=SPEC, source=source(host.url))
            watcher = PriceWatcher(owner)
            await watcher.watch()
            await host.wait_connected()
            await host.say({"p": 1})
            await watcher.sees(1)


async def test_a_relay_in_a_thread_has_its_feeds_filled() -> None:
    settings = Settings(operator_token=OPERATOR_TOKEN, feed_networks="all")
    async with socket_host() as host:
        with relay_in_thread(settings) as address:
            async with owner_client(address.url.replace("http", "ws", 1) + "/ws") as owner:
                await declare(owner, spec=SPEC, source=source(host.url))
                watcher = PriceWatcher(owner)
                await watcher.watch()
                await host.wait_connected()
                await host.say({"p": 1})
                await watcher.sees(1)
        await host.wait_left()


async def test_a_relay_without_feeds_says_so() -> None:
    settings = Settings(operator_token=OPERATOR_TOKEN, feeds=False)
    with relay_in_thread(settings) as address:
        async with owner_client(address.url.replace("http", "ws", 1) + "/ws") as owner:
            await declare(owner, spec=SPEC, source=source("ws://feeds.test/"))
            watched = await WireWatcher(owner).watch()

    assert (watched.status.state, watched.status.text) == ("failed", "This relay runs no sources.")
    assert not [child for child in psutil.Process(os.getpid()).children() if "feed" in child.cmdline()]
