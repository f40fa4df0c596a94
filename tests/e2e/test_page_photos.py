"""Photos between two browsers: brought in every way, seen the right side up, cut, refused, looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, WebSocket, expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host, Line
from tests.support.pages import PATIENCE_MS, GuestPage
from tests.support.photo_page import PhotoPage
from tests.support.photos import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    alike,
    animated,
    camera,
    corners,
    encoded,
    noise,
    screenshot,
    stored,
)

# Stories of two browsers, on a machine that does other things, too.
pytestmark = pytest.mark.timeout(150)


class Guest(PhotoPage):
    """Somebody in a browser who has photos to show."""

    def __init__(self, guest: GuestPage) -> None:
        super().__init__(guest.page, guest.page)
        self.guest = guest


Shower = Callable[..., Guest]

UPRIGHT = [RED, GREEN, BLUE, YELLOW]
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
# What a file is, and what is said of it.
NO_PHOTOS = {
    "cat.png": (b"<!doctype html><script>alert(1)</script>", "This is a web page, whatever its name says."),
    "IMG_1.heic": (HEIC, "This is a HEIC photo, which this browser cannot read."),
    "half.jpg": (encoded(corners((300, 200)), "JPEG")[:400], "This photo is damaged"),
}
# Photos of many shapes and colours, ten in a message.
_FIFTY = """
from tests.support.photos import corners
photos = [corners((200 + 7 * number, 160 + 5 * (number % 9))) for number in range(50)]
for first in range(0, 50, 10):
    room.chat.send(*photos[first : first + 10])
"""
_TYPE = "async (image) => (await fetch(image.src)).headers.get('content-type')"
# Gathers what moves without the person's doing, from when it is called.
_WATCH_SHIFTS = """
() => {
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift" });
}
"""
# From the newest photo to the oldest, each until it has its pixels.
_LOOK_THROUGH = """
async (list) => {
  for (const image of [...list.querySelectorAll(".photo-full")].reverse()) {
    image.scrollIntoView({ block: "center" });
    while (!image.complete || image.naturalWidth === 0) await new Promise(requestAnimationFrame);
  }
}
"""
# Waits until so many percent of the work with a photo are done.
_ARRIVES = """
async (bar, percent) => {
  while (bar.isConnected && Number(bar.ariaValueNow) < percent) await new Promise(requestAnimationFrame);
}
"""


@pytest.fixture
def shower(visit: Visit) -> Shower:
    """Visits, like `visit`, by somebody who has photos to show."""

    def opened(*who: str) -> Guest:
        return Guest(visit(*who))

    return opened


def phone_photo(orientation: int, size: tuple[int, int]) -> bytes:
    """As a phone writes it: where it was, and how it was held."""
    image = stored(corners(size), orientation)
    return encoded(image, "JPEG", exif=camera(orientation), quality=95)


def test_photos_that_are_chosen_pasted_and_dropped_are_seen_by_both_the_right_side_up(shower: Shower) -> None:
    ann, bob = shower("Ann"), shower("Bob")

    ann.chooses(("tall.jpg", phone_photo(6, (320, 480))))
    ann.page.get_by_role("button", name="Describe tall.jpg").click()
    ann.page.get_by_label("What is to be seen?").fill("Four fields")
    ann.page.keyboard.press("Enter")
    ann.pastes("image.png", encoded(corners((300, 200)), "PNG"))
    ann.drops("turned.jpg", phone_photo(3, (480, 320)))
    expect(ann.attached()).to_have_count(3)
    ann.guest.says("three ways")

    for page in (ann, bob):
        page.sees(3)
        page.guest.reads(["three ways"])
        for at in range(3):
            assert alike(page.corners(at), UPRIGHT, 40), page.corners(at)
    expect(bob.page.get_by_role("button", name="Four fields")).to_be_visible()


def test_what_is_no_photo_is_refused_kindly(shower: Shower) -> None:
    ann = shower("Ann")

    for name, (data, words) in NO_PHOTOS.items():
        ann.chooses((name, data))
        ann.is_refused(words)
        ann.page.get_by_role("button", name=f"Remove {name}").click()
        expect(ann.page.locator(".photo-fault")).to_have_count(0)

    expect(ann.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()


def test_what_moves_and_what_is_exact_stays_so_and_is_looked_at_by_keyboard(shower: Shower) -> None:
    ann, bob = shower("Ann"), shower("Bob")
    frames = [corners((64, 64)), corners((64, 64)).rotate(90)]

    ann.shows(("loop.gif", animated(frames, "GIF", duration=80, loop=0)), ("screen.png", encoded(screenshot(), "PNG")))

    bob.sees(2)
    first = bob.tiles().first
    assert [bob.tiles().nth(at).locator(".photo-full").evaluate(_TYPE) for at in range(2)] == ["image/webp"] * 2
    whole = bob.lightbox().locator(".lightbox-whole")
    first.focus()
    bob.page.keyboard.press("Enter")
    expect(whole).to_have_attribute("alt", "Photo 1 of 2 from Ann")
    bob.page.keyboard.press("ArrowRight")
    expect(whole).to_have_attribute("alt", "Photo 2 of 2 from Ann")
    assert whole.evaluate(_TYPE) == "image/png"
    bob.page.keyboard.press("+")
    expect(bob.lightbox().get_by_role("button", name="Show all of it")).to_be_visible()
    with bob.page.expect_download() as saved:
        bob.lightbox().get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "screen.png"
    bob.page.keyboard.press("Escape")
    expect(bob.lightbox()).to_have_count(0)
    expect(first).to_be_focused()


def test_on_a_poor_line_a_photo_can_be_left_out_and_goes_on_where_it_was_cut(
    host: Host, shower: Shower, line: Line
) -> None:
    ann, bob = shower("Ann"), shower("Bob", line.through(host.link))
    sent: list[int] = []

    def follow(socket: WebSocket) -> None:
        sent.append(0)
        socket.on("framesent", lambda data: sent.__setitem__(-1, sent[-1] + len(data)))

    # The message is there at once; its photo, which is on its way since it was chosen, is left out.
    line.limit(20_000)
    bob.chooses(("large.png", encoded(noise((700, 700)), "PNG")))
    expect(bob.attached().locator("img")).to_be_visible()
    bob.guest.says("only the words")
    sending = bob.page.locator(".message[data-state=sending]")
    expect(sending.get_by_role("progressbar", name="large.png")).to_be_visible()
    sending.get_by_role("button", name="Remove large.png").click()
    line.limit(0)
    for page in (ann, bob):
        page.guest.reads(["only the words"])
    assert ann.tiles().count() == 0

    # The next one is cut when more than half of it has arrived, in a connection that is followed from its beginning.
    bob.page.on("websocket", follow)
    with bob.page.expect_event("websocket"):
        line.cut()
    bob.guest.sees_status("live")
    line.limit(200_000)
    bob.chooses(("other.png", encoded(noise((720, 720)), "PNG")))
    bob.sends()
    bob.page.get_by_role("progressbar", name="other.png").evaluate(_ARRIVES, 60)
    before = sent[-1]
    line.cut()
    for page in (ann, bob):
        page.sees(1)
    assert len(sent) == 2
    assert sent[-1] < before


def test_nothing_moves_while_fifty_photos_load(host: Host, shower: Shower) -> None:
    bob = shower("Bob")
    held: list[Route] = []
    holding = [True]

    def hold(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    bob.page.route("**/photos/*", hold)
    host.run(_FIFTY)
    expect(bob.tiles()).to_have_count(50, timeout=PATIENCE_MS)
    bob.page.evaluate(_WATCH_SHIFTS)
    holding.clear()
    for route in held:
        route.continue_()

    bob.page.locator(".chat-list").evaluate(_LOOK_THROUGH)

    assert held
    assert bob.page.evaluate("window.shifts") == []
