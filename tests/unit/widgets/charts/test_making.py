from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import cowidget as cw
from cowidget.core.feed_values import Source
from cowidget.errors import CowidgetError, ShareError
from cowidget.widgets.charts import making

URL = "wss://example.org/trades"


def source_of(url: str = URL, **options: Any) -> Source:
    """What the feed process is told."""
    made: list[Source] = []
    feed = making.Feed

    def keep(*arguments: Any, **words: Any) -> cw.Feed:
        made.append(words["source"])
        return feed(*arguments, **words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "Feed", keep)
        cw.live(url, **options)
    return made[0]


def test_an_address_is_read_as_its_words_say() -> None:
    read = source_of(
        t="T:ms", price="p:float", every="2s", headers={"X-Key": "k"}, subscribe={"op": "sub"}, records="data",
        stale_after="1m", late="5s", backfill="https://example.org/history?since={since}",
    )  # fmt: skip

    assert read == Source(
        URL, {"t": "T:ms", "price": "p:float"}, {"X-Key": "k"}, ('{"op": "sub"}',), "data", 2.0, 60.0, 5.0,
        "https://example.org/history?since={since}",
    )  # fmt: skip


def test_several_messages_are_sent_one_by_one() -> None:
    assert source_of(price="p", subscribe=["hello", {"op": "sub"}]).subscribe == ("hello", '{"op": "sub"}')


def test_columns_with_names_of_arguments_are_fields() -> None:
    assert source_of(fields={"name": "n:str", "every": "e"}, price="p").fields == {
        "name": "n:str", "every": "e", "price": "p",
    }  # fmt: skip


def test_the_columns_of_an_address_are_drawn() -> None:
    chart = cw.live(URL, t="T:ms", price="p:float", side="s:str")

    assert [one["column"] for one in chart.series] == ["price"]


def test_the_same_source_is_the_same_feed_in_every_kernel() -> None:
    names = {cw.live(URL, price="p").feed.name for _ in range(2)}

    assert len(names) == 1


def test_another_field_is_another_feed() -> None:
    assert cw.live(URL, price="p").feed.name != cw.live(URL, price="q").feed.name


def test_a_feed_is_called_by_its_host_and_tells_no_secret_of_its_address() -> None:
    name = cw.live("https://example.org/a?key=secret", price="p").feed.name

    assert name.startswith("example.org ")
    assert "secret" not in name


def test_functions_and_feeds_are_followed_too() -> None:
    @cw.source(every="1s")
    def score() -> dict[str, int]:
        return {"home": 1}

    both = cw.live(score, cw.Feed("ticks", ("price",)))

    assert [feed.name for feed in both.feeds] == ["score", "ticks"]


def test_a_plain_function_may_be_given_its_pace_here() -> None:
    chart = cw.live(lambda: {"home": 1}, every="5s", name="score")

    assert chart.feed.name == "score"


def test_a_generator_is_followed() -> None:
    def numbers() -> Iterator[dict[str, int]]:
        yield {"n": 1}

    assert cw.live(numbers()).feed.name == "numbers"


def test_bars_are_shown_as_candles() -> None:
    ticks = cw.Feed("ticks", ("price", "size"))

    assert [one["kind"] for one in cw.live(ticks.ohlc("1m", price="price")).series] == ["candle"]


def test_the_series_of_charts_are_joined() -> None:
    ticks = cw.Feed("ticks", ("price", "size"))

    joined = cw.live(ticks.line("price"), ticks.bar("size", axis="right"), window="5m")

    assert [(one["kind"], one["column"]) for one in joined.series] == [("line", "price"), ("bar", "size")]
    assert joined.window == 300.0


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda: cw.live(), "needs an address"),
        (lambda: cw.live("example.org/trades"), "no address. It begins with its scheme"),
        (lambda: cw.live(URL, price=7), "price=7: a column is a path"),
        (lambda: cw.live(URL, URL, name="one"), "name= is for one source"),
        (lambda: cw.live(cw.Feed("a", ("b",)), headers={"a": "b"}), "headers= says how an address is read"),
        (lambda: cw.live(cw.source(lambda: 1), every="2s"), "is a source already"),
        (lambda: cw.live(7), "makes no rows"),
        (lambda: cw.live(URL, price="p:colour"), "no type"),
        (lambda: cw.live(URL, price="p", every="often"), "no span of time"),
        (lambda: cw.live(URL, price="p", on_error="panic"), "neither 'retry', 'stop' nor a function"),
    ],
)
def test_what_cannot_be_followed_says_what_to_write(act: Any, why: str) -> None:
    with pytest.raises(CowidgetError, match=why):
        act()


def test_a_slip_in_a_word_is_no_column() -> None:
    with pytest.raises(ShareError, match=r"windw=: do you mean window=\? A column of this name: fields="):
        cw.live(URL, price="p", windw="5m")


def test_what_is_said_of_an_address_is_for_the_address_among_several() -> None:
    both = cw.live(cw.Feed("a", ("b",)), URL, price="p")

    assert [one["column"] for one in both.series] == ["b", "price"]


def test_a_generator_has_its_own_pace() -> None:
    with pytest.raises(ShareError, match="makes its rows by itself"):
        cw.live(iter([{"n": 1}]), every="2s")


def test_functions_without_a_name_are_feeds_of_their_own() -> None:
    names = {cw.live(lambda: {"home": 1}).feed.name for _ in range(2)}

    assert len(names) == 2


def test_what_is_said_of_an_address_is_not_said_of_a_feed() -> None:
    with pytest.raises(ShareError, match="fields= says how an address is read, and Feed is none"):
        cw.live(cw.Feed("a", ("b",)), price="p")
