"""Who we are to the room: what we say about ourselves, and what its welcome has made of us (pure)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from cowidget.core import limits
from cowidget.core.frames import VERSION, Grant, Hello, Presence, Push, Revoke, Room, Welcome
from cowidget.core.identity import Identity, Stored, fitted
from cowidget.core.notes import Effect, RoomChanged
from cowidget.core.portable import encode_portable
from cowidget.core.roster import merge_about
from cowidget.core.values import Invitation, Position, Role


class Standing:
    """One client before its room."""

    def __init__(self, identity: Identity) -> None:
        self.identity = fitted(identity)
        self.peer = ""
        self.proof = ""
        self.role: Role | None = None
        self.invitations: tuple[Invitation, ...] = ()
        self.locked = False
        self._about: dict[str, Any] = {}
        self._greeted_as = self.identity  # who we were to the hello

    def restore(self, stored: Stored) -> None:
        """Go on as the peer of another life."""
        self.identity = dataclasses.replace(self.identity, instance=stored.instance)
        self.peer, self.proof = stored.peer, stored.proof

    def hello(self, secret: str, state: Position | None, log: Position | None, create: str) -> Hello:
        """Our first word, with what we have of the state and of the log. `secret` as in `Replica.receive_opened`."""
        mine = self._greeted_as = self.identity
        return Hello(
            VERSION,
            mine.room,
            mine.instance,
            secret,
            name=mine.name,
            color=mine.color,
            kind=mine.kind,
            peer=self.peer,
            proof=self.proof,
            state=state,
            log=log,
            create=create,
        )

    def welcome(self, welcome: Welcome) -> bool:
        """The room has let us in. Whether as the peer that we were."""
        same = welcome.peer == self.peer
        self.peer, self.proof, self.role = welcome.peer, welcome.proof, welcome.role
        self.invitations = welcome.invitations
        return same

    def receive_room(self, told: Welcome | Room) -> list[Effect]:
        """What a welcome or a frame of its own tells of the whole room (P10)."""
        if told.locked == self.locked:
            return []
        self.locked = told.locked
        return [RoomChanged(told.locked)]

    def acknowledge(self, pushes: Iterable[Push]) -> None:
        """The room has these pushes of ours: what we granted and revoked holds."""
        for push in pushes:
            match push:
                case Grant(invitation=granted):
                    self.invitations = (*self._invitations_but(granted.name), granted)
                case Revoke(invitation=name):
                    self.invitations = self._invitations_but(name)

    def present(self, about: Mapping[str, Any], name: str | None, color: str | None) -> Presence:
        """Entries of `about` are merged, None removes one. What to tell the room.

        Raises:
            TypeError, ValueError: an entry cannot travel (M4), or it is too much (P2); says why. Nothing has changed.
        """
        encode_portable(about)
        merged = merge_about(self._about, about)
        if len(merged) > limits.MAX_ABOUT_ENTRIES or len(encode_portable(merged)) > limits.MAX_ABOUT_BYTES:
            raise ValueError(f"a person tells {limits.MAX_ABOUT_BYTES >> 10} KiB about themselves at most (P2)")
        self._about = merged
        mine = self.identity
        wishes = (mine.name if name is None else name, mine.color if color is None else color)
        self.identity = fitted(dataclasses.replace(mine, name=wishes[0], color=wishes[1]))
        return Presence(dict(about), name and self.identity.name, color and self.identity.color)

    @property
    def presence(self) -> Presence | None:
        """What a room that we join has to be told about us beside the hello, new names included; None if nothing."""
        mine, told = self.identity, self._greeted_as
        name = mine.name if mine.name != told.name else None
        color = mine.color if mine.color != told.color else None
        if not self._about and name is None and color is None:
            return None
        return Presence(self._about, name, color)

    def _invitations_but(self, name: str) -> tuple[Invitation, ...]:
        return tuple(known for known in self.invitations if known.name != name)
