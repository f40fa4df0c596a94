"""Pushes on their way."""

from __future__ import annotations

from cowidget.core.frames import Declare, Post, Push, Set, Settle
from cowidget.core.outbox import MOST_CHANGES, WINDOW, Outbox
from cowidget.core.packing import PUSH_BYTES
from cowidget.core.values import Change, Settlement, Share, Text

SHA = "a" * 64


def post(id: int) -> Push:
    return Post(id, Text("hi"))


def outbox_of(count: int) -> Outbox:
    outbox = Outbox()
    for _ in range(count):
        outbox.add(post)
    return outbox


def ids(outbox: Outbox) -> list[int]:
    return [push.id for push in outbox]


def test_ids_count_from_one() -> None:
    assert ids(outbox_of(3)) == [1, 2, 3]


def test_nothing_is_taken_twice_over_one_connection() -> None:
    outbox = outbox_of(2)
    assert len(outbox.take()) == 2
    assert outbox.take() == ()


def test_everything_is_taken_again_over_the_next_connection() -> None:
    outbox = outbox_of(2)
    outbox.take()
    outbox.cut()
    assert len(outbox.take()) == 2


def test_the_window_bounds_what_is_in_flight() -> None:
    outbox = outbox_of(WINDOW + 5)
    assert len(outbox.take()) == WINDOW
    outbox.acknowledge(3)
    assert [push.id for push in outbox.take()] == [WINDOW + 1, WINDOW + 2, WINDOW + 3]


def test_acknowledging_forgets_all_up_to_the_id() -> None:
    outbox = outbox_of(3)
    assert [push.id for push in outbox.acknowledge(2)] == [1, 2]
    assert ids(outbox) == [3]


def test_a_set_is_joined_into_the_last_unsent_one() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Set(id, (Change("/a", 1),)), {"/a": 1})
    assert outbox.merge([Change("/a", 2)], {"/a": 1}) == 1
    assert list(outbox) == [Set(1, (Change("/a", 2),))]


def test_a_set_that_was_sent_is_not_changed_any_more() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Set(id, (Change("/a", 1),)))
    outbox.take()
    assert outbox.merge([Change("/a", 2)], {"/a": 1}) is None


def test_a_set_is_not_moved_over_another_push() -> None:
    assert outbox_of(1).merge([Change("/a", 2)], {"/a": 1}) is None


def test_a_push_does_not_grow_over_its_limits() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Set(id, (Change("/a", 1),)), {"/a": 1})
    assert outbox.merge([Change("/b", 1)], {"/b": PUSH_BYTES}) is None
    assert outbox.merge([Change(f"/{n}", 1) for n in range(MOST_CHANGES)], {}) is None


def test_dropping_some_keys_keeps_the_rest() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Set(id, (Change("/a", 1), Change("/b", 2))))
    assert outbox.drop(1, ("/a",))
    assert list(outbox) == [Set(1, (Change("/b", 2),))]
    assert outbox.drop(1, ("/b",))
    assert len(outbox) == 0


def test_dropping_some_keys_of_a_settlement_keeps_the_rest() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Settle(id, (Settlement("w/a", 1, "commit"), Settlement("w/b", 2, "commit"))))
    outbox.drop(1, ("w/a",))
    assert list(outbox) == [Settle(1, (Settlement("w/b", 2, "commit"),))]
    outbox.drop(1, ("w/b",))
    assert len(outbox) == 0


def test_dropping_keys_of_a_declaration_keeps_the_share() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Declare(id, Share("w", ()), (Change("w/a", 1),)))
    outbox.drop(1, ("w/a",))
    assert list(outbox) == [Declare(1, Share("w", ()), ())]


def test_dropping_what_is_not_there_does_nothing() -> None:
    assert not outbox_of(1).drop(9)


def test_the_same_peer_keeps_its_ids() -> None:
    outbox = outbox_of(3)
    outbox.take()
    assert outbox.resume(1, same_peer=True) == {}
    assert ids(outbox) == [2, 3]


def test_another_peer_counts_from_one() -> None:
    outbox = outbox_of(3)
    outbox.take()
    outbox.acknowledge(1)
    assert outbox.resume(0, same_peer=False) == {2: 1, 3: 2}
    assert outbox.add(post) == 3


def test_an_unsent_push_never_takes_an_id_that_the_relay_knows() -> None:
    outbox = Outbox()
    outbox.restore(2, [post(2)], tried=1)
    outbox.add(post)
    assert outbox.resume(5, same_peer=True) == {3: 6}
    assert ids(outbox) == [6]


def test_what_is_restored_knows_what_was_sent() -> None:
    outbox = Outbox()
    outbox.restore(2, [post(1), post(2)], tried=1)
    assert (outbox.tried, outbox.last_id) == (1, 2)


def test_the_outbox_knows_which_blobs_it_needs() -> None:
    outbox = Outbox()
    outbox.add(lambda id: Set(id, (Change("/a", blob=SHA, size=1),)))
    assert outbox.blobs() == {SHA}
