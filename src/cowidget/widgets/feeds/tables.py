"""Many rows in whatever people have them: dicts of columns, lists of rows, numpy, pandas, polars, Arrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowidget.errors import FeedError
from cowidget.widgets.feeds.schema import TIME
from cowidget.widgets.feeds.times import Floats, unix, unix_array


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as columns of the same length, their types not checked yet. `time` is None where they have none."""

    count: int
    time: Floats | None
    columns: Mapping[str, Any]


def is_row(data: Mapping[str, Any]) -> bool:
    """Whether a dict is one row, and not a dict of columns."""
    return not any(_is_column(value) for value in data.values())


def table_of(data: Any, names: Sequence[str] = ()) -> Table:
    """Take rows apart.

    Args:
        data: a dict of columns, a list of dicts, a numpy array with named fields, or one whose columns are those of
            the feed, in order; a pandas or polars DataFrame, or anything else that Arrow can read.
        names: the feed's columns, for arrays without names.

    Raises:
        FeedError: it is none of these, or its columns differ in length.
    """
    for accepts, read in _READERS:
        if accepts(data):
            return read(data, names)
    raise FeedError(
        f"A {type(data).__name__} is no rows of a feed. Push price=1.5, a dict of columns, a list of dicts, "
        "a DataFrame, or an Arrow table."
    )


def _is_column(value: Any) -> bool:
    return isinstance(value, list | tuple | range) or (hasattr(value, "__len__") and not isinstance(value, str | bytes))


def _of_mapping(data: Mapping[str, Any], _: Sequence[str]) -> Table:
    lengths = {len(values) for values in data.values() if _is_column(values)}
    if len(lengths) > 1:
        raise FeedError(f"The columns have different lengths: {', '.join(map(str, sorted(lengths)))}.")
    count = lengths.pop() if lengths else 1
    columns = {
        str(name): values if _is_column(values) else [values] * count for name, values in data.items() if name != TIME
    }
    time = data.get(TIME)
    if time is None:
        return Table(count, None, columns)
    times = unix_array(time) if _is_column(time) else np.full(count, unix(time))
    return Table(count, times, {name: _plain(values) for name, values in columns.items()})


def _plain(values: Any) -> Any:
    to_numpy = getattr(values, "to_numpy", None)
    return values if to_numpy is None else to_numpy()


def _of_rows(data: Sequence[Any], names: Sequence[str]) -> Table:
    if not data:
        return Table(0, None, {})
    if all(isinstance(row, Mapping) for row in data):
        found = dict.fromkeys(str(name) for row in data for name in row)
        return _of_mapping({name: [row.get(name) for row in data] for name in found}, names)
    return _of_array(np.array(data), names)


def _of_array(data: NDArray[Any], names: Sequence[str]) -> Table:
    if data.dtype.names is not None:
        return _of_mapping({name: data[name] for name in data.dtype.names}, names)
    if data.ndim == 1:
        data = data[:, np.newaxis]
    if data.ndim == 2 and data.shape[1] == len(names):
        return _of_mapping({name: data[:, at] for at, name in enumerate(names)}, names)
    if data.ndim == 2 and data.shape[1] == len(names) + 1:
        return _of_mapping({TIME: data[:, 0]} | {name: data[:, at + 1] for at, name in enumerate(names)}, names)
    raise FeedError(
        f"An array of shape {data.shape} does not fit the columns {', '.join(names) or '(none yet)'}. "
        "Push a dict: {'t': …, 'price': …}."
    )


def _of_pandas(data: Any, names: Sequence[str]) -> Table:
    columns: dict[str, Any] = {}
    for name in data.columns:
        columns[str(name)] = _of_series(data[name])
    if TIME not in columns and hasattr(data.index, "tz"):
        columns[TIME] = _of_series(data.index)
    return _of_mapping(_with_time(columns), names)


def _of_series(series: Any) -> Any:
    if getattr(series.dtype, "kind", "O") != "M":
        return series.to_numpy()
    if getattr(series.dtype, "tz", None) is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None) if hasattr(series, "dt") else series.tz_convert(None)
    return series.to_numpy()


def _of_polars(data: Any, names: Sequence[str]) -> Table:
    columns = {column.name: _of_polars_series(column) for column in data.get_columns()}
    return _of_mapping(_with_time(columns), names)


def _of_polars_series(column: Any) -> Any:
    # polars keeps moments in UTC, whatever zone it shows.
    if column.dtype.is_temporal() or (column.dtype.is_numeric() and not column.dtype.is_decimal()):
        if column.dtype.is_integer() and column.null_count():
            return column.to_list()
        return column.to_numpy()
    return column.to_list()


def _of_arrow(data: Any, names: Sequence[str]) -> Table:
    try:
        arrow = import_module("pyarrow")
    except ImportError as error:
        raise FeedError(f"Reading a {type(data).__name__} needs Arrow: pip install pyarrow.") from error
    table = arrow.table(data) if not isinstance(data, arrow.Table) else data
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if arrow.types.is_timestamp(column.type) or arrow.types.is_date(column.type):
            columns[name] = column.cast(arrow.timestamp(getattr(column.type, "unit", "s"))).to_numpy()
        elif arrow.types.is_floating(column.type) or (arrow.types.is_integer(column.type) and not column.null_count):
            columns[name] = column.to_numpy()
        else:
            columns[name] = column.to_pylist()
    return _of_mapping(_with_time(columns), names)


def _with_time(columns: dict[str, Any]) -> dict[str, Any]:
    """The only column of moments is the time, if none is called `t`."""
    moments = [name for name, values in columns.items() if getattr(getattr(values, "dtype", None), "kind", "") == "M"]
    if TIME not in columns and len(moments) == 1:
        columns[TIME] = columns.pop(moments[0])
    return columns


def _is_of(package: str, kind: str) -> Callable[[Any], bool]:
    # Without an import: whoever holds such an object has the package.
    return lambda data: type(data).__module__.partition(".")[0] == package and type(data).__name__ == kind


_Reader = Callable[[Any, Sequence[str]], Table]
_READERS: tuple[tuple[Callable[[Any], bool], _Reader], ...] = (
    (lambda data: isinstance(data, Mapping), _of_mapping),
    (lambda data: isinstance(data, list | tuple), _of_rows),
    (lambda data: isinstance(data, np.ndarray), _of_array),
    (_is_of("pandas", "DataFrame"), _of_pandas),
    (_is_of("polars", "DataFrame"), _of_polars),
    (lambda data: hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"), _of_arrow),
)
