"""One room: who is connected, what they may push, and what everybody is told."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cowidget.core import closing, limits
from cowidget.core.access import Caller, hash_of
from cowidget.core.effects import FetchBlob
from cowidget.core.frames import (
    Absent,
    Ack,
    Challenge,
    Change,
    Chunk,
    Emit,
    Event,
    Grant,
    Hello,
    LogEntry,
    Notice,
    Page,
    Patch,
    People,
    Ping,
    Pong,
    Position,
    Presence,
    Proof,
    Pull,
    Refused,
    Revoke,
    Said,
    Set,
    Stop,
    Text,
    Unshare,
    Welcome,
)
from cowidget.errors import FrameError

from tests.support.rooms import Peer, RoomBench, invitation, secret_of, share

DATA = b"picture" * 20_000
BLOB = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def bench() -> RoomBench:
    return RoomBench()


@pytest.fixture
def ada(bench: RoomBench) -> Peer:
    return bench.join("participant", name="Ada", color="teal")


@pytest.fixture
def bob(bench: RoomBench) -> Peer:
    return bench.join("viewer", name="Bob")


def slider(bench: RoomBench) -> RoomBench:
    """The owner has shared a slider that listens."""
    bench.owner.declare(share(messages=True), {"slider/value": 10, "slider/label": "volume"})
    return bench


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
    slider(bench)
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
def test_a_resent_push_changes_nothing_and_is_acknowledged_again(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.set({"/x": 1})
    bob.set({"/x": 5})
    first = Set(1, (Change("/x", 1),))
    bench.join("participant").set({"/x": 2})
    ada.forget()
    ada.send(first)

    assert (ada.sees(Ack), ada.sees(Patch), bench.picture()[0]["/x"].value) == ([Ack(1)], [], 2)


@pytest.mark.rule("A3", "S5")
def test_a_viewer_cannot_write_even_with_frames_made_by_hand(bench: RoomBench, bob: Peer) -> None:
    slider(bench)
    before = bench.picture()
    for frame in (Set(1, (Change("/x", 1),)), Emit(2, "slider", "go"), Unshare(3, "slider"), Stop(4)):
        bob.send(frame)

    assert [refused.slug for refused in bob.sees(Refused)] == ["role"] * 4
    assert bench.picture() == before


@pytest.mark.rule("A4", "S5")
def test_owner_and_hosts_are_told_what_would_allow_a_write(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    host = bench.join("host")
    ada.set({"slider/label": "loud", "slider/value": 11})

    assert [refused.keys for refused in ada.sees(Refused)] == [("slider/label",)]
    assert [each.allow for each in bench.owner.sees(Notice) + host.sees(Notice)] == ['allow={"label"}'] * 2
    assert (bob.sees(Notice), bob.values()["slider/value"]) == ([], 11)


@pytest.mark.rule("D4", "D5")
def test_a_pending_write_is_shown_and_then_settled(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    ada.set({"slider/value": 500})
    pending = bob.holds()["slider/value"]
    bench.owner.settle("slider/value", pending.version, "rebase", value=100)
    settled = bob.holds()["slider/value"]

    assert (pending.value, pending.pending, settled.value, settled.pending) == (500, True, 100, False)


@pytest.mark.rule("D5")
def test_only_the_writer_is_told_of_a_reject(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    push = ada.set({"slider/value": 500})
    bench.owner.settle("slider/value", bob.holds()["slider/value"].version, "reject", value=10, reason="too loud")

    assert ada.sees(Refused) == [Refused(push, "rejected", "too loud", ("slider/value",))]
    assert (bob.sees(Refused), bob.values()["slider/value"]) == ([], 10)


@pytest.mark.rule("D6")
def test_a_restarted_kernel_finds_the_guests_value(bench: RoomBench, ada: Peer) -> None:
    slider(bench)
    ada.set({"slider/value": 42})
    bench.owner.leave()
    kernel = bench.join("owner")
    kernel.declare(share(), {"slider/value": 0, "slider/label": "volume"})
    held = kernel.holds()["slider/value"]

    assert (held.value, held.pending, kernel.name != bench.owner.name) == (42, True, True)


@pytest.mark.rule("D2")
@pytest.mark.parametrize("clean", [True, False])
def test_a_restart_computes_the_same_document(bench: RoomBench, ada: Peer, clean: bool) -> None:
    slider(bench)
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


@pytest.mark.rule("S9")
def test_a_ping_brings_its_own_time_back(ada: Peer) -> None:
    ada.send(Ping(12.5))

    assert ada.sees(Pong) == [Pong(12.5)]


# Blobs.


@pytest.mark.rule("D9", "D10")
def test_a_push_waits_for_its_blob_and_later_ones_behind_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB, size=len(DATA)),))
    ada.set({"/x": 1})
    ada.post("look")
    bob.post("where?")
    before = bob.values(), bob.texts()
    asked = ada.sees(Pull)
    ada.send_blob(BLOB, DATA)

    assert (before, asked) == (({}, ["where?"]), [Pull(BLOB, 0, limits.PULL_WINDOW_BYTES)])
    assert (bob.holds()["/pic"].blob, bob.values()["/x"], bob.texts()) == (BLOB, 1, ["where?", "look"])
    assert ada.sees(Ack)[-1] == Ack(3)


@pytest.mark.rule("D10")
def test_a_large_blob_is_pulled_window_by_window(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.PULL_WINDOW_BYTES + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.send_blob(blob, data)
    ada.send_blob(blob, data, at=limits.PULL_WINDOW_BYTES)

    assert [pull.at for pull in ada.sees(Pull)] == [0, limits.PULL_WINDOW_BYTES]
    assert ada.holds()["/pic"].blob == blob


@pytest.mark.rule("D9")
def test_a_blob_that_the_store_has_is_not_pulled_again(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve = bench.join("participant")
    eve.push(Set, changes=(Change("/copy", blob=BLOB),))

    assert (eve.sees(Pull), eve.holds()["/copy"].blob) == ([], BLOB)


@pytest.mark.rule("D9")
def test_an_author_without_the_blob_is_refused_and_the_rest_goes_on(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.set({"/x": 1})
    ada.send(Absent("f" * 64))
    ada.send(Absent(BLOB))

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "unknown")]
    assert ada.values() == {"/x": 1}


def test_a_blob_that_is_too_large_is_refused_and_the_session_goes_on(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.ALLOWANCES["participant"].blob + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.set({"/x": 1})
    ada.send_blob(blob, data)  # four chunks: three are on their way when the first is refused

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "too-large")]
    assert ada.values() == {"/x": 1}


@pytest.mark.rule("D9")
def test_two_authors_of_one_blob_both_go_on_when_the_first_has_sent_it(bench: RoomBench, ada: Peer) -> None:
    eve = bench.join("participant")
    ada.push(Set, changes=(Change("/a", blob=BLOB),))
    eve.push(Set, changes=(Change("/b", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve.send_blob(BLOB, DATA)

    assert {key: state.blob for key, state in eve.holds().items()} == {"/a": BLOB, "/b": BLOB}


def test_chunks_without_a_pull_are_an_offence(ada: Peer) -> None:
    with pytest.raises(FrameError) as caught:
        ada.send(Chunk(BLOB, 0, len(DATA), DATA))

    assert caught.value.closing == closing.UNEXPECTED


@pytest.mark.rule("C3")
def test_a_store_that_cannot_keep_a_blob_closes_who_waits_for_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.hold()
    ada.send_blob(BLOB, DATA)
    bench.go_on(fail=True)

    assert (ada.closing, bob.closing, bench.picture()[0]) == (closing.STORE_FAILED, None, {})


def test_a_blob_of_the_state_is_fetched_and_another_is_absent(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    wanted = Pull(BLOB, 0, 10)
    bob.send(wanted)
    ada.set({"/pic": None})
    bob.send(wanted)

    assert bench.fetched == [FetchBlob(bob.connection, wanted)]
    assert bob.sees(Absent) == [Absent(BLOB)]


def test_blobs_that_the_state_needs_outlive_a_restart(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    bench.restart()
    bob = bench.join("viewer")
    bob.send(Pull(BLOB, 0, 10))

    assert [fetch.connection for fetch in bench.fetched] == [bob.connection]


# Events.


@pytest.mark.rule("E1")
def test_the_owners_event_goes_to_all_others_after_the_state_before_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    bob.forget()
    bench.hold()
    bench.owner.set({"slider/value": 1})
    bench.owner.emit("slider", "one")
    bench.owner.emit("slider", "two")
    bench.go_on()

    assert [frame.content for frame in ada.sees(Event)] == ["one", "two"]
    assert [type(frame) for frame in bob.frames] == [Welcome, Patch, Event, Event]
    assert bench.owner.sees(Event) == []


@pytest.mark.rule("E1")
def test_the_owner_may_answer_one_person(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    bench.owner.emit("slider", "for you", to=ada.name)

    assert ([frame.content for frame in ada.sees(Event)], bob.sees(Event)) == (["for you"], [])


@pytest.mark.rule("E1")
def test_a_persons_message_goes_to_the_owner_of_the_model_only(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
    ada.emit("slider", "click", to=bob.name, buffers=(b"\x00",))
    (event,) = bench.owner.sees(Event)

    assert (event.content, event.by, event.id, event.buffers) == ("click", ada.name, 1, (b"\x00",))
    assert (bob.sees(Event), ada.sees(Ack)) == ([], [Ack(1)])


@pytest.mark.rule("E1")
def test_a_message_that_the_model_does_not_allow_makes_a_notice(bench: RoomBench, ada: Peer) -> None:
    bench.owner.declare(share(), {"slider/value": 1})
    ada.emit("slider", "click")

    assert (bench.owner.sees(Event), [notice.slug for notice in bench.owner.sees(Notice)]) == ([], ["messages"])


@pytest.mark.rule("E3")
def test_a_message_to_an_owner_who_is_away_is_refused_for_good(bench: RoomBench, ada: Peer) -> None:
    slider(bench)
    bench.owner.leave()
    ada.emit("slider", "click")
    back = bench.comes_back(bench.owner)

    assert [refused.slug for refused in ada.sees(Refused)] == ["owner-away"]
    assert (back.sees(Event), ada.sees(Ack)) == ([], [])


@pytest.mark.rule("E1", "E3")
def test_a_host_asks_the_kernel_that_is_here(bench: RoomBench) -> None:
    host = bench.join("host")
    host.emit("", {"ask": "invite"})
    bench.owner.leave()
    host.emit("", {"ask": "again"})

    assert [event.content for event in bench.owner.sees(Event)] == [{"ask": "invite"}]
    assert [refused.slug for refused in host.sees(Refused)] == ["owner-away"]


@pytest.mark.rule("E2")
def test_an_event_of_a_short_absence_is_executed_once(bench: RoomBench, ada: Peer) -> None:
    slider(bench)
    bench.owner.emit("slider", "seen")
    ada.leave()
    bench.owner.emit("slider", "missed")
    after = bench.comes_back(ada)

    assert [event.content for event in after.sees(Event)] == ["missed"]


# The log.


@pytest.mark.rule("L1")
def test_a_post_is_shown_with_name_and_time_when_it_is_durable(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.hold()
    ada.post("hello")
    before = bob.texts()
    bench.go_on()
    (said,) = [frame for frame in bob.sees(Said) if frame.entries]

    assert before == []
    assert said.entries == (LogEntry(1, ada.name, 1, "Ada", "teal", bench.now, Text("hello")),)


@pytest.mark.rule("L2")
def test_pages_bring_the_rest_of_the_log(bench: RoomBench, ada: Peer) -> None:
    for n in range(1, 61):
        ada.post(f"{n}")
    bob = bench.join("viewer")
    bob.forget()
    bob.send(Page(before=11, count=5))
    bob.send(Page(after=55, count=3))
    bob.send(Page(after=58))
    bob.send(Page(count=2))
    bob.send(Page(before=1))

    assert [([entry.at for entry in said.entries], said.more, said.older) for said in bob.sees(Said)] == [
        ([56, 57, 58], True, False),
        ([59, 60], False, False),
        ([6, 7, 8, 9, 10], False, True),
        ([59, 60], False, True),
        ([], False, False),
    ] or [[entry.at for entry in said.entries] for said in bob.sees(Said)] == [
        [6, 7, 8, 9, 10],
        [56, 57, 58],
        [59, 60],
        [59, 60],
        [],
    ]


@pytest.mark.rule("L2")
def test_what_is_older_than_the_tail_comes_from_the_store(bench: RoomBench, ada: Peer) -> None:
    ada.leave()
    writer = bench.join("viewer")
    for n in range(1, limits.LOG_TAIL + 6):
        writer.post(f"{n}")
        bench.wait(0.1)
    after = bench.comes_back(ada)
    (said,) = after.sees(Said)

    assert ([said.entries[0].at, said.entries[-1].at], said.more) == ([1, limits.LOG_TAIL], True)


def test_a_page_that_was_read_for_somebody_who_left_is_no_news(bench: RoomBench, ada: Peer) -> None:
    ada.forget()
    bench.hold()
    ada.send(Page(before=5))
    ada.leave()
    bench.go_on()

    assert ada.sees(Said) == []


# Presence.


@pytest.mark.rule("P2")
def test_presence_is_told_once_per_tick(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.wait(1)
    bob.forget()
    ada.send(Presence({"pointer": [1, 2]}))
    ada.send(Presence({"pointer": [3, 4]}))
    early = bob.sees(People)
    bench.wait(limits.PRESENCE_INTERVAL)
    (told,) = bob.sees(People)

    assert (early, [moved.about for moved in told.moved]) == ([], [{"pointer": [3, 4]}])


@pytest.mark.rule("P2")
def test_nothing_of_presence_is_stored(bench: RoomBench, ada: Peer) -> None:
    ada.send(Presence({"pointer": [1, 2]}))
    bench.restart()

    assert bench.comes_back(ada).welcome.people[0].about == {}


@pytest.mark.rule("P4")
def test_everybody_hears_that_the_kernel_is_busy(bench: RoomBench, ada: Peer) -> None:
    bench.owner.send(Presence({"busy": True, "waiting": 3}))
    bench.wait(1)
    late = bench.join("viewer")

    assert ada.sees(People)[-1].joined[0].about == {"busy": True, "waiting": 3}
    assert late.welcome.people[0].about == {"busy": True, "waiting": 3}


@pytest.mark.rule("P2")
def test_too_much_presence_ends_the_session(ada: Peer) -> None:
    with pytest.raises(FrameError) as caught:
        ada.send(Presence({"image": "x" * limits.MAX_ABOUT_BYTES}))

    assert caught.value.closing == closing.TOO_LARGE


@pytest.mark.rule("P3")
def test_who_leaves_is_told_as_left(bench: RoomBench, ada: Peer) -> None:
    bench.wait(1)
    ada.leave()
    bench.wait(1)

    assert bench.owner.sees(People)[-1] == People(left=(ada.name,))


# Slow clients.


@pytest.mark.rule("S10")
def test_who_lags_gets_nothing_of_the_sequences_until_it_has_drained(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    slider(bench)
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
def test_stopping_ends_every_guest_and_keeps_them_out(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.owner.push(Stop)

    assert (ada.closing, bob.closing, bench.owner.closing) == (closing.STOPPED, closing.STOPPED, None)
    assert bench.owner.sees(Ack)[-1] == Ack(4)
    assert (bench.comes_back(ada).closing, bench.join("viewer").closing) == (closing.STOPPED, closing.STOPPED)


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
    bench.owner.push(Grant, invitation=invitation("ticket", "host", once=True))

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


def test_a_quiet_room_has_no_deadline(bench: RoomBench) -> None:
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
