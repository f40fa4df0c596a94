"""A feed as the user holds it, without a room."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds.feed import feed
from tests.unit.widgets.feeds.held_feeds import START, made


def test_rows_are_kept_until_there_is_a_room() -> None:
    ticks = made()
    assert [ticks.push(price=1.5), ticks.push({"price": [2.5, 3.5]}), ticks.push(pd.DataFrame({"price": [4.5]}))] == [
        0,
        1,
        3,
    ]
    assert ticks.to_pandas()["price"].tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_push_of_other_columns_adds_them() -> None:
    ticks = made()
    heard: list[list[str]] = []
    ticks.on_columns(lambda columns: heard.append([column.name for column in columns]))
    ticks.push(price=1.5, side="buy")
    ticks.to_arrow()
    assert heard == [["price", "side"]]
    assert ticks.columns == (Column("price"), Column("side", "text"))


def test_a_push_that_does_not_fit_says_why() -> None:
    with pytest.raises(FeedError, match="price='much': this column holds numbers"):
        made(1).push(price="much")


def test_only_the_newest_rows_are_kept() -> None:
    ticks = feed("price", keep=20_000)
    ticks.push({"t": np.arange(100_000.0), "price": np.arange(100_000.0)})
    assert 20_000 <= ticks.rows < 40_000
    assert ticks.tail(rows=1)["price"] == [99_999.0]


def test_the_tail_is_by_rows_or_by_time() -> None:
    ticks = made(1000)
    assert np.asarray(ticks.tail(rows=3)["price"]).tolist() == [249.25, 249.5, 249.75]
    assert len(ticks.tail(seconds=0.5)["t"]) == 51
    assert len(ticks.tail()["t"]) == 1000


def test_rows_are_told_to_listeners_until_they_leave() -> None:
    ticks = made()
    heard: list[int] = []
    forget = ticks.listen(lambda block: heard.append(block.count))
    ticks.push({"price": [1, 2, 3]})
    assert ticks.rows == 3
    forget()
    ticks.push(price=1)
    assert (ticks.rows, heard) == (4, [3])


def test_a_listener_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    ticks = made()
    heard: list[int] = []
    ticks.listen(lambda block: heard[0])
    ticks.listen(lambda block: heard.append(block.count))
    ticks.push(price=1)
    assert (ticks.rows, heard) == (1, [1])
    assert "a listener of a feed failed" in caplog.text


def test_waiting_ends_with_the_rows_or_the_time() -> None:
    ticks = made(3)
    assert ticks.wait(rows=3, timeout=5)
    assert not ticks.wait(rows=4, timeout=0.05)


async def test_a_coroutine_waits_without_holding_up_the_loop() -> None:
    ticks = made()
    waiting = asyncio.ensure_future(ticks.wait_async(rows=1, timeout=5))
    await asyncio.sleep(0)
    ticks.push(price=1)
    assert await waiting


def test_a_feed_is_saved_as_its_ending_says(tmp_path: Path) -> None:
    made(3).save(tmp_path / "run.csv")
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 4


def test_a_cleared_feed_begins_anew() -> None:
    ticks = made(10)
    ticks.clear()
    assert (ticks.rows, ticks.push(t=5, price=1)) == (0, 0)


def test_dropped_rows_are_counted() -> None:
    ticks = made(10)
    assert ticks.rows == 10
    ticks.push(t=START, price=1)
    assert (ticks.status.rows, ticks.status.dropped) == (10, 1)


@pytest.mark.parametrize(
    "options",
    [{"keep": 0}, {"keep": "ever"}, {"late": "soon"}, {"overflow": "explode"}, {"name": " x"}, {"name": "x" * 65}],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        feed("price", **options)


def test_a_feed_without_a_name_has_one_of_its_own() -> None:
    assert feed("price").name != feed("price").name


def test_a_stopped_feed_has_ended() -> None:
    ticks = made(1)
    ticks.stop()
    assert ticks.status.state == "ended"


def test_an_alert_goes_to_the_chat_or_to_a_function() -> None:
    with pytest.raises(FeedError, match="to="):
        made().alert(to="mail", price=lambda price: price > 1)
