"""The panel's ways to the relay: through the Jupyter server, directly, through the kernel."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Guests
from tests.support.background import BackgroundLoop
from tests.support.busy import looping
from tests.support.fault_proxy import FaultProxy
from tests.support.jupyter import JupyterServer
from tests.support.lab import IMPORTS, SHARE, Lab, LabPage, RoomView, join, own_address, running_lab

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

Guest = Callable[..., Page]


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """With jupyter-server-proxy, mounted as JupyterHub does it."""
    with running_lab(tmp_path_factory.mktemp("proxied"), base_url="/user/ana/") as lab:
        yield lab


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Without jupyter-server-proxy."""
    with running_lab(tmp_path_factory.mktemp("plain"), proxy=False) as lab:
        yield lab


@pytest.fixture(scope="module")
def background() -> Iterator[BackgroundLoop]:
    with BackgroundLoop() as background:
        yield background


def from_elsewhere(lab: Lab, background: BackgroundLoop) -> JupyterServer:
    """The same JupyterLab under an address that is not loopback, as if it ran on another machine."""
    way = FaultProxy("127.0.0.1", lab.server.port)
    way.host = own_address()
    background.enter(way)
    return replace(lab.server, url=lab.server.url.replace(f"127.0.0.1:{lab.server.port}", f"{way.host}:{way.port}"))


@pytest.fixture(scope="module")
def guests(browser: Browser) -> Iterator[Guests]:
    guests = Guests(browser)
    yield guests
    guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


@pytest.fixture(scope="module")
def elsewhere(proxied: Lab, guests: Guests, background: BackgroundLoop) -> LabPage:
    """A notebook from another machine, with jupyter-server-proxy."""
    return shared(proxied, guests(), from_elsewhere(proxied, background))


@pytest.fixture(scope="module")
def cut_off(plain: Lab, guests: Guests, background: BackgroundLoop) -> LabPage:
    """A notebook from another machine, without it: nothing but the kernel reaches the relay."""
    return shared(plain, guests(), from_elsewhere(plain, background))


def shared(lab: Lab, page: Page, server: JupyterServer) -> LabPage:
    name = "from this machine" if server is lab.server else "from elsewhere"
    notebook = lab.open(page, name, [IMPORTS, SHARE, looping()], server)
    notebook.share()
    return notebook


def are_in_step(notebook: LabPage, ana: RoomView) -> None:
    notebook.panel.drag(to=60)
    ana.shows(int(notebook.panel.slider.input_value()))
    ana.drag(to=40)
    notebook.panel.shows(int(ana.slider.input_value()))
    notebook.python_sees("slider.value", int(ana.slider.input_value()))


def test_without_a_proxy_a_page_on_this_machine_connects_directly(plain: Lab, guest: Guest) -> None:
    notebook = shared(plain, guest(), plain.server)

    notebook.reaches_the_relay_at(f"ws://127.0.0.1:{plain.relay_port}/ws")
    are_in_step(notebook, join(guest(), notebook.link(), "Ana"))


def test_a_page_from_elsewhere_goes_through_the_jupyter_server(proxied: Lab, elsewhere: LabPage, guest: Guest) -> None:
    base = elsewhere.page.url.partition("/lab")[0].replace("http", "ws")

    assert base.endswith("/user/ana")
    elsewhere.reaches_the_relay_at(f"{base}/proxy/{proxied.relay_port}/ws")
    are_in_step(elsewhere, join(guest(), elsewhere.link(), "Ana"))


def test_a_page_from_elsewhere_without_a_proxy_goes_through_the_kernel(cut_off: LabPage, guest: Guest) -> None:
    cut_off.reaches_the_relay_at()
    are_in_step(cut_off, join(guest(), cut_off.link(), "Ana"))


def test_through_the_kernel_the_panel_stalls_with_it_and_catches_up(cut_off: LabPage, guest: Guest) -> None:
    ana = join(guest(), cut_off.link(), "Ana")
    cut_off.start(2)

    ana.drag(to=20)
    expect(ana.status).to_contain_text("kernel busy, 1 waiting")
    cut_off.panel.drag(to=60)
    by_host = int(cut_off.panel.slider.input_value())
    cut_off.release(2)

    ana.shows(by_host)
    cut_off.panel.shows(by_host)
    cut_off.python_sees("slider.value", by_host)
    are_in_step(cut_off, ana)


@pytest.mark.parametrize("at", ["this machine", "another machine"])
def test_a_guests_page_works_through_the_jupyter_server(
    at: str, proxied: Lab, elsewhere: LabPage, guest: Guest
) -> None:
    base = proxied.server.url if at == "this machine" else f"{elsewhere.page.url.partition('/lab')[0]}/"
    page = guest()
    page.goto(replace(proxied.server, url=base).address("tree"))  # with the token; from now on a cookie lets it in

    ana = join(page, f"{base}proxy/{proxied.relay_port}/r/{elsewhere.link().partition('/r/')[2]}", "Ana")

    assert page.evaluate("location.pathname").startswith("/user/ana/proxy/")
    are_in_step(elsewhere, ana)
