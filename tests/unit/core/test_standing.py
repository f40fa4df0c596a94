"""Who we are to the room."""

from __future__ import annotations

import pytest

from cowidget.core.frames import Grant, Presence, Revoke, Room
from cowidget.core.identity import Identity
from cowidget.core.notes import RoomChanged
from cowidget.core.standing import Standing
from cowidget.core.values import Invitation, Position
from tests.support.replicas import welcome


def standing(name: str = "ada") -> Standing:
    return Standing(Identity("room", "guest", "tab-1", name, "#008080"))


@pytest.mark.rule("P1")
def test_a_name_is_cut_to_what_a_frame_holds() -> None:
    assert standing("n" * 70).hello("secret", None, None, "").name == "n" * 64


def test_a_welcome_tells_whether_we_are_the_peer_that_we_were() -> None:
    mine = standing()
    assert [mine.welcome(welcome(peer=peer)) for peer in ("p1", "p1", "p9")] == [False, True, False]


@pytest.mark.rule("S6")
def test_after_a_welcome_we_greet_as_this_peer() -> None:
    mine = standing()
    mine.welcome(welcome())
    hello = mine.hello("", Position("s", 7), None, "")
    assert (hello.peer, hello.proof, hello.state) == ("p1", "proof-1", Position("s", 7))


def test_invitations_follow_what_was_acknowledged() -> None:
    mine = standing()
    mine.welcome(welcome(invitations=(Invitation("old", "viewer", "a" * 64),)))
    new = Invitation("new", "host", "b" * 64)
    mine.acknowledge([Grant(1, new), Revoke(2, "old")])
    assert mine.invitations == (new,)


@pytest.mark.rule("P10")
def test_a_lock_is_news_once() -> None:
    mine = standing()
    told = [mine.receive_room(each) for each in (welcome(locked=True), Room(locked=True), Room())]
    assert (told, mine.locked) == ([[RoomChanged(True)], [], [RoomChanged(False)]], False)


def test_what_the_hello_has_told_is_not_told_again() -> None:
    mine = standing()
    mine.hello("secret", None, None, "")
    assert mine.presence is None


def test_who_is_renamed_before_the_welcome_says_so_after_it() -> None:
    mine = standing()
    mine.hello("secret", None, None, "")
    mine.present({}, "grace", None)
    assert mine.presence == Presence({}, "grace")


@pytest.mark.rule("P2")
def test_what_we_said_about_ourselves_is_merged_and_said_again() -> None:
    mine = standing()
    mine.present({"x": 1, "y": 2}, None, None)
    mine.hello("secret", None, None, "")
    assert mine.present({"x": None, "z": 3}, None, None) == Presence({"x": None, "z": 3})
    assert mine.presence == Presence({"y": 2, "z": 3})


@pytest.mark.rule("P2")
@pytest.mark.parametrize("about", [{"view": "x" * 2048}, {f"x{n}": 1 for n in range(17)}], ids=["long", "many"])
def test_more_than_the_room_takes_is_not_said(about: dict[str, object]) -> None:
    mine = standing()
    mine.present({"x": 1}, None, None)
    with pytest.raises(ValueError, match="2 KiB"):
        mine.present(about, None, None)
    assert mine.presence == Presence({"x": 1})


@pytest.mark.rule("M4")
def test_what_cannot_travel_changes_nothing() -> None:
    mine = standing()
    with pytest.raises(TypeError):
        mine.present({"x": object()}, "grace", None)
    assert (mine.presence, mine.identity.name) == (None, "ada")
