"""The way to the relay breaks in every manner: both guests go on, and end with the same, once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Locator

from tests.e2e.conftest import Visit
from tests.support.glimpse import glimpse
from tests.support.hosts import Host, Line
from tests.support.pages import GuestPage
from tests.support.running_relay import RunningRelay

# Some of them wait for the page's own patience.
pytestmark = pytest.mark.timeout(150)

# Milliseconds. The page gives a silent relay 10 s, the relay a silent page two pings (PROTOCOL.md S9); the rest is for
# a busy machine. Without them, nobody would notice for minutes.
_NOTICED_MS = 25_000


def test_a_line_that_is_cut_and_then_falls_silent_loses_nothing_and_doubles_nothing(
    host: Host, visit: Visit, line: Line
) -> None:
    ann, bob = visit("Ann"), visit("Bob", line.through(host.link))
    bob.grab("amplitude")
    bob.pull("amplitude", 4)

    # In the middle of a drag, and of a word.
    with glimpse(_toasts(bob), "Back"):
        line.cut()
        ann.says("one")
        bob.pull("amplitude", 7)
        bob.drop()
        ann.reads(["one"])
    bob.types("tw")
    line.cut()
    bob.types("o")
    bob.presses("Enter")
    ann.drag("frequency", 6)
    for page in (ann, bob):
        page.reads(["one", "two"])
        page.sees_value("amplitude", 7)
        page.sees_value("frequency", 6)
    host.sees("amplitude", 7)
    host.sees("frequency", 6)

    # Silence is noticed on both sides.
    ann.sees_people("Bob")
    line.stall()
    bob.says("into the silence")
    ann.sees_people(within_ms=_NOTICED_MS)
    bob.sees_status("reconnecting", within_ms=_NOTICED_MS)
    line.resume()
    bob.sees_status("live")
    ann.sees_people("Bob")
    for page in (ann, bob):
        page.reads(["one", "two", "into the silence"])


def test_what_is_done_while_away_is_counted_waits_also_for_a_reload_and_arrives_once(
    host: Host, visit: Visit, line: Line
) -> None:
    ann, bob = visit("Ann"), visit("Bob", line.through(host.link))

    line.refuse()
    bob.drag("amplitude", 9)
    bob.says("from the dark")
    bob.sees_status(re.compile(r"reconnecting in \d+ s, 2 changes waiting,\s*retry now"))
    ann.drag("amplitude", 3)
    ann.says("from the light")
    ann.reads(["from the light"])
    host.sees("amplitude", 3)
    with glimpse(_toasts(bob), "Back. 2 changes sent."):
        line.accept()
        bob.retries()
    for page in (ann, bob):
        page.reads(["from the light", "from the dark"])
        page.sees_value("amplitude", 9)
    host.sees("amplitude", 9)

    # Where the page knows that it has no network, it comes back by itself.
    line.refuse()
    bob.sees_status("reconnecting")
    bob.page.context.set_offline(True)  # only tells the page so: the sockets are the line's
    bob.drag("amplitude", 8)
    bob.drag("frequency", 5)
    bob.says("from below ground")
    bob.sees_status("offline, 3 changes waiting")
    with glimpse(_toasts(bob), "Back. 3 changes sent."):
        line.accept()
        bob.page.context.set_offline(False)
    ann.reads(["from the light", "from the dark", "from below ground"])
    ann.sees_value("amplitude", 8)
    ann.sees_value("frequency", 5)

    line.refuse()
    bob.drag("amplitude", 7)
    bob.says("kept")
    bob.sees_status("2 changes waiting")
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        bob.page.reload()
    bob.page.wait_for_url("chrome-error://**")
    line.accept()
    bob.page.goto(line.through(host.link))
    for page in (ann, bob):
        page.reads(["from the light", "from the dark", "from below ground", "kept"])
        page.sees_value("amplitude", 7)
    ann.sees_people("Bob")
    host.sees("amplitude", 7)


def test_a_relay_that_is_killed_and_started_again_has_everything_and_the_pages_come_back(
    host: Host, visit: Visit, relay: RunningRelay
) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.drag("frequency", 7)
    ann.says("before")
    bob.reads(["before"])
    host.sees("frequency", 7)

    relay.kill()
    bob.says("meanwhile")
    bob.sees_status("reconnecting")
    relay.start()

    for page in (ann, bob):
        page.retries()
        page.sees_status("live")
        page.reads(["before", "meanwhile"])
        page.sees_value("frequency", 7)
    bob.drag("amplitude", 5)
    host.sees("amplitude", 5)
    ann.sees_value("amplitude", 5)


def test_a_duplicated_tab_is_somebody_else_and_sends_nothing_twice(host: Host, visit: Visit, line: Line) -> None:
    ann, bob = visit("Ann"), visit("Bob", line.through(host.link))
    line.delay_sending(0.4)
    bob.says("once")

    with bob.page.context.expect_page() as opened:
        bob.page.evaluate("window.open(location.href)")  # copies this tab's storage, "once" in its outbox
    copy = GuestPage(opened.value)
    copy.sees_status("live")
    copy.says("from the copy")

    for page in (ann, bob, copy):
        page.reads(["once", "from the copy"])
    ann.sees_people("Bob", "Bob (2)")
    bob.drag("frequency", 5)
    copy.drag("amplitude", 6)
    for page in (ann, bob, copy):
        page.sees_value("frequency", 5)
        page.sees_value("amplitude", 6)


def _toasts(page: GuestPage) -> Locator:
    return page.page.locator(".toasts")
