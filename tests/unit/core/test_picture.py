"""The room's state as patches bring it."""

from __future__ import annotations

from typing import Any

from cowidget.core.frames import Patch
from cowidget.core.picture import Picture
from cowidget.core.values import KeyState, Position, Share

SHA = "a" * 64


def key(name: str, value: Any = None, version: int = 1, **fields: Any) -> KeyState:
    return KeyState(name, version, "p2", value, **fields)


def picture_of(*keys: KeyState, at: int = 1) -> Picture:
    picture = Picture()
    picture.welcome(Position("e", at))
    picture.receive(Patch(at, keys, reset=True))
    return picture


def test_a_patch_moves_the_position() -> None:
    picture = picture_of(key("/a", 1), at=4)
    assert (picture.position, picture.caught_up) == (Position("e", 4), True)


def test_a_state_that_comes_again_changes_nothing() -> None:
    picture = picture_of(key("/a", 1))
    assert not picture.receive(Patch(2, (key("/a", 1),))).keys


def test_a_reset_drops_what_it_does_not_bring() -> None:
    picture = picture_of(key("/a", 1), key("/b", 1))
    changed = picture.receive(Patch(2, (key("/b", 1),), reset=True))
    assert (list(picture.states), list(changed.keys)) == (["/b"], ["/a"])


def test_a_reset_in_parts_drops_only_at_its_end() -> None:
    picture = picture_of(key("/a", 1))
    picture.receive(Patch(2, (key("/b", 1),), reset=True, more=True))
    assert sorted(picture.states) == ["/a", "/b"]
    picture.receive(Patch(3))
    assert list(picture.states) == ["/b"]


def test_a_reset_drops_shares_that_are_gone() -> None:
    picture = Picture()
    picture.welcome(Position("e", 1))
    picture.receive(Patch(1, shares=(Share("w", ()), Share("v", ())), reset=True))
    changed = picture.receive(Patch(2, shares=(Share("v", ()),), reset=True))
    assert (list(picture.shares), list(changed.shares)) == (["v"], ["w"])


def test_a_share_that_goes_takes_its_keys() -> None:
    picture = picture_of(key("w/value", 1), key("/a", 1))
    picture.receive(Patch(2, shares=(Share("w", ()),)))
    changed = picture.receive(Patch(3, gone=("w",)))
    assert (list(changed.shares), list(changed.keys), list(picture.states)) == (["w"], ["w/value"], ["/a"])


def test_another_epoch_voids_the_position_only() -> None:
    picture = picture_of(key("/a", 1))
    assert picture.welcome(Position("f", 9))
    assert (picture.position, picture.value("/a")) == (None, 1)


def test_the_same_epoch_goes_on() -> None:
    picture = picture_of(at=4)
    assert not picture.welcome(Position("e", 4))
    assert picture.caught_up
    picture.welcome(Position("e", 9))
    assert not picture.caught_up


def test_an_event_moves_the_position_when_we_are_caught_up() -> None:
    picture = picture_of(at=4)
    picture.pass_event(5)
    assert picture.position == Position("e", 5)


def test_an_event_before_its_patches_moves_nothing() -> None:
    picture = picture_of(at=4)
    picture.welcome(Position("e", 9))
    picture.pass_event(6)
    assert picture.position == Position("e", 4)


def test_a_blob_is_awaited_until_it_fills_its_keys() -> None:
    picture = picture_of(key("/a", blob=SHA, size=1))
    assert (picture.missing(), picture.awaits("/a"), picture.has_value("/a")) == ({SHA: ["/a"]}, True, False)
    picture.fill("/a", "value")
    assert (picture.missing(), picture.value("/a")) == ({}, "value")


def test_a_decided_value_in_the_same_blob_is_not_awaited_again() -> None:
    picture = picture_of(key("/a", blob=SHA, size=1, pending=True))
    picture.fill("/a", "value")
    changed = picture.receive(Patch(2, (key("/a", blob=SHA, size=1),)))
    assert (list(changed.keys), picture.awaits("/a")) == (["/a"], False)


def test_an_abandoned_blob_leaves_what_was_shown() -> None:
    picture = picture_of(key("/a", "before"))
    picture.receive(Patch(2, (key("/a", version=2, blob=SHA, size=1),)))
    picture.abandon("/a")
    assert (picture.value("/a"), picture.missing()) == ("before", {})


def test_a_key_that_goes_awaits_nothing() -> None:
    picture = picture_of(key("/a", blob=SHA, size=1))
    picture.receive(Patch(2, gone=("/a",)))
    assert picture.missing() == {}


def test_what_is_not_there_goes_without_a_trace() -> None:
    changed = picture_of(key("/a", 1)).receive(Patch(2, gone=("/b", "w")))
    assert not changed.keys
    assert not changed.shares


def test_what_went_during_a_reset_goes_once() -> None:
    picture = picture_of(key("/a", 1), at=1)
    picture.receive(Patch(2, reset=True, more=True))
    picture.receive(Patch(3, gone=("/a",), more=True))
    assert not picture.receive(Patch(4)).keys
