"""The client half, against a relay that the test plays."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core import frames, notes
from cowidget.core.frames import Ack, Event, Patch, People, Post, Refused, Said, Set, Welcome
from cowidget.core.limits import MAX_EMIT_BYTES
from cowidget.core.packing import digest, pack
from cowidget.core.replica import DELETED, Identity, Phase, Replica
from cowidget.core.values import (
    Change,
    Invitation,
    KeyState,
    LogEntry,
    Model,
    Person,
    Position,
    Settlement,
    Share,
    Text,
)
from cowidget.errors import FrameError

BIG = b"x" * 70_000


def make(name: str = "ada") -> Replica:
    return Replica(Identity("room", "guest", "tab-1", name, "#008080"))


def welcome(at: int = 0, **fields: Any) -> Welcome:
    defaults: dict[str, Any] = {
        "peer": "p1",
        "proof": "proof-1",
        "role": "participant",
        "acked": 0,
        "state": Position("s", at),
        "log": Position("l", 0),
        "people": (Person("p1", "ada", "#008080", "participant"),),
        "time": 0.0,
    }
    return Welcome(**(defaults | fields))


def join(replica: Replica, *patches: Patch, **fields: Any) -> list[notes.Effect]:
    effects = replica.receive_opened("secret")
    effects += replica.receive(welcome(**fields))
    for patch in patches or (Patch(at=fields.get("at", 0), reset=True),):
        effects += replica.receive(patch)
    return effects


def joined(*patches: Patch, **fields: Any) -> Replica:
    replica = make()
    join(replica, *patches, **fields)
    return replica


def sent(effects: list[notes.Effect]) -> list[frames.ClientFrame]:
    return [frame for effect in effects if isinstance(effect, notes.Transmit) for frame in effect.frames]


def told(effects: list[notes.Effect], kind: type[Any]) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def key(name: str, value: Any = None, version: int = 1, by: str = "p2", **fields: Any) -> KeyState:
    return KeyState(name, version, by, value, **fields)


def said(*offsets: int, by: str = "p2", **fields: Any) -> Said:
    entries = tuple(LogEntry(at, by, at, "bob", "#ff0000", 0.0, Text(f"line {at}")) for at in offsets)
    return Said(entries, **fields)


# Sessions.


def test_an_opened_connection_is_greeted_with_who_we_are() -> None:
    (hello,) = sent(make().receive_opened("secret"))
    assert hello == frames.Hello(frames.VERSION, "room", "tab-1", "secret", name="ada", color="#008080")


@pytest.mark.rule("S6")
def test_a_returning_client_names_peer_proof_and_positions() -> None:
    replica = joined(Patch(at=7, reset=True), at=7)
    replica.receive(said(1, 2, reset=True))
    replica.receive_closed(1006)
    (hello,) = sent(replica.receive_opened(""))
    assert isinstance(hello, frames.Hello)
    assert (hello.peer, hello.proof, hello.state, hello.log) == ("p1", "proof-1", Position("s", 7), Position("l", 2))


@pytest.mark.rule("S2")
def test_nothing_is_sent_between_hello_and_welcome() -> None:
    replica = make()
    replica.receive_opened("secret")
    assert sent(replica.set({"/a": 1})) == []


@pytest.mark.rule("S2")
def test_a_welcome_releases_the_whole_outbox_in_order() -> None:
    replica = make()
    replica.post(Text("one"))
    replica.set({"/a": 1})
    replica.post(Text("two"))
    effects = join(replica)
    assert [type(frame) for frame in sent(effects)[1:]] == [Post, Set, Post]
    assert [frame.id for frame in sent(effects)[1:]] == [1, 2, 3]  # type: ignore[union-attr]


def test_a_patch_before_the_welcome_is_the_relays_error() -> None:
    replica = make()
    replica.receive_opened("secret")
    with pytest.raises(FrameError):
        replica.receive(Patch(at=1))


def test_a_second_welcome_is_the_relays_error() -> None:
    with pytest.raises(FrameError):
        joined().receive(welcome())


def test_opening_twice_is_the_shells_error() -> None:
    with pytest.raises(AssertionError):
        joined().receive_opened("secret")


def test_what_arrives_after_the_close_is_ignored() -> None:
    replica = joined()
    replica.receive_closed(1006)
    assert replica.receive(Patch(at=1, keys=(key("/a", 1),))) == []


def test_a_pong_is_no_matter_of_the_replica() -> None:
    assert joined().receive(frames.Pong(1.0)) == []


@pytest.mark.parametrize(("code", "phase"), [(1006, Phase.AWAY), (4400, Phase.AWAY), (4504, Phase.ENDED)])
def test_a_close_code_decides_whether_we_come_back(code: int, phase: Phase) -> None:
    replica = joined()
    replica.receive_closed(code)
    assert replica.phase is phase


@pytest.mark.rule("C1")
def test_a_stopping_code_that_we_do_not_know_ends_it_too() -> None:
    (ended,) = joined().receive_closed(4999)
    assert isinstance(ended, notes.Ended)
    assert ended.closing.code == 4999


def test_an_ended_client_may_be_opened_again_with_another_link() -> None:
    replica = joined()
    replica.receive_closed(4501)
    assert len(sent(replica.receive_opened("newer"))) == 1


# Pushes: S3, S4, S5, S8.


@pytest.mark.rule("S3")
def test_pushes_are_numbered_from_one() -> None:
    replica = joined()
    ids = [frame.id for n in range(3) for frame in sent(replica.set({"/a": n})) if isinstance(frame, Set)]
    assert ids == [1, 2, 3]


def test_waiting_sets_are_joined_newest_value_per_key() -> None:
    replica = make()
    replica.set({"/a": 1, "/b": 1})
    replica.set({"/a": 2})
    assert replica.pushes == (Set(1, (Change("/a", 2), Change("/b", 1))),)


def test_waiting_sets_are_not_moved_over_another_push() -> None:
    replica = make()
    replica.set({"/a": 1})
    replica.emit("w", "hi")
    replica.set({"/a": 2})
    assert [type(push) for push in replica.pushes] == [Set, frames.Emit, Set]


@pytest.mark.rule("S4")
def test_a_push_is_sent_again_until_it_is_acknowledged() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive_closed(1006)
    assert Set(1, (Change("/a", 1),)) in sent(join(replica))


@pytest.mark.rule("S4")
def test_an_ack_is_cumulative() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.post(Text("hi"))
    replica.receive(Ack(2))
    assert replica.waiting == 0


def test_a_welcome_tells_what_need_not_be_sent_again() -> None:
    replica = joined()
    replica.post(Text("one"))
    replica.post(Text("two"))
    replica.receive_closed(1006)
    effects = join(replica, acked=1)
    assert [frame.id for frame in sent(effects) if isinstance(frame, Post)] == [2]
    assert told(effects, notes.Acked) == [notes.Acked(1)]


@pytest.mark.rule("S8")
def test_another_peer_gets_the_outbox_numbered_from_one() -> None:
    replica = joined()
    for text in ("one", "two", "three"):
        replica.post(Text(text))
    replica.receive(Ack(1))
    replica.receive_closed(1006)
    effects = join(replica, peer="p9")
    assert [frame for frame in sent(effects) if isinstance(frame, Post)] == [
        Post(1, Text("two")),
        Post(2, Text("three")),
    ]
    assert told(effects, notes.Welcomed)[0].renumbered == {2: 1, 3: 2}


def test_another_peer_still_shows_its_own_values() -> None:
    replica = joined()
    replica.post(Text("one"))
    replica.set({"/a": 5})
    replica.receive_closed(1006)
    join(replica, peer="p9")
    replica.receive(Patch(at=1, keys=(key("/a", 3),)))
    assert replica.value("/a") == 5


@pytest.mark.rule("D8")
@pytest.mark.rule("S5")
def test_a_refusal_ends_a_push_and_falls_back() -> None:
    replica = joined(Patch(at=1, reset=True, keys=(key("/a", 1),)), at=1)
    replica.set({"/a": 9})
    effects = replica.receive(Refused(1, "not-writable", "no"))
    assert (replica.value("/a"), replica.waiting) == (1, 0)
    assert told(effects, notes.StateChanged) == [notes.StateChanged(("/a",))]


def test_a_refusal_of_some_keys_leaves_the_others() -> None:
    replica = joined()
    replica.set({"/a": 1, "/b": 2})
    replica.receive(Refused(1, "not-writable", "no", ("/a",)))
    assert replica.pushes == (Set(1, (Change("/b", 2),)),)
    assert replica.keys() == ["/b"]


def test_an_event_that_is_too_large_is_refused_here() -> None:
    replica = joined()
    (refused,) = replica.emit("w", None, [b"x" * (MAX_EMIT_BYTES + 1)])
    assert isinstance(refused, notes.RefusedPush)
    assert (refused.refused.slug, replica.waiting) == ("too-large", 0)


@pytest.mark.parametrize("text", ["", "x" * 8001])
def test_a_message_that_no_frame_holds_is_refused_here(text: str) -> None:
    (refused,) = joined().post(Text(text))
    assert isinstance(refused, notes.RefusedPush)
    assert refused.refused.slug == "invalid"


@pytest.mark.rule("P1")
def test_a_name_is_cut_to_what_a_frame_holds() -> None:
    (hello,) = sent(make("n" * 70).receive_opened("secret"))
    assert isinstance(hello, frames.Hello)
    assert hello.name == "n" * 64


def test_a_thousand_keys_and_one_are_two_pushes() -> None:
    replica = make()
    replica.set({f"/{n}": n for n in range(1001)})
    assert [len(push.changes) for push in replica.pushes if isinstance(push, Set)] == [1000, 1]


def test_an_owner_tells_all_it_may() -> None:
    replica = joined(role="owner")
    share = Share("w", (Model("", "Slider", ("value",), code=digest(b"code")),))
    pushed = [
        *sent(replica.declare(share, {"w/value": 1}, [b"code"], restore=False)),
        *sent(replica.settle([Settlement("w/value", 3, "rebase", BIG)])),
        *sent(replica.unshare("w")),
        *sent(replica.revoke("guests")),
        *sent(replica.stop()),
    ]
    assert [type(frame) for frame in pushed] == [
        frames.Declare,
        frames.Settle,
        frames.Unshare,
        frames.Revoke,
        frames.Stop,
    ]


def test_invitations_follow_what_was_acknowledged() -> None:
    replica = joined(role="owner", invitations=(Invitation("old", "viewer", "a" * 64),))
    new = Invitation("new", "host", "b" * 64)
    replica.grant(new)
    replica.revoke("old")
    replica.receive(Ack(2))
    assert replica.invitations == (new,)


# State: D6, D7, D8.


def test_a_patch_is_shown() -> None:
    replica = joined()
    effects = replica.receive(Patch(at=1, keys=(key("/a", 1),)))
    assert (replica.value("/a"), replica.state("/a")) == (1, key("/a", 1))
    assert told(effects, notes.StateChanged) == [notes.StateChanged(("/a",))]


@pytest.mark.rule("D8")
def test_our_own_value_is_shown_over_the_rooms() -> None:
    replica = joined()
    replica.set({"/a": 1})
    effects = replica.receive(Patch(at=1, keys=(key("/a", 2),)))
    assert (replica.value("/a"), replica.outstanding("/a")) == (1, True)
    assert told(effects, notes.StateChanged) == []


@pytest.mark.rule("D8")
def test_after_the_ack_the_rooms_newer_value_is_shown() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive(Patch(at=2, keys=(key("/a", 2, version=2),)))
    effects = replica.receive(Ack(1))
    assert replica.value("/a") == 2
    assert told(effects, notes.StateChanged) == [notes.StateChanged(("/a",))]


def test_an_ack_of_what_is_shown_changes_nothing() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive(Patch(at=1, keys=(key("/a", 1, by="p1"),)))
    assert told(replica.receive(Ack(1)), notes.StateChanged) == []


def test_an_acknowledged_value_stays_until_the_patches_of_the_absence_are_here() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive_closed(1006)
    replica.receive_opened("")
    replica.receive(welcome(at=1, acked=1))
    assert replica.value("/a") == 1
    replica.receive(Patch(at=1, keys=(key("/a", 1, by="p1"),)))
    assert (replica.value("/a"), replica.outstanding("/a")) == (1, False)


def test_a_deleted_key_has_no_value() -> None:
    replica = joined(Patch(at=1, reset=True, keys=(key("/a", 1),)), at=1)
    replica.set({"/a": DELETED})
    assert (replica.value("/a", "none"), replica.keys()) == ("none", [])


def test_shares_and_their_keys_go_together() -> None:
    share = Share("w", (Model("", "Slider", ("value",)),))
    replica = joined(Patch(at=1, reset=True, shares=(share,), keys=(key("w/value", 1),)), at=1)
    effects = replica.receive(Patch(at=2, gone=("w",)))
    assert (dict(replica.shares), replica.keys()) == ({}, [])
    assert told(effects, notes.SharesChanged) == [notes.SharesChanged(("w",))]


# Blobs: D9, D10.


@pytest.mark.rule("M5")
@pytest.mark.rule("D9")
def test_a_large_value_travels_as_a_blob_that_the_relay_pulls() -> None:
    replica = joined()
    (change,) = sent(replica.set({"/a": BIG}))[0].changes  # type: ignore[union-attr]
    assert change.blob is not None
    chunks = sent(replica.receive(frames.Pull(change.blob, 0, 1 << 20)))
    assert (
        b"".join(chunk.data for chunk in chunks if isinstance(chunk, frames.Chunk))
        == pack({"/a": BIG}).blobs[change.blob]
    )


@pytest.mark.rule("D10")
def test_a_value_in_a_blob_is_shown_when_its_bytes_are_here() -> None:
    ((sha256, data),) = pack({"/a": BIG}).blobs.items()
    replica = joined(Patch(at=1, reset=True, keys=(key("/a", "before"),)), at=1)
    effects = replica.receive(Patch(at=2, keys=(key("/a", version=2, blob=sha256, size=len(data)),)))
    assert (replica.value("/a"), told(effects, notes.StateChanged)) == ("before", [])
    assert sent(effects) == [frames.Pull(sha256, 0, 256 << 10)]
    effects = replica.receive(frames.Chunk(sha256, 0, len(data), data))
    assert (replica.value("/a"), told(effects, notes.StateChanged)) == (BIG, [notes.StateChanged(("/a",))])


def test_our_own_blob_is_not_pulled_back() -> None:
    ((sha256, data),) = pack({"/a": BIG}).blobs.items()
    replica = joined()
    replica.set({"/a": BIG})
    effects = replica.receive(Patch(at=1, keys=(key("/a", by="p1", blob=sha256, size=len(data)),)))
    effects += replica.receive(Ack(1))
    assert (sent(effects), replica.value("/a")) == ([], BIG)


def test_code_is_pulled_for_the_application() -> None:
    replica = joined()
    assert sent(replica.need_blob(digest(b"code"))) == [frames.Pull(digest(b"code"), 0, 256 << 10)]
    effects = replica.receive(frames.Chunk(digest(b"code"), 0, 4, b"code"))
    assert effects == [notes.BlobArrived(digest(b"code"), b"code")]


def test_a_blob_that_the_relay_does_not_have_is_told() -> None:
    replica = joined()
    replica.need_blob(digest(b"code"))
    assert replica.receive(frames.Absent(digest(b"code"))) == [notes.BlobMissing(digest(b"code"))]


# Events, log, presence.


@pytest.mark.rule("E1")
def test_an_event_is_told_once() -> None:
    replica = joined()
    event = Event(3, 1, "p2", "w", "hi")
    assert replica.receive(event) == [notes.EventReceived(event)]
    assert replica.receive(event) == []


def test_a_notice_is_handed_on() -> None:
    notice = frames.Notice("not-writable", "text", "w/value")
    assert joined().receive(notice) == [notes.NoticeReceived(notice)]


def test_an_own_entry_in_the_log_is_not_waiting_any_more() -> None:
    replica = joined()
    replica.post(Text("hi"))
    replica.receive(Said((), reset=True))
    replica.receive(said(1, by="p1"))
    assert replica.waiting == 0


@pytest.mark.rule("L3")
def test_a_gap_in_the_log_is_paged() -> None:
    replica = joined()
    replica.receive(said(1, reset=True))
    assert sent(replica.receive(said(4))) == [frames.Page(after=1, count=200)]
    effects = replica.receive(said(2, 3))
    assert [entry.at for entry in told(effects, notes.LogGrown)[0].entries] == [2, 3, 4]


@pytest.mark.rule("L2")
def test_older_entries_come_when_asked_for() -> None:
    replica = joined()
    replica.receive(said(3, reset=True, older=True))
    assert sent(replica.page_back(2)) == [frames.Page(before=3, count=2)]
    replica.receive(said(1, 2))
    assert ([entry.at for entry in replica.log], replica.log_older) == ([1, 2, 3], False)


def test_there_is_nothing_older_while_we_are_away() -> None:
    assert make().page_back() == []


def test_presence_of_somebody_who_is_not_listed_is_only_sent() -> None:
    replica = joined(people=())
    assert replica.present({"x": 1}) == [notes.Transmit((frames.Presence({"x": 1}),))]


def test_another_log_epoch_empties_the_log() -> None:
    replica = joined()
    replica.receive(said(1, reset=True))
    replica.receive_closed(1006)
    assert notes.LogGrown((), reset=True) in join(replica, log=Position("other", 0))


def test_presence_said_while_away_is_told_at_the_welcome() -> None:
    replica = make()
    replica.present({"typing": True})
    assert frames.Presence({"typing": True}) in sent(join(replica))


def test_our_own_presence_is_seen_at_once() -> None:
    replica = joined()
    replica.present({"typing": True}, name="Ada")
    assert (replica.people["p1"].name, replica.people["p1"].about) == ("Ada", {"typing": True})


def test_people_come_and_go() -> None:
    replica = joined()
    effects = replica.receive(People(joined=(Person("p2", "bob", "#ff0000", "viewer"),)))
    assert effects == [notes.PeopleChanged(joined=("p2",))]


# Over a reload.


def test_a_reloaded_client_goes_on_where_it_was() -> None:
    before = joined()
    before.post(Text("sent"))
    before.receive_closed(1006)
    before.set({"/a": BIG})
    after = make()
    after.load(before.dump())
    assert (after.peer, after.pushes, after.value("/a"), after.identity.instance) == (
        "p1",
        before.pushes,
        BIG,
        "tab-1",
    )


@pytest.mark.rule("S8")
def test_a_reload_that_knew_less_than_the_relay_does_not_reuse_ids() -> None:
    before = joined()
    stored = before.dump()
    after = make()
    after.load(stored)
    after.post(Text("new"))
    assert [frame.id for frame in sent(join(after, acked=4)) if isinstance(frame, Post)] == [5]
