"""Who may come in, and as what (PROTOCOL.md A1, A2, A5-A8)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from cowidget.core import closing
from cowidget.core.closing import Closing
from cowidget.core.decisions import Decisions
from cowidget.core.effects import Row
from cowidget.core.frames import Hello
from cowidget.core.values import Invitation, Role, Trust
from cowidget.errors import AccessDenied

OWNER = "owner"
# No secret has this hash: a ticket that was used admits only by the proof of its session.
SPENT = "0" * 64
MAX_SPENT = 200

ROW = "i"


@dataclass(frozen=True, slots=True)
class Caller:
    """What the shell knows about a connection before its hello.

    Attributes:
        origin: the page's Origin header, empty when there was none.
        origin_allowed: the relay's own rules accept it (A9).
        may_create: `Hello.create` is the operator's token.
        feeds: its secret is the relay's own: it is the feed process (F9).
    """

    origin: str = ""
    origin_allowed: bool = True
    may_create: bool = False
    feeds: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """The invitation that lets a session in.

    Attributes:
        peer: the one it proved to be, or empty.
        returning: it was let in by this invitation before.
        entrusted: the role that somebody has given it, whatever the invitation says (P10).
    """

    invitation: Invitation
    peer: str = ""
    returning: bool = False
    entrusted: Trust | None = None

    @property
    def role(self) -> Role:
        """What the session may do."""
        return self.entrusted or self.invitation.role


class Access:
    """The invitations of one room. Its state comes from ordered grants, so every relay has the same."""

    def __init__(self, room: str, relay_key: bytes) -> None:
        self._room = room
        self._relay_key = relay_key
        self._invitations: dict[str, Invitation] = {}
        self._granters: dict[str, str] = {}
        self.decisions = Decisions()
        self.dirty: set[str] = set()

    # What is known.

    @property
    def invitations(self) -> Mapping[str, Invitation]:
        """All of them by name, the owner's and the withdrawn ones too."""
        return self._invitations

    def next_expiry(self, now: float) -> float | None:
        """When the next invitation ends that is still good, in Unix seconds."""
        ends = [i.expires for i in self._invitations.values() if i.expires is not None and not (i.once or i.revoked)]
        return min((end for end in ends if end > now), default=None)

    def prove_ticket(self, name: str, nonce: str) -> str:
        """The answer to a `challenge`: a MAC that only a relay with this ticket can make (A8)."""
        ticket = self._invitations.get(name)
        if ticket is None or not ticket.once or ticket.hash == SPENT:
            return ""
        return hmac.new(ticket.hash.encode(), nonce.encode(), hashlib.sha256).hexdigest()

    def proof(self, peer: str, invitation: str) -> str:
        """What a returning session shows instead of its secret (S6)."""
        # With the generation: a link that was withdrawn and given out anew leaves its old sessions out.
        text = f"{self._room}|{peer}|{self._invitations[invitation].generation}|{invitation}"
        return hmac.new(self._relay_key, text.encode(), hashlib.sha256).hexdigest() + "." + invitation

    # Letting in.

    def admit(self, hello: Hello, caller: Caller, here: Mapping[str, int], now: float) -> Admission:
        """Decide about a hello. `here` counts the sessions of each invitation.

        Raises:
            AccessDenied: with the closing that tells the person why.
        """
        denied = AccessDenied(closing.WRONG_LINK)
        # A new link in a known browser comes first: its role is what the person was just given. When it does
        # not let in, the session that the proof is of goes on.
        for admission in reversed(self._admissions(hello, caller)):
            try:
                self._check(admission, caller, here, now)
            except AccessDenied as why:
                denied = why
            else:
                return admission
        raise denied

    def check_place(self, invitation: Invitation, here: Mapping[str, int]) -> None:
        """Raises `AccessDenied` when as many are here as the invitation admits."""
        if invitation.people is not None and here.get(invitation.name, 0) >= invitation.people:
            raise AccessDenied(closing.FULL)

    def _admissions(self, hello: Hello, caller: Caller) -> list[Admission]:
        proved = self._proved(hello)
        linked = self._linked(hello, caller)
        another = linked if proved is None or linked is None or linked.name != proved.name else None
        if proved is not None and self.decisions.removed(hello.peer, proved):
            if another is None:
                raise AccessDenied(closing.REMOVED)
            return [Admission(another)]
        found = [] if proved is None else [self._returning(proved, hello.peer, returning=True)]
        if another is not None:
            found.append(self._returning(another, hello.peer) if proved else Admission(another))
        return found

    def _returning(self, invitation: Invitation, peer: str, *, returning: bool = False) -> Admission:
        return Admission(invitation, peer, returning, self.decisions.role_of(peer, invitation))

    def _proved(self, hello: Hello) -> Invitation | None:
        if not hello.peer or not hello.proof:
            return None
        invitation = self._invitations.get(hello.proof.partition(".")[2])
        if invitation is None:
            return None
        expected = self.proof(hello.peer, invitation.name)
        # As bytes: compare_digest raises on text that is not ASCII.
        genuine = hmac.compare_digest(expected.encode(), hello.proof.encode())
        return invitation if genuine else None

    def _linked(self, hello: Hello, caller: Caller) -> Invitation | None:
        if not hello.secret:
            return None
        digest = hash_of(hello.secret)
        found = None
        for invitation in self._invitations.values():
            if hmac.compare_digest(invitation.hash, digest):
                found = invitation
        if found is None and caller.may_create and OWNER not in self._invitations:
            found = Invitation(name=OWNER, role="owner", hash=digest)
        return found

    def _check(self, admission: Admission, caller: Caller, here: Mapping[str, int], now: float) -> None:
        invitation = admission.invitation
        bound = bool(invitation.origin) and invitation.origin == caller.origin
        if caller.origin and not (caller.origin_allowed or bound):
            raise AccessDenied(closing.ORIGIN)
        if invitation.origin and caller.origin and not bound:
            raise AccessDenied(closing.ORIGIN)
        if invitation.revoked:
            raise AccessDenied(closing.REVOKED)
        if _expires(invitation) and invitation.expires is not None and now >= invitation.expires:
            raise AccessDenied(closing.EXPIRED)
        if not admission.returning:
            self.check_place(invitation, here)

    # Ordered changes.

    def grant(self, invitation: Invitation, granter: str) -> None:
        """Add an invitation, or replace the one of its name."""
        self._invitations[invitation.name] = invitation
        self._granters[invitation.name] = granter
        self.dirty.add(invitation.name)
        spent = [i.name for i in self._invitations.values() if i.hash == SPENT]
        for name in spent[:-MAX_SPENT]:
            self._forget(name)

    def revoke(self, name: str) -> None:
        """Withdraw an invitation; its name is kept so that its people learn why."""
        if (invitation := self._invitations.get(name)) is not None and name != OWNER:
            self._invitations[name] = replace(invitation, revoked=True)
            self.dirty.add(name)

    def spend(self, name: str) -> Invitation:
        """A ticket has been used: what remains admits by proof alone."""
        spent = replace(self._invitations[name], hash=SPENT, expires=None)
        self.grant(spent, "")
        return spent

    def forget_tickets(self, granter: str) -> None:
        """The session that granted these unused tickets has ended (A7)."""
        for name in [n for n, i in self._invitations.items() if is_unused(i) and self._granters.get(n) == granter]:
            self._forget(name)

    def forget_unused_tickets(self) -> None:
        """The relay has been started again: every session that granted a ticket is gone."""
        for name in [n for n, i in self._invitations.items() if is_unused(i)]:
            self._forget(name)

    def forget_all_but_owner(self) -> None:
        """The room was stopped: no link of it works any more."""
        for name in [n for n in self._invitations if n != OWNER]:
            self._forget(name)

    def forget_owner(self) -> None:
        """The store could not keep the first owner's invitation: who comes next is the first again (A6)."""
        self._forget(OWNER)

    def _forget(self, name: str) -> None:
        del self._invitations[name]
        self._granters.pop(name, None)
        self.dirty.add(name)

    # Saved state.

    def take_rows(self) -> tuple[list[Row], list[str]]:
        """What changed since the last call: rows to replace, names to remove."""
        rows, removed = [], []
        for name in sorted(self.dirty):
            if (invitation := self._invitations.get(name)) is not None:
                rows.append(Row(ROW + name, msgspec.msgpack.encode(invitation)))
            else:
                removed.append(ROW + name)
        self.dirty.clear()
        return [*rows, *self.decisions.take_rows()], removed

    def load(self, row: Row) -> None:
        """Take one saved row."""
        invitation = msgspec.msgpack.decode(row.value, type=Invitation)
        self._invitations[invitation.name] = invitation


def hash_of(secret: str) -> str:
    """What the relay keeps of a secret: the SHA-256 of its UTF-8 bytes, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_unused(invitation: Invitation) -> bool:
    """Whether this is a ticket that has let nobody in yet."""
    return invitation.once and invitation.hash != SPENT


def _expires(invitation: Invitation) -> bool:
    return invitation.expires is not None and invitation.hash != SPENT


def closing_for(invitation: Invitation | None, now: float) -> Closing | None:
    """Why the sessions of this invitation must end now, or None."""
    if invitation is None or invitation.revoked:
        return closing.REVOKED
    if _expires(invitation) and not invitation.once and invitation.expires is not None and now >= invitation.expires:
        return closing.EXPIRED
    return None
