from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cowidget.core.bodies import fault_of
from cowidget.core.values import TableColumn
from cowidget.errors import ShareError
from cowidget.widgets.messages import table, tables
from cowidget.widgets.messages.tables import table_of

SALES = {"city": ["Bern", None], "sold": [3, 1], "share": [0.5, float("inf")]}


class Stream:
    """What only tells by Arrow's stream that it is a table."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._held.__arrow_c_stream__(requested_schema)


class Interchange:
    """What only tells by the interchange protocol."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def __dataframe__(self, **options: Any) -> Any:
        return self._held.__dataframe__(**options)


@pytest.mark.parametrize(
    "thing",
    [pl.DataFrame(SALES), pa.table(SALES), Stream(pa.table(SALES)), Interchange(pa.table(SALES))],
    ids=["polars", "arrow", "stream", "interchange"],
)
def test_a_table_of_any_library_is_typed(thing: Any) -> None:
    found = table_of(thing)

    assert found is not None
    assert [(column.name, column.kind) for column in found.columns] == [
        ("city", "text"),
        ("sold", "integer"),
        ("share", "number"),
    ]
    assert (found.rows, found.height, found.width, found.index) == (
        (("Bern", 3, 0.5), (None, 1, "Infinity")),
        2,
        3,
        0,
    )


def test_the_index_of_pandas_comes_first() -> None:
    frame = pd.DataFrame({"n": [1]}, index=pd.MultiIndex.from_tuples([("a", 2)], names=["x", None]))
    found = table_of(frame)

    assert found is not None
    assert [column.name for column in found.columns] == ["x", "", "n"]
    assert (found.rows, found.index, found.width) == ((("a", 2, 1),), 2, 1)


def test_a_styled_table_is_its_table() -> None:
    frame = pd.DataFrame({"n": [1]})

    assert table_of(frame.style.highlight_max()) == table_of(frame)


def test_a_series_is_a_table() -> None:
    found = table_of(pd.Series([1, 2], name="n"))

    assert found is not None
    assert found.columns[1] == TableColumn("n", "int64", "integer")


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({f"c{n}": range(300) for n in range(70)}),
        pd.DataFrame({f"c{n}": ["ü" * 1000] * 300 for n in range(70)}),
        pd.DataFrame({"x" * 1000: ["a\ud83d", [1], object()]}),
        pd.DataFrame({"n": []}),
        pl.DataFrame(
            {"s": [{"a": 1}], "d": [b"x"], "e": pl.Series(["a"], dtype=pl.Enum([f"{n}" for n in range(900)] + ["a"]))}
        ),
    ],
    ids=["wide", "long texts", "strange", "empty", "structs"],
)
def test_as_much_as_fits_is_shown(frame: Any) -> None:
    found = table_of(frame)

    assert found is not None
    assert fault_of(found) == ""
    assert (found.height, found.width) == frame.shape


@pytest.mark.parametrize("thing", [{"a": [1]}, [[1]], "a", None])
def test_what_does_not_say_that_it_is_a_table_is_none(thing: object) -> None:
    assert table_of(thing) is None


def test_what_cannot_be_read_is_said() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise ValueError("no rows today")

    with pytest.raises(ShareError, match=r"Broken cannot be read as a table: .*no rows today"):
        table_of(Broken())


def test_a_table_without_columns_is_said() -> None:
    with pytest.raises(ShareError, match="no columns"):
        table_of(pl.DataFrame())


def test_without_a_reader_its_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables._READERS, "__arrow_c_stream__", (("no_such_package", "table"),))
    with pytest.raises(ShareError, match="pip install pyarrow"):
        table_of(Stream(pa.table(SALES)))


# As somebody else reads it.

EVERY = pd.DataFrame(
    {
        "i": [1, None],
        "b": [True, False],
        "t": pd.to_datetime(["2026-01-02 03:04:05", None]),
        "d": pd.to_datetime(["2026-01-02", None]),
        "s": ["a", None],
    }
).astype({"i": "Int64"})


def read(frame: Any) -> table.Table:
    found = table_of(frame)
    assert found is not None
    return table.table_of(found)


def test_a_table_is_a_frame_of_pandas_again() -> None:
    frame = read(EVERY).to_frame()

    assert [str(dtype) for dtype in frame.dtypes] == ["Int64", "boolean", "datetime64[us]", "object", "string"]
    assert frame["t"][0] == EVERY["t"][0]
    assert frame.index.tolist() == [0, 1]


def test_a_table_is_a_frame_of_polars_again() -> None:
    frame = read(EVERY).to_frame("polars")

    assert frame.columns == ["column_0", "i", "b", "t", "d", "s"]
    assert [str(dtype) for dtype in frame.dtypes[:4]] == [
        "Int64",
        "Int64",
        "Boolean",
        "Datetime(time_unit='us', time_zone=None)",
    ]
    assert frame["s"].to_list() == ["a", None]


def test_integers_that_travel_as_text_are_integers_again() -> None:
    assert read(pd.DataFrame({"n": [1 << 60, 1]})).to_frame()["n"].tolist() == [1 << 60, 1]


def test_times_of_a_day_are_times() -> None:
    frame = pl.DataFrame({"t": ["12:30:00"]}).with_columns(pl.col("t").str.to_time())

    assert read(frame).to_frame("polars")["t"].dtype == pl.Time


def test_cells_that_are_not_of_their_column_s_kind_are_texts() -> None:
    column = table.Column("n", "int64", "integer")
    odd = table.Table((column,), (("x",), (1,), (None,)), 3, 1)

    assert odd.to_frame("polars")["n"].to_list() == ["x", "1", None]
    assert odd.to_frame()["n"].tolist()[:2] == ["x", "1"]


def test_columns_of_one_name_have_two_in_polars() -> None:
    column = table.Column("n", "int64", "integer")

    assert table.Table((column, column), ((1, 2),), 1, 2).to_frame("polars").columns == ["n", "n_1"]


def test_another_library_is_none() -> None:
    with pytest.raises(ShareError, match="'pandas', 'polars'"):
        read(EVERY).to_frame("dask")  # type: ignore[arg-type]
