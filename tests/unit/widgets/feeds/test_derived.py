"""Feeds made of a feed."""

from typing import Any

import numpy as np
import pytest

from cowidget.errors import FeedError
from cowidget.widgets.feeds.feed import Feed


@pytest.fixture
def ticks() -> Feed:
    feed = Feed("ticks", ["price", "size", "side:text"])
    feed.push({"t": [0, 30, 60, 90], "price": [1.0, 3.0, 2.0, 5.0], "size": [1, 2, 3, 4], "side": ["b", "s", "b", "s"]})
    return feed


def test_bars_are_described_as_charts_are_told(ticks: Feed) -> None:
    made = ticks.ohlc("1m", price="price", volume="size")
    assert made.transform == {"op": "ohlc", "every": 60.0, "price": "price", "volume": "size"}
    frame = made.to_pandas()
    assert frame.columns.tolist() == ["open", "high", "low", "close", "volume"]
    assert frame.iloc[1].tolist() == [2.0, 5.0, 2.0, 5.0, 7.0]


def test_one_row_for_each_span(ticks: Feed) -> None:
    made = ticks.resample("1m", price="mean")
    assert (made.transform, made.column) == ({"op": "resample", "every": 60.0, "how": "mean"}, "price")
    assert made.to_pandas()["price"].tolist() == [2.0, 3.5]


@pytest.mark.parametrize(
    ("how", "last"), [("mean", 10 / 3), ("min", 2.0), ("max", 5.0), ("sum", 10.0), ("std", np.std([3, 2, 5], ddof=1))]
)
def test_a_window_moves_along(ticks: Feed, how: str, last: float) -> None:
    made = getattr(ticks.rolling(61), how)("price")
    assert made.transform == {"op": "rolling", "span": 61.0, "how": how}
    assert made.to_arrow().column("price").to_pylist()[-1] == pytest.approx(last)


def test_without_a_name_it_is_the_first_column_of_numbers(ticks: Feed) -> None:
    assert ticks.rolling("1m").mean().column == "price"


def test_the_tail_of_it_is_by_rows_or_by_time(ticks: Feed) -> None:
    made = ticks.resample("1m")
    assert np.asarray(made.tail(rows=1)["price"]).tolist() == [5.0]
    assert np.asarray(made.tail(seconds=60)["t"]).tolist() == [0.0, 60.0]


def test_it_reads_as_what_it_is(ticks: Feed) -> None:
    assert repr(ticks.resample("1s", price="max")) == "<resample of ticks: every=1.0, how='max'>"


@pytest.mark.parametrize(
    "make",
    [
        lambda feed: feed.ohlc("1m", price="weight"),
        lambda feed: feed.ohlc("1m", price="side"),
        lambda feed: feed.ohlc(0),
        lambda feed: feed.resample("1s", price="median"),
        lambda feed: feed.resample("1s", price="last", size="sum"),
        lambda feed: feed.rolling("soon"),
        lambda feed: Feed("empty").rolling("1s").mean(),
    ],
)
def test_what_cannot_be_made_of_it_is_refused(ticks: Feed, make: Any) -> None:
    with pytest.raises(FeedError):
        make(ticks)
