"""JupyterLab with cowidget in it, in the words of whoever sits in front of it.

with running_lesson(browser, tmp_path) as lesson:
    lesson.ana.drag(to=60)
    lesson.notebook.panel.shows(60)
"""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Locator, Page, WebSocket, expect

from tests.conftest import Guests
from tests.support import busy, jupyter
from tests.support.jupyter import JupyterServer
from tests.support.kernels import ROOT, end_relay

IMPORTS = "import cowidget as cw\nfrom tests.support.lab_widgets import Broken, Slider"
SHARE = "slider = Slider()\nroom = cw.share(slider)"

# Seconds. What people see at once takes longer while two kernels and three browsers share two cores.
SOON = 15.0
_LONG_MS = 30_000
_ERROR = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
# Half of a Chromium range's thumb: the middle of the thumb stays that far inside.
_HALF_THUMB = 8

_EVALUATE = """async (code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const options = { code: "", silent: true, store_history: false, user_expressions: { it: code } };
  const { content } = await kernel.requestExecute(options).done;
  const { it } = content.user_expressions;
  if (it.status !== "ok") throw new Error(`${it.ename}: ${it.evalue}`);
  return it.data["text/plain"];
}"""
_CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .map(({ cell_type, source }) => [cell_type, source])"""


class RoomView:
    """The room as somebody sees it: a guest's page, or the panel in a notebook."""

    def __init__(self, page: Page, root: Locator) -> None:
        self.page = page
        self.root = root

    @property
    def widgets(self) -> FrameLocator:
        """The protected frame that the shared widgets are drawn in."""
        return self.root.frame_locator("iframe")

    @property
    def slider(self) -> Locator:
        return self.widgets.get_by_label("value")

    @property
    def status(self) -> Locator:
        return self.root.locator(".status")

    @property
    def toasts(self) -> Locator:
        return self.root.locator(".toasts")

    def is_live(self) -> None:
        """Waits until it is."""
        expect(self.status).to_have_attribute("data-phase", "live", timeout=_LONG_MS)

    def meets(self, name: str) -> None:
        """Waits until somebody of this name is here."""
        expect(self.root.get_by_role("button", name=f"Follow {name}", exact=True)).to_be_visible(timeout=SOON * 1000)

    def drag(self, *, to: int) -> None:
        """Takes the slider's thumb with the mouse, and lets it go there."""
        drag(self.page, self.slider, to)

    def shows(self, value: int) -> None:
        """Waits until the slider stands there."""
        expect(self.slider).to_have_value(str(value), timeout=SOON * 1000)

    def open_chat(self) -> Locator:
        """Opens the chat where it is closed; the field that messages are written in."""
        opener = self.root.get_by_role("button", name="Open chat")
        if opener.is_visible():
            opener.click()
        return self.root.get_by_label("Message", exact=True)

    def say(self, text: str) -> None:
        """Writes a message and sends it."""
        written = self.open_chat()
        written.fill(text)
        written.press("Enter")

    def reads(self, text: str) -> None:
        """Waits until the chat, which is opened for that, shows a message with the text."""
        self.open_chat()
        message = self.root.locator(".message[data-state=sent]").filter(has_text=text)
        expect(message).to_be_visible(timeout=SOON * 1000)


def drag(page: Page, slider: Locator, to: int) -> None:
    """Drags any slider from 0 to 100 with the mouse, to the value or next to it."""
    width, height = slider.evaluate("slider => [slider.clientWidth, slider.clientHeight]")
    unit = (width - 2 * _HALF_THUMB) / 100
    # Goes there once it stands still, with nothing before it.
    slider.hover(position={"x": _HALF_THUMB + int(slider.input_value()) * unit, "y": height / 2})
    page.mouse.down()
    box = slider.bounding_box()
    if box is None:
        raise AssertionError("the slider is not visible")
    page.mouse.move(box["x"] + _HALF_THUMB + to * unit, box["y"] + height / 2, steps=6)
    page.mouse.up()


def join(page: Page, link: str, name: str) -> RoomView:
    """Opens the link as a guest and answers the question for a name."""
    page.goto(link)
    view = RoomView(page, page.locator(".app.page"))
    asked = view.root.get_by_role("dialog", name="What is your name?")
    asked.get_by_label("Name", exact=True).fill(name)
    asked.get_by_role("button", name="Continue").click()
    view.is_live()
    return view


class LabPage:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page: Page, server: JupyterServer, path: str) -> None:
        self.page = page
        self.sockets: list[str] = []
        self._server = server
        self._path = path
        page.on("websocket", self._note_socket)

    def open(self) -> None:
        """Opens it, and waits for its kernel."""
        jupyter.open_notebook(self.page, self._server, self._path)
        jupyter.wait_idle(self.page)

    @property
    def panels(self) -> Locator:
        """All panels that the notebook shows."""
        return self.page.locator(".jp-NotebookPanel .cowidget-panel")

    @property
    def panel(self) -> RoomView:
        """The panel of the cell that shares the slider."""
        return self.panel_of(1)

    def panel_of(self, index: int) -> RoomView:
        """The panel that a cell shows."""
        return RoomView(self.page, self.cell(index).locator(".cowidget-panel .app"))

    @property
    def native_slider(self) -> Locator:
        """A slider that JupyterLab itself draws, by its own comm."""
        return self.page.locator(".jp-NotebookPanel .jp-OutputArea .lm-Widget input[type=range]")

    def cell(self, index: int) -> Locator:
        return jupyter.cell(self.page, index)

    def output(self, index: int) -> Locator:
        """What a cell has printed or shown."""
        return self.cell(index).locator(".jp-OutputArea")

    def run(self, index: int) -> None:
        """Runs a cell to its end; fails when it does."""
        failed = jupyter.run_cell(self.page, index).locator(_ERROR)
        assert failed.count() == 0, failed.first.inner_text()

    def share(self) -> None:
        """Runs the first two cells, which share a slider, and waits for the panel."""
        self.run(0)
        self.run(1)
        self.panel.is_live()

    def fails(self, index: int) -> list[str]:
        """Runs a cell that ends with an error; the lines that it shows."""
        failed = jupyter.run_cell(self.page, index).locator(_ERROR)
        expect(failed).to_be_visible()
        return failed.inner_text().strip().splitlines()

    def start(self, index: int) -> None:
        """Begins to run a cell of `busy` and returns when it is at work."""
        jupyter.enter(self.cell(index))
        self.page.keyboard.press("Shift+Enter")
        # First that it runs: until then, what it printed the last time stands there.
        expect(self.cell(index).locator(".jp-InputPrompt")).to_have_text("[*]:", timeout=_LONG_MS)
        expect(self.output(index)).to_contain_text(busy.BEGUN, timeout=_LONG_MS)

    def is_running(self, index: int) -> bool:
        return self.cell(index).locator(".jp-InputPrompt").inner_text() == "[*]:"

    def release(self, index: int) -> None:
        """Lets a cell of `busy` end."""
        assert self.is_running(index)
        busy.release(self._server.root / busy.GATE)
        self.finishes(index)

    def finishes(self, index: int) -> None:
        """Waits for the end of a cell."""
        expect(self.cell(index).locator(".jp-InputPrompt")).not_to_have_text("[*]:", timeout=_LONG_MS)

    def run_all(self) -> None:
        """Runs all cells; fails when one does."""
        jupyter.run_all(self.page)

    def restart_and_run_all(self) -> None:
        """What the button with the two arrows does, with its question answered."""
        done = self.page.evaluate_handle("({ done: window.jupyterapp.commands.execute('notebook:restart-run-all') })")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        assert done.evaluate("async ({ done }) => await done"), "a cell failed after the restart"

    def save(self) -> str:
        """Saves it; the file's text."""
        self.command("docmanager:save")
        return (self._server.root / self._path).read_text("utf-8")

    def command(self, name: str, **arguments: Any) -> None:
        """What a menu entry does, to its end."""
        self.page.evaluate(
            "([name, arguments]) => window.jupyterapp.commands.execute(name, arguments)", [name, arguments]
        )

    def cells(self) -> list[list[str]]:
        """Type and source of each cell."""
        found: list[list[str]] = self.page.evaluate(_CELLS)
        return found

    def python(self, expression: str) -> Any:
        """The value of an expression in the notebook's kernel, once that is idle."""
        text = self.page.evaluate(_EVALUATE, f"__import__('json').dumps({expression})")
        return json.loads(ast.literal_eval(text))

    def python_sees(self, expression: str, expected: Any) -> None:
        """Waits until the expression has the value."""
        deadline = time.monotonic() + SOON
        while (value := self.python(expression)) != expected:
            assert time.monotonic() < deadline, f"{expression} is {value!r}, not {expected!r}"
            self.page.wait_for_timeout(50)

    def link(self) -> str:
        """The guests' link."""
        return str(self.python("str(room.url)"))

    def reaches_the_relay_at(self, *addresses: str) -> None:
        """Waits until the panel is connected there and nowhere else; nowhere when it goes through the kernel."""
        deadline = time.monotonic() + SOON
        while self.sockets != list(addresses):
            assert time.monotonic() < deadline, f"connected to {self.sockets}, not to {addresses}"
            self.page.wait_for_timeout(50)

    def _note_socket(self, socket: WebSocket) -> None:
        address = socket.url.partition("?")[0]
        if not address.endswith("/ws"):
            return  # JupyterLab's own
        self.sockets.append(address)
        socket.on("close", lambda _: self.sockets.remove(address))


@dataclass
class Lab:
    """A running JupyterLab whose kernels keep their rooms in `home`."""

    server: JupyterServer
    home: Path

    @property
    def relay_port(self) -> int:
        """The port of the relay that the kernels have started."""
        return urllib.parse.urlsplit(self._relay()["url"]).port or 0

    @property
    def operator_token(self) -> str:
        return str(self._relay()["operator_token"])

    @property
    def owner_key(self) -> str:
        return (self.home / "owner.key").read_text().strip()

    def open(self, page: Page, name: str, cells: Sequence[str], server: JupyterServer | None = None) -> LabPage:
        """Writes a notebook and opens it; `server` is another address of the same JupyterLab."""
        path = f"{re.sub(r'[^a-z0-9]+', '-', name)}.ipynb"
        jupyter.write_notebook(self.server.root / path, cells)
        notebook = LabPage(page, server or self.server, path)
        notebook.open()
        return notebook

    def end_kernels(self) -> None:
        """Ends all kernels, so that the next test has the machine to itself."""
        for session in self.server.api("sessions"):
            self.server.api(f"sessions/{session['id']}", method="DELETE")

    def _relay(self) -> dict[str, Any]:
        (runtime,) = self.home.glob("*/relay-*.json")
        told: dict[str, Any] = json.loads(runtime.read_text())
        return told


@dataclass(frozen=True, slots=True)
class Lesson:
    """One room: a host with a notebook, and two guests."""

    lab: Lab
    notebook: LabPage
    ana: RoomView
    ben: RoomView

    def begin(self) -> None:
        """Puts everybody's slider back to 20."""
        self.notebook.python("setattr(slider, 'value', 20)")
        for view in (self.notebook.panel, self.ana, self.ben):
            view.shows(20)


@contextmanager
def running_lesson(browser: Browser, folder: Path, cells: Sequence[str] = (), imports: str = "") -> Iterator[Lesson]:
    """A JupyterLab with one notebook whose slider (the second cell) is shared with two guests.

    Args:
        browser: where all of them are.
        folder: an empty one.
        cells: more cells, which are not run.
        imports: more lines for the first cell.
    """
    guests = Guests(browser)
    with running_lab(folder) as lab:
        # High enough for the notebook to draw all of its cells.
        page = guests(viewport={"width": 1280, "height": 1600}, permissions=["clipboard-read", "clipboard-write"])
        notebook = lab.open(page, "lesson", [f"{IMPORTS}\n{imports}", SHARE, *cells])
        notebook.share()
        yield Lesson(lab, notebook, *(join(guests(), notebook.link(), name) for name in ("Ana", "Ben")))
        guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


@contextmanager
def running_lab(
    folder: Path, *, base_url: str = "/", proxy: bool = True, env: Mapping[str, str] | None = None
) -> Iterator[Lab]:
    """A JupyterLab with its own rooms and relay.

    Args:
        folder: an empty one.
        base_url: where it is mounted, as behind JupyterHub.
        proxy: whether jupyter-server-proxy is on.
        env: more environment variables for the kernels.
    """
    home = folder / "home"
    lab_folder = folder / "lab"
    _configure(lab_folder / "config", proxy=proxy)
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {"COWIDGET_HOME": str(home), "PYTHONPATH": path, **(env or {})}
    try:
        with jupyter.running_jupyterlab(lab_folder, base_url=base_url, env=environment) as server:
            yield Lab(server, home)
    finally:
        end_relay(home)  # after the kernels, which would start it again


def _configure(config: Path, *, proxy: bool) -> None:
    widgets = config / "lab" / "user-settings" / "@jupyter-widgets" / "jupyterlab-manager"
    widgets.mkdir(parents=True)
    (widgets / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))
    settings = {"jpserver_extensions": {"jupyter_server_proxy": proxy}, "allow_remote_access": True}
    (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}))


def own_address() -> str:
    """This machine's own address, under which a page is not on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # chooses a route; nothing is sent
        address: str = probe.getsockname()[0]
        return address
