"""What guests do with messages: answer, react, change, delete, call somebody, look for one, and see who is writing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.support.glimpse import glimpse
from tests.support.hosts import Host, Line
from tests.support.kernels import TIMEOUT
from tests.support.pages import GuestPage
from tests.support.running_relay import RunningRelay, running_relay

# Each is a conversation from its first word to its last: 6 s, and five times that beside other tests.
pytestmark = pytest.mark.timeout(120)

_PHONE = {"width": 360, "height": 740}
_HISTORY = """
for n in range(499):
    room.chat.send("the needle" if n == 7 else f"line {n}", wait=False)
room.chat.send("line 499")  # in the room, and so are those before it
"""
_SHOULD_BE_LEFT = '<style>*{display:none}</style><img src=x onerror="window.caught=1">'
# What somebody sends who wants to harm, and what others read.
_HOSTILE: list[tuple[str, str | re.Pattern[str]]] = [
    ("__proto__", "proto"),
    ("`constructor`", "constructor"),
    (">" * 8000, ">" * 8000),
    ("[x](java\nscript:window.caught=1) [y](vbscript:z)", re.compile("x")),
    (_SHOULD_BE_LEFT, _SHOULD_BE_LEFT),
    ("\u202egnp.exe\u202c \u2066a\u2069", "\u202egnp.exe\u202c \u2066a\u2069"),
]


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with running_relay(folder=tmp_path_factory.mktemp("relay")) as relay:
        yield relay


def test_a_message_is_written_answered_and_reacted_to(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    typing = bob.page.locator(".typing")
    with glimpse(typing, "Ann is writing…"):
        ann.types("shall we?")
    ann.presses("Enter")
    expect(typing).to_have_text("")
    bob.reads(["shall we?"])

    # An answer quotes what it answers, and leads there.
    _uses(bob, "shall we?", "Reply")
    bob.says("yes")
    quote = _message(ann, "yes").locator(".quote")
    expect(quote).to_have_text("Ann" + "shall we?")
    quote.click()
    expect(_message(ann, "shall we?")).to_be_focused()

    # A reaction is counted for everybody, joined with a click, and taken back.
    _message(bob, "shall we?").hover()
    _message(bob, "shall we?").get_by_role("toolbar").get_by_role("button", name="Add a reaction").click()
    bob.page.get_by_role("dialog", name="Add a reaction").get_by_role("button", name="🎉").click()
    anns, bobs = (_message(page, "shall we?").locator(".chip[aria-pressed]") for page in (ann, bob))
    expect(anns).to_have_text("🎉1")
    expect(anns).to_have_attribute("title", "Bob")
    anns.click()
    expect(bobs).to_have_text("🎉2")
    expect(anns).to_have_attribute("aria-pressed", "true")
    anns.click()
    expect(bobs).to_have_text("🎉1")


def test_a_message_is_changed_by_keyboard_deleted_and_another_one_kept_as_a_draft(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.says("no secret")
    ann.says("a sekret")
    for page in (ann, bob):
        page.reads(["no secret", "a sekret"])

    ann.presses("ArrowUp")
    expect(ann.composer()).to_have_value("a sekret")
    ann.composer().fill("a secret")
    ann.presses("Enter")
    for page in (ann, bob):
        page.reads(["no secret", "a secret"])
        expect(_message(page, "a secret").locator(".edited")).to_be_visible()
    host.kernel.sees(
        "[[m.text, m.edited] for m in room.chat.messages]", [["no secret", False], ["a secret", True]], TIMEOUT
    )

    # Only its author may, and is asked.
    expect(_tools(bob, "a secret").get_by_role("button", name="Reply")).to_be_visible()
    expect(_tools(bob, "a secret").get_by_role("button", name="Delete")).to_have_count(0)
    _uses(ann, "a secret", "Delete")
    ann.page.get_by_role("group", name="Delete for everybody?").get_by_role("button", name="Delete").click()
    for page in (ann, bob):
        page.reads(["no secret"])

    # A draft survives a reload with what it answers, and leaves with the message.
    _uses(ann, "no secret", "Reply")
    ann.types("half a sent")
    ann.page.reload()
    expect(ann.composer()).to_have_value("half a sent")
    expect(ann.page.locator(".composer-note")).to_contain_text("no secret")
    expect(ann.composer()).to_be_focused()
    ann.types("ence")
    ann.presses("Enter")
    for page in (ann, bob):
        page.reads(["no secret", "half a sentence"])
    expect(_message(bob, "half a sentence").locator(".quote")).to_be_visible()
    ann.page.reload()
    ann.reads(["no secret", "half a sentence"])
    expect(ann.composer()).to_have_value("")


def test_on_a_phone_one_is_told_of_a_call_led_there_and_answers_with_a_finger(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob", viewport=_PHONE, has_touch=True, is_mobile=True)
    ann.sees_people("Bob")

    ann.types("look, @b")
    expect(ann.page.get_by_role("option", name="Bob")).to_be_visible()
    ann.presses("Enter")
    expect(ann.composer()).to_have_value("look, @Bob ")
    ann.presses("Enter")

    bob.is_told("Ann mentioned you.")
    expect(bob.page).to_have_title(re.compile(r"^\(1 @\) "))
    bob.page.locator(".toast").get_by_role("button", name="Show").tap()
    expect(bob.messages().locator(".call")).to_have_text("@Bob")
    expect(bob.page).not_to_have_title(re.compile(r"^\("))

    # A finger gets the tools of the message that it touches.
    ann.says("touch me")
    bob.page.get_by_text("touch me", exact=True).tap()
    reply = _message(bob, "touch me").get_by_role("button", name="Reply")
    expect(reply).to_be_visible()
    box = reply.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    reply.tap()
    bob.says("done")
    expect(_message(ann, "done").locator(".quote")).to_contain_text("touch me")
    assert not bob.overflows()


def test_a_long_history_is_silent_found_in_and_read_to_its_beginning_without_a_jump(host: Host, visit: Visit) -> None:
    host.run(_HISTORY)
    ann = visit("Ann")
    expect(ann.messages().last).to_have_text("line 499")

    # None of it was read out, and what comes is, once.
    voice = ann.page.locator(".chat > [aria-live=polite]")
    expect(voice).to_have_text("")
    expect(ann.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    host.run("room.chat.send('an answer', reply=room.chat.search('needle')[0])")
    expect(voice).to_have_text("Host: an answer")
    expect(_message(ann, "an answer").locator(".quote-text")).to_have_text("the needle")

    ann.page.get_by_role("button", name="Search the chat").click()
    ann.page.get_by_role("searchbox").fill("NEED")
    hit = ann.page.locator(".hit")
    expect(hit.locator("mark")).to_have_text("needle")
    hit.click()
    expect(_message(ann, "the needle")).to_be_focused()
    expect(_message(ann, "the needle")).to_be_in_viewport()
    ann.page.get_by_role("button", name="Newest").click()
    expect(ann.messages().last).to_have_text("an answer")
    expect(ann.messages().last).to_be_in_viewport()

    ann.page.reload()
    ann.sees_status("live")
    expect(_message(ann, "an answer").locator(".quote-text")).to_have_text("the needle")
    shifts = ann.page.evaluate(_SCROLL_UP, "line 0")
    expect(ann.messages().first).to_have_text("line 0")
    assert max(shifts) <= 1
    assert ann.messages().count() <= 240

    expect(voice).to_have_text("")


def test_what_the_room_refuses_is_kept_over_a_reload_says_why_and_can_be_sent_again(
    host: Host, visit: Visit, line: Line
) -> None:
    ann, bob = visit("Ann"), visit("Bob", line.through(host.link))
    bob.says("first wording")
    for page in (ann, bob):
        page.reads(["first wording"])

    line.refuse()
    bob.presses("ArrowUp")
    expect(bob.composer()).to_have_value("first wording")
    bob.composer().fill("second wording")
    bob.presses("Enter")
    bob.says("from the dark")
    expect(_message(bob, "from the dark").locator(".sending")).to_have_attribute("title", "waits for the connection")
    host.kernel.sees("len(room.chat.messages)", 1, TIMEOUT)
    host.run("room.chat.messages[0].erase()")
    expect(ann.messages()).to_have_count(0)
    line.accept()
    bob.retries()

    ann.reads(["from the dark"])
    refused = bob.page.locator(".message[data-state=failed]")
    expect(refused).to_contain_text("second wording")
    bob.page.reload()
    expect(refused).to_contain_text("second wording")
    expect(refused.get_by_role("alert")).to_contain_text("What it is about is no longer there.")
    refused.get_by_role("button", name="Send again").click()
    for page in (ann, bob):
        page.reads(["from the dark", "second wording"])


def test_hostile_messages_harm_neither_the_page_nor_the_next_one(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    for text, _ in _HOSTILE:
        ann.composer().fill(text)
        ann.presses("Enter")
    ann.composer().fill("a" * 100_000)
    ann.presses("Enter")
    expect(ann.page.locator(".too-long")).to_contain_text("Too long by 92,000 characters.")
    expect(ann.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    ann.composer().fill("after it")
    ann.presses("Enter")

    for page in (ann, bob):
        expect(page.messages()).to_have_text([*(shown for _, shown in _HOSTILE), "after it"])
        assert page.page.evaluate("window.caught") is None
        assert page.messages().locator("style, script, img, a:not([href^=http])").count() == 0
        after, name = page.messages().last.bounding_box(), page.page.locator(".message-name").bounding_box()
        assert after is not None
        assert name is not None
        assert after["x"] == name["x"]


# Scrolls up until it is at these words, and measures how far what is seen moves by itself. Near the top it waits for
# what comes before: at the very top, nothing can be scrolled to make up for that.
_SCROLL_UP = """async (first) => {
  const root = document.querySelector("#app").shadowRoot;
  const list = root.querySelector(".chat-list");
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const shifts = [];
  const patience = performance.now() + 30_000;
  const isAll = () => root.querySelector(".message-text").innerText.trim() === first;
  while (!(isAll() && list.scrollTop === 0) && performance.now() < patience) {
    while (!isAll() && list.scrollTop < 200 && performance.now() < patience) await frame();
    const { top } = list.getBoundingClientRect();
    const rows = [...root.querySelectorAll("[data-id]")];
    const seen = rows.find(row => row.getBoundingClientRect().top > top + 50);
    const [before, scrolled] = [seen.getBoundingClientRect().top, list.scrollTop];
    list.scrollTop -= 160;
    const moved = scrolled - list.scrollTop;
    await frame();
    await frame();
    const after = root.querySelector(`[data-id="${seen.dataset.id}"]`).getBoundingClientRect().top;
    shifts.push(Math.abs(after - before - moved));
  }
  return shifts;
}"""


def _message(page: GuestPage, words: str) -> Locator:
    return page.page.locator(".message").filter(has=page.page.locator(".message-text", has_text=words))


def _tools(page: GuestPage, words: str) -> Locator:
    """The tools of a message, which come up with the focus: what comes meanwhile does not move that elsewhere."""
    message = _message(page, words)
    message.focus()
    return message.get_by_role("toolbar")


def _uses(page: GuestPage, words: str, tool: str) -> None:
    _tools(page, words).get_by_role("button", name=tool).click()
