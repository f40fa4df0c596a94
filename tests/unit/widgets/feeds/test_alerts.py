"""Alerts: told when a condition comes true."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cowidget.client.link import source_thread
from cowidget.core.columns import Block
from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds.alerts import Alert

COLUMNS = (Column("price"), Column("side", "text"))


class Heard:
    """An alert, the rows it is given, and what it says."""

    def __init__(self, cooldown: float = 0.0, tell: Callable[[str], Any] | None = None, **conditions: Any) -> None:
        self.said: list[str] = []
        self.errors: list[str] = []
        self.alert = Alert(conditions, tell or self.said.append, self.errors.append, cooldown, "look")

    def rows(self, *prices: float, side: str = "buy") -> None:
        times = np.arange(float(len(prices)))
        self.alert.receive(COLUMNS, Block(0, {0: times, 1: np.array(prices), 2: [side] * len(prices)}))
        source_thread().ask(lambda: None)


def test_it_is_told_once_when_the_condition_comes_true() -> None:
    heard = Heard(price=lambda p: p > 10)
    heard.rows(9, 11, 12)
    heard.rows(13)
    assert heard.said == ["look: price = 11"]


def test_it_is_told_again_after_the_condition_was_false() -> None:
    heard = Heard(price=lambda p: p > 10)
    heard.rows(11)
    heard.rows(9)
    heard.rows(12)
    assert heard.said == ["look: price = 11", "look: price = 12"]


def test_nothing_is_told_while_it_cools_down() -> None:
    heard = Heard(cooldown=60, price=lambda p: p > 10)
    heard.rows(11)
    heard.rows(9)
    heard.rows(12)
    assert len(heard.said) == 1


def test_all_conditions_must_hold_in_the_same_row() -> None:
    heard = Heard(price=lambda p: p > 10, side=lambda s: s == "sell")
    heard.rows(11)
    heard.rows(9, side="sell")
    heard.rows(12, side="sell")
    assert heard.said == ["look: price = 12, side = sell"]


def test_a_condition_for_single_values_works_too() -> None:
    heard = Heard(price=lambda p: p > 10 and p < 20)
    heard.rows(30, 15)
    assert heard.said == ["look: price = 15"]


def test_a_gap_is_no_row() -> None:
    heard = Heard(price=lambda p: not p > 10)
    heard.alert.receive(COLUMNS, Block(0, {0: np.array([1.0])}))
    source_thread().ask(lambda: None)
    assert heard.said == []


def test_a_condition_that_fails_is_told_as_an_error() -> None:
    heard = Heard(price=lambda p: p.nonsense)
    heard.rows(1)
    assert "alert: AttributeError" in heard.errors[0]


def test_a_listener_that_fails_is_told_as_an_error() -> None:
    def tell(_: str) -> None:
        raise OSError("no such chat")

    heard = Heard(tell=tell, price=lambda p: p > 10)
    heard.rows(11)
    assert heard.errors == ["alert: OSError: no such chat"]


def test_a_stopped_alert_is_silent() -> None:
    heard = Heard(price=lambda p: p > 10)
    heard.alert.stop()
    heard.rows(11)
    assert heard.said == []


@pytest.mark.parametrize("conditions", [{}, {"price": 10}])
def test_without_a_function_there_is_no_alert(conditions: dict[str, Any]) -> None:
    with pytest.raises(FeedError, match="lambda"):
        Heard(**conditions)


def test_it_says_what_it_looks_at_and_how_often_it_was_told() -> None:
    heard = Heard(price=lambda p: p > 10, side=lambda s: s == "buy")
    assert repr(heard.alert) == "<Alert on price, side: told 0 times>"
    heard.rows(11)
    heard.alert.stop()
    assert repr(heard.alert) == "<Alert on price, side: told once, stopped>"
