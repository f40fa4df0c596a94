"""What is shown: the room's state under our own values."""

from __future__ import annotations

from typing import Any

from cowidget.core import notes
from cowidget.core.frames import Absent, Chunk, Patch, Post, Set
from cowidget.core.overlay import DELETED
from cowidget.core.packing import digest, pack
from cowidget.core.values import Change, KeyState, Position, Text
from cowidget.core.view import View

BIG = "x" * 70_000
((SHA, DATA),) = pack({"/a": BIG}).blobs.items()
NONSENSE = b"\xc1"


def key(name: str, value: Any = None, version: int = 1, **fields: Any) -> KeyState:
    return KeyState(name, version, "p2", value, **fields)


def view_of(*keys: KeyState) -> View:
    view = View()
    view.welcome(Position("e", 1))
    view.receive_patch(Patch(1, keys, reset=True))
    return view


def test_an_own_value_is_shown_over_the_rooms() -> None:
    view = view_of(key("/a", 1), key("/b", 2))
    view.put(1, {"/a": 5, "/b": DELETED, "/c": 6})
    assert [view.value(name, "none") for name in ("/a", "/b", "/c", "/d")] == [5, "none", 6, "none"]
    assert view.keys("/") == ["/a", "/c"]


def test_a_release_waits_until_the_patches_are_here() -> None:
    view = view_of(key("/a", 1))
    view.put(1, {"/a": 5})
    view.welcome(Position("e", 2))
    assert view.release(1) == []
    assert view.receive_patch(Patch(2, (key("/a", 7, version=2),))) == [notes.StateChanged(("/a",))]


def test_a_release_of_what_the_room_shows_is_not_told() -> None:
    view = view_of(key("/a", 5))
    view.put(1, {"/a": 5, "/gone": DELETED})
    assert view.release(1) == []


def test_a_release_of_what_the_room_does_not_have_is_told() -> None:
    view = view_of(key("/kept", 5))
    view.put(1, {"/new": 5, "/kept": DELETED})
    assert view.release(1) == [notes.StateChanged(("/new", "/kept"))]


def test_bytes_that_are_no_value_leave_what_was_shown() -> None:
    view = view_of(key("/a", "before"))
    view.receive_patch(Patch(2, (key("/a", version=2, blob=digest(NONSENSE), size=1),)))
    assert view.receive_chunk(Chunk(digest(NONSENSE), 0, 1, NONSENSE)) == []
    assert (view.value("/a"), view.pulls()) == ("before", ())


def test_a_blob_serves_keys_and_application() -> None:
    view = view_of(key("/a", blob=SHA, size=len(DATA)))
    view.need_blob(SHA)
    assert view.receive_chunk(Chunk(SHA, 0, len(DATA), DATA)) == [
        notes.StateChanged(("/a",)),
        notes.BlobArrived(SHA, DATA),
    ]
    assert view.need_blob(SHA) == [notes.BlobArrived(SHA, DATA)]


def test_a_part_of_a_blob_tells_nothing() -> None:
    view = view_of(key("/a", blob=SHA, size=len(DATA)))
    assert view.receive_chunk(Chunk(SHA, 0, len(DATA), DATA[:10])) == []


def test_wrong_bytes_are_missing() -> None:
    view = view_of()
    view.need_blob(SHA)
    assert view.receive_chunk(Chunk(SHA, 0, 3, b"abc")) == [notes.BlobMissing(SHA)]


def test_absent_bytes_that_nobody_wants_are_ignored() -> None:
    assert view_of().receive_absent(Absent(SHA)) == []


def test_absent_bytes_of_a_value_are_asked_for_again_at_the_next_welcome() -> None:
    view = view_of(key("/a", blob=SHA, size=len(DATA)))
    assert view.receive_absent(Absent(SHA)) == [notes.BlobMissing(SHA)]
    view.welcome(Position("e", 1))
    assert [pull.blob for pull in view.pulls()] == [SHA]


def test_own_values_of_another_life_are_shown_again() -> None:
    view = View()
    view.blobs.offer({SHA: DATA})
    changes = (Change("/a", 1), Change("/b", blob=SHA, size=len(DATA)), Change("/c", deleted=True))
    view.restore([Post(1, Text("hi")), Set(2, changes)])
    assert (view.value("/a"), view.value("/b"), view.value("/c", "none")) == (1, BIG, "none")


def test_another_peer_keeps_only_what_it_will_send() -> None:
    view = view_of()
    view.put(1, {"/a": 1})
    view.put(2, {"/b": 2})
    assert view.begin_anew(2, {2: 1}) == [notes.StateChanged(("/a",))]
    assert view.release(1) == [notes.StateChanged(("/b",))]


def test_a_renumbered_push_is_withdrawn_under_its_new_id() -> None:
    view = view_of()
    view.put(1, {"/a": 1})
    view.renumber({1: 4})
    assert view.withdraw(4, ()) == [notes.StateChanged(("/a",))]
