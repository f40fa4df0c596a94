"""What a notebook's panel does with its kernel, by the messages of its comm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cowidget.client.links import socket_address
from cowidget.core import codec
from cowidget.core.frames import Emit, Event, Hello, RelayFrame, Welcome
from cowidget.transports.websocket import Closed, WebSocketLink, dial
from tests.support.busy import looping, release
from tests.support.kernels import ROOT, CellFailed, Kernel
from tests.support.lasting_kernels import LastingKernel

pytestmark = pytest.mark.integration


@pytest.fixture
def host(hosts: LastingKernel) -> Kernel:
    host = hosts.begin()
    host.run("counter = Counter(value=3); room = cw.share(counter); panel, = [d.panel for d in room._showing.doormen]")
    return host


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
    greeting = await asyncio.to_thread(hello, host, await asyncio.to_thread(ask_ticket, host))
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(greeting)
        welcome = await frames_until(link, Welcome)

        assert isinstance(welcome, Welcome)
        assert welcome.role == "host"
        await asyncio.to_thread(host.sees, "[person.kind for person in room.people]", ["panel"])


async def test_a_host_asks_for_the_link_over_its_socket(host: Kernel) -> None:
    greeting = await asyncio.to_thread(hello, host, await asyncio.to_thread(ask_ticket, host))
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(greeting)
        await frames_until(link, Welcome)
        await link.send(codec.join([codec.encode(Emit(1, "", {"ask": "link"}))]))
        event = await frames_until(link, Event)

    assert isinstance(event, Event)
    assert event.content == {
        "link": await asyncio.to_thread(host.value, "str(room.url)"),
        "reach": await asyncio.to_thread(host.value, "str(room.reach)"),
    }


async def test_a_host_can_stop_the_room(host: Kernel) -> None:
    greeting = await asyncio.to_thread(hello, host, await asyncio.to_thread(ask_ticket, host))
    address = socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))

    async with dial(address) as link:
        await link.send(greeting)
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
    host.run(
        "room.show(); panel = room._showing.doormen[-1].panel; end = time.time() + 20\n"
        "while not panel.ticket and time.time() < end: time.sleep(0.01)\n"
        "early = panel.ticket",
        "other",
    )

    assert len(host.value("early")) > 20
    assert host.value("panel.ticket") == ""


def test_running_the_cell_again_shows_the_same_panel(host: Kernel) -> None:
    host.run("cw.share(counter)", cell="one")
    host.run("cw.share(counter)", cell="one")

    assert host.value("len(room._showing.doormen)") == 2


def test_a_link_is_a_panel_of_its_own_that_knows_which_link(host: Kernel) -> None:
    host.run("room.url", cell="links")
    host.run("ana = room.invite('viewer', name='for Ana'); ana.url", cell="links")

    shown = host.value("[[d.panel.part, d.panel.invitation] for d in room._showing.doormen]")

    assert shown == [["room", "guests"], ["link", "guests"], ["link", "for Ana"]]


def test_native_display_shows_the_front_ends_own_views_below_a_bar(host: Kernel) -> None:
    host.run("from IPython.utils.capture import capture_output")

    # The room as the cell's last value adds nothing to what `share` has shown.
    host.run("with capture_output() as shown:\n    cw.share(counter, display='native')\n    display(room)", cell="two")

    views = "[o.data['application/vnd.jupyter.widget-view+json']['model_id'] for o in shown.outputs]"
    assert host.value(f"{views} == [room._showing.doormen[-1].panel.model_id, counter.model_id]")
    assert host.value("room._showing.doormen[-1].panel.part") == "bar"


def test_a_cell_that_also_shares_for_the_panel_has_the_whole_panel(host: Kernel) -> None:
    host.run("other = Counter(); cw.share(counter, display='native'); cw.share(other)", cell="two")

    assert host.value("room._showing.doormen[-1].panel.part") == "room"


def test_another_display_is_refused_in_one_sentence(host: Kernel) -> None:
    with pytest.raises(CellFailed, match="display='sideways' is none of: 'auto', 'native'"):
        host.run("cw.share(counter, display='sideways')")


async def answered(link: WebSocketLink, **asked: Any) -> Any:
    await link.send(codec.join([codec.encode(Emit(1, "", asked))]))
    event = await frames_until(link, Event)
    assert isinstance(event, Event)
    return event.content


async def test_a_host_asks_for_the_link_of_another_invitation(host: Kernel) -> None:
    await asyncio.to_thread(host.run, "ana = room.invite('viewer', name='for Ana')")
    async with joined(host) as link:
        answer = await answered(link, ask="link", invitation="for Ana")

    assert answer["link"] == await asyncio.to_thread(host.value, "str(ana.url)")


async def test_a_link_that_was_revoked_is_told_to_whoever_shows_it(host: Kernel) -> None:
    async with joined(host) as link:
        first = await answered(link, ask="link")
        await asyncio.to_thread(host.run, "room.revoke()")
        event = await frames_until(link, Event)

    assert isinstance(event, Event)
    assert event.content["link"] == await asyncio.to_thread(host.value, "str(room.url)")
    assert event.content["link"] != first["link"]


async def test_a_host_allows_what_was_refused_with_one_question(host: Kernel) -> None:
    async with joined(host) as link:
        answer = await answered(link, ask="allow", key="counter/label")

    assert answer == {"allowed": "label", "key": "counter/label"}
    writable = "room._hosting.read_owner(lambda o: list(o.shares['counter'].share.models[0].writable))"
    assert "label" in await asyncio.to_thread(host.value, writable)


async def test_while_a_cell_runs_a_host_allows_it_too(host: Kernel, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    async with joined(host) as link:
        running = await asyncio.to_thread(host.begin, looping(str(gate)))
        answer = await answered(link, ask="allow", key="counter/label")
        assert answer == {"allowed": "label", "key": "counter/label"}
        release(gate)
        await asyncio.to_thread(host.finish, running)


@pytest.mark.parametrize("key", ["counter/layout", "counter/_esm", "counter/nothing", "nobody/label"])
async def test_what_cannot_be_allowed_is_answered_with_a_sentence(host: Kernel, key: str) -> None:
    async with joined(host) as link:
        answer = await answered(link, ask="allow", key=key)

    assert answer == {"failed": f"{key} is not shared here any more."}


async def test_who_is_no_host_is_not_answered(host: Kernel) -> None:
    # The relay refuses such a question before the kernel sees it; the kernel looks again.
    await asyncio.to_thread(host.run, "ana = room.invite('participant', name='for Ana')")
    secret = (await asyncio.to_thread(host.value, "str(ana.url)")).partition("#k=")[2]
    async with joined(host, secret):
        await asyncio.to_thread(host.sees, "len(room.people)", 1)
        peer = await asyncio.to_thread(host.value, "room.people[0].peer")
        await asyncio.to_thread(
            host.run,
            f"asked = {{'ask': 'allow', 'key': 'counter/label'}}\n"
            f"room._hosting.thread.ask(lambda: room._hosting._route_event('', asked, (), {peer!r}))\n"
            "time.sleep(0.3)",
        )

    assert await asyncio.to_thread(host.value, "room._hosting.shared['counter']._terms.allow == frozenset()")


@asynccontextmanager
async def joined(host: Kernel, secret: str = "") -> AsyncIterator[WebSocketLink]:
    """A page that has been welcomed: the host's, or with the secret of a link."""
    secret = secret or await asyncio.to_thread(ask_ticket, host)
    greeting = await asyncio.to_thread(hello, host, secret)
    async with dial(socket_address(await asyncio.to_thread(host.value, "room._hosting.place.page"))) as link:
        await link.send(greeting)
        await frames_until(link, Welcome)
        yield link


def test_the_kernel_gives_the_panel_the_code_of_its_chat(host: Kernel) -> None:
    panel = host.value("panel.model_id")
    host.send_comm(panel, {"ask": "part", "name": "chat"})

    answer = host.comm_message(panel, lambda data: "part" in data.get("content", {}))

    assert answer["content"] == {"part": "chat"}
    assert answer["buffers"] == [(ROOT / "src/cowidget/static/chat.js").read_bytes()]
