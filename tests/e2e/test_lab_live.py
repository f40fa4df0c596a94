"""Live charts in JupyterLab: a cell that shows one, with nothing shared, and one that shares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.conftest import Guests
from tests.support.busy import GATE
from tests.support.lab import Lab, LabPage, join, running_lab
from tests.support.live import PRELUDE, LiveChart

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

Guest = Callable[..., Page]

_IMPORTS = f"import cowidget as cw\nfrom pathlib import Path\n{PRELUDE}"
_SHOWN = "prices = cw.chart('price', name='prices', title='The price')\nprices.push(rows(0, 1000))\nprices"
_NATIVE = "prices.show('native')"
_PUSHES = (
    "print('begun', flush=True)\nend = 1000\n"
    f"while not Path({GATE!r}).exists():\n    prices.push(rows(end, 5)); end += 5; time.sleep(0.02)\n"
    f"Path({GATE!r}).unlink()"
)
_SHARED = "room = cw.share(prices, name='prices')"
_SHOW, _DRAW, _PUSH, _SHARE = 1, 2, 3, 4
# What JupyterLab and a headless Chromium say in any notebook.
_NOT_OURS = ("favicon", "WebGL", "jupyterlab", "/lab/", "sourcemap")


class Notebook:
    """A notebook with these cells, of which the first two have run, and what the page's console says."""

    def __init__(self, lab: Lab, guests: Guests) -> None:
        self.lab = lab
        self.errors: list[str] = []
        page = guests(viewport={"width": 1280, "height": 1800})
        page.on("console", self._hear)
        self.page: LabPage = lab.open(page, "live", [_IMPORTS, _SHOWN, _NATIVE, _PUSHES, _SHARED])
        self.page.run(0)
        self.page.run(_SHOW)

    def chart(self, cell: int) -> LiveChart:
        """What a cell shows in a protected frame."""
        return LiveChart(self.page.page, self._frame(cell), "")

    def _frame(self, cell: int) -> Locator:
        return self.page.cell(cell).locator(".cowidget-panel iframe")

    def _hear(self, message: ConsoleMessage) -> None:
        ours = not any(word in f"{message.text} {message.location}" for word in _NOT_OURS)
        if message.type == "error" and ours:
            self.errors.append(message.text)


@pytest.fixture(scope="module")
def notebook(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    guests = Guests(browser)
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield Notebook(lab, guests)
        guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


@pytest.fixture(scope="module")
def shared(notebook: Notebook) -> LabPage:
    """The notebook, once the chart is shared."""
    notebook.page.run(_SHARE)
    return notebook.page


def test_a_chart_that_a_cell_shows_moves_while_a_cell_runs(notebook: Notebook) -> None:
    chart = notebook.chart(_SHOW)
    chart.holds(1_000)

    notebook.page.start(_PUSH)
    chart.sees(lambda told: told["end"] > 1_100)
    assert notebook.page.is_running(_PUSH)
    notebook.page.release(_PUSH)

    rows = notebook.page.python("end")
    assert notebook.page.python("crc_of(prices)") == [rows, chart.holds(rows)]


def test_a_chart_has_the_colours_of_jupyterlabs_theme(notebook: Notebook, tmp_path: Path) -> None:
    chart = notebook.chart(_SHOW)
    pictures = []
    for theme, scheme in (("JupyterLab Dark", "dark"), ("JupyterLab Light", "light")):
        notebook.page.command("apputils:change-theme", theme=theme)
        expect(chart.root.locator("xpath=ancestor::html")).to_have_css("color-scheme", scheme)
        pictures.append(chart.root.screenshot(path=tmp_path / f"{scheme}.png"))

    assert pictures[0] != pictures[1]


def test_a_chart_that_jupyterlab_draws_itself_has_the_same_rows(notebook: Notebook) -> None:
    notebook.page.run(_DRAW)
    shown = notebook.page.cell(_DRAW).get_by_test_id("chart")

    expect(shown).to_be_visible()
    stats = "() => [...window.__cowidgetCharts.values()].map(chart => chart.stats().crc)"
    count, crc = notebook.page.python("crc_of(prices)")
    notebook.page.page.wait_for_function(f"crc => ({stats})().includes(crc)", arg=crc)
    assert notebook.chart(_SHOW).holds(count) == crc


def test_a_chart_that_is_shared_after_it_was_shown_is_the_same_for_a_guest(shared: LabPage, guest: Guest) -> None:
    ana = join(guest(), shared.link(), "Ana")
    count, crc = shared.python("crc_of(prices)")

    assert LiveChart(ana.page, ana.root.locator("iframe")).holds(count) == crc


def test_a_moment_goes_from_the_panel_to_the_chat_of_the_guests(
    notebook: Notebook, shared: LabPage, guest: Guest
) -> None:
    chart = notebook.chart(_SHARE)
    chart.sees(lambda told: told["loaded"] > 0)
    ana = join(guest(), shared.link(), "Ana")

    chart.chooses("more", "Send this moment to the chat")
    expect(shared.panel_of(_SHARE).root.locator(".moment-draft")).to_be_visible()
    shared.panel_of(_SHARE).say("the host's moment")

    expect(ana.root.locator("button.moment img")).to_be_visible()
    ana.reads("the host's moment")


def test_nothing_was_wrong_in_the_console(notebook: Notebook) -> None:
    assert notebook.errors == []
