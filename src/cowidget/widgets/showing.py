"""Where a notebook shows a room: one panel for each cell and what it is for."""

from __future__ import annotations

from IPython import get_ipython
from IPython.display import display
from ipywidgets import Widget

from cowidget.client.owner import GUESTS
from cowidget.widgets import main_thread
from cowidget.widgets.doorman import Doorman
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.panel import Part

_ROOM = ""


class Showing:
    """The panels of one room. A cell that is run again shows the same one."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        # By the cell, and by the invitation whose link it shows, or `_ROOM`.
        self._doormen: dict[tuple[str, str], Doorman] = {}
        self._shown_in: dict[str, str] = {}

    @property
    def doormen(self) -> list[Doorman]:
        """One for each panel, in the order of their first showing."""
        return list(self._doormen.values())

    def show_room(self, *native: Widget) -> None:
        """Display the room in the running cell, once per run of it.

        Args:
            native: widgets of the room that the front end draws itself; the panel is a bar above them then.
        """
        if get_ipython() is None:
            return
        part: Part = "bar" if native else "room"
        doorman = self._show(_ROOM, part)
        if doorman.panel.part == "bar" and part == "room":
            # The same run has shared others that only the panel draws.
            doorman.panel.part = part
        for widget in native:
            display(widget)

    def show_link(self, invitation: str = GUESTS) -> None:
        """Display a link and its QR code in the running cell, once per run of it."""
        if get_ipython() is not None:
            self._show(invitation, "link")

    def take_tickets_back(self) -> None:
        """The cell has ended."""
        for doorman in self.doormen:
            doorman.take_back()

    def close(self) -> None:
        """The room has ended; the panels say so."""
        for doorman in self.doormen:
            doorman.close()

    def _show(self, of: str, part: Part) -> Doorman:
        running = main_thread.execution()
        place = (main_thread.cell() or running, of)
        known = self._doormen.get(place)
        if known is not None and running and self._shown_in.get(of) == running:
            return known
        doorman = self._doormen[place] = known or Doorman(self._hosting, of)
        doorman.panel.part = part
        self._shown_in[of] = running
        doorman.hand_out()
        display(doorman.panel)
        return doorman
