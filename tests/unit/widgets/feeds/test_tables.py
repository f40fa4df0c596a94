"""Rows in whatever people have them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cowidget.errors import FeedError
from cowidget.widgets.feeds.tables import is_row, table_of

TIMES = np.array([1.7e9, 1.7e9 + 1, 1.7e9 + 2])
MOMENTS = (TIMES * 1000).astype(np.int64).astype("datetime64[ms]")
PRICES = [1.5, 2.5, 3.5]
SIDES = ["buy", "sell", "buy"]


class Stream:
    """Something else that speaks Arrow."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested: object = None) -> object:
        return self._table.__arrow_c_stream__(requested)


FRAME = {"t": MOMENTS, "price": PRICES, "side": SIDES}
MAKERS: dict[str, Callable[[], Any]] = {
    "dict of lists": lambda: {"t": TIMES.tolist(), "price": PRICES, "side": SIDES},
    "dict of arrays": lambda: {"t": MOMENTS, "price": np.array(PRICES), "side": np.array(SIDES)},
    "dict of series": lambda: {"t": pd.Series(MOMENTS), "price": pd.Series(PRICES), "side": pl.Series(SIDES)},
    "list of dicts": lambda: [
        {"t": time, "price": price, "side": side} for time, price, side in zip(TIMES, PRICES, SIDES, strict=True)
    ],
    "fields of numpy": lambda: np.array(
        list(zip(TIMES, PRICES, SIDES, strict=True)), [("t", "f8"), ("price", "f8"), ("side", "U4")]
    ),
    "pandas": lambda: pd.DataFrame(FRAME),
    "pandas in another zone": lambda: pd.DataFrame(
        {**FRAME, "t": pd.Series(MOMENTS).dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")}
    ),
    "pandas by its index": lambda: pd.DataFrame({"price": PRICES, "side": SIDES}, index=pd.DatetimeIndex(MOMENTS)),
    "polars": lambda: pl.DataFrame({"when": MOMENTS, "price": PRICES, "side": SIDES}),
    "arrow": lambda: pa.table({"t": pa.array(MOMENTS), "price": PRICES, "side": SIDES}),
    "anything with an Arrow stream": lambda: Stream(pa.table({"t": TIMES, "price": PRICES, "side": SIDES})),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_rows_come_out_of_every_kind_of_table(kind: str) -> None:
    table = table_of(MAKERS[kind]())
    assert table.count == 3
    assert table.time is not None
    assert table.time.tolist() == TIMES.tolist()
    assert [float(value) for value in table.columns["price"]] == PRICES
    assert [str(value) for value in table.columns["side"]] == SIDES


def test_an_array_takes_the_feeds_columns_in_order() -> None:
    table = table_of(np.arange(6).reshape(3, 2), ["a", "b"])
    assert {name: list(values) for name, values in table.columns.items()} == {"a": [0, 2, 4], "b": [1, 3, 5]}


def test_an_array_with_one_column_more_begins_with_the_time() -> None:
    table = table_of(np.array([[1.7e9, 5.0]]), ["a"])
    assert table.time is not None
    assert (table.time.tolist(), list(table.columns["a"])) == ([1.7e9], [5.0])


def test_rows_that_lack_a_key_lack_its_value() -> None:
    assert table_of([{"a": 1}, {"b": 2}]).columns["a"] == [1, None]


def test_one_value_beside_columns_is_that_of_all_rows() -> None:
    assert table_of({"a": [1, 2], "side": "buy"}).columns["side"] == ["buy", "buy"]


def test_without_times_a_table_has_none() -> None:
    assert table_of({"a": [1, 2]}).time is None


@pytest.mark.parametrize("row", [{"a": 1}, {"a": "text"}, {"a": np.float64(1)}, {}])
def test_a_dict_of_single_values_is_a_row(row: dict[str, Any]) -> None:
    assert is_row(row)


@pytest.mark.parametrize("data", [42, "text", object(), {1, 2}, np.zeros((2, 3, 4)), {"a": [1], "b": [1, 2]}])
def test_what_is_no_table_is_refused(data: Any) -> None:
    with pytest.raises(FeedError):
        table_of(data, ["a"])
