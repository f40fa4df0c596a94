from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from IPython.core.interactiveshell import InteractiveShell

from cowidget.widgets.objects import adapting

mpl.use("agg")


@pytest.fixture(autouse=True)
def nothing_stays_adapted() -> Iterator[None]:
    """A test that adapts something and closes nothing leaves no hooks to the next one."""
    yield
    for stand_in in list(adapting._stand_ins.values()):
        adapting.close(stand_in)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """IPython without a kernel: its cells tell when they begin and end."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
