"""Charts in JupyterLab: shown without being shared, live while a cell runs, and drawn by JupyterLab itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.conftest import Guests
from tests.support.busy import looping
from tests.support.lab import Lab, LabPage, running_lab

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

_IMPORTS = "import cowidget as cw, time\nfrom ipywidgets import VBox\nfrom IPython.display import display"
_CHART = "c = cw.chart('temp:float', title='Kitchen')\nc.push(t=1.0, temp=20.5)\nc.threshold(20.5, 'just right')\nc"
_LOOP = f"c.push(t=2.0, temp=21.5)\n{looping()}"
_PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages that last for the module."""
    guests = Guests(browser)
    yield partial(guests, viewport={"width": 1280, "height": 1600})
    guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


@pytest.fixture(scope="module")
def alone(lab: Lab, page: Callable[..., Page]) -> LabPage:
    """A notebook that shows a chart, and has a cell that pushes a row and goes on."""
    return shown(lab.open(page(), "alone", [_IMPORTS, _CHART, _LOOP]))


@pytest.fixture(scope="module")
def among(lab: Lab, page: Callable[..., Page]) -> LabPage:
    """A notebook that shows a chart, and has cells that display it in a box and push a row."""
    chart = _CHART.replace("20.5", "time.time() % 1 + 20")
    return shown(lab.open(page(), "among", [_IMPORTS, chart, "display(VBox([c]))", "c.push(t=2.0, temp=21.5)"]))


def shown(notebook: LabPage) -> LabPage:
    """With the chart of its second cell."""
    notebook.run(0)
    notebook.run(1)
    expect(chart_in(notebook, 1).get_by_text("Kitchen")).to_be_visible(timeout=_PATIENCE_MS)
    return notebook


def chart_in(notebook: LabPage, index: int) -> FrameLocator:
    """The protected frame of the chart that a cell shows."""
    return notebook.cell(index).locator(".cowidget-panel").frame_locator("iframe")


def test_a_chart_that_is_shown_has_no_share_bar_and_no_chat(alone: LabPage) -> None:
    expect(chart_in(alone, 1).get_by_text("Kitchen")).to_be_visible(timeout=_PATIENCE_MS)
    expect(alone.cell(1).get_by_role("button", name="Copy link")).to_have_count(0)
    expect(alone.cell(1).get_by_role("button", name="Open chat")).to_have_count(0)


def test_a_chart_that_is_shown_follows_while_a_cell_runs(alone: LabPage) -> None:
    chart = chart_in(alone, 1)
    expect(chart.get_by_text("20.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)

    alone.start(2)

    expect(chart.get_by_text("21.5", exact=True).first).to_be_visible(timeout=15_000)
    alone.release(2)


def test_a_cell_that_shows_a_chart_may_be_run_again(among: LabPage) -> None:
    among.run(1)

    expect(chart_in(among, 1).get_by_text("Kitchen")).to_be_visible(timeout=_PATIENCE_MS)
    among.python_sees("[len(r._hosting.shared) for r in cw.widgets.share._rooms.values()]", [1])


def test_jupyterlab_draws_a_chart_among_other_widgets_itself(among: LabPage) -> None:
    among.run(2)
    output = among.output(2)
    expect(output.get_by_text("Kitchen")).to_be_visible(timeout=_PATIENCE_MS)

    among.run(3)

    expect(output.get_by_text("21.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)
