"""A kernel and its relay: killed, beside it in a thread, or somebody else's."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.support.kernels import CellFailed, Kernel, running_kernel

pytestmark = pytest.mark.integration


def join(guest: Kernel, host: Kernel) -> None:
    guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")


def test_a_killed_relay_is_started_again_and_serves_the_same_room(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home) as guest:
        host.run("counter = Counter(value=3); room = cw.share(counter); first = str(room.url)")
        join(guest, host)
        guest.run("room.chat.send('before')")
        host.sees("len(room.chat.messages)", 1)

        pid = host.value("__import__('cowidget.relay.process').relay.process.ensure_relay().pid")
        os.kill(pid, signal.SIGKILL)
        host.run("counter.value = 4")
        guest.run("room.chat.send('after')")

        host.sees("[m.text for m in room.chat.messages]", ["before", "after"], timeout=20)
        guest.sees("[room.widgets['counter'].value, len(room.chat.messages)]", [4, 2], timeout=20)
        assert host.value("str(room.url) == first")


def test_a_relay_in_a_thread_keeps_its_room_over_a_restart_of_the_kernel(home: Path) -> None:
    with running_kernel(home, "/one.ipynb", COWIDGET_RELAY="thread") as host, running_kernel(home) as guest:
        cell = "counter = Counter(value=3); room = cw.share(counter); link = str(room.url)"
        host.run(cell)
        first = host.value("link")
        join(guest, host)
        guest.run("room.widgets['counter'].value = 8")
        host.sees("counter.value", 8)

        host.restart()
        host.run(cell)

        host.sees("[link, counter.value]", [first, 8])
        guest.sees("[room.status, room.widgets['counter'].value]", ["live", 8], timeout=30)


def test_a_kernel_dials_out_to_a_relay_that_somebody_runs(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as operator:
        operator.run("from cowidget.relay.process import ensure_relay; relay = ensure_relay()")
        url, token = operator.value("[relay.url, relay.operator_token]")
        remote = {"COWIDGET_RELAY": url.replace("http", "ws"), "COWIDGET_TOKEN": token}

        with running_kernel(home, "/two.ipynb", **remote) as host:
            host.run("counter = Counter(value=3); room = cw.share(counter)")
            join(operator, host)

            operator.sees("room.widgets['counter'].value", 3)


def test_a_relay_that_cannot_be_reached_is_one_sentence(home: Path) -> None:
    with running_kernel(home, "/one.ipynb", COWIDGET_RELAY="carrier-pigeon") as host:
        with pytest.raises(CellFailed) as failed:
            host.run("cw.share(Counter())")

        assert str(failed.value).splitlines() == [
            "RelayUnavailable: COWIDGET_RELAY='carrier-pigeon' is none of: process, thread, wss://host."
        ]


def test_a_forgotten_token_is_said_so(home: Path) -> None:
    with running_kernel(home, "/one.ipynb") as operator:
        operator.run("from cowidget.relay.process import ensure_relay; relay = ensure_relay()")
        url = operator.value("relay.url")
        with (
            running_kernel(home, "/two.ipynb", COWIDGET_RELAY=url) as host,
            pytest.raises(CellFailed, match="COWIDGET_TOKEN"),
        ):
            host.run("cw.share(Counter())")
