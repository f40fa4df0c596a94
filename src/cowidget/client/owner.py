"""The owning kernel's half of a room, beside its replica: declares, decides, keeps the links alive.

Belongs to the link's thread. Methods return effects for the peer. Guests' writes go into the exchange,
from where the application takes, applies and settles them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from cowidget.client import links
from cowidget.client.exchange import Exchange, Write
from cowidget.client.links import OwnerKey
from cowidget.core import notes
from cowidget.core.access import OWNER
from cowidget.core.document import share_of
from cowidget.core.frames import Declare, Refused, Settle
from cowidget.core.notes import Effect, Note
from cowidget.core.packing import digest, pack
from cowidget.core.replica import Replica
from cowidget.core.values import Invitation, KeyState, Settlement, Share

# The link in the share bar. A week: a course's next lesson still opens it, a forgotten one dies.
GUESTS = "guests"
LINK_LIFE = 7 * 24 * 3600.0


@dataclass(slots=True)
class Declared:
    """One share of ours, as the room is told again after it has lost what it knew.

    Attributes:
        share: its description.
        values: the newest of ours by key.
        blobs: code and style that its models name.
    """

    share: Share
    values: dict[str, Any]
    blobs: tuple[bytes, ...]


class Owner:
    """Wraps one replica whose secret is the owner's."""

    def __init__(self, replica: Replica, key: OwnerKey, exchange: Exchange, clock: Callable[[], float]) -> None:
        self._replica = replica
        self._key = key
        self._exchange = exchange
        self._clock = clock
        self._room = replica.identity.room
        self._declared: dict[str, Declared] = {}
        # Keys to look at again when a push of ours has been acknowledged.
        self._deferred: set[str] = set()
        self._invitations: dict[str, Invitation] = {}
        self._declared_as = ""

    # What is known.

    @property
    def shares(self) -> Mapping[str, Declared]:
        """What this kernel has declared."""
        return self._declared

    @property
    def invitations(self) -> Mapping[str, Invitation]:
        """The room's links that this kernel knows of, by name; tickets are not among them."""
        return self._invitations

    def secret(self, invitation: str) -> str:
        """The secret of a known invitation."""
        return self._key.secret(self._room, invitation, self._invitations[invitation].generation)

    # Notes of the replica, before the application sees them.

    def receive(self, note: Note) -> list[Effect]:
        """What a note makes the owner do. New writes are in the exchange afterwards."""
        match note:
            case notes.Welcomed(reset=reset):
                return self._receive_welcome(reset)
            case notes.SharesChanged() | notes.PeopleChanged():
                return self._reclaim()
            case notes.StateChanged(keys=keys):
                self._examine(keys)
            case notes.Acked() | notes.RefusedPush():
                self._examine(tuple(self._deferred))
            case _:
                pass
        return []

    def _receive_welcome(self, reset: bool) -> list[Effect]:
        effects = self._keep_guests()
        if reset or self._replica.peer != self._declared_as:
            waiting = self._declaring()
            for name in [name for name in self._declared if name not in waiting]:
                effects += self.declare(self._declared[name])
        self._declared_as = self._replica.peer
        self._examine(tuple(self._deferred))
        return effects

    def _reclaim(self) -> list[Effect]:
        """Declare again what another kernel took over that is not here: what it said last may have come late."""
        shares, here, declaring = self._replica.shares, self._replica.people, self._declaring()
        lost = [
            declared
            for name, declared in self._declared.items()
            if name in shares and name not in declaring
            if shares[name].by != self._replica.peer and shares[name].by not in here
        ]
        return [effect for declared in lost for effect in self.declare(declared)]

    # Shares.

    def declare(self, declared: Declared, *, restore: bool = True) -> list[Effect]:
        """Share a widget, or describe it anew."""
        self._declared[declared.share.name] = declared
        effects = self._replica.declare(declared.share, declared.values, declared.blobs, restore)
        self._deferred.update(declared.values)
        for key in declared.values:
            self._exchange.drop(key)
        return effects

    def unshare(self, name: str) -> list[Effect]:
        """Take a share away."""
        if (declared := self._declared.pop(name, None)) is None:
            return []
        self._deferred.difference_update(declared.values)
        for key in declared.values:
            self._exchange.drop(key)
        return self._replica.unshare(name)

    def set(self, values: Mapping[str, Any]) -> list[Effect]:
        """Own values, just collected from the exchange."""
        known = {key: value for key, value in values.items() if share_of(key) in self._declared}
        for key, value in known.items():
            self._declared[share_of(key)].values[key] = value
        effects = self._replica.set(known) if known else []
        self._deferred.update(known)
        return effects

    def settle(self, settlements: Sequence[Settlement], held: Mapping[str, Any]) -> list[Effect]:
        """Tell what became of guests' writes; `held` are the widgets' values now."""
        for key, value in held.items():
            if (declared := self._declared.get(share_of(key))) is not None and key in declared.values:
                declared.values[key] = value
        return self._replica.settle(settlements) if settlements else []

    def is_moot(self, refused: Refused) -> bool:
        """Whether a refusal means nothing: a declaration on its way brings these values again.

        Under a new peer the room does not take our values for ours before that.
        """
        return refused.slug == "not-owner" and {share_of(key) for key in refused.keys} <= self._declaring()

    def _declaring(self) -> frozenset[str]:
        return frozenset(push.share.name for push in self._replica.pushes if isinstance(push, Declare))

    # Guests' writes.

    def _examine(self, keys: Iterable[str]) -> None:
        ours = [key for key in keys if share_of(key) in self._declared]
        if not ours:
            return
        declaring = self._declaring()
        settling = {
            (settlement.key, settlement.version)
            for push in self._replica.pushes
            if isinstance(push, Settle)
            for settlement in push.settlements
        }
        for key in ours:
            state = self._replica.state(key)
            if self._replica.outstanding(key) or share_of(key) in declaring:
                # Whether the guest's write or ours came last is known when ours is acknowledged.
                self._deferred.add(key)
                self._exchange.drop(key)
                continue
            self._deferred.discard(key)
            if state is None or not state.pending or (key, state.version) in settling:
                self._exchange.drop(key)
            elif self._is_here(state):
                self._exchange.put(Write(key, state.version, self._replica.value(key)))

    def _is_here(self, state: KeyState) -> bool:
        if state.blob is None:
            return True
        (change,) = pack({state.key: self._replica.value(state.key)}).changes
        return change.blob == state.blob

    # Links.

    def invite(self, terms: Invitation) -> list[Effect]:
        """Let people in on these terms. A link of the same name lives on, unless it was revoked."""
        known = self._invitations.get(terms.name)
        # A name that the relay does not know may be one that it has forgotten with a stopped room. Its secret
        # must not be one that was revoked there, so the first generation is a new number: the milliseconds.
        generation = known.generation + known.revoked if known is not None else int(self._clock() * 1000)
        return self._grant(replace(terms, generation=generation, revoked=False))

    def revoke(self, name: str) -> list[Effect]:
        """Withdraw a link and end its sessions."""
        if (known := self._invitations.get(name)) is not None:
            self._invitations[name] = replace(known, revoked=True)
        return self._replica.revoke(name)

    def renew(self) -> list[Effect]:
        """Let the guests' link live on from now; one that was revoked is replaced."""
        return self.invite(self._guests())

    def _keep_guests(self) -> list[Effect]:
        self._learn(self._replica.invitations)
        known = self._invitations.get(GUESTS)
        expected = None if known is None else links.invitation(self._key, self._room, known).hash
        if known is None or known.revoked:
            return self.renew()
        if known.hash != expected:
            # The owner key is another one now: the old secret is not ours to give out any more.
            return self._grant(replace(self._guests(), generation=known.generation + 1))
        if known.expires is not None and known.expires - self._clock() < LINK_LIFE / 2:
            return self.renew()
        return []

    def _learn(self, invitations: Iterable[Invitation]) -> None:
        for invitation in invitations:
            if invitation.name != OWNER and not invitation.once:
                self._invitations[invitation.name] = invitation

    def _guests(self) -> Invitation:
        return Invitation(name=GUESTS, role="participant", hash=digest(b""), expires=self._clock() + LINK_LIFE)

    def _grant(self, terms: Invitation) -> list[Effect]:
        granted = links.invitation(self._key, self._room, terms)
        self._invitations[granted.name] = granted
        return self._replica.grant(granted)
