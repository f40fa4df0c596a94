"""`cowidget demo`: JupyterLab with the first notebook, already executed, and the link for guests."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cowidget.errors import UsageError

NOTEBOOK = "01-share-a-widget.ipynb"
# A cold start on a slow machine takes 10 s; more than a minute is a failure that should say so.
START_TIMEOUT = 60.0
CELL_TIMEOUT = 60.0
# The name of the room in the notebook.
LINK = "str(room.url)"


class DemoError(UsageError):
    """The demo cannot run; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    runtime: Path

    def page(self, notebook: str) -> str:
        """The address of a notebook in it."""
        return f"{self.url}lab/tree/{quote(notebook)}?token={self.token}"

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Call its REST API."""
        request = urllib.request.Request(  # noqa: S310 - our own server on 127.0.0.1
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=START_TIMEOUT) as answer:  # noqa: S310
            return json.load(answer)


def run(*, open_browser: bool | None = None) -> None:
    """Run the demo until Ctrl-C or SIGTERM.

    Args:
        open_browser: whether to open JupyterLab; by default when there is a display.

    Raises:
        DemoError: JupyterLab is missing or does not start, or a cell of the notebook fails.
    """
    _check_requirements()
    _end_on_signals()
    with tempfile.TemporaryDirectory(prefix="cowidget-demo-") as folder:
        notebook = Path(folder) / "notebooks" / NOTEBOOK
        notebook.parent.mkdir()
        shutil.copy(_packaged_notebook(), notebook)
        try:
            with _running_lab(Path(folder)) as (lab, process):
                link = _execute(lab, notebook)
                _announce(lab.page(NOTEBOOK), link)
                if _has_display() if open_browser is None else open_browser:
                    webbrowser.open(lab.page(NOTEBOOK))
                process.wait()
        except KeyboardInterrupt:
            print("\nThe demo has ended.")  # noqa: T201


def _check_requirements() -> None:
    try:
        import ipykernel  # noqa: F401
        import jupyterlab  # noqa: F401
    except ImportError as missing:
        raise DemoError(f'The demo needs {missing.name}. Install it with: pip install "cowidget[demo]"') from missing


def _end_on_signals() -> None:
    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # Also Ctrl-C: a shell starts what runs in its background with that ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def _packaged_notebook() -> Path:
    here = Path(__file__).parent
    for folder in (here / "notebooks", here.parent.parent / "notebooks"):
        if (folder / NOTEBOOK).is_file():
            return folder / NOTEBOOK
    raise DemoError(f"{NOTEBOOK} is missing from this installation. Install cowidget again.")


# JupyterLab.


@contextmanager
def _running_lab(folder: Path) -> Iterator[tuple[Lab, subprocess.Popen[bytes]]]:
    runtime = folder / "runtime"
    log = folder / "jupyter.log"
    options = {
        "ServerApp.root_dir": str(folder / "notebooks"),
        "ServerApp.port": 0,
        "ServerApp.open_browser": False,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(_settings_without_news(folder)),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdout=sink, stderr=subprocess.STDOUT, env=environment, start_new_session=os.name == "posix"
        )
    try:
        yield _wait_for_lab(process, runtime, log), process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _settings_without_news(folder: Path) -> Path:
    # JupyterLab asks a new user about its news in a dialog over the notebook.
    settings = folder / "settings"
    extension = settings / "@jupyterlab" / "apputils-extension"
    extension.mkdir(parents=True)
    (extension / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false"}))
    return settings


def _wait_for_lab(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> Lab:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        for file in runtime.glob(f"jpserver-{process.pid}.json"):
            try:
                info = json.loads(file.read_text())
                lab = Lab(info["url"], info["token"], runtime)
                with urllib.request.urlopen(f"{lab.url}api", timeout=5):  # noqa: S310 - 127.0.0.1
                    return lab
            except (OSError, ValueError):
                continue  # being written, or not listening yet
        time.sleep(0.1)
    last = log.read_text(errors="replace").strip().splitlines()[-1:]
    raise DemoError(f"JupyterLab did not start: {''.join(last) or 'it printed nothing'}")


# The notebook.


def _execute(lab: Lab, path: Path) -> str:
    """Run every cell in a live session, keep the outputs in the file, and return the link."""
    import nbformat
    from jupyter_client.blocking.client import BlockingKernelClient
    from nbformat.sign import NotebookNotary

    session = lab.post(
        "api/sessions",
        {"path": path.name, "name": path.name, "type": "notebook", "kernel": {"name": "python3"}},
    )
    client = BlockingKernelClient(connection_file=str(lab.runtime / f"kernel-{session['kernel']['id']}.json"))
    client.load_connection_file()
    # Without heartbeats: a kernel that imports on a busy machine misses one, and would be taken for dead.
    client.start_channels(hb=False)
    try:
        _wait_for_kernel(client)
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                _execute_cell(client, cell)
        nbformat.write(notebook, path)
        NotebookNotary().sign(notebook)  # JupyterLab shows widgets of trusted notebooks only
        reply = client.execute("", silent=True, user_expressions={"link": LINK}, reply=True, timeout=CELL_TIMEOUT)
        return str(ast.literal_eval(reply["content"]["user_expressions"]["link"]["data"]["text/plain"]))
    finally:
        client.stop_channels()


def _wait_for_kernel(client: Any) -> None:
    try:
        client.wait_for_ready(timeout=START_TIMEOUT)
    except RuntimeError as error:
        raise DemoError(f"The notebook's kernel did not start within {START_TIMEOUT:.0f} s.") from error


def _execute_cell(client: Any, cell: Any) -> None:
    from nbformat.v4 import output_from_msg

    def keep(message: dict[str, Any]) -> None:
        if message["msg_type"] in ("display_data", "execute_result", "stream", "error"):
            cell.outputs.append(output_from_msg(message))

    cell.outputs = []
    reply = client.execute_interactive(cell.source, output_hook=keep, timeout=CELL_TIMEOUT)
    cell.execution_count = reply["content"].get("execution_count")
    if reply["content"]["status"] != "ok":
        raise DemoError(f"A cell of the notebook failed: {reply['content'].get('evalue', 'no reason given')}")


# The person in front of it.


def _has_display() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _announce(notebook: str, link: str) -> None:
    print(  # noqa: T201 - this is the command's output
        f"\n  Notebook    {notebook}\n  For guests  {link}\n\n"
        "Open the second one in another browser. Ctrl-C ends the demo.\n",
        flush=True,
    )
