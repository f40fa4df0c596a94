"""`cowidget demo`, as somebody runs it who has just installed the package."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support import jupyter
from tests.support.kernels import ROOT, end_relay
from tests.support.lab import RoomView, join

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

Guest = Callable[..., Page]

TRACKED = ROOT / "notebooks" / "01-share-a-widget.ipynb"
STARTS_WITHIN = 50
ENDS_WITHIN = 20


class Demo:
    """A running one, and what it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def text(self) -> str:
        return self._output.read_text()

    def address(self, label: str) -> str:
        """The address that is printed behind a label."""
        deadline = time.monotonic() + STARTS_WITHIN
        while (found := re.search(rf"{label}\s+(\S+)\s", self.text)) is None:
            assert self.process.poll() is None, f"the demo has ended: {self.text}"
            assert time.monotonic() < deadline, f"the demo says no {label}: {self.text}"
            time.sleep(0.1)
        return found[1]

    def interrupt(self) -> int:
        """Ctrl-C, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(ENDS_WITHIN)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    home, output = tmp_path / "home", tmp_path / "output.txt"
    environment = {**os.environ, "COWIDGET_HOME": str(home), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    with output.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "cowidget", "demo", "--no-browser"],
            stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    yield Demo(process, output)
    if process.poll() is None:
        process.terminate()
        process.wait(ENDS_WITHIN)
    end_relay(home)


def frequency(view: RoomView) -> Locator:
    return view.widgets.get_by_label("frequency")


def test_the_demo_shows_one_live_widget_in_jupyterlab_and_to_guests_and_ends_with_ctrl_c(
    demo: Demo, guest: Guest
) -> None:
    tracked = TRACKED.read_bytes()
    link = demo.address("For guests")
    notebook = demo.address("Notebook")
    running = psutil.Process(demo.process.pid).children(recursive=True)

    # Executed already: nobody runs a cell here.
    page = guest(viewport={"width": 1280, "height": 1400})
    page.goto(notebook)
    panel = RoomView(page, jupyter.cell(page, 2).locator(".cowidget-panel .app"))
    panel.is_live()
    expect(jupyter.cell(page, 2).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))

    ana, ben = join(guest(), link, "Ana"), join(guest(), link, "Ben")
    ana.reads("Hello!")
    frequency(ana).fill("5.5")
    for view in (panel, ben):
        expect(frequency(view)).to_have_value("5.5")
    frequency(ben).fill("10")
    for view in (panel, ana, ben):
        expect(frequency(view)).to_have_value("8")

    assert TRACKED.read_bytes() == tracked
    assert demo.interrupt() == 0
    assert "Traceback" not in demo.text
    port = urllib.parse.urlsplit(notebook).port
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port or 0), timeout=1):
        pass
    assert psutil.wait_procs(running, timeout=ENDS_WITHIN)[1] == []


def test_the_demo_says_in_one_sentence_why_it_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")

    ended = subprocess.run(
        [sys.executable, "-m", "cowidget", "demo", "--no-browser"],
        env={**os.environ, "COWIDGET_HOME": str(tmp_path / "home"), "JUPYTER_DATA_DIR": str(tmp_path / "data")},
        capture_output=True, text=True, timeout=55, check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: A cell of the notebook failed: Cannot keep the owner key in ")
    assert len(ended.stderr.strip().splitlines()) == 1
