"""The owner's half, on a real replica whose relay is played by the test."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from cowidget.client import links
from cowidget.client.exchange import Exchange, Write
from cowidget.client.links import OwnerKey
from cowidget.client.owner import GUESTS, LINK_LIFE, Declared, Owner
from cowidget.core.frames import Ack, Declare, Grant, Patch, People, Push, Refused, RelayFrame, Set as SetFrame, Welcome
from cowidget.core.notes import Effect, Transmit
from cowidget.core.packing import digest, pack
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Invitation, KeyState, Model, Person, Position, Settlement, Share

KEY = OwnerKey(b"0123456789abcdef")
SHARE = Share("w", (Model("", "Counter", ("value",), writable=("value",)),))
NOW = 1_000_000.0


class Kernel:
    """An owner whose frames go into a list."""

    def __init__(self) -> None:
        self.replica = Replica(Identity("room", "kernel", "kernel-1"))
        self.exchange = Exchange()
        self.owner = Owner(self.replica, KEY, self.exchange, lambda: NOW)
        self.sent: list[Any] = []

    def run(self, effects: list[Effect]) -> None:
        """What a peer does: frames out, notes to the owner, whose effects follow."""
        for effect in effects:
            if isinstance(effect, Transmit):
                self.sent += effect.frames
        for effect in effects:
            if not isinstance(effect, Transmit):
                self.run(self.owner.receive(effect))

    def receives(self, *frames: RelayFrame) -> None:
        for frame in frames:
            self.run(self.replica.receive(frame))

    def is_welcomed(self, **fields: Any) -> None:
        self.run(self.replica.receive_opened("secret"))
        defaults: dict[str, Any] = {
            "peer": "owner-1", "proof": "p", "role": "owner", "acked": 0, "state": Position("s", 0),
            "log": Position("l", 0), "people": (), "time": NOW, "reset": True,
        }  # fmt: skip
        self.receives(Welcome(**(defaults | fields)))

    def is_acknowledged(self) -> None:
        self.receives(Ack(max(push.id for push in self.replica.pushes)))

    def shares(self, value: Any = 1) -> None:
        self.run(self.owner.declare(Declared(SHARE, {"w/value": value}, (b"code",))))

    def pushed(self, kind: type[Push]) -> list[Any]:
        return [frame for frame in self.sent if isinstance(frame, kind)]

    def waiting(self) -> list[Write]:
        return self.exchange.take(lambda key: True)


def guest_wrote(value: Any, version: int = 5, **fields: Any) -> Patch:
    return Patch(version, (KeyState("w/value", version, "guest-1", value, pending=True, **fields),))


def sharing() -> Kernel:
    kernel = Kernel()
    kernel.is_welcomed()
    kernel.shares()
    kernel.is_acknowledged()
    return kernel


def guests(generation: int, **fields: Any) -> Invitation:
    terms = Invitation(GUESTS, "participant", "0" * 64, generation, expires=NOW + LINK_LIFE)
    granted = links.invitation(KEY, "room", terms)
    return Invitation(**({name: getattr(granted, name) for name in granted.__struct_fields__} | fields))


# Guests' writes.


def test_a_guests_write_waits_to_be_applied() -> None:
    kernel = sharing()

    kernel.receives(guest_wrote(7))

    assert kernel.waiting() == [Write("w/value", 5, 7)]


def test_a_write_while_a_set_of_ours_is_on_its_way_waits_for_its_acknowledgement() -> None:
    kernel = sharing()
    kernel.run(kernel.owner.set({"w/value": 2}))

    kernel.receives(guest_wrote(7))
    before = kernel.waiting()
    kernel.is_acknowledged()

    assert (before, kernel.waiting()) == ([], [Write("w/value", 5, 7)])


def test_a_write_that_ours_overtook_is_never_applied() -> None:
    kernel = sharing()
    kernel.run(kernel.owner.set({"w/value": 2}))

    kernel.receives(guest_wrote(7), Patch(6, (KeyState("w/value", 6, "owner-1", 2),)))
    kernel.is_acknowledged()

    assert kernel.waiting() == []


def test_a_write_during_a_declaration_waits_for_it() -> None:
    kernel = sharing()
    kernel.shares(3)

    kernel.receives(guest_wrote(7))
    before = kernel.waiting()
    kernel.is_acknowledged()

    assert (before, kernel.waiting()) == ([], [Write("w/value", 5, 7)])


def test_a_write_that_is_being_settled_is_not_applied_twice() -> None:
    kernel = sharing()
    kernel.receives(guest_wrote(7))
    kernel.waiting()
    kernel.run(kernel.owner.settle([Settlement("w/value", 5, "commit")], {"w/value": 7}))

    kernel.receives(guest_wrote(7))

    assert kernel.waiting() == []


def test_values_without_an_owner_and_of_other_kernels_are_not_ours_to_apply() -> None:
    kernel = sharing()

    kernel.receives(Patch(5, (KeyState("/level", 5, "guest-1", 1), KeyState("x/value", 5, "g", 1, pending=True))))

    assert kernel.waiting() == []


def test_a_large_write_waits_for_its_bytes() -> None:
    kernel = sharing()
    (change,) = pack({"w/value": b"x" * 100_000}).changes

    kernel.receives(guest_wrote(None, blob=change.blob, size=change.size))

    assert kernel.waiting() == []


# Shares.


def test_after_a_reset_every_share_is_declared_again_with_the_newest_values() -> None:
    kernel = sharing()
    kernel.run(kernel.owner.set({"w/value": 2}))
    kernel.is_acknowledged()
    kernel.run(kernel.replica.receive_closed(1006))
    kernel.sent.clear()

    kernel.is_welcomed(state=Position("another", 0))

    (declare,) = kernel.pushed(Declare)
    assert [(change.key, change.value) for change in declare.changes] == [("w/value", 2)]


def test_what_was_applied_is_the_newest_value() -> None:
    kernel = sharing()
    kernel.receives(guest_wrote(7))
    kernel.run(kernel.owner.settle([Settlement("w/value", 5, "commit")], {"w/value": 7}))
    kernel.is_acknowledged()
    kernel.run(kernel.replica.receive_closed(1006))
    kernel.sent.clear()

    kernel.is_welcomed(state=Position("another", 0))

    assert kernel.pushed(Declare)[0].changes[0].value == 7


def test_after_a_plain_resume_nothing_is_declared_again() -> None:
    kernel = sharing()
    kernel.run(kernel.replica.receive_closed(1006))
    kernel.sent.clear()

    kernel.is_welcomed(acked=2, reset=False)

    assert kernel.pushed(Declare) == []


def test_a_new_peer_declares_again_since_a_share_belongs_to_its_peer() -> None:
    kernel = sharing()
    kernel.run(kernel.replica.receive_closed(1006))
    kernel.sent.clear()

    kernel.is_welcomed(peer="owner-2", reset=False)

    assert len(kernel.pushed(Declare)) == 1


def test_a_share_that_was_declared_while_away_is_declared_once() -> None:
    kernel = Kernel()
    kernel.shares()

    kernel.is_welcomed()

    assert len(kernel.pushed(Declare)) == 1


def test_a_value_of_a_share_that_is_gone_is_not_sent() -> None:
    kernel = sharing()
    kernel.run(kernel.owner.unshare("w"))
    kernel.sent.clear()

    kernel.run(kernel.owner.set({"w/value": 2}))

    assert kernel.pushed(SetFrame) == []


# Links.


def test_a_new_room_gets_a_guests_link_for_a_week() -> None:
    kernel = Kernel()

    kernel.is_welcomed()

    (grant,) = kernel.pushed(Grant)
    assert (grant.invitation.name, grant.invitation.role) == (GUESTS, "participant")
    assert grant.invitation.expires == NOW + LINK_LIFE
    assert grant.invitation.hash == digest(kernel.owner.secret(GUESTS).encode())


def test_a_link_that_the_room_knows_lives_on() -> None:
    kernel = Kernel()

    kernel.is_welcomed(invitations=(guests(4),))

    assert kernel.pushed(Grant) == []
    assert kernel.owner.secret(GUESTS) == KEY.secret("room", GUESTS, 4)


def test_a_link_that_was_revoked_is_replaced_by_the_next_generation() -> None:
    kernel = Kernel()

    kernel.is_welcomed(invitations=(guests(4, revoked=True),))

    assert [grant.invitation.generation for grant in kernel.pushed(Grant)] == [5]


def test_a_link_of_another_owner_key_is_replaced() -> None:
    kernel = Kernel()

    kernel.is_welcomed(invitations=(guests(4, hash="f" * 64),))

    assert [grant.invitation.generation for grant in kernel.pushed(Grant)] == [5]


def test_a_link_whose_week_is_half_over_is_renewed() -> None:
    kernel = Kernel()

    kernel.is_welcomed(invitations=(guests(4, expires=NOW + 3600),))

    (grant,) = kernel.pushed(Grant)
    assert (grant.invitation.generation, grant.invitation.expires) == (4, NOW + LINK_LIFE)


def test_a_room_that_forgot_its_links_never_gives_out_an_old_secret() -> None:
    before, after = Kernel(), Kernel()
    before.is_welcomed(invitations=(guests(1),))

    after.is_welcomed()

    assert after.owner.secret(GUESTS) != before.owner.secret(GUESTS)


# Another peer.


def test_a_kernel_that_became_another_peer_declares_again_with_its_newest_values() -> None:
    kernel = Kernel()
    kernel.is_welcomed()
    kernel.shares()
    kernel.is_acknowledged()
    kernel.run(kernel.replica.receive_closed(1006))
    kernel.run(kernel.owner.set({"w/value": 7}))
    kernel.sent.clear()
    kernel.is_welcomed(peer="owner-2", reset=False)

    (declared,) = kernel.pushed(Declare)
    assert declared.changes[0].value == 7


def test_what_is_refused_because_the_declaration_comes_later_means_nothing() -> None:
    kernel = Kernel()
    kernel.is_welcomed()
    kernel.shares()

    assert kernel.owner.is_moot(Refused(1, "not-owner", "", ("w/value",)))
    assert not kernel.owner.is_moot(Refused(1, "not-owner", "", ("w/value", "v/value")))
    assert not kernel.owner.is_moot(Refused(1, "too-large", "", ("w/value",)))


def test_a_share_that_another_kernel_took_over_is_refused_for_good() -> None:
    kernel = Kernel()
    kernel.is_welcomed()
    kernel.shares()
    kernel.is_acknowledged()

    assert not kernel.owner.is_moot(Refused(2, "not-owner", "", ("w/value",)))


def test_a_share_that_a_dead_kernel_took_over_is_declared_again() -> None:
    kernel = Kernel()
    kernel.is_welcomed(people=(Person("owner-1", "", "", "owner", "kernel"),))
    kernel.shares()
    kernel.is_acknowledged()
    kernel.sent.clear()
    kernel.receives(Patch(9, shares=(replace(SHARE, by="dead"),)))

    assert [declared.share.name for declared in kernel.pushed(Declare)] == ["w"]


def test_a_share_that_a_living_kernel_took_over_is_its_own_until_it_leaves() -> None:
    kernel = Kernel()
    kernel.is_welcomed(people=(Person("other", "", "", "owner", "kernel"),))
    kernel.shares()
    kernel.is_acknowledged()
    kernel.sent.clear()
    kernel.receives(Patch(9, shares=(replace(SHARE, by="other"),)))
    while_it_is_here = kernel.pushed(Declare)
    kernel.receives(People(left=("other",)))

    assert (while_it_is_here, [declared.share.name for declared in kernel.pushed(Declare)]) == ([], ["w"])
