"""Chat and people in the guests' pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host

# Stories of several browsers, on a machine that does other things, too.
pytestmark = pytest.mark.timeout(150)

# What is written, and what is shown of it.
_WRITTEN = {
    "a **bold** word and https://example.org/page": "a bold word and https://example.org/page",
    "<img src=x onerror=window.caught=1>": "<img src=x onerror=window.caught=1>",
    "[read this](javascript:window.caught=1)": "read this",
    "![a pixel](https://example.org/pixel.png)": "a pixel",
    "<script>window.caught=1</script>": "<script>window.caught=1</script>",
}
_PHONE = {"width": 360, "height": 740}
_HOSTILE_NAME = "<img src=x onerror=window.caught=1>"


def test_what_python_and_guests_say_is_told_where_it_is_not_seen_and_runs_nothing(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob", viewport=_PHONE)
    chat = bob.page.locator(".tab-bar").get_by_role("button", name="Chat")

    host.run("room.chat.send('welcome')")

    expect(chat.locator(".badge")).to_contain_text("1 new message")
    expect(bob.page).to_have_title(re.compile(r"^\(1\) "))
    bob.goes_to("Chat")
    bob.reads(["welcome"])
    ann.reads(["welcome"])
    for text in _WRITTEN:
        ann.says(text)
    bob.reads(["welcome", *_WRITTEN.values()])
    expect(bob.messages().locator("strong")).to_have_text("bold")
    links = bob.messages().get_by_role("link")
    expect(links.first).to_have_attribute("href", "https://example.org/page")
    assert bob.messages().locator("img, script, [onerror], a[href^='javascript']").count() == 0
    assert bob.page.evaluate("window.caught") is None
    bob.goes_to("Widgets")
    expect(chat.locator(".badge")).to_have_count(0)
    expect(bob.page).not_to_have_title(re.compile(r"^\("))
    host.kernel.sees("[[m.name, m.text] for m in room.chat.messages][1:]", [["Ann", text] for text in _WRITTEN])


def test_people_come_with_their_names_change_them_and_go(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.sees_people("Bob")
    bob.sees_people("Ann")

    bob.page.get_by_role("button", name="Your name and colour").click()
    card = bob.page.get_by_role("dialog", name="Your name and colour")
    card.get_by_label("Name", exact=True).fill(_HOSTILE_NAME)
    card.get_by_role("button", name="Save").click()

    # A name is text, whatever it says.
    ann.sees_people(_HOSTILE_NAME)
    bob.says("it is me")
    expect(ann.page.locator(".message-name")).to_have_text([_HOSTILE_NAME])
    assert ann.page.locator("img[onerror]").count() == 0
    assert ann.page.evaluate("window.caught") is None
    bob.page.context.close()
    ann.sees_people()
