from __future__ import annotations

import math
from typing import Any

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.charts.marks import Mark, key_of, made, read


def test_the_same_mark_has_the_same_id_when_the_cell_is_run_again() -> None:
    assert made("mark", None, t=5.0, text="kick-off").id == made("mark", None, t=5.0, text="kick-off").id


def test_marks_at_other_times_have_other_ids() -> None:
    assert made("mark", None, t=5.0).id != made("mark", None, t=6.0).id


def test_a_color_makes_no_other_mark() -> None:
    assert made("line", None, y=1.0, color="red").id == made("line", None, y=1.0, color="blue").id


def test_the_room_keeps_all_fields() -> None:
    value = made("band", "b", y=20.0, y2=25.0, text="comfortable", color="green", by="Host").value()

    assert value == {
        "kind": "band", "t": None, "t2": None, "y": 20.0, "y2": 25.0, "text": "comfortable", "color": "#008000",
        "by": "Host",
    }  # fmt: skip


def test_what_the_room_keeps_is_the_mark_again() -> None:
    mark = made("mark", "m", t=5.0, text="here", by="Ana")

    assert read("m", mark.value()) == mark


def test_missing_fields_are_empty() -> None:
    assert read("m", {"kind": "line", "y": 3}) == Mark("m", "line", y=3.0)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        {"kind": "circle"},
        {"kind": "mark", "t": "soon"},
        {"kind": "mark", "t": math.nan},
        {"kind": "mark", "t": True},
        {"kind": "mark", "t": 1, "text": ["x"]},
        {"kind": "mark", "t": 1, "text": "x" * 201},
    ],
)
def test_what_a_guest_wrote_and_is_no_mark_is_none(value: Any) -> None:
    assert read("m", value) is None


@pytest.mark.parametrize("identity", ["", "a/b", "a b", "x" * 65])
def test_an_id_that_cannot_be_says_what_can(identity: str) -> None:
    with pytest.raises(ShareError, match="letters, digits"):
        made("mark", identity, t=1.0)


def test_a_mark_at_no_time_is_refused() -> None:
    with pytest.raises(ShareError, match="cannot be at nan"):
        made("mark", None, t=math.nan)


def test_a_text_has_an_end() -> None:
    with pytest.raises(ShareError, match="at most 200"):
        made("mark", None, t=1.0, text="x" * 201)


def test_the_marks_of_a_share_are_together() -> None:
    assert key_of("price", "m1") == "/~mark/price/m1"
