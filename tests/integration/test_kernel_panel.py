"""What a notebook's panel does with its kernel, by the messages of its comm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cowidget.client.links import socket_address
from cowidget.core import codec
from cowidget.core.frames import Emit, Event, Hello, RelayFrame, Welcome
from cowidget.transports.websocket import Closed, WebSocketLink, dial
from tests.support.kernels import Kernel, end_relay, running_kernel

pytestmark = pytest.mark.integration


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Kernel]:
    with running_kernel(tmp_path, notebook="/lessons/one.ipynb") as kernel:
        kernel.run(
            "counter = Counter(value=3); room = cw.share(counter); panel, = [d.panel for d in room._showing.doormen]"
        )
        yield kernel
    end_relay(tmp_path)


def ask_ticket(host: Kernel, origin: str = "http://lab.example:8888") -> str:
    panel = host.value("panel.model_id")
    host.send_comm(panel, {"ask": "ticket", "origin": origin})
    answer = host.comm_message(panel, lambda data: "ticket" in data.get("content", {}))
    assert answer["content"]["name"].startswith("ticket-")
    return str(answer["content"]["ticket"])


def hello(host: Kernel, ticket: str) -> bytes:
    room = host.value("room.name")
    return codec.join([codec.encode(Hello(1, room, "tab", ticket, name="Host", kind="panel"))])


async def frames_until(link: WebSocketLink, kind: type[Any]) -> RelayFrame:
    async with asyncio.timeout(10):
        while True:
            message = await link.receive()
            assert not isinstance(message, Closed), message
            for frame in codec.decode_relay(message):
                if isinstance(frame, kind):
                    return frame


async def test_a_ticket_makes_the_panel_a_host(host: Kernel) -> None:
    ticket = await asyncio.to_thread(ask_ticket, host)
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(await asyncio.to_thread(hello, host, ticket))
        welcome = await frames_until(link, Welcome)

        assert isinstance(welcome, Welcome)
        assert welcome.role == "host"
        await asyncio.to_thread(host.sees, "[person.kind for person in room.people]", ["panel"])


async def test_a_host_asks_for_the_link_over_its_socket(host: Kernel) -> None:
    ticket = await asyncio.to_thread(ask_ticket, host)
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(await asyncio.to_thread(hello, host, ticket))
        await frames_until(link, Welcome)
        await link.send(codec.join([codec.encode(Emit(1, "", {"ask": "link"}))]))
        event = await frames_until(link, Event)

    assert isinstance(event, Event)
    assert event.content == {
        "link": await asyncio.to_thread(host.value, "str(room.url)"),
        "reach": await asyncio.to_thread(host.value, "str(room.reach)"),
    }


async def test_a_host_can_stop_the_room(host: Kernel) -> None:
    ticket = await asyncio.to_thread(ask_ticket, host)
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(await asyncio.to_thread(hello, host, ticket))
        await frames_until(link, Welcome)
        await link.send(codec.join([codec.encode(Emit(1, "", {"ask": "stop"}))]))
        async with asyncio.timeout(10):
            while not isinstance(ended := await link.receive(), Closed):
                pass

    assert ended.reason == "stopped"
    await asyncio.to_thread(host.sees, "room.status", "stopped")


def test_a_page_that_cannot_reach_the_relay_talks_through_the_comm(host: Kernel) -> None:
    panel = host.value("panel.model_id")
    ticket = ask_ticket(host)
    greeting = hello(host, ticket)

    host.send_comm(panel, {"way": "comm", "op": "open", "id": "1"})
    host.comm_message(panel, lambda data: data.get("content", {}).get("op") == "opened")
    host.send_comm(panel, {"way": "comm", "op": "message", "id": "1"}, [greeting])
    answer = host.comm_message(panel, lambda data: data.get("content", {}).get("op") == "message")

    assert isinstance(codec.decode_relay(answer["buffers"][0])[0], Welcome)
    host.send_comm(panel, {"way": "comm", "op": "close", "id": "1"})
    closed = host.comm_message(panel, lambda data: data.get("content", {}).get("op") == "closed")
    assert closed["content"]["id"] == "1"


def test_a_panel_has_its_ticket_while_the_cell_that_shows_it_still_runs(host: Kernel) -> None:
    host.run("room.show(); panel = room._showing.doormen[-1].panel; time.sleep(1); early = panel.ticket", "other")

    assert len(host.value("early")) > 20
    assert host.value("panel.ticket") == ""


def test_running_the_cell_again_shows_the_same_panel(host: Kernel) -> None:
    host.run("cw.share(counter)", cell="one")
    host.run("cw.share(counter)", cell="one")

    assert host.value("len(room._showing.doormen)") == 2
