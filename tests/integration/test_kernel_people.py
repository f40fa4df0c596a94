"""Two real kernels, pages and a real relay: who is here, and what hosts do about them."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cowidget.client import links
from cowidget.core.frames import Entrust, Lock, Presence, Refused, Remove, Room
from tests.support.kernels import CellFailed, Kernel, end_relay
from tests.support.lasting_kernels import LastingKernel
from tests.support.wire_client import WireClient, wire_client

pytestmark = pytest.mark.integration

NAMES = "sorted(person.name for person in room.people)"


@pytest.fixture
def host(hosts: LastingKernel) -> Kernel:
    host = hosts.begin()
    host.run("counter = Counter(value=3); room = cw.share(counter)")
    return host


@pytest.fixture
def guest(guests: LastingKernel, host: Kernel) -> Kernel:
    """Has joined; each knows of the other."""
    guest = guests.begin()
    guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")
    host.sees(NAMES, ["Ana"])
    guest.sees("len(room.people)", 1)
    return guest


@asynccontextmanager
async def page(url: str, name: str = "Eve", **fields: Any) -> AsyncIterator[WireClient]:
    """A page that has been welcomed, or what has become of it."""
    link = links.parse(url)
    async with wire_client(link.socket) as client:
        await client.hello(link.room, **{"secret": link.secret, "name": name, **fields})
        yield client


def running_page(url: str, name: str) -> subprocess.Popen[str]:
    """A page in a process of its own, which has come in."""
    command = [sys.executable, "-m", "tests.support.vanishing_page", url, name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    return process


async def in_thread(kernel: Kernel, expression: str, expected: Any) -> None:
    await asyncio.to_thread(kernel.sees, expression, expected)


@pytest.mark.rule("P6", "P7", "P9")
async def test_what_people_do_is_seen_from_python(host: Kernel) -> None:
    url = await asyncio.to_thread(host.value, "str(room.invite('viewer').url)")
    async with page(url) as eve:
        await eve.send(Presence({"pointer": {"share": "counter", "x": 0.5, "y": 0.25}, "typing": True, "hand": 60.0}))
        await eve.send(Presence({"asks": "control"}))
        await in_thread(host, NAMES, ["Eve"])
        await asyncio.to_thread(host.run, "eve = room.people['Eve']")
        await in_thread(host, "[eve.role, eve.asks_control]", ["viewer", True])
        await asyncio.to_thread(host.run, "where = eve.pointer")
        await in_thread(host, "[where.share, where.x, where.y]", ["counter", 0.5, 0.25])
        await in_thread(host, "[eve.typing, eve.idle, eve.hand.timestamp()]", [True, False, 60.0])
        await eve.send(Presence({"pointer": None, "typing": None, "idle": True}))
        await in_thread(host, "[eve.pointer is None, eve.typing, eve.idle]", [True, False, True])

    await in_thread(host, "[eve.here, eve.name, len(room.people)]", [False, "Eve", 0])


@pytest.mark.rule("P3", "S9")
def test_observers_learn_who_comes_and_whose_process_has_died_or_frozen(host: Kernel) -> None:
    host.run("seen = set()")
    host.run(
        "@room.on_people\n"
        "def note(change):\n"
        "    seen.update([('came', p.name) for p in change.joined] + [('left', p.name) for p in change.left])"
    )
    url = host.value("str(room.url)")
    eve, mallory = running_page(url, "Eve"), running_page(url, "Mallory")
    try:
        host.sees("sorted(seen)", [["came", "Eve"], ["came", "Mallory"]])
        host.run("eve, mallory = room.people['Eve'], room.people['Mallory']")
        host.sees("[eve.pointer is None, mallory.pointer is None]", [False, False])
        mallory.send_signal(signal.SIGSTOP)
        eve.kill()
        host.sees("[eve.here, eve.pointer is None]", [False, True], timeout=10.0)
        # How soon that is noticed is the relay's promise to itself (test_connection); here, that it is.
        host.sees("[mallory.here, mallory.pointer is None, len(room.people)]", [False, True, 0], timeout=30.0)
        host.sees("sorted(seen)", [[went, name] for went in ("came", "left") for name in ("Eve", "Mallory")])
    finally:
        for process in (eve, mallory):
            process.kill()
            process.communicate()


@pytest.mark.rule("P10")
def test_in_a_locked_room_a_joined_kernel_only_looks_on(host: Kernel, guest: Kernel) -> None:
    host.run("room.lock()")
    guest.sees("room.locked", True)
    guest.run("room.widgets['counter'].value = 5")
    guest.sees("[str(error) for error in room.errors]", ["The host has locked this room for now."])
    guest.sees("room.widgets['counter'].value", 3)
    guest.run("room.chat.send('I may still write')")
    host.run("room.unlock(); counter.value = 4")
    guest.sees("[room.locked, room.widgets['counter'].value]", [False, 4])
    guest.run("room.widgets['counter'].value = 6")
    host.sees("[counter.value, len(room.chat.messages)]", [6, 1])


@pytest.mark.rule("P10")
def test_a_role_is_the_guests_from_then_on_and_what_it_does_not_allow_is_refused(host: Kernel, guest: Kernel) -> None:
    with pytest.raises(CellFailed, match="Only hosts may lock the room, and you are a participant here"):
        guest.run("room.lock()")
    with pytest.raises(CellFailed, match="Only hosts may send somebody away"):
        guest.run("room.people[0].remove()")
    host.run("ana = room.people['Ana']; ana.entrust('viewer')")
    guest.sees("room.role", "viewer")
    with pytest.raises(CellFailed, match="for looking only"):
        guest.run("room.widgets['counter'].value = 5")
    host.sees("[ana.role, ana.here, room.people[0] is ana]", ["viewer", True, True])
    host.run("ana.entrust('host')")
    guest.sees("room.role", "host")
    guest.run("room.lock()")
    host.sees("room.locked", True)


@pytest.mark.rule("P10")
def test_who_is_removed_is_told_and_stays_away_over_a_restart_of_the_relay(
    module_home: Path, host: Kernel, guest: Kernel
) -> None:
    host.run("room.lock(); room.people['Ana'].remove()")
    guest.sees("room.status", "ended: The host has removed you from this room.")
    host.sees(NAMES, [])
    end_relay(module_home)
    host.sees("[room.status, room.locked]", ["live", True], timeout=30.0)


@pytest.mark.rule("P10")
async def test_pages_and_hosts_by_link_follow_the_same_rules(host: Kernel) -> None:
    urls = await asyncio.to_thread(host.value, "[str(room.invite('host').url), str(room.url)]")
    async with page(urls[0], "Grace") as grace, page(urls[1], "Eve", instance="eve") as eve:
        await grace.push(Lock, on=True)
        await eve.sees(Room, lambda room: room.locked)
        await in_thread(host, "room.locked", True)
        await grace.push(Entrust, peer=eve.welcome.peer, role="host")
        assert (await grace.sees(Refused)).slug == "role"
        await grace.push(Remove, peer=eve.welcome.peer)
        assert await eve.closed() == (4506, "removed")
        await in_thread(host, NAMES, ["Grace"])

        link = links.parse(urls[1])
        known = {"peer": eve.welcome.peer, "proof": eve.welcome.proof, "instance": "eve"}
        async with wire_client(link.socket) as again:
            greeting = asyncio.create_task(again.hello(link.room, secret=link.secret, **known))
            assert await again.closed() == (4506, "removed")
            greeting.cancel()
