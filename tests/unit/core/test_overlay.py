"""Own values over the room's."""

from __future__ import annotations

from cowidget.core.overlay import Overlay


def test_the_newest_own_value_is_shown() -> None:
    overlay = Overlay()
    overlay.put(1, {"/a": 1})
    overlay.put(2, {"/a": 2})
    assert overlay.shown("/a") == 2


def test_a_push_has_one_value_per_key() -> None:
    overlay = Overlay()
    overlay.put(1, {"/a": 1})
    overlay.put(1, {"/a": 2})
    assert overlay.withdraw(1) == {"/a": 2}
    assert list(overlay) == []


def test_released_keys_are_told_with_their_last_value() -> None:
    overlay = Overlay()
    overlay.put(1, {"/a": 1, "/b": 1})
    overlay.put(2, {"/a": 2})
    assert overlay.release(1) == {"/b": 1}
    assert "/a" in overlay


def test_an_older_value_that_is_withdrawn_changes_nothing() -> None:
    overlay = Overlay()
    overlay.put(1, {"/a": 1})
    overlay.put(2, {"/a": 2})
    assert overlay.withdraw(1) == {}
    assert overlay.shown("/a") == 2


def test_a_withdrawn_value_shows_the_one_before() -> None:
    overlay = Overlay()
    overlay.put(1, {"/a": 1})
    overlay.put(2, {"/a": 2, "/b": 2})
    assert overlay.withdraw(2, ["/a"]) == {"/a": 2}
    assert (overlay.shown("/a"), overlay.shown("/b")) == (1, 2)


def test_values_follow_new_ids() -> None:
    overlay = Overlay()
    overlay.put(4, {"/a": 1})
    overlay.renumber({4: 1})
    assert overlay.release(1) == {"/a": 1}


def test_what_is_not_there_cannot_be_withdrawn() -> None:
    overlay = Overlay()
    assert overlay.withdraw(1, ["/a"]) == {}
