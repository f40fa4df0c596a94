from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import polars as pl
import pytest

from cowidget.errors import ShareError
from cowidget.widgets.message import Message
from cowidget.widgets.messages.frame import DTYPES, frame_of
from cowidget.widgets.messages.photo import Photo

NOW = datetime(2026, 1, 2, 5, 4, 5, 250_000, tzinfo=timezone(timedelta(hours=2)))
PHOTO = Photo("ab" * 32, "image/png", 3, 2, 8)
MESSAGES = [
    Message(1, "Ada", "hi", NOW, "p1"),
    Message(4, "Bob", "look", NOW, "p2", reply=1, edited=True, kind="photos", photos=(PHOTO, PHOTO)),
    Message(5, "Bob", "", NOW, "p2", kind="erased", erased=True, reactions={"👍": ("p1", "p2"), "❤": ("p1",)}),
]
ROWS = [
    (1, "Ada", "p1", "text", "hi", None, False, False, 0, 0),
    (4, "Bob", "p2", "photos", "look", 1, True, False, 2, 0),
    (5, "Bob", "p2", "erased", "", None, False, True, 0, 3),
]


@pytest.mark.parametrize("messages", [MESSAGES, []], ids=["some", "none"])
def test_the_columns_of_pandas_have_stated_types(messages: list[Message]) -> None:
    frame = frame_of(messages, "pandas")

    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {n: one for n, (one, _) in DTYPES.items()}


def test_each_message_is_a_row_of_pandas() -> None:
    frame = frame_of(MESSAGES, "pandas")
    rows = [tuple(None if cell is pd.NA else cell for cell in row) for row in frame.drop(columns="time").to_numpy()]

    assert rows == ROWS
    assert frame["time"][0] == NOW.astimezone(UTC)


@pytest.mark.parametrize("messages", [MESSAGES, []], ids=["some", "none"])
def test_the_columns_of_polars_have_stated_types(messages: list[Message]) -> None:
    frame = frame_of(messages, "polars")

    assert [str(dtype) for dtype in frame.dtypes[:3]] == [
        "Int64",
        "Datetime(time_unit='us', time_zone='UTC')",
        "String",
    ]
    assert frame.columns == list(DTYPES)


def test_each_message_is_a_row_of_polars() -> None:
    frame = frame_of(MESSAGES, "polars")

    assert frame.drop("time").rows() == ROWS
    assert frame["time"].to_list() == [NOW.astimezone(UTC)] * 3
    assert frame.filter(pl.col("photos") > 0).height == 1


def test_another_library_is_none() -> None:
    with pytest.raises(ShareError, match="'dask' is none of"):
        frame_of([], "dask")  # type: ignore[arg-type]
