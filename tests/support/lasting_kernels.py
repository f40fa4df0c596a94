"""A kernel for one test after the other: to start one takes longer than most tests."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Self

from tests.support.kernels import CellFailed, Kernel, running_kernel

# Seconds. What takes longer is the cell of a test that failed, and has not ended.
_EMPTIED_WITHIN = 10.0
# A stopped room is kept by the relay, and would come back under the same notebook.
_EMPTY = """
import os
from ipywidgets import Widget
from cowidget.widgets import joined, share
for room in list(share._rooms.values()): room.stop()
for room in list(joined._joined.values()): room.leave()
share._rooms.clear()
Widget.close_all()
os.environ["JPY_SESSION_NAME"] = {notebook!r}
get_ipython().reset(new_session=False)
"""


class LastingKernel:
    """Each test has it as if it were new: without rooms, widgets and variables, and in a notebook of its own.

    One that died, or that an earlier test has left in a cell, is replaced.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._life = ExitStack()
        self._kernel: Kernel | None = None
        self._notebooks = (f"/lessons/{number}.ipynb" for number in count(1))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._life.close()

    def begin(self) -> Kernel:
        """The kernel, for a test that begins."""
        notebook = next(self._notebooks)
        if self._kernel is None or not _is_emptied(self._kernel, notebook):
            self._life.close()
            self._kernel = self._life.enter_context(running_kernel(self._home, notebook))
        return self._kernel


def _is_emptied(kernel: Kernel, notebook: str) -> bool:
    if not kernel.is_alive():
        return False
    try:
        kernel.finish(kernel.start(_EMPTY.format(notebook=notebook)), within=_EMPTIED_WITHIN)
    except (CellFailed, Empty):
        return False
    kernel.prepare()
    return True
