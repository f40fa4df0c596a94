from __future__ import annotations

from cowidget.client.exchange import Exchange, Write


def everything(_: str) -> bool:
    return True


def test_own_values_are_collected_newest_per_key() -> None:
    exchange = Exchange()

    asked = [exchange.send({"w/a": 1}), exchange.send({"w/a": 2, "w/b": 3})]

    assert asked == [True, False]
    assert exchange.collect() == {"w/a": 2, "w/b": 3}


def test_writes_are_taken_once_newest_per_key() -> None:
    exchange = Exchange()
    exchange.put(Write("w/a", 1, "old"))
    exchange.put(Write("w/a", 2, "new"))

    assert exchange.take(everything) == [Write("w/a", 2, "new")]
    assert exchange.take(everything) == []


def test_only_the_keys_that_are_asked_for_are_taken() -> None:
    exchange = Exchange()
    exchange.put(Write("w/a", 1, 0))
    exchange.put(Write("v/a", 2, 0))

    exchange.take(lambda key: key.startswith("v/"))

    assert exchange.waiting == 1


def test_a_write_that_crosses_an_own_value_is_not_applied() -> None:
    exchange = Exchange()
    exchange.put(Write("w/a", 1, "guest's"))
    exchange.send({"w/a": "ours"})

    assert exchange.take(everything) == []


def test_a_write_is_gone_once_the_own_value_has_been_collected() -> None:
    exchange = Exchange()
    exchange.put(Write("w/a", 1, "guest's"))
    exchange.send({"w/a": "ours"})
    exchange.collect()

    assert exchange.waiting == 0


def test_a_decided_key_does_not_wait() -> None:
    exchange = Exchange()
    exchange.put(Write("w/a", 1, 0))

    exchange.drop("w/a")

    assert exchange.take(everything) == []
