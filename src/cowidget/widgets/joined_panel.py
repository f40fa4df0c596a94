"""The panels that show somebody else's room in this notebook, and how each gets in.

A panel is a session of its own, so that it lives while a cell runs, and one person with its kernel: it has the
kernel's name, its link and its role, and while it is here the kernel is not listed beside it. It is let in by the
proof of the kernel's session (PROTOCOL.md S6), as a duplicated tab of the kernel would be (S7). The link's secret
stays in the kernel: what reaches the page cannot be passed on as a link, and ends with the link. It is a message
that the panel asks for, so it is never a trait nor saved. Of a link with limited places the two take two.

Its ways are those that lead to the relay that the kernel itself has dialled, because a relay can prove itself only
for an owner's ticket (A8): a relay with TLS by its address; one on the kernel's machine through the Jupyter server,
to the same port; anything else over the comm, where the kernel dials. Directly to a port of the browser's machine
there is none: with JupyterLab behind a tunnel, another program may live there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from IPython import get_ipython

from cowidget.client.handle import Handle
from cowidget.client.links import Link
from cowidget.client.peer import StatusChanged
from cowidget.core.notes import Effect, Note, PeopleChanged, Welcomed
from cowidget.core.replica import Identity, Phase, Replica
from cowidget.relay.origins import is_loopback
from cowidget.transports.comm import CommWay
from cowidget.widgets.panel import JoinedPanel
from cowidget.widgets.remote import NOTEBOOK
from cowidget.widgets.showing import Places

_LEFT = "This notebook has left the room. Run the cell again to join it anew."
_WIDGET = "widget "
_ROOM = ""


class Usher:
    """Lets one panel in. What belongs to the link's thread says so."""

    def __init__(self, handle: Handle, link: Link, identity: Identity, share: str) -> None:
        self._handle = handle
        self._way = CommWay(lambda: link.socket, self._reply)
        port, relay = way_of(link)
        self.panel = JoinedPanel(
            self._ask_session,
            self._carry,
            room=link.room,
            part="widget" if share else "joined",
            share=share,
            person=identity.name,
            color=identity.color,
            port=port,
            relay=relay,
        )
        # The link's thread: the panel has asked while the room was out of reach.
        self._asked = False
        handle.listen(self._receive)

    def close(self) -> None:
        """The kernel has left."""
        self._handle.thread.call(self._way.close)
        self.panel.failure = _LEFT

    def _ask_session(self) -> None:
        self._handle.push(self._answer)

    def _carry(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._handle.thread.call(self._way.receive, dict(content), list(buffers))

    def _reply(self, content: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self.panel.send(dict(content), list(buffers))

    # The link's thread.

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, Welcomed) and self._asked:
            self._handle.push(self._answer)

    def _answer(self, replica: Replica) -> list[Effect]:
        self._asked = replica.phase is not Phase.JOINED
        if not self._asked:
            self.panel.send({"session": {"peer": replica.peer, "proof": replica.dump().proof}})
        return []


class Visiting:
    """The panels of one joined room: one for each cell and what it shows."""

    def __init__(self, handle: Handle, link: Link, identity: Identity) -> None:
        self._handle = handle
        self._places = Places(lambda of: Usher(handle, link, identity, of.removeprefix(_WIDGET)))
        # The link's thread: whether one of them is here.
        self._represented = False
        handle.push(lambda replica: replica.present({NOTEBOOK: True}))
        handle.listen(self._receive)

    def show_room(self) -> None:
        """Display the room in the running cell."""
        if get_ipython() is not None:
            self._places.show(_ROOM)

    def show_widget(self, share: str) -> None:
        """Display one of its widgets in the running cell."""
        if get_ipython() is not None:
            self._places.show(_WIDGET + share)

    def close(self) -> None:
        """The kernel has left; the panels say so."""
        for usher in self._places.keepers:
            usher.close()

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, PeopleChanged):
            self._handle.push(self._represent)

    def _represent(self, replica: Replica) -> list[Effect]:
        people = replica.people.values()
        here = any(person.kind == "panel" and person.about.get("of") == replica.peer for person in people)
        if here == self._represented:
            return []
        self._represented = here
        # People's lists leave this out, as they do the cards that show a link: nobody else sits behind it.
        return replica.present({"part": "link" if here else None})


def way_of(link: Link) -> tuple[int, str]:
    """Where a page finds the relay: its port on the kernel's machine, the address that TLS vouches for, or neither."""
    parts = urlsplit(link.base)
    if parts.scheme == "https":
        return 0, link.base
    prefixed = parts.path.strip("/") != ""
    return (parts.port or 80, "") if is_loopback(parts.hostname or "") and not prefixed else (0, "")
