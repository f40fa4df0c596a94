"""Chat and people in the guests' pages."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host

# What is written, and what is shown of it.
_HOSTILE = {
    "<img src=x onerror=window.caught=1>": "<img src=x onerror=window.caught=1>",
    "[read this](javascript:window.caught=1)": "read this",
    "![a pixel](https://example.org/pixel.png)": "a pixel",
    "<script>window.caught=1</script>": "<script>window.caught=1</script>",
}
_PHONE = {"width": 360, "height": 740}


def test_markdown_is_shown_as_such(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    ann.says("a **bold** word and https://example.org/page")

    expect(bob.messages().locator("strong")).to_have_text("bold")
    expect(bob.messages().get_by_role("link")).to_have_attribute("href", "https://example.org/page")


def test_what_is_hostile_in_a_message_does_nothing(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    for text in _HOSTILE:
        ann.says(text)

    bob.reads(list(_HOSTILE.values()))
    assert bob.page.evaluate("window.caught") is None
    assert bob.messages().locator("img, script, [onerror], a[href^='javascript']").count() == 0


def test_a_message_from_python_is_read_by_the_guests_and_theirs_by_python(host: Host, visit: Visit) -> None:
    ann = visit("Ann")

    host.run("room.chat.send('welcome')")
    ann.reads(["welcome"])
    ann.says("thank you")

    host.kernel.sees("[[m.name, m.text] for m in room.chat.messages][1:]", [["Ann", "thank you"]])


def test_a_message_that_has_not_been_seen_is_marked_until_it_is(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob", viewport=_PHONE)

    ann.says("look here")

    chat = bob.page.locator(".tab-bar").get_by_role("button", name="Chat")
    expect(chat.locator(".badge")).to_contain_text("1 new message")
    expect(bob.page).to_have_title(re.compile(r"^\(1\) "))
    bob.goes_to("Chat")
    bob.reads(["look here"])
    bob.goes_to("Widgets")
    expect(chat.locator(".badge")).to_have_count(0)
    expect(bob.page).not_to_have_title(re.compile(r"^\("))


def test_people_come_with_their_names_change_them_and_go(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.sees_people("Bob")
    bob.sees_people("Ann")

    bob.page.get_by_role("button", name="Your name and colour").click()
    card = bob.page.get_by_role("dialog", name="Your name and colour")
    card.get_by_label("Name", exact=True).fill("Robert")
    card.get_by_role("button", name="Save").click()

    ann.sees_people("Robert")
    bob.says("it is me")
    expect(ann.page.locator(".message-name")).to_have_text(["Robert"])
    bob.page.context.close()
    ann.sees_people()


def test_a_name_is_text_whatever_it_says(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("<img src=x onerror=window.caught=1>")

    bob.says("hello")

    expect(ann.page.locator(".message-name")).to_have_text(["<img src=x onerror=window.caught=1>"])
    assert ann.page.evaluate("window.caught") is None
