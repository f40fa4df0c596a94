"""Feeds of real kernels through a real relay: the same rows everywhere, whatever is busy, killed or started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.busy import holding_the_lock, looping, release
from tests.support.kernels import Kernel, running_kernel
from tests.support.lasting_kernels import LastingKernel

HOST = """
from tests.support.feed_guest import state_of
room = cw.room()
feed = cw.feed("price", "size:int", "side:text", name="ticks")
leave = feed.join(room._hosting)
"""
PUSH = "for i in range({first}, {last}): feed.push(t=1_700_000_000 + i / 100, price=i / 4, size=i % 7, side='buy')"


@pytest.fixture
def host(hosts: LastingKernel) -> Kernel:
    return hosts.begin()


@pytest.fixture
def guest(guests: LastingKernel) -> Kernel:
    return guests.begin()


def join(guest: Kernel, host: Kernel) -> None:
    guest.run("from tests.support.feed_guest import FeedGuest")
    guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana'); ticks = FeedGuest(room, 'ticks')")


def same_rows(guest: Kernel, host: Kernel, rows: int) -> None:
    guest.sees("ticks.rows", rows, timeout=20)
    assert guest.value("ticks.state") == host.value("state_of(feed)")


SCRIPT = """
import cowidget as cw
room = cw.room("feeds")
feed = cw.feed("price", "size:int", "side:text", name="ticks")
feed.join(room._hosting)
for i in range(1000):
    feed.push(t=1_700_000_000 + i / 100, price=i / 4, size=i % 7, side="buy")
print(room.url)
"""


def test_rows_that_a_script_pushes_right_before_it_ends_arrive(module_home: Path, guest: Kernel) -> None:
    env = {**os.environ, "COWIDGET_HOME": str(module_home)}
    script = subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True, stdout=subprocess.PIPE, text=True)
    guest.run("from tests.support.feed_guest import FeedGuest")
    guest.run(f"ticks = FeedGuest(cw.join({script.stdout.strip()!r}, name='Ana'), 'ticks')")
    guest.sees("ticks.rows", 1000, timeout=20)


@pytest.mark.rule("F4")
def test_a_late_guest_has_the_same_rows_as_the_host(host: Kernel, guest: Kernel) -> None:
    host.run(HOST)
    host.run(PUSH.format(first=0, last=40_000))
    join(guest, host)
    host.run(PUSH.format(first=40_000, last=40_100))
    same_rows(guest, host, 40_100)


def test_a_source_goes_on_while_its_kernel_is_busy(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home) as guest:
        host.run("""
import asyncio, time
@cw.source
async def ticks():
    while True:
        yield {"price": 1.5}
        await asyncio.sleep(0.02)
room = cw.room("feeds")
feed = cw.Feed("ticks", produce=ticks)
leave = feed.join(room._hosting)
feed.wait(rows=3, timeout=10)
""")
        join(guest, host)
        guest.sees("ticks.rows > 0", True)
        gate = home / "gate"
        running = host.begin(looping(str(gate)))
        before = guest.value("ticks.rows")
        guest.sees(f"ticks.rows > {before} + 30", True)
        release(gate)
        host.finish(running)


@pytest.mark.rule("F2")
def test_a_restarted_kernel_goes_on_after_the_rows_of_its_earlier_life(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home) as guest:
        host.run(HOST)
        host.run(PUSH.format(first=0, last=30_000))
        join(guest, host)
        guest.sees("ticks.rows", 30_000)
        host.restart()
        host.run(HOST)
        host.run(PUSH.format(first=30_000, last=30_500))
        assert host.value("len(feed.to_pandas())") == 30_500
        same_rows(guest, host, 30_500)


def test_a_cell_that_is_run_again_does_not_push_its_rows_twice(host: Kernel, guest: Kernel) -> None:
    cell = HOST.replace("leave =", PUSH.format(first=0, last=500) + "\nleave =")
    host.run(cell)
    join(guest, host)
    guest.sees("ticks.rows", 500)
    host.run(cell)
    host.run(PUSH.format(first=500, last=600))
    guest.sees("ticks.rows", 600)
    assert host.value("'not newer' in feed.errors[-1].text")


@pytest.mark.rule("F4")
def test_rows_pushed_while_the_relay_is_killed_arrive_once(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home) as guest:
        host.run(HOST)
        join(guest, host)
        host.run(PUSH.format(first=0, last=20_000))
        pid = host.value("__import__('cowidget.relay.process').relay.process.ensure_relay().pid")
        running = host.start(PUSH.format(first=20_000, last=60_000))
        os.kill(pid, signal.SIGKILL)
        host.finish(running)
        same_rows(guest, host, 60_000)


@pytest.mark.rule("F2")
def test_a_cleared_feed_is_empty_for_everybody(host: Kernel, guest: Kernel) -> None:
    host.run(HOST)
    host.run(PUSH.format(first=0, last=500))
    join(guest, host)
    guest.sees("ticks.rows", 500)
    host.run("feed.clear()")
    guest.sees("ticks.rows", 0)
    host.run(PUSH.format(first=0, last=10))
    same_rows(guest, host, 10)


def test_an_alert_is_told_in_the_chat(host: Kernel) -> None:
    host.run(HOST)
    host.run("alert = feed.alert(price=lambda p: p > 10, text='high')")
    host.run(PUSH.format(first=0, last=100))
    host.sees("[message.text.split(':')[0] for message in room.chat.messages]", ["high"])


@pytest.mark.rule("F7")
def test_a_guest_that_is_busy_catches_up_with_every_row(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    host.run(HOST)
    join(guest, host)
    guest.sees("ticks.rows", 0)
    # A C call that holds the GIL: nothing of this kernel runs meanwhile.
    gate = tmp_path / "gate"
    running = guest.begin(holding_the_lock(str(gate)))
    host.run(PUSH.format(first=0, last=100_000))
    release(gate)
    guest.finish(running)
    same_rows(guest, host, 100_000)


def test_code_for_the_main_thread_runs_there_between_cells(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as host:
        host.run("""
import asyncio, threading
@cw.source(every=0.05, where="kernel")
def look():
    return {"main": threading.current_thread() is threading.main_thread()}
@cw.source(where="kernel")
async def ticks():
    while True:
        yield {"main": threading.current_thread() is threading.main_thread()}
        await asyncio.sleep(0.05)
feeds = [cw.Feed(produce=each) for each in (look, ticks)]
for feed in feeds:
    feed.start()
""")
        host.sees("[feed.rows > 3 for feed in feeds]", [True, True])
        assert host.value("[set(feed.to_pandas()['main']) for feed in feeds] == [{1.0}, {1.0}]")
        assert host.value("[feed.errors for feed in feeds]") == [[], []]


def test_a_cell_waits_for_rows_without_holding_up_its_kernel(host: Kernel) -> None:
    host.run("""
import asyncio
feed = cw.feed("price")
async def fill():
    for number in range(5):
        feed.push(price=number)
        await asyncio.sleep(0.02)
filling = asyncio.ensure_future(fill())
""")
    assert host.run("print(await feed.wait_async(rows=5, timeout=20))") == "True\n"
