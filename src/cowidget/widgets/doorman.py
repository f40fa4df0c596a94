"""Tickets for the notebook's panels, and their way over the comm."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cowidget.client import links
from cowidget.client.owner import GUESTS
from cowidget.client.peer import StatusChanged
from cowidget.core.notes import Acked, Effect, Note, PeopleChanged, Welcomed
from cowidget.core.replica import Replica
from cowidget.core.values import Invitation
from cowidget.transports.comm import CommWay
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.panel import RoomPanel


@dataclass(frozen=True, slots=True)
class _Ticket:
    secret: str = field(repr=False)
    invitation: Invitation
    handed: bool


class Doorman:
    """Lets one panel in. What belongs to the link's thread says so.

    A ticket reaches the panel in one of two ways. While the cell that shows the panel runs, its front end
    cannot ask: one is handed out as a trait, and taken back when the cell ends or the ticket was used. Later
    the panel asks, and is answered with a message, which no saved notebook keeps.
    """

    def __init__(self, hosting: Hosting, invitation: str = "", share: str = "") -> None:
        self._hosting = hosting
        self._way = CommWay(lambda: hosting.place.socket, self._reply)
        self.panel = RoomPanel(self.ask_ticket, self._carry, room=hosting.room, invitation=invitation or GUESTS)
        if share:
            self.panel.set_trait("share", share)
            self.panel.part = "share"
        self._tell_place()
        # The link's thread: tickets that the relay does not have yet, by push; the invitation on the trait.
        self._granted: dict[int, _Ticket] = {}
        self._shown = ""
        hosting.handle.listen(self._receive)

    def close(self) -> None:
        """The room has ended."""
        self._hosting.thread.call(self._way.close)
        self.panel.ticket = ""

    def hand_out(self) -> None:
        """Give the panel a ticket for as long as the running cell lasts."""
        self._grant(self.panel.origin, handed=True)

    def take_back(self) -> None:
        """The cell has ended; from now on the panel can ask."""
        self._hosting.thread.call(self._withdraw)

    def ask_ticket(self, origin: str) -> None:
        """The panel asks, from the page `origin`."""
        self._grant(origin, handed=False)

    def _grant(self, origin: str, *, handed: bool) -> None:
        secret, invitation = links.ticket(time.time(), origin)
        ticket = _Ticket(secret, invitation, handed)
        self._hosting.handle.push(lambda replica: self._push(replica, ticket))

    # The link's thread.

    def _push(self, replica: Replica, ticket: _Ticket) -> list[Effect]:
        effects = replica.grant(ticket.invitation)
        self._granted[replica.pushes[-1].id] = ticket
        return effects

    def _receive(self, note: Note | StatusChanged) -> None:
        match note:
            case Acked(id=acked):
                for number in sorted(number for number in self._granted if number <= acked):
                    self._give(self._granted.pop(number))
            case Welcomed(renumbered=renumbered):
                self._granted = {renumbered.get(number, number): t for number, t in self._granted.items()}
            case PeopleChanged(joined=joined) if joined and self._shown:
                people = self._hosting.handle.ask(lambda replica: dict(replica.people))
                if any(people[peer].kind == "panel" for peer in joined if peer in people):
                    self._clear(self._shown)
            case StatusChanged():
                self._tell_place()
            case _:
                pass

    def _give(self, ticket: _Ticket) -> None:
        name = ticket.invitation.name
        if not ticket.handed:
            self.panel.send({"ticket": ticket.secret, "name": name})
            return
        self._shown = name
        self.panel.ticket_name = name
        self.panel.ticket = ticket.secret
        self._hosting.thread.loop.call_later(links.TICKET_LIFE, self._clear, name)

    def _withdraw(self) -> None:
        self._granted = {number: ticket for number, ticket in self._granted.items() if not ticket.handed}
        self._clear(self._shown)

    def _clear(self, name: str) -> None:
        if name and name == self._shown:
            self._shown = ""
            self.panel.ticket = ""

    def _tell_place(self) -> None:
        # A relay that was started again may have another port.
        place = self._hosting.place
        self.panel.port, self.panel.relay = place.port, "" if place.port else place.socket

    def _carry(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._hosting.thread.call(self._way.receive, dict(content), list(buffers))

    def _reply(self, content: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self.panel.send(dict(content), list(buffers))
