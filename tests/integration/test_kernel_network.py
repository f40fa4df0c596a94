"""`lan=True`: the relay that was for this machine only is opened to its network, by nothing else."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cowidget.relay.network import network_address
from tests.support.kernels import CellFailed, Kernel, running_kernel

pytestmark = pytest.mark.integration

FORMS = pytest.mark.parametrize("form", ["process", "thread"])


@pytest.fixture(scope="module")
def address() -> str:
    found = network_address()
    assert found is not None, "these tests need a network: any address that is not loopback"
    return found


def is_open(host: Kernel, address: str) -> bool:
    """Whether somebody on the network could connect to the relay."""
    port = host.value("room._hosting.place.port")
    try:
        socket.create_connection((address, port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


@FORMS
def test_a_room_that_was_for_this_machine_is_opened_with_its_guests_in_it(home: Path, address: str, form: str) -> None:
    with running_kernel(home, "/one.ipynb", COWIDGET_RELAY=form) as host, running_kernel(home) as guest:
        host.run("counter = Counter(value=3); room = cw.share(counter); first = str(room.url)")
        guest.run(f"room = cw.join({host.value('first')!r}, name='Ana')")
        assert (is_open(host, address), host.value("room.reach.who")) == (False, "machine")

        host.run("cw.share(counter, lan=True)")

        before, after = (urlsplit(host.value(link)) for link in ("first", "str(room.url)"))
        assert after.hostname == address
        assert (after.port, after.path, after.fragment) == (before.port, before.path, before.fragment)
        assert (is_open(host, address), host.value("room.reach.who")) == (True, "network")
        guest.run("room.widgets['counter'].value = 8")
        host.sees("counter.value", 8, timeout=20)


def test_the_link_works_under_the_networks_address(home: Path, address: str) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home) as guest:
        host.run("counter = Counter(value=3); room = cw.room('lesson', lan=True).share(counter)")

        guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")

        guest.sees("room.widgets['counter'].value", 3)


def test_without_being_asked_nothing_is_opened(home: Path, address: str) -> None:
    with running_kernel(home, "/one.ipynb") as host:
        host.run("counter = Counter(value=3); room = cw.share(counter)")

        assert not is_open(host, address)


def test_a_killed_relay_comes_back_on_the_network(home: Path, address: str) -> None:
    with running_kernel(home, "/one.ipynb") as host, running_kernel(home, "/two.ipynb") as other:
        host.run("counter = Counter(value=3); room = cw.share(counter, lan=True); link = str(room.url)")
        other.run("room = cw.room()")

        host.run("import os, signal; from cowidget.relay.process import ensure_relay")
        host.run("os.kill(ensure_relay().pid, signal.SIGKILL)")

        host.sees("[room.status, str(room.url) == link]", ["live", True], timeout=20)
        other.sees("room.status", "live", timeout=20)
        host.sees("ensure_relay().network", True, timeout=20)
        assert is_open(host, address)


def test_a_relay_that_somebody_else_runs_on_this_machine_is_not_ours_to_open(home: Path) -> None:
    with (
        running_kernel(home, "/one.ipynb", COWIDGET_RELAY="http://127.0.0.1:9") as host,
        pytest.raises(CellFailed) as failed,
    ):
        host.run("cw.share(Counter(), lan=True)")

    (sentence,) = str(failed.value).splitlines()
    assert sentence.startswith(
        "RelayUnavailable: lan=True opens this notebook's own relay, and COWIDGET_RELAY names ano"
    )
    assert sentence.endswith("cowidget relay --host 0.0.0.0.")
