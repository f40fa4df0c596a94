"""The notebooks run from their first cell to their last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.support.kernels import ROOT

pytestmark = pytest.mark.integration

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_an_error(notebook: Path, home: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    copy = tmp_path / "notebooks" / notebook.name
    copy.parent.mkdir()
    shutil.copy(notebook, copy)
    cells = nbformat.read(copy, as_version=4)
    cells.cells.append(nbformat.v4.new_code_cell("print('errors:', room.errors)"))
    nbformat.write(cells, copy)

    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", str(copy)],
        check=True, cwd=copy.parent, env={**os.environ, "COWIDGET_HOME": str(home)}, timeout=90, capture_output=True,
    )  # fmt: skip

    *_, last = nbformat.read(copy, as_version=4).cells
    assert [output.text for output in last.outputs] == ["errors: []\n"]
