from __future__ import annotations

from itertools import islice

from cowidget.client.backoff import delays


def test_the_longest_wait_doubles_up_to_twenty_seconds() -> None:
    assert list(islice(delays(lambda: 1.0), 8)) == [0.5, 1, 2, 4, 8, 16, 20, 20]


def test_the_shortest_wait_is_none() -> None:
    assert list(islice(delays(lambda: 0.0), 3)) == [0, 0, 0]


def test_a_relay_that_asks_for_patience_gets_five_seconds() -> None:
    assert list(islice(delays(lambda: 0.0, slowly=True), 2)) == [5, 5]
