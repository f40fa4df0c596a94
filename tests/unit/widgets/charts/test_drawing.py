from __future__ import annotations

from typing import Any

import pytest

import cowidget as cw
from cowidget.errors import ShareError


@pytest.fixture
def ticks() -> cw.Feed:
    return cw.Feed("ticks", ("price:float", "size:int", "side:text"))


def drawn(chart: cw.Chart) -> list[tuple[str, Any]]:
    return [(one["kind"], one.get("columns") or one["column"]) for one in chart.series]


@pytest.mark.parametrize("kind", ["line", "step", "area", "bar", "scatter", "gauge", "spark", "value"])
def test_a_column_is_drawn_as_its_method_says(ticks: cw.Feed, kind: str) -> None:
    assert drawn(getattr(ticks, kind)("price")) == [(kind, "price")]


def test_without_columns_every_number_is_drawn(ticks: cw.Feed) -> None:
    assert drawn(ticks.line()) == [("line", "price"), ("line", "size")]


def test_of_a_feed_whose_columns_nobody_knows_every_one_is_asked_for() -> None:
    assert drawn(cw.Feed("open").line()) == [("line", "*")]


def test_a_look_is_told(ticks: cw.Feed) -> None:
    (series,) = ticks.line("price", color="tomato", axis="right", dash=True, width=3, decimals=2, label="BTC").series

    looks = {name: series[name] for name in ("color", "axis", "dash", "width", "decimals", "label")}
    assert looks == {
        "color": "#ff6347", "axis": "right", "dash": True, "width": 3, "decimals": 2, "label": "BTC",
    }  # fmt: skip


def test_candles_of_ticks_name_the_bars_columns(ticks: cw.Feed) -> None:
    (series,) = ticks.ohlc("1m", price="price", volume="size").candles().series

    assert series["columns"] == {part: part for part in ("open", "high", "low", "close", "volume")}
    assert series["transform"] == {"op": "ohlc", "every": 60.0, "price": "price", "volume": "size"}


def test_candles_without_volume_have_none(ticks: cw.Feed) -> None:
    (series,) = ticks.ohlc("1m", price="price").candles().series

    assert "volume" not in series["columns"]


def test_candles_of_daily_prices_name_the_feeds_own_columns() -> None:
    daily = cw.Feed("daily", ("o", "high", "low", "close"))

    (series,) = daily.candles(open="o").series

    assert (series["columns"]["open"], series["transform"]) == ("o", None)


def test_candles_of_plain_ticks_say_what_is_missing(ticks: cw.Feed) -> None:
    with pytest.raises(ShareError, match=r"no column 'open'.*price, size.*ohlc\('1m'\)"):
        ticks.candles()


def test_a_mean_is_drawn_of_its_column(ticks: cw.Feed) -> None:
    (series,) = ticks.rolling("30s").mean("price").line(dash=True).series

    assert (series["column"], series["transform"]) == ("price", {"op": "rolling", "span": 30.0, "how": "mean"})
    assert series["label"] == "price (mean of 30 s)"


def test_two_charts_are_one_with_the_series_of_both(ticks: cw.Feed) -> None:
    other = cw.Feed("other", ("temp",))

    both = ticks.line("price") | other.step("temp", axis="right")

    assert [one["feed"] for one in both.series] == ["ticks", "other"]
    assert both.feeds == (ticks, other)


def test_of_two_charts_what_the_first_does_not_say_is_the_others(ticks: cw.Feed) -> None:
    first, second = cw.live(ticks, title="Market"), cw.live(ticks, title="Other", window="5m")

    both = first | second

    assert (both.title, both.window) == ("Market", 300.0)


def test_a_chart_and_something_else_make_none(ticks: cw.Feed) -> None:
    with pytest.raises(TypeError):
        ticks.line() | 7


def test_a_column_that_is_not_there_is_named_with_those_that_are(ticks: cw.Feed) -> None:
    with pytest.raises(ShareError, match=r"no column 'prize' to draw\. There are: price, size"):
        ticks.line("prize")


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ({"colour": "red"}, "no 'colour'. It has: label, color"),
        ({"axis": "top"}, "none of: 'left', 'right'"),
        ({"width": 0}, "no width of a line"),
        ({"decimals": 13}, "from 0 to 12"),
        ({"min": 3.0, "max": 1.0}, "min=3 is not below max=1"),
        ({"label": "x" * 101}, "at most 100"),
    ],
)
def test_a_look_that_cannot_be_says_what_can(ticks: cw.Feed, look: dict[str, Any], why: str) -> None:
    with pytest.raises(ShareError, match=why):
        ticks.line("price", **look)


def test_one_label_is_for_one_column(ticks: cw.Feed) -> None:
    with pytest.raises(ShareError, match="label= is for one column"):
        ticks.line("price", "size", label="both")


@pytest.fixture
def market() -> cw.Chart:
    columns = {"t": "T:ms", "price": "p:float", "size": "q:float"}
    axis = {"label": "USD", "log": True}
    return cw.live("wss://example.org/trades", title="BTC", window="5m", zone="UTC", left=axis, **columns)


def begun(chart: cw.Chart) -> tuple[Any, ...]:
    return chart.title, chart.window, chart.zone, chart.axes["left"]["label"], chart.axes["left"]["log"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda market: market.line("price"),
        lambda market: market.step("price"),
        lambda market: market.ohlc("1m", price="price").candles(),
        lambda market: market.resample("1s", price="last").line(),
        lambda market: market.rolling("30s").mean("price").line(),
    ],
    ids=["line", "step", "candles", "resampled", "rolling"],
)
def test_what_is_drawn_of_a_chart_begins_as_that_one_does(market: cw.Chart, draw: Any) -> None:
    assert begun(draw(market)) == ("BTC", 300.0, "UTC", "USD", True)


def test_a_window_in_rows_is_passed_on(ticks: cw.Feed) -> None:
    assert cw.live(ticks, window=500).line("price").window_rows == 500


def test_what_is_said_goes_before_what_the_chart_has(market: cw.Chart) -> None:
    chart = market.line("price", title="Bitcoin", window="1h", left={"unit": "$"}, color="tomato")

    assert (chart.title, chart.window, chart.axes["left"]["label"], chart.zone) == ("Bitcoin", 3600.0, "", "UTC")
    assert market.line("price", window=None).window == 0


@pytest.mark.parametrize("kind", ["line", "step", "area", "bar", "scatter", "gauge", "spark", "value"])
def test_a_chart_of_a_feed_begins_as_its_method_says(ticks: cw.Feed, kind: str) -> None:
    chart = getattr(ticks, kind)("price", window="5m", title="BTC", height=200)

    assert (chart.window, chart.title, chart.height) == (300.0, "BTC", 200)


def test_candles_of_a_feed_begin_as_is_said(ticks: cw.Feed) -> None:
    assert ticks.ohlc("1m").candles(window="2h", title="BTC").window == 7200.0


@pytest.mark.parametrize("kind", ["step", "scatter", "value"])
def test_words_are_drawn_where_they_have_a_place(ticks: cw.Feed, kind: str) -> None:
    assert drawn(getattr(ticks, kind)("side")) == [(kind, "side")]


def test_words_make_no_line_and_what_they_make_is_said(ticks: cw.Feed) -> None:
    with pytest.raises(ShareError, match=r"side holds text.*no line.*\.step\('side'\)"):
        ticks.line("side")


def test_a_line_is_as_wide_as_the_front_end_likes_unless_somebody_says_it(ticks: cw.Feed) -> None:
    usual, wide = (chart.series[0]["width"] for chart in (ticks.line("price"), ticks.line("price", width=3)))

    assert (usual, wide) == (0, 3)
