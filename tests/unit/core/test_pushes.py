"""What is still to be told: pushes with the values that they show and the blobs that they name."""

from __future__ import annotations

import pytest

from cowidget.core.frames import Post, Refused, Set
from cowidget.core.identity import Stored
from cowidget.core.notes import Acked, StateChanged
from cowidget.core.packing import pack
from cowidget.core.pushes import Pushes
from cowidget.core.values import Change, Text
from cowidget.core.view import View
from tests.support.replicas import BIG


def shown() -> tuple[Pushes, View]:
    view = View()
    return Pushes(view), view


def test_a_set_is_shown_at_once_and_waits() -> None:
    pushes, view = shown()
    pushes.set({"/a": 1})
    assert (view.value("/a"), pushes.waiting) == (1, (Set(1, (Change("/a", 1),)),))


def test_sets_that_wait_are_joined_newest_value_per_key() -> None:
    pushes, _ = shown()
    pushes.set({"/a": 1, "/b": 1})
    pushes.set({"/a": 2})
    assert pushes.waiting == (Set(1, (Change("/a", 2), Change("/b", 1))),)


def test_a_thousand_keys_and_one_are_two_pushes() -> None:
    pushes, _ = shown()
    pushes.set({f"/{n}": n for n in range(1001)})
    assert [len(push.changes) for push in pushes.waiting if isinstance(push, Set)] == [1000, 1]


@pytest.mark.rule("M4")
def test_of_values_that_cannot_all_travel_none_is_set() -> None:
    pushes, view = shown()
    with pytest.raises(TypeError):
        pushes.set({**{f"/{n}": n for n in range(1000)}, "/bad": object()})
    assert (pushes.waiting, view.keys("")) == ((), [])


@pytest.mark.rule("D9")
def test_a_blob_is_offered_until_the_room_has_the_push_that_names_it() -> None:
    pushes, view = shown()
    pushes.set({"/pic": BIG})
    during = len(view.blobs.offered)
    pushes.acknowledge(1)
    assert (during, len(view.blobs.offered)) == (1, 0)


def test_a_blob_whose_value_was_joined_away_is_not_offered() -> None:
    pushes, view = shown()
    pushes.set({"/pic": BIG})
    pushes.set({"/pic": 1})
    assert len(view.blobs.offered) == 0


@pytest.mark.rule("S4")
def test_what_was_sent_is_sent_again_after_a_cut() -> None:
    pushes, _ = shown()
    pushes.add(lambda id: Post(id, Text("hello")))
    first, again = pushes.take(), pushes.take()
    pushes.cut()
    assert (first, again, pushes.take()) == ((Post(1, Text("hello")),), (), first)


@pytest.mark.rule("S5")
def test_a_refused_push_is_shown_no_more() -> None:
    pushes, view = shown()
    pushes.set({"/a": 1})
    assert pushes.refuse(Refused(1, "not-writable", "no")) == [StateChanged(("/a",))]
    assert (view.keys(""), len(pushes)) == ([], 0)


@pytest.mark.rule("S8")
def test_another_peer_numbers_from_one_and_still_shows_what_waits() -> None:
    pushes, view = shown()
    pushes.add(lambda id: Post(id, Text("one")))
    pushes.set({"/a": 5})
    pushes.take()
    pushes.acknowledge(1)
    assert pushes.resume(0, same_peer=False) == ({2: 1}, [])
    assert (view.value("/a"), [push.id for push in pushes.waiting]) == (5, [1])


def test_a_welcome_tells_what_the_room_has_once() -> None:
    pushes, _ = shown()
    pushes.add(lambda id: Post(id, Text("one")))
    pushes.take()
    pushes.cut()
    assert [pushes.resume(1, same_peer=True)[1] for _ in range(2)] == [[Acked(1)], []]


@pytest.mark.rule("S6")
def test_what_another_life_left_is_shown_and_waits() -> None:
    pushes, view = shown()
    packed = pack({"/pic": BIG})
    pushes.restore(Stored("tab-1", "p1", "proof-1", 3, 1, (Set(3, packed.changes),), dict(packed.blobs)))
    assert (view.value("/pic"), pushes.last_id, pushes.tried, len(pushes)) == (BIG, 3, 1, 1)
