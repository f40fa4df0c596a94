"""Why connections end, and what comes next."""

from __future__ import annotations

import pytest

from cowidget.core import closing
from cowidget.core.closing import CLOSINGS, Closing, NextStep, closing_of, next_step


@pytest.mark.rule("C1")
@pytest.mark.parametrize("row", CLOSINGS, ids=lambda row: row.slug)
def test_a_code_lies_in_the_range_of_its_next_step(row: Closing) -> None:
    comes_back = row.next_step in (NextStep.RETRY, NextStep.RETRY_SLOWLY)

    assert comes_back == (3000 <= row.code <= 3499 or 4000 <= row.code <= 4499)


@pytest.mark.rule("C1")
@pytest.mark.parametrize("row", CLOSINGS, ids=lambda row: row.slug)
def test_a_listed_code_says_its_own_next_step(row: Closing) -> None:
    assert (closing_of(row.code), next_step(row.code)) == (row, row.next_step)


@pytest.mark.rule("C1")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1000, NextStep.RETRY),
        (1006, NextStep.RETRY),
        (3000, NextStep.RETRY),
        (3499, NextStep.RETRY),
        (3500, NextStep.STOP),
        (3999, NextStep.STOP),
        (4499, NextStep.RETRY),
        (4599, NextStep.STOP),
        (4999, NextStep.STOP),
        (5000, NextStep.RETRY),
    ],
)
def test_an_unknown_code_follows_its_range(code: int, expected: NextStep) -> None:
    assert next_step(code) is expected


def test_what_the_table_does_not_list_has_no_row() -> None:
    assert closing_of(1006) is None


def test_every_row_is_in_the_table_once() -> None:
    rows = {each for each in vars(closing).values() if isinstance(each, Closing)}

    assert set(CLOSINGS) == rows
    assert len({row.code for row in rows}) == len({row.slug for row in rows}) == len(CLOSINGS)


def test_a_reason_fits_into_a_close_frame_and_a_text_is_a_sentence() -> None:
    assert all(len(row.slug.encode()) <= 123 and row.text.endswith(".") for row in CLOSINGS)
