"""Tickets for the notebook's panels, and their way over the comm."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cowidget.client import links
from cowidget.client.peer import StatusChanged
from cowidget.core.frames import Invitation
from cowidget.core.notes import Acked, Note, PeopleChanged, Welcomed
from cowidget.core.replica import Replica
from cowidget.transports.comm import CommWay
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.panel import RoomPanel, built_failure


class Doorman:
    """Lets one panel in. What belongs to the link's thread says so."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        self._way = CommWay(lambda: hosting.place.socket, self._reply)
        self.panel = RoomPanel(
            self.ask_ticket, self._carry, room=hosting.room, relay=hosting.place.page, port=hosting.place.port
        )
        # The link's thread: the ticket that the relay does not have yet, and the one that is shown.
        self._granted: tuple[int, str, Invitation] | None = None
        self._shown = ""
        self._handed = ""
        hosting.handle.listen(self._receive)

    def close(self) -> None:
        """The room has ended."""
        self._hosting.thread.call(self._way.close)
        self.panel.ticket = ""

    def hand_out(self) -> None:
        """Give the panel a ticket while the cell that shows it runs: its front end cannot ask then."""
        self._hosting.thread.call(self._grant, "", True)

    def take_back(self) -> None:
        """The cell has ended; from now on the panel can ask. A notebook that is saved now holds no ticket."""
        self._hosting.thread.call(self._withdraw)

    def ask_ticket(self, origin: str) -> None:
        """The panel asks, from the page `origin`."""
        self._hosting.thread.call(self._grant, origin)

    # The link's thread.

    def _grant(self, origin: str, handed: bool = False) -> None:
        secret, invitation = links.ticket(time.time(), origin)
        if handed:
            self._handed = invitation.name
        self._hosting.handle.push(lambda replica: self._push_grant(replica, secret, invitation))

    def _push_grant(self, replica: Replica, secret: str, invitation: Invitation) -> list[Any]:
        effects = replica.grant(invitation)
        self._granted = (replica.pushes[-1].id, secret, invitation)
        return effects

    def _receive(self, note: Note | StatusChanged) -> None:
        match note:
            case Acked(id=acked) if self._granted is not None and acked >= self._granted[0]:
                _, secret, invitation = self._granted
                self._granted = None
                self._show(secret, invitation)
            case Welcomed(renumbered=renumbered) if self._granted is not None:
                number, secret, invitation = self._granted
                self._granted = (renumbered.get(number, number), secret, invitation)
            case PeopleChanged(joined=joined) if joined and self._shown:
                people = self._hosting.handle.ask(lambda replica: dict(replica.people))
                if any(people[peer].kind == "panel" for peer in joined if peer in people):
                    self._clear(self._shown)
            case StatusChanged(status=status):
                self.panel.failure = status.failure or built_failure()
                # A relay that was started again may have another port.
                self.panel.relay, self.panel.port = self._hosting.place.page, self._hosting.place.port
            case _:
                pass

    def _show(self, secret: str, invitation: Invitation) -> None:
        self._shown = invitation.name
        self.panel.set_trait("ticket_name", invitation.name)
        self.panel.set_trait("ticket", secret)
        self._hosting.thread.loop.call_later(links.TICKET_LIFE, partial(self._clear, invitation.name))

    def _withdraw(self) -> None:
        # Only the one that was handed out: an answer to the panel's own question is shown after the cell too.
        if self._granted is not None and self._granted[2].name == self._handed:
            self._granted = None
        self._clear(self._handed)

    def _clear(self, name: str) -> None:
        if name and name == self._shown:
            self._shown = ""
            self.panel.ticket = ""

    def _carry(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._hosting.thread.call(self._way.receive, dict(content), list(buffers))

    def _reply(self, content: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self.panel.send(dict(content), list(buffers))
