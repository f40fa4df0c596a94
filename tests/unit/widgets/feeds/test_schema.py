"""Columns and the values that fit them."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds.schema import Schema


def test_types_can_be_written_behind_the_name() -> None:
    schema = Schema(["a:float", "b:int", "c:text", "d:single", Column("e", "integer", "kg"), "f"])
    assert [column.type for column in schema.columns] == ["number", "integer", "text", "single", "integer", "number"]


def test_a_name_may_hold_a_colon() -> None:
    assert Schema(["a:b"]).columns == (Column("a:b"),)


def test_the_name_of_a_pushed_value_is_only_a_name() -> None:
    schema = Schema()
    schema.place("a:int", 1.5)
    assert schema.columns == (Column("a:int"),)


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (1, "number"),
        (1.5, "number"),
        (True, "number"),
        ("buy", "text"),
        (1 << 60, "integer"),
        ([1, None], "number"),
        ([None, "x"], "text"),
        (np.array([1, 1 << 60]), "integer"),
        (np.array(["a"]), "text"),
        (np.array([1], np.int32), "number"),
    ],
)
def test_the_first_values_say_what_a_column_holds(first: Any, kind: str) -> None:
    schema = Schema()
    schema.place("x", first)
    assert schema.columns[0].type == kind


def test_a_column_whose_first_value_is_missing_waits_for_one() -> None:
    schema = Schema(["x"])
    schema.place("x", None)
    schema.place("x", "buy")
    assert schema.columns[0].type == "text"


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("float", 1, 1.0),
        ("float", Decimal("1.5"), 1.5),
        ("float", np.float32(0.5), 0.5),
        ("float", True, 1.0),
        ("int", 2.0, 2),
        ("int", None, None),
        ("int", float("nan"), None),
        ("text", None, ""),
        ("text", 5, "5"),
        ("text", pd.NA, ""),
    ],
)
def test_a_value_is_made_to_fit(kind: str, value: Any, held: Any) -> None:
    assert Schema([f"x:{kind}"]).value(1, value) == held


@pytest.mark.parametrize("value", [None, pd.NA, pd.NaT, float("nan")])
def test_a_missing_number_is_not_a_number(value: Any) -> None:
    held = Schema(["x:float"]).value(1, value)
    assert isinstance(held, float)
    assert np.isnan(held)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("float", "1.5"), ("float", [1]), ("int", 1.5), ("int", 1 << 63), ("float", 10**400), ("text", {})],
)
def test_a_value_of_another_type_is_refused_by_name(kind: str, value: Any) -> None:
    with pytest.raises(FeedError, match="x="):
        Schema([f"x:{kind}"]).value(1, value)


@pytest.mark.parametrize(
    ("kind", "values", "dtype"),
    [
        ("float", np.array([1, 2], np.int32), np.float64),
        ("float", [1, None], np.float64),
        ("single", [1.5], np.float32),
        ("int", [1, 2], np.int64),
        ("int", np.array([1.0, 2.0]), np.int64),
        ("int", [1, None], np.float64),
        ("int", np.array([(1 << 63) - 1]), np.int64),
        ("float", pd.array([1, None], "Int64"), np.float64),
        ("float", np.array([True]), np.float64),
    ],
)
def test_many_values_become_an_array_of_the_columns_type(kind: str, values: Any, dtype: Any) -> None:
    held = Schema([f"x:{kind}"]).values(1, values)
    assert isinstance(held, np.ndarray)
    assert held.dtype == dtype


def test_many_texts_become_a_list() -> None:
    assert Schema(["x:text"]).values(1, np.array(["a", "b"])) == ["a", "b"]


@pytest.mark.parametrize("values", [np.array([1.5]), np.array([np.inf]), [1, "x"], np.array([1 << 63], np.uint64)])
def test_many_values_of_another_type_are_refused(values: Any) -> None:
    with pytest.raises(FeedError, match="integers"):
        Schema(["x:int"]).values(1, values)


@pytest.mark.parametrize("columns", [["t"], ["a", "a"], [""], ["x" * 65], [f"c{number}" for number in range(65)]])
def test_columns_that_cannot_be_are_refused(columns: list[str]) -> None:
    with pytest.raises(FeedError):
        Schema(columns)
