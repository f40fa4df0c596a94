"""The thread on which cells run, and how to get there from any other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from IPython import get_ipython

from cowidget.client.link import LinkThread


class MainThread:
    """Where guests' writes are applied and observers are called.

    In a kernel that is its main loop; in a plain script a running asyncio loop; without either the link's
    worker thread.
    """

    def __init__(self, link: LinkThread) -> None:
        self._link = link
        self._loop = running_loop()

    def call(self, act: Callable[[], object]) -> None:
        """Run `act` there when the thread is free. From any thread, in the order of the calls."""
        kernel = getattr(get_ipython(), "kernel", None)
        if kernel is not None:
            kernel.io_loop.add_callback(act)
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)
        else:
            self._link.apply(act)


class Once:
    """Something to do that two threads are asked for: the first one does it."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._acts = [act]

    def __call__(self) -> None:
        """Do it, unless it has been done or is being done."""
        try:
            act = self._acts.pop()
        except IndexError:
            return
        act()


def execution() -> str:
    """Which run of a cell this is, for as long as it runs; empty outside of a kernel."""
    return str(_parent().get("header", {}).get("msg_id", ""))


def cell() -> str:
    """The cell that runs, the same when it is run again; empty where the front end does not tell."""
    return str(_parent().get("metadata", {}).get("cellId", ""))


def on_cells(
    started: Callable[[], None], ended: Callable[[], None], interrupted: Callable[[], None] = lambda: None
) -> Callable[[], None]:
    """Call these whenever a cell begins and ends, until what this returns is called. Nothing outside of IPython.

    `interrupted` is called before `ended` when an interrupt has ended the cell.
    """
    shell = get_ipython()
    if shell is None:
        return lambda: None

    def before(*_: object) -> None:
        started()

    def after(result: object = None) -> None:
        if isinstance(getattr(result, "error_in_exec", None), KeyboardInterrupt):
            interrupted()
        ended()

    def undo() -> None:
        shell.events.unregister("pre_run_cell", before)
        shell.events.unregister("post_run_cell", after)

    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)
    return undo


def _parent() -> dict[str, dict[str, object]]:
    kernel = getattr(get_ipython(), "kernel", None)
    return dict(kernel.get_parent("shell")) if kernel is not None else {}


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs on this thread, if this is the main one and it has any."""
    if threading.current_thread() is not threading.main_thread():
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
