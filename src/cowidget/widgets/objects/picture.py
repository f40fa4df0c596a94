"""A matplotlib figure as its newest picture.

It is drawn by the figure's own means and on the main thread only; nothing that a viewer does reaches the figure.
"""

from __future__ import annotations

import io
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython import get_ipython

from cowidget.widgets.objects.stand_in import FromThing, StandIn, bundle

# Pixels of the picture for one of the figure: sharp on the screens of phones and laptops.
SCALE = 2
MAX_ALT = 500
# From a part of a figure to the figure: an artist, its figure inside of a figure, that one's figure.
MAX_STEPS = 5


class Picture(StandIn):
    """Stands for a figure (the other side is `js/src/objects/picture.ts`)."""

    png = FromThing(b"").tag(sync=True)
    alt = FromThing("").tag(sync=True)
    scale = FromThing(SCALE).tag(sync=True)

    def __init__(self, figure: Any) -> None:
        self._stale = True
        super().__init__(figure, bundle("picture"))
        # Matplotlib holds methods weakly.
        self._drawn_id = figure.canvas.mpl_connect("draw_event", self._receive_drawn)
        self._unchain = _chain(figure, self._receive_stale)
        self._unhook = _on_displays(self._receive_displayed)

    def close(self) -> None:
        """Undo every hook, and close the widget."""
        figure = self._thing
        if figure is not None:
            figure.canvas.mpl_disconnect(self._drawn_id)
            self._unchain()
        self._unhook()
        super().close()

    def _renew(self) -> None:
        if self._stale:
            super()._renew()

    def _read(self, thing: Any) -> dict[str, Any]:
        png = drawn(thing)
        self._stale = False
        return {"png": png, "alt": describe(thing)}

    def _receive_drawn(self, event: Any) -> None:
        self._stale = True
        # While it is being saved (that is how a notebook displays it), the figure has another size and resolution.
        if not event.canvas.is_saving():
            self._moments.if_due()

    def _receive_displayed(self) -> None:
        if self._stale:
            self._moments.if_due()

    def _receive_stale(self) -> None:
        # Not at once: a figure is stale after every line of the cell that makes it.
        if not self._stale:
            self._stale = True
            self._moments.soon()


def figure_of(thing: Any) -> Any:
    """The figure that a part of it, a list of parts, or a grid of axes belongs to; None if there is not just one."""
    for _ in range(MAX_STEPS):
        if thing is None or _is_figure(thing):
            return thing
        if _is_row(thing):
            figures = {id(found): found for part in getattr(thing, "flat", thing) if (found := figure_of(part))}
            return next(iter(figures.values())) if len(figures) == 1 else None
        thing = getattr(thing, "figure", None)
    return None


def drawn(figure: Any, dpi: float | None = None) -> bytes:
    """A figure as PNG, with `dpi` dots to the inch, or `SCALE` times its own. Whoever listens to it hears nothing."""
    with _undisturbed(figure):
        return _drawn(figure, dpi)


def describe(figure: Any) -> str:
    """A figure in words, from its titles and labels."""
    title = figure.get_suptitle()
    parts = [_describe_axes(axes) for axes in figure.axes]
    words = "; ".join(part for part in (title, *parts) if part)
    return (f"Figure: {words}" if words else "Figure")[:MAX_ALT]


def _describe_axes(axes: Any) -> str:
    legend = axes.get_legend()
    shown = {
        "": axes.get_title() or axes.get_title("left") or axes.get_title("right"),
        "x ": axes.get_xlabel(),
        "y ": axes.get_ylabel(),
        "legend ": "" if legend is None else ", ".join(text.get_text() for text in legend.get_texts()),
    }
    return ", ".join(f"{word}{' '.join(text.split())}" for word, text in shown.items() if text.strip())


def _drawn(figure: Any, dpi: float | None) -> bytes:
    # What lies outside the figure, such as a legend beside it, belongs to the picture, as in a notebook. What is
    # inside never moves, so that a figure that is drawn ten times a second keeps its place.
    figure.draw_without_rendering()
    around = figure.get_tightbbox()
    box = around.union([around, figure.bbox_inches])
    # On a sharp screen, the host's own view has made the figure's dots smaller.
    dots = dpi or figure.dpi / figure.canvas.device_pixel_ratio * SCALE
    data = io.BytesIO()
    figure.savefig(data, format="png", backend="agg", dpi=dots, bbox_inches=box, pad_inches=0)
    return data.getvalue()


@contextmanager
def _undisturbed(figure: Any) -> Iterator[None]:
    """Drawing a picture of a figure is no news for whoever listens to it, and leaves it as stale as it was."""
    listens, stale = figure.stale_callback, figure.stale
    figure.stale_callback = None
    try:
        with figure.canvas.callbacks.blocked(signal="draw_event"):
            yield
    finally:
        figure.stale = stale
        figure.stale_callback = listens


def _chain(figure: Any, told: Callable[[], None]) -> Callable[[], None]:
    """Call this also whenever the figure becomes stale; what undoes that."""
    before = figure.stale_callback
    told_weakly = weakref.WeakMethod(told)

    def stale(artist: Any, value: bool) -> None:
        if before is not None:
            before(artist, value)
        if (tell := told_weakly()) is not None:
            tell()

    figure.stale_callback = stale
    found = weakref.ref(figure)

    def undo() -> None:
        # Somebody may have chained after us; then ours stays in between, without a listener.
        if (alive := found()) is not None and alive.stale_callback is stale:
            alive.stale_callback = before

    return undo


def _on_displays(told: Callable[[], None]) -> Callable[[], None]:
    """Call this whenever a cell displays something: a loop that shows its figure anew tells no other way.

    Nothing outside of a kernel. What is returned undoes it.
    """
    publisher: Any = getattr(get_ipython(), "display_pub", None)
    if not hasattr(publisher, "register_hook"):
        return lambda: None

    def hook(message: Any) -> Any:
        told()
        return message

    publisher.register_hook(hook)

    def undo() -> None:
        publisher.unregister_hook(hook)

    return undo


def _is_figure(thing: Any) -> bool:
    return any(base.__name__ == "Figure" and base.__module__ == "matplotlib.figure" for base in type(thing).__mro__)


def _is_row(thing: Any) -> bool:
    return isinstance(thing, (list, tuple)) or type(thing).__name__ == "ndarray"
