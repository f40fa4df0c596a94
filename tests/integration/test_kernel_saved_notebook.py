"""A notebook that was run and saved keeps nothing that lets anybody into the room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.support.kernels import ROOT, end_relay

pytestmark = pytest.mark.integration

IMPORTS = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    "import cowidget as cw\nfrom tests.support.sample_widgets import Counter"
)
CELLS = [
    "counter = Counter(value=1)\nroom = cw.share(counter)\nroom",
    "room.url",
    "room.invite('viewer')",
    "[room, room.url, room.people, room.errors]",
    # What the notebook must not contain, written beside it.
    "import pathlib\npathlib.Path('secrets.txt').write_text('\\n'.join([str(room.url).partition('#k=')[2], *SEEN]))",
]
# Every ticket that the kernel makes is noted before anything is shown.
SPY = (
    "from cowidget.client import links as _links\nSEEN = []\n_make = _links.ticket\n"
    "def _spy(*arguments):\n    made = _make(*arguments)\n    SEEN.append(made[0])\n    return made\n"
    "_links.ticket = _spy"
)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A notebook that was run once, for tests that read it."""
    folder = tmp_path_factory.mktemp("executed")
    cells = [nbformat.v4.new_code_cell(source) for source in (IMPORTS, SPY, *CELLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    path = folder / "shared.ipynb"
    nbformat.write(notebook, path)
    home = folder / "home"
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", str(path)],
        check=True, cwd=folder, env={**os.environ, "COWIDGET_HOME": str(home)}, timeout=60, capture_output=True,
    )  # fmt: skip
    yield path
    end_relay(home)


def test_a_notebook_written_by_jupyter_execute_holds_no_secret(executed: Path) -> None:
    text = executed.read_text()
    secrets = [
        (executed.parent / "home" / "owner.key").read_text(),
        *(executed.parent / "secrets.txt").read_text().split(),
        *(json.loads(f.read_text())["operator_token"] for f in executed.parent.glob("home/*/relay*.json")),
    ]

    assert len(secrets) >= 4
    assert [secret for secret in secrets if secret in text] == []


def test_it_shows_the_panel_once_and_a_text_for_front_ends_without_it(executed: Path) -> None:
    notebook = nbformat.read(executed, 4)

    (shown,) = notebook.cells[2].outputs

    assert shown.data["text/plain"].startswith("<Room ")
    assert "application/vnd.jupyter.widget-view+json" in shown.data
    assert "text/html" in shown.data


def test_the_link_is_a_card_that_is_filled_by_its_front_end_only(executed: Path) -> None:
    notebook = nbformat.read(executed, 4)

    (shown,) = notebook.cells[3].outputs

    assert shown.data["text/plain"].startswith("<link to room ")
    assert "application/vnd.jupyter.widget-view+json" in shown.data


def test_the_panel_says_what_it_needs_to_reach_the_relay(executed: Path) -> None:
    notebook = nbformat.read(executed, 4)
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    panel = next(model["state"] for model in states.values() if "ticket" in model["state"])

    assert panel["ticket"] == ""
    assert panel["port"] > 0
    assert panel["relay"] == ""  # only of one that somebody runs
