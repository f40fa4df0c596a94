"""The client half, against a relay that the test plays: sessions and pushes."""

from __future__ import annotations

import pytest

from cowidget.core import frames, notes
from cowidget.core.frames import Ack, Patch, Post, Refused, Set
from cowidget.core.limits import MAX_EMIT_BYTES
from cowidget.core.packing import digest
from cowidget.core.replica import Phase
from cowidget.core.values import (
    Change,
    Invitation,
    Model,
    Position,
    Settlement,
    Share,
    Text,
)
from cowidget.errors import FrameError
from tests.support.replicas import BIG, join, joined, key, make, said, sent, told, welcome

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


@pytest.mark.rule("E4")
def test_an_owners_event_has_its_trait_and_number() -> None:
    replica = joined()
    replica.emit("w", "hi", [b"x"], trait="ping", count=3)
    assert replica.pushes == (frames.Emit(1, "w", "hi", (b"x",), trait="ping", count=3),)


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
