"""One room: slow clients, withdrawn links, tickets, and what time brings."""

from __future__ import annotations

import pytest

from cowidget.core import closing, limits
from cowidget.core.access import hash_of
from cowidget.core.frames import Ack, Event, Grant, Patch, People, Presence, Refused, Revoke, Said, Stop, Welcome
from cowidget.core.photo_pass import HOUR
from cowidget.core.values import Position
from tests.support.rooms import Peer, RoomBench, invitation, secret_of

# Slow clients.


@pytest.mark.rule("S10")
def test_who_lags_gets_nothing_of_the_sequences_until_it_has_drained(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    bench.wait(1)
    bob.forget()
    bob.congest()
    bob.congest()
    ada.set({"slider/value": 1})
    ada.set({"slider/value": 2})
    ada.post("hello")
    ada.send(Presence({"typing": True}))
    bench.owner.emit("slider", "blink")
    bench.wait(1)
    during = list(bob.frames)
    bob.drain()

    assert during == [bob.welcome]
    assert (bob.values(), bob.texts(), [event.content for event in bob.sees(Event)]) == (
        {"slider/value": 2},
        ["hello"],
        ["blink"],
    )
    assert {person.name: person.about for person in bob.sees(People)[0].joined}["Ada"] == {"typing": True}


@pytest.mark.rule("S10", "S4", "D8")
def test_what_a_slow_client_pushes_is_acknowledged_after_its_patch(bench: RoomBench, ada: Peer) -> None:
    ada.forget()
    ada.congest()
    ada.set({"/x": 1})
    during = ada.sees(Ack)
    ada.drain()

    assert (during, ada.sees(Ack)) == ([], [Ack(1)])
    assert [type(frame) for frame in ada.frames] == [Welcome, People, Patch, Ack]


@pytest.mark.rule("S10", "S5")
def test_a_slow_client_is_told_at_once_what_was_refused(bench: RoomBench, bob: Peer) -> None:
    bob.congest()
    bob.set({"/x": 1})

    assert [refused.slug for refused in bob.sees(Refused)] == ["role"]


def test_who_keeps_up_is_not_brought_up_to_date(bench: RoomBench, ada: Peer) -> None:
    ada.forget()
    ada.drain()

    assert ada.frames == [ada.welcome]


@pytest.mark.rule("E2", "S10")
def test_who_lags_longer_than_events_are_kept_comes_back_to_learn_what_it_missed(
    bench: RoomBench, bob: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_EVENTS", 2)
    bench.share_slider()
    bob.congest()
    bench.owner.emit("slider", 1)
    bench.owner.emit("slider", 2)
    before = bob.closing
    bench.owner.emit("slider", 3)

    assert (before, bob.closing, bench.comes_back(bob).welcome.missed) == (None, closing.SLOW, True)


@pytest.mark.rule("E2", "S10")
def test_who_has_been_told_of_lost_events_is_brought_its_state_in_peace(
    bench: RoomBench, ada: Peer, bob: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_EVENTS", 1)
    bench.share_slider()
    bob.leave()
    for n in range(9):
        ada.set({f"/x{n}": "x" * 60_000})
    bench.owner.emit("slider", 1)
    bench.owner.emit("slider", 2)
    bench.hold()
    after = bench.comes_back(bob)
    bench.owner.emit("slider", 3)
    bench.go_on()

    assert (after.welcome.missed, after.closing) == (True, None)
    assert (len(after.values()), [event.content for event in after.sees(Event)]) == (9, [3])


@pytest.mark.rule("D7", "S10")
def test_a_newcomer_gets_a_large_room_in_steps(bench: RoomBench, ada: Peer) -> None:
    for n in range(20):
        ada.set({f"/x{n}": "x" * 60_000})
        bench.wait(0.1)
    bob = bench.join("viewer")

    assert len(bob.sees(Patch)) > 3
    assert (len(bob.values()), [patch.more for patch in bob.sees(Patch)][-1]) == (20, False)


# Ends.


@pytest.mark.rule("A5")
def test_revoking_ends_the_sessions_of_the_invitation_only(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.owner.push(Revoke, invitation="participant")

    assert (ada.closing, bob.closing, bench.owner.closing) == (closing.REVOKED, None, None)
    assert bench.comes_back(ada).closing == closing.REVOKED


@pytest.mark.rule("A5")
def test_a_link_that_was_given_out_anew_does_not_let_its_old_sessions_in(bench: RoomBench, ada: Peer) -> None:
    bench.owner.push(Revoke, invitation="participant")
    bench.owner.push(Grant, invitation=invitation("participant", generation=2, hash=hash_of("newer")))

    assert bench.comes_back(ada).closing == closing.WRONG_LINK
    assert bench.join(secret="newer").closing is None


@pytest.mark.rule("A2", "A5")
def test_a_host_manages_links_but_does_not_end_the_owner(bench: RoomBench, ada: Peer) -> None:
    host = bench.join("host")
    host.push(Revoke, invitation="participant")
    host.push(Revoke, invitation="owner")

    assert (ada.closing, bench.owner.closing) == (closing.REVOKED, None)
    assert [refused.slug for refused in host.sees(Refused)] == ["role"]


@pytest.mark.rule("A5")
def test_stopping_ends_everybody_and_keeps_the_guests_out(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.owner.push(Stop)

    assert (ada.closing, bob.closing, bench.owner.closing) == (closing.STOPPED,) * 3
    assert (bench.comes_back(ada).closing, bench.join("viewer").closing) == (closing.STOPPED, closing.STOPPED)


@pytest.mark.rule("A5", "S4")
def test_who_stops_the_room_is_told_first_that_it_is_done(bench: RoomBench, ada: Peer) -> None:
    bench.hold()
    ada.set({"/x": 1})
    bench.owner.push(Stop)
    bench.go_on()

    assert (ada.sees(Ack), bench.owner.sees(Ack)) == ([Ack(1)], [Ack(4)])


@pytest.mark.rule("A5")
def test_a_new_role_is_taken_up_by_coming_back(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.owner.push(Grant, invitation=invitation("participant", "viewer"))
    after = bench.comes_back(ada)

    assert (ada.closing, bob.closing) == (closing.ROLE_CHANGED, None)
    assert (after.name, after.welcome.role) == (ada.name, "viewer")


@pytest.mark.rule("A1", "A5")
@pytest.mark.parametrize("clean", [True, False])
def test_a_stopped_room_stays_stopped_until_its_owner_invites_anew(bench: RoomBench, clean: bool) -> None:
    bench.owner.push(Stop)
    bench.restart(clean=clean)
    before = bench.join("viewer").closing
    owner = bench.join("owner")
    owner.push(Grant, invitation=invitation("viewer", "viewer"))

    assert (before, owner.closing, bench.join("viewer").closing) == (closing.STOPPED, None, None)


@pytest.mark.rule("A5")
def test_a_ticket_does_not_open_a_stopped_room(bench: RoomBench) -> None:
    bench.owner.push(Stop)
    bench.join("owner").push(Grant, invitation=invitation("ticket", "host", once=True))

    assert (bench.join("ticket").closing, bench.join("viewer").closing) == (closing.STOPPED, closing.STOPPED)


@pytest.mark.rule("A1")
def test_sessions_end_when_their_link_expires(bench: RoomBench, bob: Peer) -> None:
    bench.owner.push(Grant, invitation=invitation("lesson", expires=bench.now + 60))
    ada = bench.join("lesson")
    bench.wait(10)
    due = bench.room.deadline()
    bench.wait(49.9)
    early = ada.closing
    bench.wait(0.1)

    assert (due, early, ada.closing, bob.closing) == (1060.0, None, closing.EXPIRED, None)


# Tickets.


@pytest.mark.rule("A7")
def test_a_ticket_lets_one_session_in_which_returns_by_proof(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True, expires=bench.now + 60))
    panel = bench.join("ticket", kind="panel")
    second = bench.join("ticket")
    bench.wait(120)
    panel.leave()

    assert (panel.welcome.role, second.closing) == ("host", closing.WRONG_LINK)
    assert bench.comes_back(panel).name == panel.name


@pytest.mark.rule("A7")
def test_a_ticket_of_a_known_peer_is_used_up_too(bench: RoomBench, ada: Peer) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    after = bench.comes_back(ada, secret=secret_of("ticket"))

    assert (after.name, after.welcome.role) == (ada.name, "host")
    assert bench.join("ticket").closing == closing.WRONG_LINK


@pytest.mark.rule("A7")
@pytest.mark.parametrize("clean", [True, False])
def test_a_used_ticket_stays_used_and_good_after_a_restart(bench: RoomBench, clean: bool) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    panel = bench.join("ticket", kind="panel")
    bench.restart(clean=clean)

    assert (bench.join("ticket").closing, bench.comes_back(panel).closing) == (closing.WRONG_LINK, None)


@pytest.mark.rule("A7")
def test_an_unused_ticket_dies_with_the_session_that_granted_it(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    bench.owner.leave()

    assert bench.join("ticket").closing == closing.WRONG_LINK


@pytest.mark.rule("A7")
def test_two_hellos_with_one_ticket_are_told_apart_before_the_store_answers(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    bench.hold()
    first, second = bench.join("ticket"), bench.join("ticket")
    bench.go_on()

    assert (first.closing, second.closing) == (None, closing.WRONG_LINK)


@pytest.mark.rule("A5", "A7")
def test_a_ticket_that_is_withdrawn_while_its_hello_is_kept_stays_withdrawn(bench: RoomBench) -> None:
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))
    bench.hold()
    bench.owner.push(Revoke, invitation="ticket")
    panel = bench.join("ticket")
    bench.go_on()

    assert (panel.closing, bench.comes_back(panel).closing) == (closing.REVOKED, closing.REVOKED)


# Time.


def test_a_quiet_room_waits_for_nothing_but_the_next_hours_passes(bench: RoomBench) -> None:
    bench.wait(2)

    assert bench.room.deadline() == HOUR


def test_an_empty_room_has_no_deadline(bench: RoomBench) -> None:
    bench.owner.leave()
    bench.wait(2)

    assert bench.room.deadline() is None


def test_the_next_deadline_is_the_earliest(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})

    assert bench.room.deadline() == bench.now + limits.PRESENCE_INTERVAL


def test_what_changed_is_saved_a_moment_later(bench: RoomBench, ada: Peer) -> None:
    ada.set({"/x": 1})
    bench.wait(limits.SAVE_INTERVAL)
    bench.restart(clean=False)

    assert bench.picture()[0]["/x"].value == 1


def test_a_position_of_another_room_is_none(bench: RoomBench) -> None:
    late = bench.join("viewer", state=Position("elsewhere", 2), log=Position("elsewhere", 2))

    assert (late.welcome.reset, late.welcome.missed, late.sees(Said)[0].reset) == (True, True, True)
