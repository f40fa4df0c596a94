"""The life of the relay as its user's own process: one of it, found again, gone when nobody is there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cowidget.core import closing
from cowidget.errors import RelayUnavailable
from cowidget.relay import process
from cowidget.relay.network import network_address
from cowidget.relay.place import Place
from cowidget.relay.process import ensure_relay
from cowidget.relay.settings import Settings
from cowidget.relay.thread import relay_in_thread
from tests.support.running_relay import running_relay
from tests.support.wire_client import OWNER_SECRET, wire_client

ENSURE = """
from cowidget.relay.process import ensure_relay
address = ensure_relay()
print(address.pid, address.url)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("COWIDGET_HOME", str(tmp_path))
    place = Place.of_user()
    yield place
    with contextlib.suppress(FileNotFoundError):
        end(json.loads(place.runtime.read_bytes())["pid"], signal.SIGTERM)


def end(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and is_running(pid):
            time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # Where nobody reaps orphans, the ended relay stays as a zombie.
    return "State:\tZ" not in status


def websocket(url: str) -> str:
    return url.replace("http", "ws", 1) + "/ws"


def test_a_relay_is_started_and_found_again(place: Place) -> None:
    first = ensure_relay()
    assert ensure_relay() == first
    assert is_running(first.pid)
    assert place.runtime.stat().st_mode & 0o077 == 0


def test_two_calls_at_once_give_one_process(place: Place) -> None:
    calls = [subprocess.Popen([sys.executable, "-c", ENSURE], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({call.communicate()[0] for call in calls}) == 1
    assert all(call.returncode == 0 for call in calls)


def test_the_relay_outlives_who_started_it(place: Place) -> None:
    said = subprocess.run([sys.executable, "-c", ENSURE], stdout=subprocess.PIPE, text=True, check=True).stdout
    pid = int(said.split()[0])
    assert is_running(pid)
    assert os.getsid(pid) != os.getsid(0)
    assert ensure_relay().pid == pid


def test_after_a_kill_it_comes_back_on_the_same_port(place: Place) -> None:
    first = ensure_relay()
    end(first.pid, signal.SIGKILL)
    second = ensure_relay()
    assert second.pid != first.pid
    assert second.url == first.url


def test_a_port_that_somebody_else_has_by_now_is_replaced(place: Place) -> None:
    first = ensure_relay()
    end(first.pid, signal.SIGTERM)
    with socket.create_server(("127.0.0.1", int(first.url.rpartition(":")[2]))):
        second = ensure_relay()
    assert second.url != first.url


def test_a_stale_runtime_file_is_not_believed(place: Place) -> None:
    place.make()
    place.runtime.write_text('{"url":"http://127.0.0.1:9","operator_token":"t","pid":1}')
    assert is_running(ensure_relay().pid)
    assert ensure_relay().url != "http://127.0.0.1:9"


def test_another_relay_at_the_address_of_the_file_is_not_ours(place: Place) -> None:
    with running_relay() as other:
        place.make()
        place.runtime.write_text(json.dumps({"url": other.url, "operator_token": "ours", "pid": 1}))
        assert ensure_relay().url != other.url


def test_a_runtime_file_that_cannot_be_read_is_replaced(place: Place) -> None:
    place.make()
    place.runtime.write_text("{")
    assert is_running(ensure_relay().pid)


def test_a_relay_that_cannot_start_says_why_and_what_to_do(place: Place) -> None:
    place.make()
    place.store.mkdir()
    with pytest.raises(RelayUnavailable) as raised:
        ensure_relay()
    text = str(raised.value)
    assert "rooms.sqlite" in text
    assert "COWIDGET_RELAY=thread" in text
    assert "\n" not in text
    assert "Traceback" not in place.log.read_text()


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COWIDGET_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(RelayUnavailable, match="Not a directory"):
        ensure_relay()


def test_the_relay_leaves_when_nobody_has_been_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "IDLE_EXIT", 1)
    pid = ensure_relay().pid
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
    assert not place.runtime.exists()


async def test_the_same_room_is_there_after_a_kill(place: Place) -> None:
    first = await asyncio.to_thread(ensure_relay)
    async with wire_client(websocket(first.url)) as owner:
        await owner.hello(secret=OWNER_SECRET, kind="kernel", create=first.operator_token)
        peer, proof = owner.welcome.peer, owner.welcome.proof
    await asyncio.to_thread(end, first.pid, signal.SIGKILL)
    second = await asyncio.to_thread(ensure_relay)
    async with wire_client(websocket(second.url)) as owner:
        await owner.hello(kind="kernel", peer=peer, proof=proof)
        assert (owner.welcome.peer, owner.welcome.role) == (peer, "owner")


def test_the_address_does_not_show_the_token(place: Place) -> None:
    address = ensure_relay()
    assert address.operator_token not in repr(address)
    assert address.operator_token not in place.log.read_text()


# By hand.


def run_by_hand(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "cowidget", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_a_port_in_use_is_one_sentence_and_exit_code_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run_by_hand("relay", "--store", "memory:", "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "is in use" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_second_relay_on_the_same_store_is_refused(tmp_path: Path) -> None:
    with running_relay(folder=tmp_path):
        ended = run_by_hand("relay", "--store", f"sqlite:///{tmp_path / 'rooms.sqlite'}")
    assert ended.returncode == 1
    assert "another relay holds" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_an_unknown_store_is_refused() -> None:
    ended = run_by_hand("relay", "--store", "carrier-pigeon://loft")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)


# In a thread.


async def test_the_relay_runs_in_a_thread_too() -> None:
    settings = Settings(store="memory:")
    with relay_in_thread(settings) as address:
        async with wire_client(websocket(address.url)) as owner:
            await owner.hello(secret=OWNER_SECRET, kind="kernel", create=address.operator_token)
            assert owner.welcome.role == "owner"
    with pytest.raises(ConnectionRefusedError):
        async with wire_client(websocket(address.url)):
            pass


def test_a_thread_that_cannot_listen_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1])
        with pytest.raises(RelayUnavailable, match="in use"), relay_in_thread(settings):
            pass


async def test_asked_for_the_network_it_starts_again_on_its_port_with_its_rooms(place: Place) -> None:
    alone = await asyncio.to_thread(ensure_relay)
    async with wire_client(websocket(alone.url)) as owner:
        await owner.hello(secret=OWNER_SECRET, kind="kernel", create=alone.operator_token)

        shared = await asyncio.to_thread(ensure_relay, network=True)

        assert await owner.closed() == (closing.RESTARTING.code, closing.RESTARTING.slug)
    assert (shared.url, shared.network, alone.network) == (alone.url, True, False)
    address = network_address()
    assert address is not None, "this test needs a network"
    async with wire_client(f"ws://{address}:{shared.url.rpartition(':')[2]}/ws") as owner:
        await owner.hello(secret=OWNER_SECRET, kind="kernel")


def test_a_relay_on_the_network_serves_those_who_did_not_ask_for_it(place: Place) -> None:
    shared = ensure_relay(network=True)

    assert ensure_relay() == shared


def test_without_being_asked_it_listens_on_this_machine_only(place: Place) -> None:
    alone = ensure_relay()
    address = network_address()
    assert address is not None, "this test needs a network"

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, int(alone.url.rpartition(":")[2])), 5)
