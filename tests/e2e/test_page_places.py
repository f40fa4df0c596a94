"""Where the page is opened and what runs in it: under a path, on a phone, over plain http, beside hostile code."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from cowidget.client.links import parse
from tests.e2e.conftest import Visit
from tests.support.background import BackgroundLoop
from tests.support.chromium import LAUNCH_ARGS, chromium_path
from tests.support.glimpse import glimpse
from tests.support.hosts import Host
from tests.support.kernels import Kernel
from tests.support.pages import GuestPage
from tests.support.prefix_proxy import PrefixProxy
from tests.support.running_relay import running_relay

_PHONE = {"width": 360, "height": 740}
_NAME = "lab.test"


def test_the_page_works_under_a_path(host: Host, visit: Visit, background: BackgroundLoop) -> None:
    proxy = background.enter(PrefixProxy(host.relay.port, "/user/ana/proxy/8000"))
    under = host.link.replace(urlsplit(host.link).netloc, f"127.0.0.1:{proxy.port}/user/ana/proxy/8000", 1)
    ann, bob = visit("Ann"), visit("Bob", under)

    bob.drag("frequency", 6)
    bob.says("from below")

    ann.sees_value("frequency", 6)
    ann.reads(["from below"])
    bob.page.get_by_role("button", name="Share").click()
    expect(bob.page.get_by_label("Link to this room")).to_have_value(under)


def test_a_phone_shows_one_thing_at_a_time_and_nothing_is_wider_than_it(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob", viewport=_PHONE, has_touch=True, is_mobile=True)
    assert not bob.overflows()

    bob.drag("frequency", 6)
    ann.sees_value("frequency", 6)
    bob.goes_to("Chat")
    expect(bob.slider("frequency")).to_be_hidden()
    bob.composer().fill("a word " * 30 + "w" * 200)
    bob.presses("Enter")
    expect(ann.messages()).to_have_count(1)
    assert not bob.overflows()

    bob.goes_to("People")
    expect(bob.composer()).to_be_hidden()
    expect(bob.page.locator(".people-side .person-name")).to_have_text(["Bob", "Ann"])
    assert not bob.overflows()

    bob.goes_to("Widgets")
    bob.sees_value("frequency", 6)
    assert not bob.overflows()


def test_enter_sends_shift_enter_does_not_and_sliders_follow_the_keyboard(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    bob.types("first line")
    bob.presses("Shift+Enter")
    bob.types("second line")
    bob.presses("Enter")
    bob.slider("amplitude").press("ArrowRight")

    expect(ann.messages()).to_have_text(["first linesecond line"])
    expect(ann.messages().locator("br")).to_have_count(1)
    ann.sees_value("amplitude", 2)
    expect(bob.composer()).to_have_value("")


def test_widget_code_reaches_neither_the_page_nor_the_secret_nor_the_network(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    ann.sees_value("frequency", 1)  # what the page itself asks for has come
    answered: list[str] = []
    ann.page.on("response", lambda response: answered.append(response.url))

    host.run(f"room.share(Spy(relay='http://127.0.0.1:{host.relay.port}'), name='spy')")
    shown = ann.widgets.locator("output")
    expect(shown).to_be_visible(timeout=15_000)
    report = json.loads(shown.inner_text())

    assert report.pop("origin") == "null"
    assert parse(host.link).secret not in json.dumps(report.pop("addresses"))
    assert {name: outcome for name, outcome in report.items() if outcome != "refused"} == {}
    assert [url for url in answered if not url.startswith("blob:")] == []
    ann.sees_status("live")


def _lan_addresses() -> list[str]:
    """The machine's own address, as others would use it; none without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A browser for which a name leads to this machine: neither loopback nor secure."""
    arguments = [*LAUNCH_ARGS, f"--host-resolver-rules=MAP {_NAME} 127.0.0.1"]
    other = browser.browser_type.launch(executable_path=chromium_path(), args=arguments)
    yield lambda url, **options: _opened(other, url, options)
    other.close()


def _opened(browser: Browser, url: str, options: dict[str, Any]) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("address", [*_lan_addresses(), _NAME])
def test_the_page_works_over_plain_http_from_another_machine(
    kernel: Kernel, stranger: Callable[..., Page], address: str
) -> None:
    with running_relay(host="0.0.0.0", allow_host=_NAME) as relay:
        host = Host(kernel, relay, "lan")
        link = host.link.replace("127.0.0.1", address, 1)
        ann, bob = GuestPage(stranger(link)), GuestPage(stranger(link))
        assert not ann.page.evaluate("isSecureContext")
        ann.introduces_itself("Ann")
        bob.introduces_itself("Bob")

        ann.drag("frequency", 6)
        ann.says("over the air")
        ann.page.get_by_role("button", name="Share").click()
        copy = ann.page.get_by_role("button", name="Copy link")
        with glimpse(copy, "Copied"):
            copy.click()
        ann.page.keyboard.press("Escape")
        ann.composer().focus()
        ann.presses("Control+v")

        expect(ann.composer()).to_have_value(link)
        bob.sees_value("frequency", 6)
        bob.reads(["over the air"])
        host.sees("frequency", 6)
        host.leaves()
