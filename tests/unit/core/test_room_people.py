"""One room: locked, its people removed and entrusted with roles (P10)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from cowidget.core import closing, limits
from cowidget.core.frames import Ack, Entrust, Grant, Lock, Patch, People, Refused, Remove, Room, Set
from cowidget.core.values import Change
from tests.support.rooms import Peer, RoomBench, invitation


@pytest.fixture
def host(bench: RoomBench) -> Peer:
    return bench.join("host")


def panel(bench: RoomBench) -> Peer:
    """The owner's own page."""
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    return bench.join("ticket")


def refusals(peer: Peer) -> list[str]:
    return [refused.slug for refused in peer.sees(Refused)]


# Locked.


@pytest.mark.rule("P10")
def test_in_a_locked_room_participants_only_look_on_and_write_in_the_chat(
    bench: RoomBench, host: Peer, ada: Peer
) -> None:
    bench.share_slider()
    host.push(Lock, on=True)
    ada.set({"slider/value": 1})
    ada.emit("slider", "go")
    ada.post("may I?")

    assert (refusals(ada), bench.owner.values()["slider/value"], bench.owner.texts()) == (
        ["locked", "locked"],
        10,
        ["may I?"],
    )


@pytest.mark.rule("P10")
def test_a_locked_room_takes_what_hosts_and_owners_set(bench: RoomBench, host: Peer, ada: Peer) -> None:
    host.push(Lock, on=True)
    host.set({"/x": 1})
    bench.owner.set({"/y": 2})

    assert (ada.values(), refusals(host) + refusals(bench.owner)) == ({"/x": 1, "/y": 2}, [])


@pytest.mark.rule("P10")
def test_everybody_is_told_of_a_lock_newcomers_and_the_slow_too(bench: RoomBench, host: Peer, ada: Peer) -> None:
    ada.congest()
    host.push(Lock, on=True)
    newcomer = bench.join("viewer")
    host.push(Lock, on=False)

    assert (ada.sees(Room), newcomer.welcome.locked) == ([Room(locked=True), Room()], True)
    assert bench.join("viewer").welcome.locked is False


@pytest.mark.rule("P10")
@pytest.mark.parametrize("clean", [True, False], ids=["saved", "from the journal"])
def test_a_lock_holds_over_a_restart(bench: RoomBench, host: Peer, clean: bool) -> None:
    host.push(Lock, on=True)
    bench.restart(clean=clean)
    locked = bench.join("viewer").welcome.locked
    bench.join("host").push(Lock, on=False)
    bench.restart()

    assert (locked, bench.join("viewer").welcome.locked) == (True, False)


@pytest.mark.rule("P10", "D2")
def test_nothing_comes_between_a_lock_and_its_place_in_the_order(bench: RoomBench, host: Peer, ada: Peer) -> None:
    bench.hold()
    ada.set({"/before": 1})
    host.push(Lock, on=True)
    ada.set({"/behind": 2})
    host.push(Lock, on=False)
    ada.set({"/after": 3})
    bench.go_on()

    assert (bench.owner.values(), refusals(ada)) == ({"/before": 1, "/after": 3}, ["locked"])


@pytest.mark.rule("P10", "C3")
def test_a_lock_that_could_not_be_kept_is_none(bench: RoomBench, host: Peer, ada: Peer) -> None:
    bench.hold()
    host.push(Lock, on=True)
    bench.go_on(fail=True)
    ada.set({"/x": 1})

    assert (host.closing, ada.sees(Room), ada.values()) == (closing.STORE_FAILED, [], {"/x": 1})


@pytest.mark.rule("P10", "D9")
def test_a_lock_holds_for_what_waited_for_a_blob(bench: RoomBench, host: Peer, ada: Peer) -> None:
    data = b"\xa5hello"
    blob = sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/x", blob=blob, size=len(data)),))
    host.push(Lock, on=True)
    ada.send_blob(blob, data)

    assert (refusals(ada), bench.owner.values()) == (["locked"], {})


# Removed.


@pytest.mark.rule("P10")
@pytest.mark.parametrize("link", ["", "participant"], ids=["by its proof", "with the link too"])
def test_who_is_removed_does_not_come_back(bench: RoomBench, host: Peer, ada: Peer, link: str) -> None:
    host.push(Remove, peer=ada.name)
    bench.wait(1)
    secret = {"secret": f"secret of {link}"} if link else {}
    again = bench.comes_back(ada, **secret)

    assert (ada.closing, again.closing) == (closing.REMOVED, closing.REMOVED)
    assert [left for people in bench.owner.sees(People) for left in people.left] == [ada.name]


@pytest.mark.rule("P10")
@pytest.mark.parametrize("clean", [True, False], ids=["saved", "from the journal"])
def test_a_removal_holds_over_a_restart(bench: RoomBench, host: Peer, ada: Peer, clean: bool) -> None:
    host.push(Remove, peer=ada.name)
    bench.restart(clean=clean)

    assert bench.comes_back(ada).closing == closing.REMOVED


@pytest.mark.rule("P10", "S6")
def test_who_was_removed_may_come_as_somebody_else_with_another_link(bench: RoomBench, host: Peer, ada: Peer) -> None:
    host.push(Remove, peer=ada.name)
    again = bench.comes_back(ada, secret="secret of viewer")

    assert (again.closing, again.welcome.role, again.name != ada.name) == (None, "viewer", True)


@pytest.mark.rule("P10")
def test_who_is_away_is_removed_too(bench: RoomBench, host: Peer, ada: Peer) -> None:
    ada.leave()
    host.push(Remove, peer=ada.name)

    assert (bench.comes_back(ada).closing, refusals(host)) == (closing.REMOVED, [])


@pytest.mark.rule("P10")
def test_whoever_is_removed_orders_nothing_behind_that(bench: RoomBench, host: Peer, ada: Peer) -> None:
    bench.hold()
    ada.set({"/before": 1})
    host.push(Remove, peer=ada.name)
    ada.set({"/behind": 2})
    ada.post("behind")
    bench.go_on()

    assert (bench.owner.values(), bench.owner.texts(), ada.closing) == ({"/before": 1}, [], closing.REMOVED)


@pytest.mark.rule("P10", "C3")
def test_whose_removal_could_not_be_kept_goes_on(bench: RoomBench, host: Peer, ada: Peer) -> None:
    bench.hold()
    host.push(Remove, peer=ada.name)
    bench.go_on(fail=True)
    ada.set({"/x": 1})

    assert (ada.closing, ada.sees(Ack), bench.owner.values()) == (None, [Ack(1)], {"/x": 1})


@pytest.mark.rule("P10", "S3")
def test_a_removal_that_is_sent_again_removes_nobody_whom_it_was_taken_back_for(
    bench: RoomBench, host: Peer, ada: Peer
) -> None:
    removal = host.push(Remove, peer=ada.name)
    host.push(Entrust, peer=ada.name, role="participant")
    ada = bench.comes_back(ada)
    bench.hold()
    host.send(Remove(removal, ada.name))
    ada.set({"/x": 1})
    bench.go_on()

    assert (ada.closing, bench.owner.values()) == (None, {"/x": 1})


# Entrusted.


@pytest.mark.rule("P10")
@pytest.mark.parametrize("clean", [True, False], ids=["saved", "from the journal"])
def test_an_entrusted_role_is_kept_with_the_peer(bench: RoomBench, host: Peer, bob: Peer, clean: bool) -> None:
    host.push(Entrust, peer=bob.name, role="participant")
    again = bench.comes_back(bob)
    bench.restart(clean=clean)
    later = bench.comes_back(again)

    assert (bob.closing, again.name, again.welcome.role) == (closing.ROLE_CHANGED, bob.name, "participant")
    assert (later.name, later.welcome.role) == (bob.name, "participant")


@pytest.mark.rule("P10", "A5")
def test_it_wins_over_what_the_link_says_now(bench: RoomBench, host: Peer, ada: Peer) -> None:
    host.push(Entrust, peer=ada.name, role="viewer")
    ada = bench.comes_back(ada)
    bench.owner.push(Grant, invitation=invitation("participant", "host"))

    assert [bench.comes_back(ada).welcome.role, bench.comes_back(ada, secret="secret of host").welcome.role] == [
        "viewer",
        "viewer",
    ]


@pytest.mark.rule("P10")
def test_who_has_the_role_already_stays(bench: RoomBench, host: Peer, ada: Peer) -> None:
    host.push(Entrust, peer=ada.name, role="participant")

    assert ada.closing is None


@pytest.mark.rule("P10", "S7")
def test_a_duplicated_tab_has_the_role_that_its_peer_was_entrusted_with(
    bench: RoomBench, host: Peer, ada: Peer
) -> None:
    host.push(Entrust, peer=ada.name, role="viewer")
    ada = bench.comes_back(ada)
    double = bench.comes_back(ada, instance="another tab")
    bench.restart()
    again = bench.comes_back(double)

    assert (double.name != ada.name, double.welcome.role) == (True, "viewer")
    assert (again.name, again.welcome.role) == (double.name, "viewer")


@pytest.mark.rule("P10", "C3")
def test_a_duplicated_tab_whose_role_could_not_be_kept_has_to_come_again(
    bench: RoomBench, host: Peer, ada: Peer
) -> None:
    host.push(Entrust, peer=ada.name, role="viewer")
    ada = bench.comes_back(ada)
    bench.hold()
    double = bench.comes_back(ada, instance="another tab")
    bench.go_on(fail=True)

    assert (double.closing, ada.closing) == (closing.STORE_FAILED, None)


@pytest.mark.rule("P10")
def test_a_role_takes_a_removal_back(bench: RoomBench, host: Peer, ada: Peer) -> None:
    host.push(Remove, peer=ada.name)
    host.push(Entrust, peer=ada.name, role="viewer")

    assert bench.comes_back(ada).welcome.role == "viewer"


# Who may.


@pytest.mark.rule("P10")
def test_only_owners_and_their_panels_make_hosts(bench: RoomBench, host: Peer, ada: Peer, bob: Peer) -> None:
    host.push(Entrust, peer=ada.name, role="host")
    bench.owner.push(Entrust, peer=ada.name, role="host")
    panel(bench).push(Entrust, peer=bob.name, role="host")

    assert (refusals(host), [bench.comes_back(one).welcome.role for one in (ada, bob)]) == (["role"], ["host", "host"])


@pytest.mark.rule("P10")
@pytest.mark.parametrize("act", [{"kind": Remove}, {"kind": Entrust, "role": "viewer"}], ids=["remove", "entrust"])
def test_nobody_changes_an_owner_its_panel_or_themselves(bench: RoomBench, host: Peer, act: dict[str, Any]) -> None:
    own = panel(bench)
    for peer in (bench.owner, own, host):
        host.push(**act, peer=peer.name)
    for peer in (bench.owner, own):
        own.push(**act, peer=peer.name)

    assert (refusals(host), refusals(own)) == (["role"] * 3, ["role"] * 2)
    assert {peer.closing for peer in (bench.owner, own, host)} == {None}


@pytest.mark.rule("P10")
def test_an_owner_may_send_a_panel_of_its_own_away_and_a_panel_a_host(bench: RoomBench, host: Peer) -> None:
    own = panel(bench)
    own.push(Remove, peer=host.name)
    bench.owner.push(Remove, peer=own.name)

    assert (host.closing, own.closing, bench.comes_back(own).closing) == (closing.REMOVED,) * 3


@pytest.mark.rule("P10")
def test_what_a_host_said_about_an_absent_panel_does_not_hold(bench: RoomBench, host: Peer) -> None:
    own = panel(bench)
    own.leave()
    host.push(Remove, peer=own.name)

    assert bench.comes_back(own).welcome.role == "host"


def test_a_room_does_not_remember_more_people_than_it_can(
    bench: RoomBench, host: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_DECISIONS", 1)
    host.push(Remove, peer="one")
    host.push(Remove, peer="another")

    assert refusals(host) == ["too-large"]


@pytest.mark.rule("A3", "P10")
def test_a_participant_decides_nothing(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Lock, on=True)
    ada.push(Remove, peer=bob.name)
    ada.push(Entrust, peer=bob.name, role="viewer")

    assert (refusals(ada), bob.closing, bob.sees(Patch)[-1].keys) == (["role"] * 3, None, ())
