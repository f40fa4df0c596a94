"""Spans of time and numbers of rows, as people write them."""

from datetime import timedelta
from typing import Any

import pytest

from cowidget.errors import FeedError
from cowidget.widgets.feeds.spans import Amount, amount, seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [("250ms", 0.25), ("5m", 300.0), ("5 min", 300.0), ("1.5h", 5400.0), ("7d", 604800.0), (2, 2.0), (0.5, 0.5)],
)
def test_a_span_is_written_with_its_unit_or_in_seconds(written: Any, meant: float) -> None:
    assert seconds(written) == meant


def test_a_timedelta_is_a_span() -> None:
    assert seconds(timedelta(minutes=2)) == 120.0


@pytest.mark.parametrize("written", ["5 parsecs", "", -1, True, float("nan"), float("inf"), None])
def test_what_is_no_span_is_refused_with_what_to_write(written: Any) -> None:
    with pytest.raises(FeedError, match="'5m'"):
        seconds(written, "window")


@pytest.mark.parametrize(("written", "meant"), [(1000, Amount(0.0, 1000)), ("1h", Amount(3600.0, 0)), (None, Amount())])
def test_an_amount_is_rows_or_a_span(written: Any, meant: Amount) -> None:
    assert amount(written) == meant


def test_no_rows_at_all_cannot_be_kept() -> None:
    with pytest.raises(FeedError, match="keep=0"):
        amount(0)
