"""A real JupyterLab for the browser tests, and the few gestures they make in it.

with running_jupyterlab(tmp_path) as server:
    write_notebook(server.root / "demo.ipynb", ["1 + 1"])
    open_notebook(page, server, "demo.ipynb")
    wait_idle(page)
    run_cell(page, 0)
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

# Seconds. A cold start with all labextensions on a busy two-core machine took 6, where five runs of tests shared it
# 50; one that fails is noticed at once. A kernel took 3.
_STARTS_WITHIN = 90
_ENDS_WITHIN = 15
# The server gives a kernel 5 s to end before it kills it, and answers then.
_SERVER_ANSWERS_WITHIN = 20
_KERNEL_ANSWERS_WITHIN = 30

_NO_NEWS = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
_KERNEL_IS_IDLE = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
_NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden)"


@dataclass(frozen=True, slots=True)
class JupyterServer:
    """A running one. Notebooks go to `root`; `url` ends with the base URL's slash."""

    url: str
    token: str
    port: int
    root: Path

    def address(self, path: str, **query: str) -> str:
        """The address of something below the base URL, with the token."""
        return f"{self.url}{path}?{urllib.parse.urlencode({**query, 'token': self.token})}"

    def api(self, path: str, method: str = "GET") -> Any:
        """What the server's REST API answers; None for no content."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}api/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=_SERVER_ANSWERS_WITHIN) as response:
            return json.loads(response.read() or "null")


@contextmanager
def running_jupyterlab(
    folder: Path, *, base_url: str = "/", env: Mapping[str, str] | None = None
) -> Iterator[JupyterServer]:
    """Starts JupyterLab on a free port of 127.0.0.1, and stops it with all of its kernels.

    Configuration, data and runtime files of whoever runs the tests are neither read nor written; the kernels and
    labextensions of this Python are found. The server's log is `folder/jupyterlab.log`.

    Args:
        folder: an empty or missing one, for everything the server reads and writes.
        base_url: where the server is mounted, as behind JupyterHub.
        env: more environment variables, for the server and so for its kernels.
    """
    root = folder / "root"
    root.mkdir(parents=True)
    log = folder / "jupyterlab.log"
    environment = {**_without_jupyter(os.environ), **_own_folders(folder), **(env or {})}
    _turn_news_off(folder / "config")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *_options(root, base_url)],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        server = _wait_until_it_answers(process, folder / "runtime", root, log)
        try:
            yield server
        finally:
            _shut_down(server)
    finally:
        _end(process)


def _without_jupyter(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(("JUPYTER", "JPY_", "IPYTHON"))}


def _own_folders(folder: Path) -> dict[str, str]:
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "config" / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "config" / "lab" / "workspaces"),
        # A debugger's warning about frozen modules would be the first output of each kernel.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _options(root: Path, base_url: str) -> list[str]:
    return [
        "--allow-root",
        "--no-browser",
        "--expose-app-in-browser",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--ServerApp.base_url={base_url}",
        f"--ServerApp.root_dir={root}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # It would run npm and node to find those that are installed.
        "--LanguageServerManager.autodetect=False",
    ]


def _turn_news_off(config: Path) -> None:
    settings = config / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(_NO_NEWS))


def _wait_until_it_answers(process: subprocess.Popen[bytes], runtime: Path, root: Path, log: Path) -> JupyterServer:
    deadline = time.monotonic() + _STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        # Incomplete, or written before the port is open: look again.
        with suppress(OSError, ValueError, KeyError):
            info = json.loads((runtime / f"jpserver-{process.pid}.json").read_text())
            server = JupyterServer(info["url"], info["token"], info["port"], root)
            server.api("status")
            return server
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-4000:]}")


def _shut_down(server: JupyterServer) -> None:
    # The one way to end a server with its kernels on every system.
    with suppress(OSError):
        server.api("shutdown", method="POST")


def _end(process: subprocess.Popen[bytes]) -> None:
    for stop in (lambda: None, process.terminate, process.kill):
        stop()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_ENDS_WITHIN)
            return


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Writes a notebook of code cells for this Python's kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def open_notebook(page: Page, server: JupyterServer, path: str) -> Locator:
    """Opens it in a fresh workspace and returns its panel; the kernel may still be starting."""
    page.goto(server.address(f"lab/tree/{urllib.parse.quote(path)}", reset=""))
    panel = page.locator(_NOTEBOOK)
    expect(panel.locator(".jp-Cell").first).to_be_visible(timeout=_KERNEL_ANSWERS_WITHIN * 1000)
    return panel


def wait_idle(page: Page) -> None:
    """Waits for a connected, idle kernel. Before the first Shift+Enter this matters: pressed earlier, it is lost.

    The page is asked and not its indicator, which shows "idle" already before there is a kernel.
    """
    page.wait_for_function(_KERNEL_IS_IDLE, timeout=_KERNEL_ANSWERS_WITHIN * 1000)


def cell(page: Page, index: int) -> Locator:
    """The cell of the open notebook, counted from 0."""
    return page.locator(f'{_NOTEBOOK} .jp-Cell[data-windowed-list-index="{index}"]')


def run_cell(page: Page, index: int, *, within: float = 30) -> Locator:
    """Clicks into the code cell, presses Shift+Enter, waits until it has run (also in vain), and returns the cell."""
    the_cell = cell(page, index)
    prompt = the_cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    enter(the_cell)
    page.keyboard.press("Shift+Enter")
    # "[*]:" while it runs; a cell that runs again gets a higher number.
    expect(prompt).to_have_text(re.compile(rf"^(?!{re.escape(before)}$)\[\d+\]:$"), timeout=within * 1000)
    return the_cell


def enter(the_cell: Locator) -> None:
    """Clicks into a code cell and waits until keys go there: what others show late moves it away below a click."""
    the_cell.locator(".jp-InputArea-editor").click()
    content = the_cell.locator(".cm-content")
    content.focus()
    expect(content).to_be_focused()
    expect(the_cell).to_contain_class("jp-mod-active")


def run_all(page: Page) -> None:
    """Runs every cell as the menu does and waits for the last one; fails when a cell does."""
    if not page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')"):
        errors = page.locator(f'{_NOTEBOOK} [data-mime-type="application/vnd.jupyter.stderr"]')
        raise AssertionError("\n".join(["a cell failed:", *errors.all_inner_texts()]))
