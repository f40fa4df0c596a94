"""How a cell shows a chart: as a panel, live also while a cell runs, or drawn by the front end itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, get_args

from IPython import get_ipython
from IPython.display import display

from cowidget.errors import ShareError
from cowidget.widgets.capture import is_capturing
from cowidget.widgets.plain_errors import plain_errors

if TYPE_CHECKING:
    from cowidget.client.handle import Handle
    from cowidget.widgets.charts.chart import Chart
    from cowidget.widgets.panel import Panel

# What a panel has around the chart, in pixels.
FRAME = 60

Display = Literal["auto", "native"]

_native: ContextVar[bool] = ContextVar("native", default=False)


@contextmanager
def drawn_natively() -> Iterator[None]:
    """What is displayed in this block is drawn by the front end itself."""
    token = _native.set(True)
    try:
        yield
    finally:
        _native.reset(token)


@plain_errors
def panel_of(chart: Chart) -> Panel | None:
    """The panel that shows a chart in the running cell; None where the front end is to draw it.

    Raises:
        RelayUnavailable: no relay can be started or reached; says why.
    """
    # In a shared output it is drawn where the output is: a guest has no panels.
    if _native.get() or is_capturing() or getattr(get_ipython(), "kernel", None) is None:
        return None
    from cowidget.widgets.share import panel_of  # a room knows of charts

    return panel_of(chart, chart.height + FRAME)


def session_of(chart: Chart) -> Handle:
    """A session of its own in the chart's room, for what the front end draws itself; not open yet.

    Raises:
        RelayUnavailable: no relay can be started or reached; says why.
    """
    from cowidget.widgets.share import session_of  # a room knows of charts

    return session_of(chart)


@plain_errors
def show(chart: Chart, how: Display) -> None:
    """Display a chart in the running cell.

    Raises:
        ShareError: there is no such way.
        RelayUnavailable: no relay can be started or reached; says why.
    """
    if how not in get_args(Display):
        raise ShareError(f"display={how!r} is none of: {', '.join(map(repr, get_args(Display)))}.")
    if how == "native":
        with drawn_natively():
            display(chart)
    else:
        display(chart)
