"""The page for everybody: axe finds nothing in it, all of it works by keyboard, and only what is new is read out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect

from tests.e2e.conftest import Visit
from tests.support.access import LOOKS, Access
from tests.support.hosts import Host
from tests.support.pages import PATIENCE_MS, GuestPage
from tests.support.photos import corners, encoded
from tests.support.running_relay import RunningRelay, running_relay

# Each goes through many states of one page: 10 s, and five times that beside other tests.
pytestmark = pytest.mark.timeout(120)

Guests = Callable[..., Page]

_PHONE: ViewportSize = {"width": 360, "height": 740}
_DESK: ViewportSize = {"width": 1280, "height": 800}
# A photo, and what is none.
_FILES: list[FilePayload] = [
    {"name": "a.png", "mimeType": "image/png", "buffer": encoded(corners((200, 160)), "PNG")},
    {"name": "b.pdf", "mimeType": "image/png", "buffer": b"%PDF-1.7 " + bytes(200)},
]

# Everything that a chat can hold, said by the notebook: the newest is a text, so that its tools are there.
_SAID = """
import pandas as pd
from PIL import Image
say = room.chat.send
(question,) = say("**Which** one? See [the paper](https://example.org) and `tuner.frequency`, @Ann:\\n\\n> as before")
say("```python\\nfor n in range(10):\\n    print(n)\\n```\\n\\n1. one\\n2. two")
(answer,) = say("the second", reply=question)
answer.react("👍")
question.react("🎉")
say(Image.new("RGB", (200, 120), "teal"), Image.new("RGB", (120, 200), "navy"))
say("our cities", pd.DataFrame({"city": ["Köln", None] + ["Bonn"] * 20, "people": range(22)}))
say("like this", tuner)
say("the end")
hosts = room.invite("host")
viewers = room.invite("viewer")
"""

_WIDGETS = ["Send “tuner” to the chat as it is now", "frequency", "amplitude", "octave", "caption"]
_TOOLS = ["Add a reaction", "Reply", "Delete"]
# A tool of a message, where it leads, and what is pressed there.
_ACTS = [
    ("Add a reaction", "👍", "Enter"),
    ("Reply", "Message", "a", "Enter"),
    ("Edit", "Message", "!", "Enter"),
    ("Delete", "Keep", "Tab", "Enter"),
]
# Gathers what a screen reader would say about the conversation, from the beginning.
_LISTEN = """
  window.spoken = [];
  let last = "";
  const listen = () => {
    const root = document.querySelector("#app")?.shadowRoot;
    if (!root) return requestAnimationFrame(listen);
    const look = () => {
      const words = root.querySelector(".chat > [aria-live=polite]")?.textContent ?? "";
      if (words !== last && words !== "") spoken.push(words);
      last = words;
    };
    new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
    look();
  };
  listen();
"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with running_relay(folder=tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def hosts_link(host: Host) -> str:
    """Of a room with a conversation in it."""
    host.run(_SAID)
    return host.link_of("hosts")


def test_axe_finds_nothing_in_any_state_of_the_page(host: Host, visit: Visit, hosts_link: str) -> None:
    bob = visit("Bob", link=host.link_of("viewers"))
    bob.page.get_by_role("button", name="Ask to take part").click()
    ann = visit("Ann", link=hosts_link, viewport=_DESK)
    access = Access(ann.page)

    found = [f"{state}: {one}" for state, part in _states(ann, host) for one in access.findings(*LOOKS, part=part)]

    assert not found, "\n".join(found)


def test_the_tab_key_goes_in_order_is_always_seen_and_comes_back_from_every_card(
    guest: Guests, hosts_link: str
) -> None:
    ann = GuestPage(guest(hosts_link, viewport=_DESK))
    page = ann.page
    expect(page.get_by_role("textbox", name="Name")).to_be_focused(timeout=PATIENCE_MS)
    access = Access(page)
    found = access.findings(*LOOKS, part=".name-dialog")
    assert not found, "\n".join(found)
    page.keyboard.type("Ann")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main", name="Widgets")).to_be_focused()
    ann.sees_status("live")
    expect(ann.field("caption")).to_be_visible()
    expect(page.locator(".photo-full")).to_have_count(2, timeout=PATIENCE_MS)

    in_page = ["Search the chat", "Host: the end", "Add photos", "Message"]
    in_bar = ["Your name and colour", "1 person here", "Share"]
    # A message has its tools while the keyboard is at it; "body" is the browser's own.
    access.tabs_through([*_WIDGETS, *in_page[:2], *_TOOLS, *in_page[2:], "body", *in_bar])
    access.tabs_through([*reversed(in_bar[:-1]), *reversed(in_page), *reversed(_WIDGETS)], backwards=True)

    for opener, opened in _openers(ann):
        opener.focus()
        page.keyboard.press("Enter")
        expect(opened.and_(page.locator(":focus-within"))).to_be_visible()
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(opener).to_be_focused()
    page.get_by_role("button", name="Share", exact=True).click()
    card = page.get_by_role("dialog", name="Share")
    page.get_by_role("button", name="Copy link").press("Tab")
    expect(card).to_have_count(0)


def test_all_that_is_done_with_a_message_is_done_by_keyboard_and_said_once(
    host: Host, guest: Guests, hosts_link: str
) -> None:
    ann = GuestPage(guest("about:blank"))
    ann.page.add_init_script(_LISTEN)
    ann.page.goto(hosts_link)
    ann.introduces_itself("Ann")
    expect(ann.messages()).to_have_count(6)
    access = Access(ann.page)

    ann.says("mine")
    expect(ann.page.locator(".message[data-state=sent]")).to_contain_text(["mine"])
    for tool, place, *keys in _ACTS:
        _message(ann, "mine").focus()
        access.tabs_to(tool)
        ann.page.keyboard.press("Enter")
        access.comes_to(place)
        for key in keys:
            ann.page.keyboard.press(key)
            access.shows_focus()
    host.run("say('new')")
    expect(ann.messages().last).to_have_text("new")
    ann.page.wait_for_function("spoken.at(-1) === 'Host: new'")

    assert ann.page.evaluate("spoken") == [
        "Message sent.",
        "👍 added.",
        "Message sent.",
        "Message changed.",
        "Message deleted.",
        "Host: new",
    ]


def _openers(ann: GuestPage) -> list[tuple[Locator, Locator]]:
    """What opens something, and what it opens."""
    page = ann.page
    _message(ann, "the end").focus()
    return [
        (page.get_by_role("button", name="Share", exact=True), page.get_by_role("dialog", name="Share")),
        (page.get_by_role("button", name="here"), page.get_by_role("dialog", name="People")),
        (page.get_by_role("button", name="Your name"), page.get_by_role("dialog", name="Your name")),
        (page.get_by_role("button", name="Search the chat"), page.get_by_role("search")),
        (page.locator(".photo-tile").last, page.get_by_role("dialog", name="Photos")),
        (page.locator(".chip-add").last, page.get_by_role("dialog", name="Add a reaction")),
    ]


def _states(ann: GuestPage, host: Host) -> Iterator[tuple[str, str]]:
    """Brings the page into one state after the other; what is new there, or all of it."""
    page = ann.page
    expect(page.locator(".photo-full")).to_have_count(2, timeout=PATIENCE_MS)
    expect(ann.field("caption")).to_be_visible()
    yield "room", ""
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".qr")).to_be_visible()
    yield "share card", ".popover"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Your name and colour").click()
    yield "own card", ".popover"
    page.keyboard.press("Escape")
    yield from _states_of_people(ann)
    yield from _states_of_messages(ann)
    yield from _states_of_writing(ann)
    page.set_viewport_size(_PHONE)
    for tab in ("Widgets", "Chat", "People"):
        ann.goes_to(tab)
        yield f"{tab} on a phone", ""
    host.leaves()
    ann.sees_ending("This session has ended")
    yield "ended", ""


def _states_of_people(ann: GuestPage) -> Iterator[tuple[str, str]]:
    page = ann.page
    page.get_by_role("button", name="here").click()
    page.get_by_role("switch", name="Lock").click()
    page.get_by_role("switch", name="Spotlight").click()
    expect(page.get_by_role("button", name="Allow").first).to_be_visible()
    page.get_by_role("button", name="What to do with Bob").click()
    yield "people and a menu", ".popover"
    page.get_by_role("button", name="Remove…").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    yield "people and a question", ".popover"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Follow Bob").first.click()
    yield "following", ""
    page.keyboard.press("Escape")


def _states_of_messages(ann: GuestPage) -> Iterator[tuple[str, str]]:
    page = ann.page
    _message(ann, "the end").focus()
    yield "tools of a message", ".tools"
    page.get_by_role("button", name="Add a reaction").last.click()
    yield "reactions", ".popover"
    page.keyboard.press("Escape")
    _message(ann, "the end").focus()
    page.get_by_role("button", name="Delete", exact=True).click()
    yield "question before deleting", ".erasing"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search the chat").click()
    page.get_by_role("searchbox").fill("the")
    expect(page.locator(".hit")).not_to_have_count(0)
    yield "search", ".search"
    page.keyboard.press("Escape")
    page.locator(".photo-tile").first.click()
    expect(page.locator(".lightbox-whole")).to_be_visible()
    yield "lightbox", "dialog[open]"
    page.keyboard.press("Escape")


def _states_of_writing(ann: GuestPage) -> Iterator[tuple[str, str]]:
    page = ann.page
    _message(ann, "the end").focus()
    _message(ann, "the end").get_by_role("button", name="Reply").click()
    page.locator("input[type=file][multiple]").set_input_files(_FILES)
    expect(page.locator(".photo-fault")).to_be_visible()
    page.get_by_role("button", name="Describe a.png").click()
    expect(page.get_by_role("textbox", name="What is to be seen?")).to_be_focused()
    ann.types("look, @b")
    expect(page.get_by_role("option", name="Bob")).to_be_visible()
    yield "composer with everything", ".composer"
    ann.presses("Escape")
    ann.composer().fill("a" * 9000)
    yield "too long", ".composer"


def _message(ann: GuestPage, words: str) -> Locator:
    return ann.page.locator(".message").filter(has=ann.page.locator(".message-text", has_text=words))
