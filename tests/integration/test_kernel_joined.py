"""What the panel of a joined room does with its kernel, by the messages of its comm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cowidget.client.links import socket_address
from cowidget.core import codec
from cowidget.core.frames import Hello, Presence, RelayFrame, Welcome
from cowidget.transports.websocket import Closed, WebSocketLink, dial
from tests.support.kernels import Kernel, running_kernel

pytestmark = pytest.mark.integration

PEOPLE = "sorted((person.name, person.kind) for person in room.people)"


@pytest.fixture(scope="module")
def kernels(module_home: Path) -> Iterator[tuple[Kernel, Kernel]]:
    with running_kernel(module_home) as host, running_kernel(module_home) as guest:
        yield host, guest


@pytest.fixture
def host(kernels: tuple[Kernel, Kernel], request: pytest.FixtureRequest) -> Iterator[Kernel]:
    host, _ = kernels
    host.run(f"counter = Counter(value=3); room = cw.room({request.node.name!r}).share(counter)")
    host.run("link = room.invite(people=2)")
    yield host
    host.run("room.stop()")


@pytest.fixture
def guest(host: Kernel, kernels: tuple[Kernel, Kernel]) -> Iterator[Kernel]:
    """Has joined with a link for two, and shows the room."""
    _, guest = kernels
    guest.run(f"room = cw.join({host.value('str(link.url)')!r}, name='Ana'); room.show()", cell="one")
    guest.run("panel = room._visiting._places.keepers[-1].panel")
    yield guest
    guest.run("room.leave()")


def ask_session(guest: Kernel) -> dict[str, str]:
    panel = guest.value("panel.model_id")
    guest.send_comm(panel, {"ask": "session"})
    answer = guest.comm_message(panel, lambda data: "session" in data.get("content", {}))
    return dict(answer["content"]["session"])


def hello(guest: Kernel, session: dict[str, str]) -> bytes:
    peer, proof = session["peer"], session["proof"]
    greeting = Hello(1, guest.value("room.name"), "tab", name="Ana", kind="panel", peer=peer, proof=proof)
    return codec.join([codec.encode(greeting)])


async def welcome(link: WebSocketLink) -> Welcome:
    async with asyncio.timeout(10):
        while True:
            message = await link.receive()
            assert not isinstance(message, Closed), message
            for frame in codec.decode_relay(message):
                if isinstance(frame, Welcome):
                    return frame


async def present(link: WebSocketLink, peer: str) -> None:
    await link.send(codec.join([codec.encode(Presence({"of": peer}))]))


def frames_of(answer: dict[str, Any]) -> list[RelayFrame]:
    return codec.decode_relay(answer["buffers"][0])


async def test_the_kernels_session_lets_its_panel_in_and_both_are_one_person(host: Kernel, guest: Kernel) -> None:
    session = await asyncio.to_thread(ask_session, guest)
    greeting = await asyncio.to_thread(hello, guest, session)
    address = socket_address(await asyncio.to_thread(guest.value, "room._link.base"))

    async with dial(address) as link:
        await link.send(greeting)
        admitted = await welcome(link)
        await present(link, session["peer"])

        assert (admitted.role, admitted.peer != session["peer"]) == ("participant", True)
        await asyncio.to_thread(host.sees, PEOPLE, [["Ana", "panel"]])
        await asyncio.to_thread(guest.sees, PEOPLE, [["Ana", "panel"]])

    await asyncio.to_thread(host.sees, PEOPLE, [["Ana", "guest"]])


async def test_a_link_that_is_withdrawn_ends_the_panel_too(host: Kernel, guest: Kernel) -> None:
    session = await asyncio.to_thread(ask_session, guest)
    greeting = await asyncio.to_thread(hello, guest, session)
    address = socket_address(await asyncio.to_thread(guest.value, "room._link.base"))

    async with dial(address) as link:
        await link.send(greeting)
        await welcome(link)
        await asyncio.to_thread(host.run, "room.revoke(link)")
        async with asyncio.timeout(10):
            while not isinstance(ended := await link.receive(), Closed):
                pass

    assert ended.reason == "revoked"


def test_a_page_that_cannot_reach_the_relay_talks_through_its_kernel(guest: Kernel) -> None:
    panel = guest.value("panel.model_id")
    greeting = hello(guest, ask_session(guest))

    guest.send_comm(panel, {"way": "comm", "op": "open", "id": "1"})
    guest.comm_message(panel, lambda data: data.get("content", {}).get("op") == "opened")
    guest.send_comm(panel, {"way": "comm", "op": "message", "id": "1"}, [greeting])
    answer = guest.comm_message(panel, lambda data: data.get("content", {}).get("op") == "message")

    assert isinstance(frames_of(answer)[0], Welcome)


def test_neither_secret_nor_proof_is_a_trait(host: Kernel, guest: Kernel) -> None:
    secret = host.value("str(link.url)").partition("#k=")[2]
    session = ask_session(guest)

    state = guest.value("{name: str(value) for name, value in panel.get_state().items() if name != '_esm'}")

    assert all(secret not in text and session["proof"] not in text for text in state.values())


def test_running_the_cell_again_goes_on_in_the_same_room_and_panel(host: Kernel, guest: Kernel) -> None:
    guest.run(f"again = cw.join({host.value('str(link.url)')!r}, name='Ana'); again.show()", cell="one")

    assert guest.value("again is room")
    assert guest.value("len(room._visiting._places.keepers)") == 1


def test_a_room_that_was_left_is_let_go_of(guest: Kernel) -> None:
    guest.run("from cowidget.widgets import joined\nroom.leave()")

    assert not guest.value("room in joined._joined.values()")


def test_a_room_that_was_left_is_joined_anew(host: Kernel, guest: Kernel) -> None:
    guest.run("room.leave()")
    told = guest.value("panel.failure")

    guest.run(f"room = cw.join({host.value('str(link.url)')!r}, name='Ana')")

    assert told == "This notebook has left the room. Run the cell again to join it anew."
    assert guest.value("room.status") == "live"
