from __future__ import annotations

import time
from typing import Any

import pytest

import cowidget as cw
from cowidget.errors import FeedError, ShareError
from cowidget.widgets.kinds.table import kind_of
from cowidget.widgets.registry import Terms, rights


@pytest.fixture
def chart() -> cw.Chart:
    return cw.chart("temp", window="10m", name="room")


def soon(condition: Any) -> bool:
    """Whether it comes true within the time that another thread needs."""
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(condition())


def test_guests_write_nothing_of_a_chart(chart: cw.Chart) -> None:
    assert rights(chart, "", Terms()).writable == ()


def test_everything_that_a_page_draws_by_is_in_the_room(chart: cw.Chart) -> None:
    assert set(rights(chart, "", Terms()).traits) == {
        "axes", "following", "group", "height", "paused", "series", "title", "window", "window_rows", "zone",
    }  # fmt: skip


def test_what_a_chart_says_to_the_notebooks_own_view_is_not_for_the_room(chart: cw.Chart) -> None:
    sent = kind_of(chart).sent

    assert sent is not None
    assert sent(chart, {"news": {}}, [], lambda identity: None) is None


def test_a_window_is_a_time_or_a_number_of_rows() -> None:
    assert [(one.window, one.window_rows) for one in (cw.chart("a", window="5m"), cw.chart("a", window=500))] == [
        (300.0, 0), (0.0, 500),
    ]  # fmt: skip


def test_a_pause_is_for_everybody_until_it_ends(chart: cw.Chart) -> None:
    chart.pause()
    paused = chart.paused
    chart.resume()

    assert (paused, chart.paused) == (True, False)


def test_following_is_a_word(chart: cw.Chart) -> None:
    chart.follow = False

    assert (chart.following, chart.follow) == (False, False)


def test_rows_go_to_the_charts_feed(chart: cw.Chart) -> None:
    numbers = [chart.push(temp=20.5), chart.push({"t": [1.0, 2.0], "temp": [1, 2]})]

    assert numbers == [0, 1]


def test_a_column_that_comes_later_is_drawn_too(chart: cw.Chart) -> None:
    chart.push(temp=1.0, humidity=40)

    assert soon(lambda: [one["column"] for one in chart.series] == ["temp", "humidity"])


def test_a_chart_of_several_feeds_is_not_pushed_to() -> None:
    both = cw.Feed("one", ("a",)).line() | cw.Feed("two", ("b",)).line()

    with pytest.raises(ShareError, match=r"several feeds \(one, two\)"):
        both.push(a=1)


def test_a_chart_is_called_by_what_it_draws(chart: cw.Chart) -> None:
    assert repr(chart) == "<Chart of temp>"


def test_marks_have_an_order_and_an_end(chart: cw.Chart) -> None:
    first, second = chart.mark(5, "kick-off", color="red"), chart.threshold(70)

    chart.unmark(first)

    assert [(mark.id, mark.kind, mark.y) for mark in chart.marks] == [(second, "line", 70.0)]


def test_a_time_is_also_a_text(chart: cw.Chart) -> None:
    chart.mark("2026-05-01T14:05:00Z")

    assert chart.marks[0].t == 1777644300.0


def test_a_band_is_of_times_or_of_values(chart: cw.Chart) -> None:
    chart.band(1, 2, text="half time")
    chart.band(lo=20, hi=25)

    assert [(mark.t, mark.t2, mark.y, mark.y2) for mark in chart.marks] == [
        (1.0, 2.0, None, None), (None, None, 20.0, 25.0),
    ]  # fmt: skip


def test_no_marks_are_left_after_all_are_removed(chart: cw.Chart) -> None:
    chart.threshold(1)
    chart.unmark()

    assert chart.marks == []


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda chart: chart.band(), "A band has a span of time"),
        (lambda chart: chart.band(2, 1), "ends before it begins"),
        (lambda chart: chart.band(lo=2, hi=1), "ends before it begins"),
        (lambda chart: chart.band(lo="20"), "no value of an axis"),
        (lambda chart: chart.band(1, 2, colour="red"), "no 'colour'"),
        (lambda chart: chart.threshold(float("nan")), "cannot be at nan"),
        (lambda chart: chart.unmark("m1"), "no mark 'm1'. It has: none"),
        (lambda chart: chart.moment(2, 1), "ends before it begins"),
        (lambda chart: chart.moment(1, 2), "in no room yet"),
        (lambda chart: chart.mark(1, color="reddish"), "no color"),
        (lambda chart: chart.show("frame"), "none of: 'auto', 'native'"),
    ],
)
def test_what_cannot_be_says_what_can(chart: cw.Chart, act: Any, why: str) -> None:
    with pytest.raises(ShareError, match=why):
        act(chart)


def test_what_is_no_time_is_no_mark(chart: cw.Chart) -> None:
    with pytest.raises(FeedError, match="no time"):
        chart.mark("yesterday")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"windw": "5m"}, "no 'windw'. It has: title, window"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"left": {"logarithmic": True}}, "left= has no 'logarithmic'"),
        ({"right": {"min": 2, "max": 1}}, "min=2 is not below max=1"),
        ({"left": {"log": True, "min": 0}}, "begins above 0"),
        ({"left": {"min": float("inf")}}, "numbers, or None"),
    ],
)
def test_an_option_that_cannot_be_says_what_can(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ShareError, match=why):
        cw.chart("temp", **options)


def test_waiting_tells_whether_the_rows_have_come(chart: cw.Chart) -> None:
    chart.push({"t": [1, 2], "temp": [1.5, 2.5]})

    assert (chart.wait(rows=2, timeout=5), chart.wait(rows=3, timeout=0.01)) == (True, False)
