"""Where a notebook shows a room: one panel for each cell and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from IPython import get_ipython
from IPython.display import display
from ipywidgets import Widget

from cowidget.client.owner import GUESTS
from cowidget.widgets import main_thread
from cowidget.widgets.charts.showing import drawn_natively
from cowidget.widgets.doorman import Doorman
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.panel import Panel, Part

_ROOM = ""
_SHARE = "share "


class Keeper(Protocol):
    """Whoever lets one panel in."""

    @property
    def panel(self) -> Panel:
        """The panel."""
        ...


K = TypeVar("K", bound=Keeper)


class Places(Generic[K]):
    """The panels of one room. A cell that is run again shows the same one."""

    def __init__(self, make: Callable[[str], K]) -> None:
        self._make = make
        # By the cell, and by what of the room it shows.
        self._keepers: dict[tuple[str, str], K] = {}
        self._shown_in: dict[str, str] = {}

    @property
    def keepers(self) -> list[K]:
        """One for each panel, in the order of their first showing."""
        return list(self._keepers.values())

    def take(self, of: str, prepare: Callable[[K], object]) -> K:
        """What is `of` this name, for the running cell to display."""
        running = main_thread.execution()
        place = (main_thread.cell() or running, of)
        keeper = self._keepers.get(place) or self._keepers.setdefault(place, self._make(of))
        prepare(keeper)
        return keeper

    def show(self, of: str, prepare: Callable[[K], object] = lambda _: None) -> K:
        """Display what is `of` this name in the running cell, once per run of it; `prepare` comes before."""
        running = main_thread.execution()
        place = (main_thread.cell() or running, of)
        known = self._keepers.get(place)
        if known is not None and running and self._shown_in.get(of) == running:
            return known
        keeper = self._keepers[place] = known or self._make(of)
        prepare(keeper)
        self._shown_in[of] = running
        display(keeper.panel)
        return keeper


class Showing:
    """The panels of a room of ours; each shows the room, or the link of the invitation that it is for."""

    def __init__(self, hosting: Hosting) -> None:
        self._places = Places(lambda of: _doorman(hosting, of))

    @property
    def doormen(self) -> list[Doorman]:
        """One for each panel, in the order of their first showing."""
        return self._places.keepers

    def show_room(self) -> None:
        """Display the room in the running cell, once per run of it."""
        if get_ipython() is not None:
            self._show(_ROOM, "room")

    def show_widgets(self, widgets: Sequence[Widget], *, native: bool) -> None:
        """The same, with these widgets in it.

        Args:
            widgets: some of the room's.
            native: the front end draws them itself, and the panel is a bar above them.
        """
        if get_ipython() is None:
            return
        doorman = self._show(_ROOM, "bar" if native else "room")
        if native:
            with drawn_natively():
                display(*widgets)
        else:
            # It may be a bar so far: the same run has shared others natively.
            doorman.panel.part = "room"

    def show_link(self, invitation: str = GUESTS) -> None:
        """Display a link and its QR code in the running cell, once per run of it."""
        if get_ipython() is not None:
            self._show(invitation, "link")

    def panel_of(self, share: str, height: int) -> Panel:
        """A panel with this share alone, for the running cell to display.

        Args:
            share: its name.
            height: the most that the panel takes, in pixels.
        """

        def prepare(doorman: Doorman) -> None:
            doorman.panel.height = height
            doorman.hand_out()

        return self._places.take(_SHARE + share, prepare).panel

    def take_tickets_back(self) -> None:
        """The cell has ended."""
        for doorman in self.doormen:
            doorman.take_back()

    def close(self) -> None:
        """The room has ended; the panels say so."""
        for doorman in self.doormen:
            doorman.close()

    def _show(self, of: str, part: Part) -> Doorman:
        def prepare(doorman: Doorman) -> None:
            doorman.panel.part = part
            doorman.hand_out()

        return self._places.show(of, prepare)


def _doorman(hosting: Hosting, of: str) -> Doorman:
    if of.startswith(_SHARE):
        return Doorman(hosting, share=of.removeprefix(_SHARE))
    return Doorman(hosting, of)
