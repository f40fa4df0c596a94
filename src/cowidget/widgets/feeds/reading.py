"""Rows as people read them: columns by name, pandas, Arrow, files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from cowidget.core.columns import Block, Values, concat
from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds.schema import DTYPES, TIME

Table = dict[str, Values]
"""Columns by name; the time is `t`, in Unix seconds."""


def table_of(blocks: Sequence[Block], columns: Sequence[Column]) -> Table:
    """All rows of these blocks, with every column of the feed; what a row lacks is NaN or ""."""
    count = sum(block.count for block in blocks)
    if not count:
        return {TIME: np.empty(0)} | {column.name: _missing(column, 0) for column in columns}
    numbered, at = [], 0
    for block in blocks:  # there may be rows missing in between, which have not come yet
        numbered.append(Block(at, block.columns))
        at += block.count
    whole = concat(numbered).columns
    table: Table = {TIME: whole[0]}
    for place, column in enumerate(columns, 1):
        table[column.name] = whole[place] if place in whole else _missing(column, count)
    return table


def to_pandas(table: Mapping[str, Values]) -> Any:
    """A DataFrame; its index `t` is the time, in UTC.

    Raises:
        FeedError: pandas is not installed.
    """
    pandas = _imported("pandas")
    index = pandas.DatetimeIndex(_moments(table[TIME]), name=TIME, tz="UTC")
    return pandas.DataFrame({name: values for name, values in table.items() if name != TIME}, index=index)


def to_arrow(table: Mapping[str, Values]) -> Any:
    """A table of pyarrow; `t` is a timestamp in UTC.

    Raises:
        FeedError: pyarrow is not installed.
    """
    arrow = _imported("pyarrow")
    columns = {TIME: arrow.array(_moments(table[TIME])).cast(arrow.timestamp("ns", "UTC"))}
    columns |= {name: arrow.array(values) for name, values in table.items() if name != TIME}
    return arrow.table(columns)


def save(table: Mapping[str, Values], path: str | Path) -> None:
    """Write a table into a file: .csv (time in ISO 8601), .arrow or .parquet.

    Raises:
        FeedError: the ending is another one, or pyarrow is needed and not installed.
        OSError: the file cannot be written.
    """
    file = Path(path)
    match file.suffix:
        case ".csv":
            _save_csv(table, file)
        case ".arrow" | ".feather":
            _imported("pyarrow.feather").write_feather(to_arrow(table), str(file), compression="zstd")
        case ".parquet":
            _imported("pyarrow.parquet").write_table(to_arrow(table), str(file))
        case other:
            raise FeedError(f"{other or file.name!r} is no format that is written here: use .csv, .arrow or .parquet.")


def _save_csv(table: Mapping[str, Values], file: Path) -> None:
    moments = np.datetime_as_string(_moments(table[TIME], "us"), unit="us")
    columns = [[f"{moment}Z" for moment in moments]]
    for name, values in table.items():
        if name != TIME:
            columns.append([_cell(value) for value in (values if isinstance(values, list) else values.tolist())])
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(table)
        writer.writerows(zip(*columns, strict=True))


def _cell(value: Any) -> str:
    return "" if value != value else str(value)


def _moments(seconds: Values, unit: str = "ns") -> Any:
    # By way of microseconds: a float of today's seconds is exact to about a quarter of one.
    micros = np.round(np.asarray(seconds, np.float64) * 1e6).astype(np.int64)
    return micros.astype("datetime64[us]").astype(f"datetime64[{unit}]")


def _missing(column: Column, count: int) -> Values:
    if column.type == "text":
        return [""] * count
    dtype = DTYPES[column.type] if count == 0 or column.type != "integer" else np.float64
    return np.full(count, np.nan, dtype) if count else np.empty(0, dtype)


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise FeedError(f"This needs {package}: pip install {package}.") from error
