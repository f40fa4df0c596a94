"""Charts in JupyterLab: shown without being shared, live while a cell runs, and drawn by JupyterLab itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, expect

from tests.conftest import Guests
from tests.support.busy import looping
from tests.support.lab import LabPage, running_lab

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

_IMPORTS = "import cowidget as cw\nfrom ipywidgets import VBox\nfrom IPython.display import display"
# Later and warmer each time that the cell is run.
_ROWS = "rows = iter([{'t': 1.0, 'temp': 20.5}, {'t': 3.0, 'temp': 22.5}])"
_CHART = "c = cw.chart('temp:float', title='Kitchen')\nc.push(**next(rows))\nc.threshold(20.5, 'just right')\nc"
_PUSHES = f"c.push(t=2.0, temp=21.5)\n{looping()}"
_CELLS = [f"{_IMPORTS}\n{_ROWS}", _CHART, _PUSHES, "display(VBox([c]))", "c.push(t=4.0, temp=23.5)"]
_PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def notebook(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPage]:
    """A notebook whose second cell shows a chart; the others push a row and go on, display it in a box, push a row."""
    guests = Guests(browser)
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        notebook = lab.open(guests(viewport={"width": 1280, "height": 1600}), "charts", _CELLS)
        notebook.run(0)
        notebook.run(1)
        expect(chart_in(notebook, 1).get_by_role("heading", name="Kitchen")).to_be_visible(timeout=_PATIENCE_MS)
        yield notebook
        guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


def chart_in(notebook: LabPage, index: int) -> FrameLocator:
    """The protected frame of the chart that a cell shows."""
    return notebook.cell(index).locator(".cowidget-panel").frame_locator("iframe")


def test_a_chart_that_is_shown_has_no_share_bar_and_no_chat(notebook: LabPage) -> None:
    expect(chart_in(notebook, 1).get_by_role("heading", name="Kitchen")).to_be_visible(timeout=_PATIENCE_MS)
    expect(notebook.cell(1).get_by_role("button", name="Copy link")).to_have_count(0)
    expect(notebook.cell(1).get_by_role("button", name="Open chat")).to_have_count(0)


def test_a_chart_that_is_shown_follows_while_a_cell_runs(notebook: LabPage) -> None:
    chart = chart_in(notebook, 1)
    expect(chart.get_by_text("20.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)

    notebook.start(2)

    expect(chart.get_by_text("21.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)
    notebook.release(2)


def test_a_cell_that_shows_a_chart_may_be_run_again(notebook: LabPage) -> None:
    notebook.run(1)

    expect(chart_in(notebook, 1).get_by_text("22.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)
    notebook.python_sees("[len(r._hosting.shared) for r in cw.widgets.share._rooms.values()]", [1])


def test_jupyterlab_draws_a_chart_among_other_widgets_itself(notebook: LabPage) -> None:
    notebook.run(3)
    output = notebook.output(3)
    expect(output.get_by_role("heading", name="Kitchen")).to_be_visible(timeout=_PATIENCE_MS)

    notebook.run(4)

    expect(output.get_by_text("23.5", exact=True).first).to_be_visible(timeout=_PATIENCE_MS)
