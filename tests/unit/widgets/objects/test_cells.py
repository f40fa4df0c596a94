from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cowidget.widgets.objects.cells import MAX_TEXT, column


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        ([1, 2], "integer", [1, 2]),
        ([1, 2.5], "number", [1.0, 2.5]),
        ([Decimal("1.5"), 2], "number", [1.5, 2.0]),
        ([np.int64(4), 2], "integer", [4, 2]),
        ([True, False], "boolean", [True, False]),
        ([datetime.date(2024, 2, 3)], "date", ["2024-02-03"]),
        ([pd.Timestamp("2024-02-03 04:05")], "time", ["2024-02-03 04:05:00"]),
        ([pd.Timestamp("2024-02-03"), pd.NaT], "date", ["2024-02-03", None]),
        ([datetime.time(4, 5)], "time", ["04:05:00"]),
        (["a", "b"], "text", ["a", "b"]),
        ([], "text", []),
    ],
)
def test_a_column_has_the_kind_of_its_values(values: list[Any], kind: str, written: list[Any]) -> None:
    assert column(values) == (kind, written)


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_none_in_every_kind(missing: Any) -> None:
    assert column([1, missing]) == ("integer", [1, None])


def test_truth_values_among_numbers_are_texts() -> None:
    assert column([True, 2]) == ("text", ["True", "2"])


def test_numbers_that_javascript_has_not_are_texts() -> None:
    assert column([math.inf, -math.inf, 0.5])[1] == ["Infinity", "-Infinity", 0.5]
    assert column([2**53 + 1, 2**53]) == ("integer", ["9007199254740993", 2**53])


def test_a_long_text_is_cut() -> None:
    _, [text] = column(["x" * 1000])
    assert text == "x" * MAX_TEXT + "…"


def test_anything_else_is_its_text() -> None:
    assert column([[1, 2], {"a": 1}]) == ("text", ["[1, 2]", "{'a': 1}"])
