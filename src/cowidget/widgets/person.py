"""One person of a room, from Python."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

from cowidget.core import values
from cowidget.core.values import Kind, Role, Trust
from cowidget.errors import NotAllowed

if TYPE_CHECKING:
    from cowidget.widgets.people import People


# Seconds. Who writes says so every five (P7); whose page has died without a word is not shown for longer.
_TYPING = 8.0


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where somebody points.

    Attributes:
        share: the name of the widget.
        x: 0 at its left edge, 1 at its right one.
        y: 0 at its top, 1 at its bottom.
    """

    share: str
    x: float
    y: float


class Person:
    """Somebody in the room, as they are now; once they have left, as they were last.

    Made by `room.people`; the same object as long as it is the same person.
    """

    def __init__(self, people: People, known: values.Person) -> None:
        self._people = people
        # Written in the link's thread only, as a whole.
        self._known = known
        self._here = True
        self._heard = time.monotonic()

    # Who they are.

    @property
    def peer(self) -> str:
        """What the room calls them, the same after a break and a reload."""
        return self._known.peer

    @property
    def name(self) -> str:
        """The name that they have chosen."""
        return self._known.name

    @property
    def color(self) -> str:
        """Their colour, as `#rrggbb`."""
        return self._known.color

    @property
    def role(self) -> Role:
        """What they may do: viewer, participant, host or owner."""
        return self._known.role

    @property
    def kind(self) -> Kind:
        """What they are here with: a page (guest), a notebook's panel, or a kernel."""
        return self._known.kind

    @property
    def here(self) -> bool:
        """Whether they are here now."""
        return self._here

    # What they are doing.

    @property
    def idle(self) -> bool:
        """Whether they have not touched anything for a minute, or look at something else."""
        return self.here and self.about.get("idle") is True

    @property
    def typing(self) -> bool:
        """Whether they are writing in the chat."""
        return self.here and self.about.get("typing") is True and time.monotonic() - self._heard <= _TYPING

    @property
    def pointer(self) -> Pointer | None:
        """Where they point, if they do."""
        match self.about.get("pointer") if self.here else None:
            case {"share": str(share), "x": float() | int() as x, "y": float() | int() as y}:
                return Pointer(share, float(x), float(y))
        return None

    @property
    def hand(self) -> datetime | None:
        """When they raised their hand, if it is up."""
        at = self.about.get("hand") if self.here else None
        if isinstance(at, bool) or not isinstance(at, int | float):
            return None
        try:
            return datetime.fromtimestamp(at, UTC).astimezone()
        except (ValueError, OverflowError, OSError):
            return None  # no moment of the calendar: what people say about themselves may be anything

    @property
    def asks_control(self) -> bool:
        """Whether they are a viewer who asks to take part; `entrust("participant")` lets them."""
        return self.here and self.about.get("asks") == "control"

    @property
    def following(self) -> Person | None:
        """Whose view they follow, if anybody's."""
        peer = self.about.get("following") if self.here else None
        return self._people.find(peer) if isinstance(peer, str) else None

    @property
    def about(self) -> Mapping[str, Any]:
        """All that they tell about themselves (PROTOCOL.md P2), unchecked."""
        return MappingProxyType(self._known.about)

    # What a host does about them.

    def remove(self) -> None:
        """Send them away: they do not come back, unless with another link or in another browser. Returns at once.

        To keep out who holds a link, withdraw it too (`room.revoke`). `entrust` takes a removal back.

        Raises:
            NotAllowed: only hosts may do this, and not to themselves or an owner.
        """
        self._people.check_manages("send somebody away", self._known)
        self._people.push(lambda replica, peer: replica.remove(peer), self._known)

    def entrust(self, role: Trust) -> None:
        """Give them another role, whatever their link says; it stays theirs. Returns at once.

        Args:
            role: viewer, participant or host.

        Raises:
            NotAllowed: there is no such role to give; only hosts may do this, and not to themselves or an owner;
                only the notebook that shares the room makes hosts.
        """
        if role not in get_args(Trust):
            raise NotAllowed(f"Nobody can be made a {role!r}, only one of: {', '.join(get_args(Trust))}.")
        self._people.check_manages("give somebody a role", self._known, owner=role == "host")
        self._people.push(lambda replica, peer: replica.entrust(peer, role), self._known)

    def __repr__(self) -> str:
        state = "left" if not self.here else "idle" if self.idle else self.kind
        return f"<{self.name}: {self.role}, {state}>"

    # The link's thread.

    def learn(self, known: values.Person) -> None:
        """This is how they are now."""
        self._known, self._here, self._heard = known, True, time.monotonic()

    def leave(self) -> None:
        """They have gone."""
        self._here = False
