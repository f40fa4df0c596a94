from __future__ import annotations

import time
from typing import Any

import altair as alt
import numpy as np
import plotly.graph_objects as go
import pytest

import cowidget as cw
from cowidget.errors import ShareError
from cowidget.widgets.charts.binding import MAX_POINTS, thinned
from cowidget.widgets.kinds.table import kind_of


@pytest.fixture
def ticks() -> cw.Feed:
    feed = cw.Feed("ticks", ("price:float", "size:int", "side:text"))
    feed.push({"t": [1.0, 2.0], "price": [10.0, 11.5], "size": [1, 2], "side": ["a", "b"]})
    return feed


def soon(condition: Any) -> bool:
    """Whether it comes true within the time that the feed's thread needs."""
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


def test_an_altair_chart_begins_with_the_rows_that_are_there(ticks: cw.Feed) -> None:
    widget = ticks.bind(alt.Chart().mark_line().encode(x="t:T", y="price:Q"))

    (update,) = widget._py_to_js_updates
    assert update["value"][-1] == {"t": 2000.0, "price": 11.5, "size": 2, "side": "b"}
    assert update["name"] == widget.spec["data"]["name"]


def test_an_altair_chart_is_told_of_new_rows(ticks: cw.Feed) -> None:
    widget = ticks.bind(alt.Chart().mark_line().encode(x="t:T", y="price:Q"))

    ticks.push(t=3.0, price=12.0)

    assert soon(lambda: [row["price"] for row in widget._py_to_js_updates[0]["value"]] == [10.0, 11.5, 12.0])


def test_a_page_that_comes_later_begins_with_the_rows(ticks: cw.Feed) -> None:
    widget = ticks.bind(alt.Chart().mark_line().encode(x="t:T", y="price:Q"))
    snapshot = kind_of(widget).snapshot

    assert snapshot is not None
    spec = snapshot(widget)["spec"]
    assert [row["price"] for row in spec["datasets"][spec["data"]["name"]]] == [10.0, 11.5]


def test_an_altair_chart_may_have_names_of_its_own(ticks: cw.Feed) -> None:
    widget = ticks.bind(alt.Chart().mark_line().encode(x="when:T", y="p:Q"), {"when": "t", "p": "price"})

    assert widget._py_to_js_updates[0]["value"][0] == {"when": 1000.0, "p": 10.0}


def test_what_has_no_value_is_null_for_vega(ticks: cw.Feed) -> None:
    ticks.push(t=3.0, size=4)

    widget = ticks.bind(alt.Chart().mark_line().encode(x="t:T", y="price:Q"))

    assert widget._py_to_js_updates[0]["value"][-1]["price"] is None


def test_a_figures_trace_gets_its_columns(ticks: cw.Feed) -> None:
    widget = ticks.bind(go.Figure(go.Scatter(mode="lines")), {0: ("t", "price")})

    assert list(widget.data[0].y) == [10.0, 11.5]
    assert widget.data[0].x[1] == np.datetime64("1970-01-01T00:00:02")


def test_a_figure_follows_the_feed(ticks: cw.Feed) -> None:
    widget = ticks.bind(go.Figure(go.Scatter(mode="lines")))

    ticks.push(t=3.0, price=12.0)

    assert soon(lambda: list(widget.data[0].y) == [10.0, 11.5, 12.0])


def test_a_trace_is_also_found_by_its_name(ticks: cw.Feed) -> None:
    widget = ticks.bind(go.Figure([go.Scatter(name="a"), go.Scatter(name="b")]), {"b": {"x": "t", "y": "size"}})

    assert (widget.data[0].y, list(widget.data[1].y)) == (None, [1, 2])


def test_bars_feed_a_candlestick(ticks: cw.Feed) -> None:
    figure = go.Figure(go.Candlestick())
    parts = {part: part for part in ("open", "high", "low", "close")}

    widget = ticks.ohlc("1m", price="price").bind(figure, {0: {"x": "t", **parts}})

    assert [widget.data[0][part][0] for part in parts] == [10.0, 11.5, 10.0, 11.5]


def test_a_window_is_what_is_shown(ticks: cw.Feed) -> None:
    widget = ticks.bind(go.Figure(go.Scatter()), window=1)

    assert list(widget.data[0].y) == [11.5]


def test_a_chart_of_ours_lends_its_window(ticks: cw.Feed) -> None:
    widget = cw.live(ticks, window=1).bind(go.Figure(go.Scatter()))

    assert list(widget.data[0].y) == [11.5]


def test_a_widget_that_was_closed_is_fed_no_more(ticks: cw.Feed) -> None:
    widget = ticks.bind(go.Figure(go.Scatter()))
    widget.close()

    ticks.push(t=3.0, price=12.0)

    assert soon(lambda: len(ticks._rows.listeners) == 1)


@pytest.mark.parametrize(
    ("chart", "mapping", "why"),
    [
        (object(), None, "object cannot be fed"),
        (go.Figure(), None, "no trace yet"),
        (go.Figure(go.Scatter()), {3: ("t", "price")}, "no trace 3; it has 1"),
        (go.Figure(go.Scatter()), {0: "price"}, "from traces to columns"),
        (go.Figure(go.Scatter()), {0: ("t", "prize")}, "no column 'prize'"),
        (alt.Chart().mark_line(), {0: "t"}, "from its names to columns"),
        (alt.Chart().mark_line(), {"x": "prize"}, "no column 'prize'"),
    ],
)
def test_what_cannot_be_fed_says_what_can(ticks: cw.Feed, chart: Any, mapping: Any, why: str) -> None:
    with pytest.raises(ShareError, match=why):
        ticks.bind(chart, mapping)


def test_few_rows_stay_as_they_are() -> None:
    rows = {"t": np.arange(10.0), "y": np.arange(10.0)}

    assert thinned(rows) is rows


def test_of_many_rows_no_spike_is_lost() -> None:
    values = np.zeros(100_000)
    values[54_321], values[77_777] = 1.0, -1.0
    rows = {"t": np.arange(100_000.0), "y": values, "side": ["a"] * 100_000}

    few = thinned(rows)

    assert len(few["t"]) <= MAX_POINTS + 2
    assert (few["y"].max(), few["y"].min()) == (1.0, -1.0)
    assert few["t"][[0, -1]].tolist() == [0.0, 99_999.0]
    assert len(few["side"]) == len(few["t"])


def test_gaps_do_not_hide_what_is_beside_them() -> None:
    values = np.full(50_000, np.nan)
    values[30_000] = 5.0

    few = thinned({"t": np.arange(50_000.0), "y": values})

    assert np.nanmax(few["y"]) == 5.0


def test_rows_without_numbers_are_thinned_evenly() -> None:
    few = thinned({"t": np.arange(50_000.0), "side": ["a"] * 50_000})

    assert len(few["side"]) == MAX_POINTS
