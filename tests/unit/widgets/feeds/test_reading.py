"""Rows as people read them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from cowidget.core.columns import Block
from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds import reading

COLUMNS = (Column("price"), Column("size", "integer"), Column("side", "text"), Column("later"))
BLOCKS = [
    Block(0, {0: np.array([1.5, 2.5]), 1: np.array([10.0, np.nan]), 2: np.array([1, 2]), 3: ["buy", "sell"]}),
    Block(2, {0: np.array([3.25])}),
]


def test_what_a_row_lacks_is_missing_in_the_table() -> None:
    table = reading.table_of(BLOCKS, COLUMNS)
    assert list(table) == ["t", "price", "size", "side", "later"]
    assert table["side"] == ["buy", "sell", ""]
    assert np.isnan(np.asarray(table["later"])).all()
    assert np.isnan(np.asarray(table["size"])[2])


def test_a_feed_without_rows_has_its_columns() -> None:
    assert [len(values) for values in reading.table_of([], COLUMNS).values()] == [0] * 5


def test_integers_stay_integers_where_none_is_missing() -> None:
    assert reading.to_pandas(reading.table_of(BLOCKS[:1], COLUMNS))["size"].dtype == np.int64


def test_a_frame_has_the_times_as_its_index() -> None:
    frame = reading.to_pandas(reading.table_of(BLOCKS, COLUMNS))
    assert frame.index.name == "t"
    assert frame.index[2] == pd.Timestamp(3.25, unit="s", tz="UTC")
    assert frame["price"].tolist()[:1] == [10.0]


def test_an_arrow_table_has_moments_in_utc() -> None:
    table = reading.to_arrow(reading.table_of(BLOCKS, COLUMNS))
    assert table.schema.field("t").type == pa.timestamp("ns", "UTC")
    assert table.column("side").to_pylist() == ["buy", "sell", ""]


def test_a_csv_file_has_iso_times_and_nothing_where_nothing_is(tmp_path: Path) -> None:
    reading.save(reading.table_of(BLOCKS, COLUMNS), tmp_path / "run.csv")
    assert (tmp_path / "run.csv").read_text().splitlines() == [
        "t,price,size,side,later",
        "1970-01-01T00:00:01.500000Z,10.0,1.0,buy,",
        "1970-01-01T00:00:02.500000Z,,2.0,sell,",
        "1970-01-01T00:00:03.250000Z,,,,",
    ]


def test_arrow_and_parquet_files_hold_the_same_table(tmp_path: Path) -> None:
    table = reading.table_of(BLOCKS, COLUMNS)
    reading.save(table, tmp_path / "run.arrow")
    reading.save(table, str(tmp_path / "run.parquet"))
    arrow = pyarrow.feather.read_table(tmp_path / "run.arrow")
    assert arrow.to_pandas().equals(pyarrow.parquet.read_table(tmp_path / "run.parquet").to_pandas())
    assert arrow.column("price").to_pylist()[0] == 10.0


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"\.csv"):
        reading.save(reading.table_of(BLOCKS, COLUMNS), tmp_path / "run.xlsx")
