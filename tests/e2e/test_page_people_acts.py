"""What people do with each other in the pages: point, follow, raise a hand, ask to take part, keep order."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import Visit
from tests.support.chromium import LAUNCH_ARGS, chromium_path
from tests.support.hosts import Host
from tests.support.pages import PATIENCE_MS, GuestPage

# Stories of several browsers, on a machine that does other things, too.
pytestmark = pytest.mark.timeout(150)

# A pointer is told at 20 Hz and drawn within a frame; this much it may be beside the mouse.
_BESIDE = 2.5
# A connection that a killed browser leaves is noticed by the relay's pings (PROTOCOL P3).
_RELAY_NOTICES_MS = 10_000
_PHONE = {"width": 360, "height": 740}

# Whoever points and holds still is taken for somebody who reads, after five seconds (P6). The machine may stop for
# almost as long, so here a hand that points does not come to rest.
_HOLDS_ON = """() => {
  const after = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => (ms === 5000 ? 0 : after(act, ms, ...more));
}"""
# Keeps the name of whoever is shown to have changed something: it fades.
_KEEP_MOVER = """(widgets) => {
  window.mover = new Promise((resolve) => {
    const look = () => widgets.querySelectorAll(".mover").forEach((mover) => resolve(mover.textContent));
    new MutationObserver(look).observe(widgets, { childList: true, subtree: true });
  });
}"""

_WIDGETS = """
import anywidget, traitlets
class Camera(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `zoom ${model.get("zoom")}`; };
      button.onclick = () => { model.set("zoom", model.get("zoom") + 1); model.save_changes(); };
      model.on("change:zoom", show);
      show();
      el.append(button);
    } }'''
    zoom = traitlets.Int(1).tag(sync=True)
camera = Camera()
room.share(camera, name="camera", local=["zoom"])

class Tall(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      el.innerHTML = "<div style='height: 2400px'>tall</div>";
    } }'''
tall = Tall()
room.share(tall, name="tall")
"""


@pytest.fixture
def hosts_link(host: Host) -> str:
    host.run("hosts = room.invite('host')")
    return host.link_of("hosts")


@pytest.fixture
def viewers_link(host: Host) -> str:
    host.run("viewers = room.invite('viewer')")
    return host.link_of("viewers")


def test_on_a_phone_one_sees_pointers_and_who_changed_something_and_follows(visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob", viewport=_PHONE, has_touch=True)
    ann.sees_people("Bob")
    ann.page.evaluate(_HOLDS_ON)
    pointer = bob.page.locator(".pointer")

    _point(ann, "octave", 0.9)
    expect(pointer.locator(".pointer-name")).to_have_text("Ann")
    _is_at(bob, "octave", 0.9)
    assert ann.page.locator(".pointer").count() == 0
    ann.page.mouse.move(600, 20)
    expect(pointer).to_have_count(0)

    bob.page.locator(".widgets-side").evaluate(_KEEP_MOVER)
    ann.drag("frequency", 5)
    assert bob.page.evaluate("window.mover") == "Ann changed this"

    bob.goes_to("People")
    bob.page.locator(".people-side").get_by_role("button", name=re.compile("^Ann")).click()
    expect(bob.page.locator(".follow-stop")).to_contain_text("Following Ann")
    assert not bob.overflows()
    bob.page.get_by_role("button", name="Following").click()
    expect(bob.page.locator(".follow-frame")).to_have_count(0)


def test_a_killed_browser_leaves_no_pointer(visit: Visit, host: Host, browser: Browser) -> None:
    bob = visit("Bob")
    other = browser.browser_type.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
    ann = GuestPage(other.new_page())
    ann.page.goto(host.link)
    ann.introduces_itself("Ann")
    bob.sees_people("Ann")
    ann.page.evaluate(_HOLDS_ON)
    _point(ann, "frequency", 0.5)
    expect(bob.page.locator(".pointer")).to_have_count(1)

    _kill(other)

    expect(bob.page.locator(".pointer")).to_have_count(0, timeout=_RELAY_NOTICES_MS)
    bob.sees_people(within_ms=_RELAY_NOTICES_MS)


def test_who_follows_goes_along_until_they_do_something_or_are_stopped(host: Host, visit: Visit) -> None:
    host.run(_WIDGETS)
    ann, bob = visit("Ann"), visit("Bob", viewport={"width": 900, "height": 600})
    bob.sees_people("Ann")
    _zoom(ann).click()
    ann.says("closer")
    bob.reads(["closer"])
    expect(_zoom(bob)).to_have_text("zoom 1")

    _follows(bob, "Ann")
    expect(bob.page.get_by_role("status").filter(has_text="Following Ann")).to_have_count(1)
    expect(_zoom(bob)).to_have_text("zoom 2")
    _zoom(ann).click()
    expect(_zoom(bob)).to_have_text("zoom 3")
    _scrolls(ann, 900)
    _is_scrolled_as(bob, ann)

    # Escape ends it.
    bob.page.keyboard.press("Escape")
    _follows_nobody(bob, ann)
    before = _top_of_tall(bob)
    _scrolls(ann, -400)
    ann.says("up again")
    bob.reads(["closer", "up again"])
    assert _top_of_tall(bob) == before

    # So does a wheel of one's own.
    _follows(bob, "Ann")
    _is_scrolled_as(bob, ann)
    _scrolls(bob, 200)
    _follows_nobody(bob, ann)

    # And so does whoever is followed.
    _follows(bob, "Ann")
    ann.page.get_by_role("button", name="1 following you").click()
    card = ann.page.get_by_role("dialog")
    expect(card).to_contain_text("Bob")
    card.get_by_role("button", name="Stop them").click()
    _follows_nobody(bob, ann)
    expect(bob.page.get_by_role("button", name="Follow Ann")).to_be_disabled()


def test_a_host_is_told_of_raised_hands_and_takes_everybody_along(visit: Visit, hosts_link: str) -> None:
    hanna, ann, bob = visit("Hanna", hosts_link), visit("Ann"), visit("Bob")
    bob.sees_people("Ann", "Hanna")

    _people(bob).get_by_role("button", name="Raise hand").click()
    _closes_people(bob)
    hanna.is_told("Bob raised a hand.")
    for page in (hanna, ann):
        first = page.page.locator(".avatar-row .avatar-slot").first
        expect(first).to_have_attribute("title", "Bob")
        expect(first.locator(".face-hand")).to_be_visible()
    assert ann.page.locator(".toast-text").count() == 0

    _switches(hanna, "Spotlight")
    for page in (ann, bob):
        expect(page.page.locator(".follow-stop")).to_contain_text("Following Hanna")
    expect(hanna.page.get_by_role("button", name="2 following you")).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(hanna.page.get_by_role("button", name="1 following you")).to_be_visible()
    assert bob.page.locator(".follow-frame").count() == 0
    expect(ann.page.locator(".follow-frame")).to_be_visible()


def test_a_host_locks_the_room_lets_a_viewer_take_part_and_sends_somebody_away(
    visit: Visit, host: Host, hosts_link: str, viewers_link: str
) -> None:
    hanna, vera, bob = visit("Hanna", hosts_link), visit("Vera", viewers_link), visit("Bob")

    _switches(hanna, "Lock the room")
    expect(bob.page.get_by_role("button", name="Locked")).to_be_visible()
    bob.drag("frequency", 6)
    bob.is_told("A host has locked the room")
    bob.sees_value("frequency", 1)
    hanna.drag("amplitude", 5)
    bob.sees_value("amplitude", 5)
    _switches(hanna, "Lock the room")
    expect(bob.page.get_by_role("button", name="Locked")).to_have_count(0)
    bob.drag("frequency", 6)
    host.sees("frequency", 6)

    vera.page.get_by_role("button", name="Ask to take part").click()
    hanna.is_told("Vera asks to take part.")
    hanna.page.locator(".toast").get_by_role("button", name="Allow").click()
    # The relay ends the session, and the next one has the other role (P10): in between there is no tag either.
    expect(vera.page.locator(".bar:has(.status[data-phase=live]):not(:has(.tag))")).to_be_visible()
    vera.drag("amplitude", 7)
    host.sees("amplitude", 7)
    expect(vera.page.locator(".room-line")).to_have_text("")
    card = _people(hanna)
    expect(card).not_to_contain_text("asks to take part")

    card.get_by_role("button", name="What to do with Bob").click()
    card.get_by_role("button", name="Remove…").click()
    expect(card.get_by_role("alertdialog", name="Remove Bob?")).to_be_visible()
    card.get_by_role("button", name="Remove", exact=True).click()
    bob.sees_ending("You were removed from this room")
    for page, others in ((hanna, "Vera"), (vera, "Hanna")):
        page.sees_people(others)
        page.sees_status("live")


# What people do.


def _point(guest: GuestPage, name: str, along: float) -> None:
    """Put the mouse onto a slider, this fraction of its width along."""
    x, y = _spot(guest, name, along)
    guest.page.mouse.move(x - 8, y)
    guest.page.mouse.move(x, y, steps=3)


def _scrolls(guest: GuestPage, by: int) -> None:
    """Turn the wheel over the widgets, and wait until they are there."""
    there = _top_of_tall(guest) - by
    guest.page.mouse.move(200, 300)
    guest.page.mouse.wheel(0, by)
    _becomes(guest, lambda: abs(_top_of_tall(guest) - there) <= _BESIDE)


def _follows(guest: GuestPage, whom: str) -> None:
    guest.page.get_by_role("button", name=f"Follow {whom}").click()
    expect(guest.page.locator(".follow-frame")).to_be_visible()


def _people(guest: GuestPage) -> Locator:
    """The card of people, opened if need be."""
    card = guest.page.get_by_role("dialog", name="People")
    if card.count() == 0:
        guest.page.get_by_role("button", name=re.compile("here$")).click()
    return card


def _switches(guest: GuestPage, label: str) -> None:
    """Turn a switch of the people's card over, and close it."""
    card = _people(guest)
    card.get_by_role("switch", name=re.compile(f"^{label}")).click()
    _closes_people(guest)


def _closes_people(guest: GuestPage) -> None:
    guest.page.keyboard.press("Escape")
    expect(guest.page.get_by_role("dialog", name="People")).to_have_count(0)


def _kill(browser: Browser) -> None:
    """What `kill -9` does: nobody is told."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for process in processes:
        if process["type"] == "browser":
            os.kill(int(process["id"]), signal.SIGKILL)


# What they see.


def _zoom(guest: GuestPage) -> Locator:
    return guest.widgets.get_by_role("button", name="zoom")


def _follows_nobody(guest: GuestPage, leader: GuestPage) -> None:
    """Nor does the leader see a follower."""
    expect(guest.page.locator(".follow-frame")).to_have_count(0)
    expect(leader.page.get_by_role("button", name="following you")).to_have_count(0)


def _spot(guest: GuestPage, name: str, along: float) -> tuple[float, float]:
    box = guest.slider(name).bounding_box()
    assert box is not None, f"the slider {name} is not shown"
    return box["x"] + along * box["width"], box["y"] + box["height"] / 2


def _is_at(guest: GuestPage, name: str, along: float) -> None:
    """The one pointer is over this place."""

    def is_there() -> bool:
        box = guest.page.locator(".pointer svg").bounding_box()
        x, y = _spot(guest, name, along)
        return box is not None and abs(box["x"] - x) <= _BESIDE and abs(box["y"] - y) <= _BESIDE

    _becomes(guest, is_there)


def _top_of_tall(guest: GuestPage) -> float:
    """How far the tall widget is from the upper edge of what is seen of the widgets, in pixels."""
    box = guest.widgets.get_by_text("tall", exact=True).bounding_box()
    around = guest.page.locator(".widgets-side").bounding_box()
    assert box is not None
    assert around is not None
    return box["y"] - around["y"]


def _is_scrolled_as(guest: GuestPage, leader: GuestPage) -> None:
    _becomes(guest, lambda: abs(_top_of_tall(guest) - _top_of_tall(leader)) <= _BESIDE)


def _becomes(guest: GuestPage, holds: Callable[[], bool]) -> None:
    """Looks again until it holds: places have no matcher of their own."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline
        guest.page.wait_for_timeout(50)
