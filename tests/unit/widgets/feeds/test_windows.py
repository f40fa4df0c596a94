"""Bars, resampled and rolling values, compared with pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from cowidget.widgets.feeds.windows import Resampling, Rolled, bars, resampled, rolling

TIME = np.array([0.0, 1.0, 59.0, 60.0, 61.0, 200.0])
PRICE = np.array([10.0, 12.0, 9.0, np.nan, 11.0, 13.0])
SIZE = np.array([1.0, np.nan, 3.0, 4.0, 5.0, 6.0])


def test_a_bar_has_the_first_highest_lowest_and_last_price_of_its_span() -> None:
    made = bars(TIME, PRICE, SIZE, 60.0)
    assert {name: values.tolist() for name, values in made.items()} == {
        "t": [0.0, 60.0, 180.0],
        "open": [10.0, 11.0, 13.0],
        "high": [12.0, 11.0, 13.0],
        "low": [9.0, 11.0, 13.0],
        "close": [9.0, 11.0, 13.0],
        "volume": [4.0, 5.0, 6.0],
    }


def test_there_are_no_bars_of_no_rows() -> None:
    assert [len(values) for values in bars(np.empty(0), np.empty(0), np.empty(0), 60.0).values()] == [0] * 6


@pytest.mark.parametrize("how", ["first", "last", "min", "max", "sum", "mean", "count"])
def test_resampling_is_that_of_pandas(how: Resampling) -> None:
    times, values = resampled(TIME, PRICE, 60.0, how)
    series = pd.Series(PRICE, pd.to_datetime(TIME, unit="s")).dropna()
    expected = series.groupby(series.index.floor("60s")).agg(how)
    assert times.tolist() == [moment.timestamp() for moment in expected.index]
    assert values.tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize("how", ["mean", "min", "max", "sum", "std"])
@given(
    steps=st.lists(st.integers(1, 40), min_size=1, max_size=60),
    values=st.lists(st.floats(-1e3, 1e3) | st.just(float("nan")), min_size=60, max_size=60),
)
def test_rolling_is_that_of_pandas(how: Rolled, steps: list[int], values: list[float]) -> None:
    time, column = np.cumsum(steps) * 1.0, np.array(values[: len(steps)])
    made = rolling(time, column, 60.0, how)
    window = pd.Series(column, pd.to_datetime(time, unit="s")).rolling("60s", min_periods=1)
    expected = getattr(window, how)().to_numpy()
    assert np.allclose(made, expected, atol=1e-4, equal_nan=True)


def test_rows_of_the_same_time_see_those_before_them() -> None:
    assert rolling(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0]), 10.0, "sum").tolist() == [1.0, 3.0, 6.0]
