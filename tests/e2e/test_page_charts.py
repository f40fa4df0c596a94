"""Chart libraries' widgets in guests' pages: one who is there all the time, one who comes late, and no network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Request, expect

from tests.support.hosts import Host
from tests.support.kernels import Kernel
from tests.support.pages import PATIENCE_MS, GuestPage
from tests.support.running_relay import running_relay

Look = Callable[[FrameLocator, str], None]

_PAINT = "canvas => [...canvas.getContext('2d').getImageData(10, 10, 1, 1).data.slice(0, 3)].join()"
_COLOURS = {"first": "255,0,0", "later": "0,0,255"}


def _shows(selector: str) -> Look:
    def look(stage: FrameLocator, word: str) -> None:
        expect(stage.locator(selector).filter(has_text=word).first).to_be_visible(timeout=PATIENCE_MS)

    return look


def _has_marker(stage: FrameLocator, word: str) -> None:
    expect(stage.locator(f"[data-share=ipyleaflet] img[alt={word}]")).to_be_visible(timeout=PATIENCE_MS)


def _tells_of_its_place(stage: FrameLocator, word: str) -> None:
    """The map is drawn on a graphics card, so what it shows is asked with the mouse."""
    view = stage.locator("[data-share=lonboard] canvas").first
    expect(view).to_be_visible(timeout=PATIENCE_MS)
    tooltip = stage.locator("[data-share=lonboard] .lonboard-tooltip").filter(has_text=word)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline and not tooltip.is_visible():
        box = view.bounding_box()
        assert box is not None
        for off in (5, -5):
            view.page.mouse.move(box["x"] + box["width"] / 2 + off, box["y"] + box["height"] / 2)
        view.page.wait_for_timeout(200)
    expect(tooltip).to_be_visible()


def _is_painted(stage: FrameLocator, word: str) -> None:
    canvas = stage.locator("[data-share=ipycanvas] canvas")
    expect(canvas).to_be_visible(timeout=PATIENCE_MS)
    handle = canvas.element_handle()
    frame = handle.owner_frame()
    assert frame is not None
    frame.wait_for_function(f"canvas => ({_PAINT})(canvas) === {_COLOURS[word]!r}", arg=handle, timeout=PATIENCE_MS)


LOOKS: dict[str, Look] = {
    "plotly": _shows("[data-share=plotly] .legendtext"),
    "altair": _shows("[data-share=altair] svg text"),
    "jscatter": _shows("[data-share=jscatter] svg text"),
    "perspective": _shows("[data-share=perspective] td"),
    "lonboard": _tells_of_its_place,
    "bqplot": _shows("[data-share=bqplot] .mainheading"),
    "ipyleaflet": _has_marker,
    "ipycanvas": _is_painted,
}


class Visitor:
    """A guest's page, with what it asked the network for."""

    def __init__(self, browser: Browser, name: str, link: str) -> None:
        self._context = browser.new_context(viewport={"width": 1200, "height": 2600})
        page = self._context.new_page()
        self.requests: list[Request] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(link)
        self.page = GuestPage(page)
        self.page.introduces_itself(name)

    @property
    def stage(self) -> FrameLocator:
        return self.page.widgets

    def leaves(self) -> None:
        self._context.close()


@pytest.fixture(scope="module")
def host(kernel: Kernel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Has shared all charts in one room."""
    with running_relay(folder=tmp_path_factory.mktemp("charts")) as relay:
        host = Host(kernel, relay, "charts")
        host.run("from tests.support.chart_widgets import Charts\ncharts = Charts()\ncharts.share(room)")
        yield host
        host.leaves()


@pytest.fixture(scope="module")
def ann(browser: Browser, host: Host) -> Iterator[Visitor]:
    """Has seen the charts as they were, and how the kernel has changed them."""
    ann = Visitor(browser, "Ann", host.link)
    for look in LOOKS.values():
        look(ann.stage, "first")
    host.run("charts.change()")
    yield ann
    ann.leaves()


@pytest.fixture(scope="module")
def ben(browser: Browser, host: Host, ann: Visitor) -> Iterator[Visitor]:
    """Has come after that."""
    ben = Visitor(browser, "Ben", host.link)
    yield ben
    ben.leaves()


@pytest.mark.parametrize("name", LOOKS)
def test_who_is_there_sees_what_the_kernel_changes(ann: Visitor, name: str) -> None:
    LOOKS[name](ann.stage, "later")


@pytest.mark.parametrize("name", LOOKS)
def test_who_comes_late_sees_the_chart_as_it_is_now(ben: Visitor, name: str) -> None:
    LOOKS[name](ben.stage, "later")


def test_what_a_guest_hides_is_hidden_for_them_alone(ann: Visitor, ben: Visitor, host: Host) -> None:
    traces = "[data-share=plotly] .scatterlayer .trace"
    ann.stage.locator("[data-share=plotly] .legendtoggle").first.click(force=True)

    expect(ann.stage.locator(traces)).to_have_count(0)
    expect(ben.stage.locator(traces)).to_have_count(1)
    host.kernel.sees("charts.figure.data[0].visible", None)


def test_a_page_asks_nobody_but_the_relay(ann: Visitor, ben: Visitor, host: Host) -> None:
    urls = {request.url: request.failure for request in (*ann.requests, *ben.requests)}
    near = {"", f"127.0.0.1:{host.relay.port}"}  # in the page itself, or at the relay
    elsewhere = {url: failure for url, failure in urls.items() if urlsplit(url).netloc not in near}

    # The page's policy keeps maps from asking for pictures of the world: they stay blank.
    assert set(elsewhere.values()) <= {"csp"}
    assert {urlsplit(url).netloc for url in elsewhere} <= {"basemaps.cartocdn.com", "tile.openstreetmap.org"}


def test_nothing_fails_in_a_page(ann: Visitor, ben: Visitor, host: Host) -> None:
    assert ann.errors + ben.errors == []
    assert host.kernel.value("[str(error) for error in room.errors]") == []


def test_a_guests_session_with_a_table_ends_when_they_leave(ann: Visitor, ben: Visitor, host: Host) -> None:
    host.kernel.sees("len(charts.table._sessions)", 2)

    ben.leaves()

    host.kernel.sees("len(charts.table._sessions)", 1)


def test_who_may_only_look_reads_why_a_table_is_missing(browser: Browser, host: Host) -> None:
    host.run("tables = cw.room('tables').share(charts.table)")
    host.run("lookers = tables.invite(role='viewer')")
    vic = Visitor(browser, "Vic", host.link_of("lookers"))

    expect(vic.stage.get_by_text("your link is for looking only")).to_be_visible(timeout=PATIENCE_MS)
    vic.leaves()
    host.run("tables.stop()")
