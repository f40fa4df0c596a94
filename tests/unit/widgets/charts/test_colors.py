from __future__ import annotations

from typing import Any

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.charts.colors import checked_color


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("tomato", "#ff6347"),
        ("Tomato ", "#ff6347"),
        ("#FF6347", "#ff6347"),
        ("#f63", "#ff6633"),
        ("grey", "#808080"),
        ("", ""),
    ],
)
def test_a_color_is_drawn_as_six_digits(written: str, drawn: str) -> None:
    assert checked_color(written) == drawn


@pytest.mark.parametrize("written", ["reddish", "#12", "#12345g", "url(http://a)", "red;", 7, None])
def test_what_is_no_color_says_how_to_write_one(written: Any) -> None:
    with pytest.raises(ShareError, match="'tomato'"):
        checked_color(written)
