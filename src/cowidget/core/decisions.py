"""What hosts and owners have decided about single peers: who is removed, and who has another role (PROTOCOL.md P10)."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from cowidget.core import limits
from cowidget.core.effects import Entry, Row
from cowidget.core.people_frames import Entrust, Remove
from cowidget.core.values import Invitation, Role, Trust

ROW = "p"


class Decision(Struct, frozen=True, array_like=True):
    """The last word about a peer. Without a `role` it is removed; `by_owner` tells whose word it is."""

    role: Trust | None
    by_owner: bool


class Decisions:
    """The last word about each peer, from ordered pushes: every relay has the same."""

    def __init__(self) -> None:
        self._last: dict[str, Decision] = {}
        self._dirty: set[str] = set()

    def takes(self, peer: str) -> bool:
        """Whether there is room for a decision about this peer."""
        return peer in self._last or len(self._last) < limits.MAX_DECISIONS

    def removed(self, peer: str, invitation: Invitation) -> bool:
        """Whether this peer may not come back with the invitation that let it in."""
        decision = self._about(peer, invitation)
        return decision is not None and decision.role is None

    def role_of(self, peer: str, invitation: Invitation) -> Trust | None:
        """What this peer was entrusted with, whatever its invitation says; None if nobody has."""
        decision = self._about(peer, invitation)
        return None if decision is None else decision.role

    def apply(self, entry: Entry) -> None:
        """An ordered `Remove` or `Entrust`."""
        match entry.push:
            case Remove(peer=peer):
                self._last[peer] = Decision(None, entry.role == "owner")
            case Entrust(peer=peer, role=role):
                self._last[peer] = Decision(role, entry.role == "owner")
            case _:
                raise AssertionError("the ledger hands over what decides about a peer")
        self._dirty.add(peer)

    def take_rows(self) -> list[Row]:
        """What changed since the last call, to be saved."""
        rows = [Row(ROW + peer, msgspec.msgpack.encode(self._last[peer])) for peer in sorted(self._dirty)]
        self._dirty.clear()
        return rows

    def load(self, row: Row) -> None:
        """Take one saved row."""
        self._last[row.name.removeprefix(ROW)] = msgspec.msgpack.decode(row.value, type=Decision)

    def _about(self, peer: str, invitation: Invitation) -> Decision | None:
        decision = self._last.get(peer)
        # They may have decided while its line was down, when nobody could tell whose it is.
        spared = decision is not None and is_shielded(invitation, "owner" if decision.by_owner else "host")
        return None if spared else decision


def is_notebook(invitation: Invitation | None) -> bool:
    """Whether this is the ticket of an owner's panel: only owners give tickets, and they give them to their pages."""
    return invitation is not None and invitation.once and invitation.role == "host"


def is_shielded(invitation: Invitation | None, role: Role) -> bool:
    """Whether a `role` may not change who came with this invitation."""
    owner = invitation is not None and invitation.role == "owner"
    return owner or (is_notebook(invitation) and role != "owner")
