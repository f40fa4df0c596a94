"""One answer at a time, the last wish first."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.feeds.fetches import Fetches, Wish


def wish(id: int) -> Wish:
    return Wish("ticks", id, 0, 100, 0)


@pytest.fixture
def fetches() -> Fetches:
    return Fetches()


@pytest.mark.rule("F10")
def test_one_is_answered_at_a_time(fetches: Fetches) -> None:
    fetches.add("ada", wish(1))
    fetches.add("ada", wish(2))
    first = fetches.next("ada")
    second = fetches.next("ada")
    assert (first and first.id, second) == (2, None)


@pytest.mark.rule("F10")
def test_a_later_wish_goes_before_the_rest_of_an_earlier_one(fetches: Fetches) -> None:
    fetches.add("ada", wish(1))
    answered = fetches.next("ada")
    assert answered is not None
    fetches.put_back("ada", answered)
    fetches.add("ada", wish(2))
    order = []
    for _ in range(2):
        fetches.drained("ada", answered=True)
        following = fetches.next("ada")
        order.append(following and following.id)
    assert order == [2, 1]


def test_a_full_outbox_is_answered_nothing(fetches: Fetches) -> None:
    fetches.hold("ada")
    fetches.add("ada", wish(1))
    before = fetches.next("ada")
    fetches.drained("ada", answered=True)
    assert (before, fetches.next("ada")) == (None, wish(1))


def test_what_the_store_has_still_to_read_is_not_answered_by_a_drain(fetches: Fetches) -> None:
    fetches.add("ada", wish(1))
    fetches.add("ada", wish(2))
    fetches.next("ada")
    fetches.drained("ada", answered=False)
    assert fetches.next("ada") is None
    assert fetches.is_held("ada")


def test_connections_do_not_wait_for_each_other(fetches: Fetches) -> None:
    fetches.add("ada", wish(1))
    fetches.add("bob", wish(1))
    assert [fetches.next(name) for name in ("ada", "bob")] == [wish(1), wish(1)]


def test_what_was_asked_too_long_ago_is_forgotten(fetches: Fetches) -> None:
    for id in range(limits.MAX_FETCHES + 5):
        fetches.add("ada", wish(id))
    answered = []
    while (following := fetches.next("ada")) is not None:
        answered.append(following.id)
        fetches.drained("ada", answered=True)
    assert answered == list(range(limits.MAX_FETCHES + 4, 4, -1))


def test_who_has_gone_is_answered_nothing(fetches: Fetches) -> None:
    fetches.add("ada", wish(1))
    fetches.remove("ada")
    assert fetches.next("ada") is None
