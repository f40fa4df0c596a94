"""One room: who is connected, what they may push, and what everybody is told."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from cowidget.core import closing
from cowidget.core.access import Caller, hash_of
from cowidget.core.frames import (
    Ack,
    Challenge,
    Emit,
    Event,
    Grant,
    Hello,
    Notice,
    Patch,
    People,
    Ping,
    Pong,
    Proof,
    Refused,
    Revoke,
    Set,
    Stop,
    Unshare,
    Welcome,
)
from cowidget.core.values import Change
from tests.support.rooms import Peer, RoomBench, invitation, secret_of, share


def people(peer: Peer) -> list[str]:
    return [each.name for each in peer.welcome.people]


# Letting in.


@pytest.mark.rule("S1")
def test_a_hello_is_answered_with_who_one_is_and_where_the_room_stands(bench: RoomBench, ada: Peer) -> None:
    welcome = ada.welcome

    assert (welcome.role, welcome.invitation, welcome.acked, welcome.reset) == ("participant", "participant", 0, True)
    assert (welcome.state.at, welcome.log.at, welcome.time) == (4, 0, bench.now)
    assert people(ada) == ["name 1", "Ada"]


@pytest.mark.rule("P1")
def test_the_relay_says_who_is_a_kernel(bench: RoomBench) -> None:
    panel = bench.join("host", kind="panel")

    assert [(each.role, each.kind) for each in panel.welcome.people] == [("owner", "kernel"), ("host", "panel")]


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("link", "why"),
    [("nothing", closing.WRONG_LINK), ("late", closing.EXPIRED), ("gone", closing.REVOKED), ("small", closing.FULL)],
)
def test_who_is_not_let_in_is_told_why(bench: RoomBench, link: str, why: closing.Closing) -> None:
    for granted in (invitation("late", expires=1.0), invitation("gone"), invitation("small", people=0)):
        bench.owner.push(Grant, invitation=granted)
    bench.owner.push(Revoke, invitation="gone")
    denied = bench.join(link)

    assert (denied.closing, denied.frames, bench.room.connections) == (why, [], 1)


def test_another_version_is_told_to_reload(bench: RoomBench) -> None:
    assert bench.join(version=2).closing == closing.VERSION


@pytest.mark.rule("A9")
def test_a_foreign_page_is_kept_out(bench: RoomBench) -> None:
    assert bench.join(caller=Caller("https://evil.example", origin_allowed=False)).closing == closing.ORIGIN


@pytest.mark.rule("A6")
def test_a_room_and_its_owner_outlive_the_relay(bench: RoomBench) -> None:
    bench.restart(clean=False)
    owner = bench.join("owner")

    assert owner.welcome.role == "owner"
    assert [each.name for each in owner.welcome.invitations] == ["owner", "viewer", "participant", "host"]


@pytest.mark.rule("A2")
def test_only_the_owner_sees_the_invitations(bench: RoomBench) -> None:
    assert bench.join("host").welcome.invitations == ()


@pytest.mark.rule("A8")
def test_a_challenge_needs_no_membership(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    stranger = bench.join("nothing")
    stranger.send(Challenge("ticket", "nonce"))
    stranger.send(Challenge("unknown", "nonce"))
    mac = hmac.new(hash_of(secret_of("ticket")).encode(), b"nonce", hashlib.sha256).hexdigest()

    assert stranger.sees(Proof) == [Proof(mac), Proof("")]


# Coming back.


@pytest.mark.rule("S6", "S3")
def test_a_return_needs_no_secret_and_knows_what_was_kept(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    ada.post("hello")
    ada.leave()
    after = bench.comes_back(ada)

    assert (after.name, after.welcome.acked, after.welcome.reset) == (ada.name, 2, False)


@pytest.mark.rule("D7", "L2", "E2")
def test_a_return_gets_exactly_what_it_missed(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    bench.owner.set({"/gone": 1})
    bench.owner.post("one")
    ada.leave()
    bench.owner.push(Set, changes=(Change("/gone", deleted=True), Change("/x", 2)))
    bench.owner.post("two")
    bench.owner.emit("slider", "blink")
    after = bench.comes_back(ada)

    assert (after.welcome.reset, after.welcome.missed) == (False, False)
    assert (after.values(), after.sees(Patch)[0].gone) == ({"/x": 2}, ("/gone",))
    assert (after.texts(), [event.content for event in after.sees(Event)]) == (["two"], ["blink"])


@pytest.mark.rule("D7", "E2", "L2")
def test_after_an_unclean_stop_the_state_begins_anew_and_the_log_goes_on(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    ada.post("one")
    bench.restart(clean=False)
    bench.join("viewer").post("two")
    after = bench.comes_back(ada)

    assert (after.name, after.welcome.acked) == (ada.name, 2)
    assert (after.welcome.reset, after.welcome.missed, after.values()) == (True, True, {"/x": 1})
    assert after.texts() == ["two"]


@pytest.mark.rule("D7")
def test_after_a_clean_stop_the_state_goes_on(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    bench.restart()
    bench.join("participant").set({"/y": 2})
    after = bench.comes_back(ada)

    assert (after.welcome.reset, after.welcome.missed, after.values()) == (False, False, {"/y": 2})


@pytest.mark.rule("S7")
def test_the_same_instance_takes_over(bench: RoomBench, ada: Peer) -> None:
    after = bench.comes_back(ada)
    ada.leave()
    bench.wait(1)

    assert (after.name, ada.closing, after.closing) == (ada.name, closing.REPLACED, None)
    assert bench.room.connections == 2
    assert bench.owner.sees(People)[-1].left == ()


@pytest.mark.rule("S7")
def test_a_duplicated_tab_becomes_another_peer(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    copy = bench.comes_back(ada, instance="a copy")

    assert (ada.closing, copy.name != ada.name, copy.welcome.acked) == (None, True, 0)
    assert copy.welcome.role == "participant"


@pytest.mark.rule("S7", "S3")
def test_the_ids_of_a_duplicated_tab_are_its_own(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    copy = bench.comes_back(ada, instance="a copy")
    copy.last_id = 0
    copy.set({"/x": 2})

    assert bench.owner.values()["/x"] == 2


@pytest.mark.rule("A1", "S7")
def test_a_duplicated_tab_needs_a_place_of_its_own(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("single", people=1))
    ada = bench.join("single")
    copy = bench.comes_back(ada, instance="a copy")
    again = bench.comes_back(ada)

    assert (copy.closing, ada.closing, again.closing) == (closing.FULL, closing.REPLACED, None)


def test_a_wrong_proof_with_a_right_link_is_a_newcomer(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    eve = bench.join("viewer", peer=ada.name, proof="é.participant")

    assert (eve.name != ada.name, eve.welcome.role, eve.welcome.acked, ada.closing) == (True, "viewer", 0, None)


def test_a_better_link_makes_a_participant_a_host(bench: RoomBench, ada: Peer) -> None:
    ada.leave()
    after = bench.comes_back(ada, secret=secret_of("host"))

    assert (after.name, after.welcome.role) == (ada.name, "host")


# Pushes.


@pytest.mark.rule("D2", "D3")
def test_nothing_is_shown_before_the_store_has_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bob.forget()
    bench.hold()
    ada.set({"/x": 1, "/y": 2})
    before = bob.sees(Patch)
    bench.go_on()

    assert (before, len(bob.sees(Patch)), bob.values()) == ([], 1, {"/x": 1, "/y": 2})


@pytest.mark.rule("S4", "D8")
def test_an_ack_follows_its_patch_when_the_store_has_the_push(bench: RoomBench, ada: Peer) -> None:
    ada.forget()
    bench.hold()
    ada.set({"/x": 1})
    before = ada.sees(Ack)
    bench.go_on()

    assert before == []
    assert [type(frame) for frame in ada.frames] == [Welcome, Patch, Ack]


@pytest.mark.rule("S3", "S4")
def test_a_resent_push_changes_nothing_and_is_acknowledged_again(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    first = Set(1, (Change("/x", 1),))
    bench.join("participant").set({"/x": 2})
    ada.forget()
    ada.send(first)

    assert (ada.sees(Ack), ada.sees(Patch), bench.picture()[0]["/x"].value) == ([Ack(1)], [], 2)


@pytest.mark.rule("A3", "S5")
def test_a_viewer_cannot_write_even_with_frames_made_by_hand(bench: RoomBench, bob: Peer) -> None:
    bench.share_slider()
    before = bench.picture()
    for frame in (Set(1, (Change("/x", 1),)), Emit(2, "slider", "go"), Unshare(3, "slider"), Stop(4)):
        bob.send(frame)

    assert [refused.slug for refused in bob.sees(Refused)] == ["role"] * 4
    assert bench.picture() == before


@pytest.mark.rule("A4", "S5")
def test_owner_and_hosts_are_told_what_would_allow_a_write(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    host = bench.join("host")
    ada.set({"slider/label": "loud", "slider/value": 11})

    assert [refused.keys for refused in ada.sees(Refused)] == [("slider/label",)]
    assert [each.allow for each in bench.owner.sees(Notice) + host.sees(Notice)] == ['allow={"label"}'] * 2
    assert (bob.sees(Notice), bob.values()["slider/value"]) == ([], 11)


@pytest.mark.rule("D4", "D5")
def test_a_pending_write_is_shown_and_then_settled(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    ada.set({"slider/value": 500})
    pending = bob.holds()["slider/value"]
    bench.owner.settle("slider/value", pending.version, "rebase", value=100)
    settled = bob.holds()["slider/value"]

    assert (pending.value, pending.pending, settled.value, settled.pending) == (500, True, 100, False)


@pytest.mark.rule("D5")
def test_only_the_writer_is_told_of_a_reject(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    push = ada.set({"slider/value": 500})
    bench.owner.settle("slider/value", bob.holds()["slider/value"].version, "reject", value=10, reason="too loud")

    assert ada.sees(Refused) == [Refused(push, "rejected", "too loud", ("slider/value",))]
    assert (bob.sees(Refused), bob.values()["slider/value"]) == ([], 10)


@pytest.mark.rule("D6")
def test_a_restarted_kernel_finds_the_guests_value(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    ada.set({"slider/value": 42})
    bench.owner.leave()
    kernel = bench.join("owner")
    kernel.declare(share(), {"slider/value": 0, "slider/label": "volume"})
    held = kernel.holds()["slider/value"]

    assert (held.value, held.pending, kernel.name != bench.owner.name) == (42, True, True)


@pytest.mark.rule("D2")
@pytest.mark.parametrize("clean", [True, False])
def test_a_restart_computes_the_same_document(bench: RoomBench, ada: Peer, clean: bool) -> None:
    bench.share_slider()
    ada.set({"slider/value": 42, "/x": {"deep": [1, b"\x00"]}, "/y": 1})
    bench.wait(2)
    ada.push(Set, changes=(Change("/y", deleted=True),))
    bench.owner.declare(share("pic"), {"pic/value": 1})
    bench.owner.push(Unshare, share="pic")
    before = bench.picture()
    bench.restart(clean=clean)

    assert bench.picture() == before


@pytest.mark.rule("C3")
def test_a_store_that_cannot_write_closes_the_authors_and_shows_nothing(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bob.forget()
    bench.hold()
    ada.set({"/x": 1})
    ada.post("hello")
    bench.go_on(fail=True)

    assert (ada.closing, ada.sees(Ack), bob.closing) == (closing.STORE_FAILED, [], None)
    assert (bob.sees(Patch), bob.texts()) == ([], [])


@pytest.mark.rule("C3", "S6")
def test_what_the_store_refused_may_be_sent_again(bench: RoomBench, ada: Peer) -> None:
    bench.hold()
    ada.set({"/x": 1})
    bench.go_on(fail=True)
    after = bench.comes_back(ada)
    after.send(Set(1, (Change("/x", 1),)))

    assert (after.welcome.acked, after.sees(Ack), after.values()) == (0, [Ack(1)], {"/x": 1})


def test_a_frame_of_a_connection_that_was_closed_is_no_news(bench: RoomBench, ada: Peer) -> None:
    ada.leave()
    ada.leave()
    ada.forget()
    ada.set({"/x": 1})
    ada.congest()
    ada.drain()

    assert (ada.frames, bench.picture()[0]) == ([ada.welcome], {})


def test_a_hello_reaches_a_room_only_through_its_door(bench: RoomBench, ada: Peer) -> None:
    with pytest.raises(AssertionError, match="only once"):
        bench.room.receive(ada.connection, Hello(1, "lesson", "i"), bench.now)


def test_a_ping_brings_its_own_time_back(ada: Peer) -> None:
    ada.send(Ping(12.5))

    assert ada.sees(Pong) == [Pong(12.5)]
