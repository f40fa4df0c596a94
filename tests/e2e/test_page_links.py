"""Links: what each of them lets its holder do, and what the page says when it lets nobody in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from cowidget.client.links import parse
from cowidget.core.frames import Ack, Declare, Emit, Patch, Post, Push, Refused, Set, Settle
from cowidget.core.values import Change, Model, Settlement, Share, Text
from tests.e2e.conftest import Visit
from tests.support.background import BackgroundLoop
from tests.support.hosts import Host
from tests.support.pages import GuestPage
from tests.support.wire_client import WireClient, guest_client

_FORGED: list[tuple[type[Push], dict[str, Any]]] = [
    (Set, {"changes": (Change("tuner/frequency", 9),)}),
    (Set, {"changes": (Change("/shared", 9),)}),
    (Emit, {"model": "tuner", "content": {"do": "it"}}),
    (Declare, {"share": Share("tuner", (Model("", "Tuner", ("frequency",)),)), "changes": ()}),
    (Settle, {"settlements": (Settlement("tuner/frequency", 1, "rebase", value=9),)}),
]


@pytest.fixture
def viewers_link(host: Host) -> str:
    host.run("viewers = room.invite('viewer')")
    return host.link_of("viewers")


def test_a_viewer_cannot_move_a_slider_and_is_told_so(host: Host, visit: Visit, viewers_link: str) -> None:
    ann, vera = visit("Ann"), visit("Vera", viewers_link)

    vera.drag("frequency", 6)

    vera.is_told("This link lets you watch, not change.")
    vera.sees_value("frequency", 1)
    ann.drag("amplitude", 5)
    vera.sees_value("amplitude", 5)
    assert [ann.value("frequency"), host.value("frequency")] == [1, 1]


def test_a_viewer_takes_part_in_the_chat(host: Host, visit: Visit, viewers_link: str) -> None:
    ann, vera = visit("Ann"), visit("Vera", viewers_link)

    vera.says("may I?")

    ann.reads(["may I?"])
    vera.reads(["may I?"])


@pytest.mark.parametrize(("kind", "fields"), _FORGED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_viewers_handmade_frames_are_refused_and_change_nothing(
    host: Host, background: BackgroundLoop, viewers_link: str, kind: type[Push], fields: dict[str, Any]
) -> None:
    link = parse(viewers_link)

    async def forge() -> tuple[Refused, WireClient]:
        async with guest_client(link.socket, link.secret, link.room) as client:
            await client.sees(Patch)
            await client.push(kind, **fields)
            refused = await client.sees(Refused)
            said = await client.push(Post, body=Text("I am still allowed to talk"))
            await client.sees(Ack, lambda ack: ack.id >= said)
            return refused, client

    refused, client = background.run(forge())

    assert refused.slug == "role"
    assert [client.state["tuner/frequency"].value, "/shared" in client.state] == [1, False]
    assert [host.value("frequency"), host.kernel.value("dict(room.state)")] == [1, {}]


@pytest.mark.parametrize("spoilt", ["#k=", "#k=A", "room"], ids=["no key", "a wrong key", "an unknown room"])
def test_a_link_that_is_not_right_says_what_is_wrong_with_it(
    host: Host, guest: Callable[..., Page], spoilt: str
) -> None:
    before, _, key = host.link.partition("#k=")
    links = {"#k=": before, "#k=A": f"{before}#k=A{key[1:]}A", "room": f"{before}x#k={key}"}
    titles = {
        "#k=": "This link is not complete",
        "#k=A": "This link does not work",
        "room": "There is no such room",
    }

    page = GuestPage(guest(links[spoilt]))

    page.sees_ending(titles[spoilt])


def test_a_link_that_expires_ends_the_page_and_opens_no_other(
    host: Host, visit: Visit, guest: Callable[..., Page]
) -> None:
    host.run("brief = room.invite('participant', name='brief')")
    link = host.link_of("brief")
    bob = visit("Bob", link)

    host.run("room.invite('participant', name='brief', expires='1s')")

    bob.sees_ending("This link has expired")
    GuestPage(guest(link)).sees_ending("This link has expired")


def test_a_withdrawn_link_ends_the_page_within_a_second_and_opens_no_other(
    host: Host, visit: Visit, guest: Callable[..., Page]
) -> None:
    host.run("mine = room.invite('participant')")
    link = host.link_of("mine")
    ann, bob = visit("Ann"), visit("Bob", link)

    host.run("room.revoke(mine)")

    bob.sees_ending("This link was withdrawn", within_ms=1000)
    GuestPage(guest(link)).sees_ending("This link was withdrawn")
    ann.sees_status("live")


def test_a_stopped_room_says_so_to_who_is_there_and_to_who_comes(
    host: Host, visit: Visit, guest: Callable[..., Page]
) -> None:
    ann = visit("Ann")

    host.run("room.stop()")

    ann.sees_ending("This session has ended")
    GuestPage(guest(host.link)).sees_ending("This session has ended")
