"""Who may join a room now, and what their coming changes (PROTOCOL.md S7, A1, A5-A7)."""

from __future__ import annotations

from collections.abc import Iterable

from cowidget.core import closing
from cowidget.core.access import OWNER, Admission, Caller, is_unused
from cowidget.core.effects import Append, Effect, Entry
from cowidget.core.frames import VERSION, Entrust, Grant, Hello, Push
from cowidget.core.ledger import Ledger
from cowidget.core.members import Members
from cowidget.errors import AccessDenied


class Entrance:
    """The room's door."""

    def __init__(self, ledger: Ledger, members: Members) -> None:
        self._ledger = ledger
        self._members = members

    def admit(self, hello: Hello, caller: Caller, now: float) -> Admission:
        """Decide about a hello.

        Raises:
            AccessDenied: with the closing that tells the person why.
        """
        if hello.version != VERSION:
            raise AccessDenied(closing.VERSION)
        here = self._members.per_invitation()
        try:
            admission = self._ledger.access.admit(hello, caller, here, now)
        except AccessDenied:
            if self._ledger.stopped:
                raise AccessDenied(closing.STOPPED) from None
            raise
        if self._ledger.stopped and admission.role != "owner":
            raise AccessDenied(closing.STOPPED)
        rival = self._members.of(admission.peer)
        if rival is None or rival.instance == hello.instance:
            return admission
        # A duplicated tab: another peer, which needs a place of its own.
        self._ledger.access.check_place(admission.invitation, here)
        return Admission(admission.invitation, entrusted=admission.entrusted)

    def admit_feeder(self, hello: Hello) -> None:
        """The same for the feed process, which the shell has recognised (F9)."""
        if hello.version != VERSION:
            raise AccessDenied(closing.VERSION)
        if self._ledger.stopped:
            raise AccessDenied(closing.STOPPED)

    def record(self, admission: Admission, peer: str, now: float) -> list[Effect]:
        """What the store must know of `peer` who comes in: the first owner, a ticket that is used, a role handed on."""
        access, invitation = self._ledger.access, admission.invitation
        if invitation.name == OWNER and OWNER not in access.invitations:
            access.grant(invitation, "")
            return [_own_append(Grant(1, invitation), now)]
        if is_unused(invitation):
            return [_own_append(Grant(1, access.spend(invitation.name)), now)]
        if admission.entrusted is not None and peer != admission.peer:
            # With the peer as its author: if the store cannot keep it, this session has to come again.
            return [_own_append(Entrust(1, peer, admission.entrusted), now, peer)]
        return []

    def receive_lost(self, entries: Iterable[Entry]) -> set[str]:
        """The store could not keep these: the invitations whose use it does not know, so that they let in again."""
        lost = {entry.push.invitation.name for entry in entries if not entry.author and isinstance(entry.push, Grant)}
        if OWNER in lost:
            self._ledger.access.forget_owner()
        return lost


def _own_append(push: Push, now: float, author: str = "") -> Append:
    return Append((Entry(author, 0, "owner", now, push),))
