from __future__ import annotations

import gc
import weakref
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import traitlets
from IPython.core.interactiveshell import InteractiveShell

from cowidget.widgets import objects
from cowidget.widgets.objects.table import MAX_COLUMNS, MAX_ROWS

SALES = {"city": ["Bern", "Ulm", None], "sold": [3, 1, 2], "share": [0.5, None, 0.25]}


def shown(thing: Any) -> Any:
    return objects.adapt(thing).table


def column(thing: Any, name: str) -> Any:
    return next(one for one in shown(thing)["columns"] if one["name"] == name)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "arrow"])
def test_a_table_has_typed_columns(make: Any) -> None:
    columns = shown(make(SALES))["columns"]

    kinds = [(one["name"], one["kind"], one["values"]) for one in columns]
    assert kinds == [
        ("city", "text", ["Bern", "Ulm", None]),
        ("sold", "integer", [3, 1, 2]),
        ("share", "number", [0.5, None, 0.25]),
    ]


@pytest.mark.parametrize("make", [pd.Series, pl.Series], ids=["pandas", "polars"])
def test_a_series_is_a_table_of_one_column(make: Any) -> None:
    assert [one["values"] for one in shown(make([1, 2]))["columns"]] == [[1, 2]]


def test_the_index_comes_with_its_levels() -> None:
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "n"]))

    assert [(one["name"], one["values"]) for one in shown(frame)["index"]] == [("k", ["a", "b"]), ("n", [1, 2])]


def test_two_columns_may_have_one_name() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["x", "x"])

    assert [one["values"] for one in shown(frame)["columns"]] == [[1], [2]]


def test_names_of_several_levels_are_one_text() -> None:
    frame = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("speed", "max")]))

    assert shown(frame)["columns"][0]["name"] == "speed / max"


def test_a_large_table_shows_its_first_rows_and_columns_and_says_how_many_there_are() -> None:
    table = shown(pd.DataFrame([range(80)] * 2500))

    assert (len(table["columns"]), len(table["columns"][0]["values"])) == (MAX_COLUMNS, MAX_ROWS)
    assert (table["rows"], table["width"]) == (2500, 80)


def test_a_change_in_place_is_seen_after_the_cell(shell: InteractiveShell) -> None:
    frame = pd.DataFrame(SALES)
    table = objects.adapt(frame)
    shell.user_ns["frame"] = frame

    shell.run_cell("frame.loc[0, 'sold'] = 30")

    assert table.table["columns"][1]["values"] == [30, 1, 2]


def test_rows_that_are_sorted_in_place_are_seen(shell: InteractiveShell) -> None:
    frame = pd.DataFrame(SALES)
    table = objects.adapt(frame)
    shell.user_ns["frame"] = frame

    shell.run_cell("frame.iloc[:] = frame[::-1].to_numpy(); frame.index = frame.index[::-1]")

    assert table.table["columns"][1]["values"] == [2, 1, 3]


def test_a_table_of_lists_is_compared_too(shell: InteractiveShell) -> None:
    frame = pd.DataFrame({"x": [[1], [2]]})
    table = objects.adapt(frame)
    shell.user_ns["frame"] = frame

    shell.run_cell("frame.at[0, 'x'] = [5]")

    assert table.table["columns"][0]["values"] == ["[5]", "[2]"]


def test_a_cell_that_changes_nothing_sends_nothing(shell: InteractiveShell) -> None:
    table = objects.adapt(frame := pd.DataFrame(SALES))
    sent: list[Any] = []
    table.observe(sent.append, "table")

    shell.run_cell("1 + 1")

    assert (sent, len(frame)) == ([], 3)


def test_sharing_again_shows_what_has_changed() -> None:
    frame = pd.DataFrame(SALES)
    table = objects.adapt(frame)
    frame["sold"] = 0

    assert objects.adapt(frame) is table
    assert column(frame, "sold")["values"] == [0, 0, 0]


def test_a_table_that_nobody_else_holds_is_freed_and_its_rows_stay() -> None:
    frame = pd.DataFrame(SALES)
    table, gone = objects.adapt(frame), weakref.ref(frame)

    del frame
    gc.collect()

    assert gone() is None
    assert table.table["rows"] == 3


def test_a_subclass_of_another_package_is_a_table() -> None:
    class Places(pd.DataFrame):
        pass

    assert shown(Places(SALES))["rows"] == 3


def test_only_the_frame_itself_changes_the_table() -> None:
    table = objects.adapt(frame := pd.DataFrame(SALES))

    with pytest.raises(traitlets.TraitError, match="Only the notebook"):
        table.table = {"columns": []}
    assert table.table["rows"] == len(frame)
