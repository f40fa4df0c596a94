"""Blobs that nothing names any more."""

from __future__ import annotations

from cowidget.core.leftovers import Leftovers
from cowidget.core.limits import BLOB_GRACE


def test_what_was_of_no_use_for_long_enough_is_dropped_once() -> None:
    leftovers = Leftovers()
    swept = [leftovers.sweep({"a"}, 0.0), leftovers.sweep({"a", "b"}, BLOB_GRACE), leftovers.sweep({"b"}, BLOB_GRACE)]

    assert swept == [(), ("a",), ()]


def test_what_was_needed_again_in_between_begins_anew() -> None:
    leftovers = Leftovers()
    leftovers.sweep({"a"}, 0.0)
    leftovers.sweep((), 1.0)

    assert leftovers.sweep({"a"}, BLOB_GRACE) == ()


def test_the_oldest_is_due_first_and_nothing_is_due_without_any() -> None:
    leftovers = Leftovers()
    before = leftovers.deadline()
    leftovers.sweep({"a"}, 5.0)
    leftovers.sweep({"a", "b"}, 7.0)

    assert (before, leftovers.deadline()) == (None, 5.0 + BLOB_GRACE)
