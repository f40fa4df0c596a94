"""Classic widgets and anywidgets where the notebook page talks to the kernel in other ways.

JupyterLab sends what its own views say to subshells of the kernel, other threads than that of the cells, or, with
another setting, to the main one. Notebook 7 is another page around the same parts.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.conftest import Guests
from tests.support import jupyter
from tests.support.busy import looping
from tests.support.lab import SOON, Lab, LabPage, RoomView, join, running_lab

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

_SHARE = """
classic, slider, out, button = IntSlider(), Slider(), Output(), Button(description="Say")
def say(word):
    with out: print(word)
button.on_click(lambda _: say("clicked"))
box = VBox([classic, slider, out, button])
room = cw.share(box)
"""
_CELLS = (
    "import cowidget as cw\nfrom ipywidgets import *\nfrom tests.support.lab_widgets import *",
    _SHARE.strip(),
    "box",
    "say('from a cell')",
    looping(),
)
_SETTINGS = "@jupyterlab/apputils-extension", "kernels-settings.jupyterlab-settings"
_COMMS = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.commsOverSubshells"


class NotebookPage(LabPage):
    """A notebook that is open in Notebook 7."""

    def open(self) -> None:
        self.page.goto(self._server.address(f"notebooks/{urllib.parse.quote(self._path)}"))
        expect(self.cell(0)).to_be_visible(timeout=SOON * 1000)
        jupyter.wait_idle(self.page)


@dataclass(frozen=True, slots=True)
class View:
    """The two sliders as somebody sees them: a guest, the panel, or the notebook's own views."""

    page: Page
    place: Locator | FrameLocator

    def write(self, classic: int) -> None:
        """Writes a number beside the classic slider."""
        self._readout.fill(str(classic))
        self._readout.press("Enter")

    def slide(self, slider: int) -> None:
        """Moves the anywidget's slider."""
        self.place.get_by_label("value").fill(str(slider))

    def shows(self, classic: int, slider: int) -> None:
        expect(self._readout).to_have_text(str(classic), timeout=SOON * 1000)
        expect(self.place.get_by_label("value")).to_have_value(str(slider), timeout=SOON * 1000)

    def click(self) -> None:
        """Presses the button whose callback prints into the output."""
        self.place.get_by_role("button", name="Say").click()

    def reads(self, *lines: str) -> None:
        """Waits until the output has these lines, and no others."""
        text = "".join(f"{line}\n" for line in lines)
        expect(self.place.locator(".jp-OutputArea-output, .cw-output").last).to_have_text(text, timeout=SOON * 1000)

    @property
    def _readout(self) -> Locator:
        return self.place.locator(".widget-readout")


@dataclass(frozen=True, slots=True)
class Desk:
    """A host with the notebook, and a guest."""

    notebook: LabPage
    guest: RoomView

    def views(self) -> tuple[View, View, View]:
        """What the guest sees, what the panel shows, and what the notebook itself draws."""
        page = self.notebook.page
        return (
            View(self.guest.page, self.guest.widgets),
            View(page, self.notebook.panel.widgets),
            View(page, self.notebook.output(2)),
        )


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    config = folder / "lab" / "config"
    config.mkdir(parents=True)
    (config / "jupyter_notebook_config.json").write_text('{"JupyterNotebookApp": {"expose_app_in_browser": true}}')
    with running_lab(folder) as running:
        yield running


@pytest.fixture(scope="module", params=["perCommTarget", "disabled", "notebook 7"])
def desk(request: pytest.FixtureRequest, lab: Lab, browser: Browser) -> Iterator[Desk]:
    guests = Guests(browser)
    kind = NotebookPage if request.param == "notebook 7" else LabPage
    if kind is LabPage:
        _set_comms(lab, request.param)
    path = f"{request.param.replace(' ', '-')}.ipynb"
    jupyter.write_notebook(lab.server.root / path, _CELLS)
    notebook = kind(guests(viewport={"width": 1280, "height": 1600}), lab.server, path)
    notebook.open()
    # Notebook 7.6 throws while it loads its settings, when nothing of ours is there yet.
    guests.errors.clear()
    if kind is LabPage:
        notebook.page.wait_for_function(f"value => {_COMMS} === value", arg=request.param)
    notebook.share()
    notebook.run(2)
    yield Desk(notebook, join(guests(), notebook.link(), "Ana"))
    guests.leave()
    lab.end_kernels()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


def _set_comms(lab: Lab, value: str) -> None:
    extension, file = _SETTINGS
    folder = lab.server.root.parent / "config" / "lab" / "user-settings" / extension
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(json.dumps({"commsOverSubshells": value}))


def test_guest_and_host_see_what_the_other_does(desk: Desk) -> None:
    guest, panel, native = desk.views()

    native.write(1)
    guest.slide(40)
    for view in desk.views():
        view.shows(1, 40)
    guest.write(2)
    panel.shows(2, 40)
    panel.write(3)
    native.slide(50)

    for view in desk.views():
        view.shows(3, 50)
    desk.notebook.python_sees("[classic.value, slider.value]", [3, 50])


def test_what_is_done_while_a_cell_runs_waits_for_it(desk: Desk) -> None:
    guest, panel, _ = desk.views()
    desk.notebook.python("[setattr(classic, 'value', 10), setattr(slider, 'value', 10)]")
    guest.shows(10, 10)
    desk.notebook.start(4)

    guest.write(11)
    guest.slide(60)

    panel.shows(11, 60)
    expect(desk.guest.status).to_contain_text("kernel busy, 2 waiting")
    expect(desk.notebook.panel.status).to_contain_text("kernel busy, 2 waiting")
    desk.notebook.release(4)
    for view in desk.views():
        view.shows(11, 60)
    desk.notebook.python_sees("[classic.value, slider.value]", [11, 60])


def test_what_is_printed_into_an_output_is_there_for_everybody_and_once(desk: Desk) -> None:
    guest, _, native = desk.views()
    desk.notebook.python("out.clear_output()")

    desk.notebook.run(3)
    native.click()
    for view in desk.views():
        view.reads("from a cell", "clicked")
    guest.click()

    for view in desk.views():
        view.reads("from a cell", "clicked", "clicked")
    assert desk.notebook.output(3).inner_text() == ""
