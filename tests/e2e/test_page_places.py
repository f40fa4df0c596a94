"""Where the page is opened and what runs in it: under a path, on a phone, over plain http, beside hostile code."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from cowidget.client.links import parse
from tests.e2e.conftest import Visit
from tests.support.background import BackgroundLoop
from tests.support.chromium import LAUNCH_ARGS, chromium_path
from tests.support.glimpse import glimpse
from tests.support.hosts import Host
from tests.support.kernels import TIMEOUT
from tests.support.pages import GuestPage
from tests.support.prefix_proxy import PrefixProxy
from tests.support.running_relay import RunningRelay, running_relay

_PHONE = {"width": 360, "height": 740}
_NAME = "lab.test"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    """On all addresses of this machine, one of them a name."""
    folder = tmp_path_factory.mktemp("relay")
    with running_relay(folder=folder, host="0.0.0.0", allow_host=_NAME) as relay:
        yield relay


def test_the_page_works_under_a_path_and_by_keyboard(host: Host, visit: Visit, background: BackgroundLoop) -> None:
    proxy = background.enter(PrefixProxy(host.relay.port, "/user/ana/proxy/8000"))
    under = host.link.replace(urlsplit(host.link).netloc, f"127.0.0.1:{proxy.port}/user/ana/proxy/8000", 1)
    ann, bob = visit("Ann"), visit("Bob", under)

    bob.drag("frequency", 6)
    bob.slider("amplitude").press("ArrowRight")
    bob.types("from below")
    bob.presses("Shift+Enter")
    bob.types("second line")
    bob.presses("Enter")

    ann.sees_value("frequency", 6)
    ann.sees_value("amplitude", 2)
    expect(ann.messages()).to_have_text(["from belowsecond line"])
    expect(ann.messages().locator("br")).to_have_count(1)
    expect(bob.composer()).to_have_value("")
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


def test_widget_code_reaches_neither_the_page_nor_the_secret_nor_the_network(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    ann.sees_value("frequency", 1)  # what the page itself asks for has come
    answered: list[str] = []
    ann.page.on("response", lambda response: answered.append(response.url))

    host.run(f"room.share(Spy(relay='http://127.0.0.1:{host.relay.port}'), name='spy')")
    shown = ann.widgets.locator("output")
    expect(shown).to_be_visible()
    report = json.loads(shown.inner_text())

    assert report.pop("origin") == "null"
    assert parse(host.link).secret not in json.dumps(report.pop("addresses"))
    assert {name: outcome for name, outcome in report.items() if outcome != "refused"} == {}
    assert [url for url in answered if not url.startswith("blob:")] == []
    ann.sees_status("live")


def _own_address() -> str:
    """The machine's own address, as others would use it; without a network, its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return _NAME
        return str(probe.getsockname()[0])


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Browser]:
    """A browser for which a name leads to this machine: neither loopback nor secure."""
    arguments = [*LAUNCH_ARGS, f"--host-resolver-rules=MAP {_NAME} 127.0.0.1"]
    other = browser.browser_type.launch(executable_path=chromium_path(), args=arguments)
    yield other
    other.close()


def test_the_page_works_over_plain_http_from_other_machines(host: Host, stranger: Browser) -> None:
    links = [host.link.replace("127.0.0.1", address, 1) for address in (_own_address(), _NAME)]
    ann, bob = (_joined(stranger, link, name) for link, name in zip(links, ("Ann", "Bob"), strict=True))

    ann.drag("frequency", 6)
    ann.says("over the air")
    for page, link in zip((ann, bob), links, strict=True):
        page.page.get_by_role("button", name="Share").click()
        copy = page.page.get_by_role("button", name="Copy link")
        with glimpse(copy, "Copied"):
            copy.click()
        expect(copy).to_be_focused()
        page.page.keyboard.press("Escape")
        page.composer().focus()
        page.presses("Control+v")
        expect(page.composer()).to_have_value(link)

    bob.sees_value("frequency", 6)
    bob.reads(["over the air"])
    host.kernel.sees("tuner.frequency", 6, TIMEOUT)


def _joined(browser: Browser, link: str, name: str) -> GuestPage:
    page = GuestPage(browser.new_context().new_page())
    page.page.goto(link)
    assert not page.page.evaluate("isSecureContext")
    page.introduces_itself(name)
    page.sees_status("live")
    return page
