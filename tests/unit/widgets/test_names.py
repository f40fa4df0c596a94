from __future__ import annotations

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.names import caller_scopes, share_name


class Slider:
    pass


def test_the_given_name_comes_first() -> None:
    slider = Slider()

    assert share_name(slider, "speed", (), [{"slider": slider}]) == "speed"


def test_the_callers_variable_names_it() -> None:
    slider = Slider()

    assert share_name(slider, None, (), [{"other": 1}, {"_": slider, "_12": slider, "slider": slider}]) == "slider"


def test_a_variable_with_the_name_that_the_room_keeps_does_not_name_it() -> None:
    slider = Slider()

    assert share_name(slider, None, (), [{"links": slider}]) == "slider-1"


def test_without_a_variable_class_and_number_name_it() -> None:
    assert share_name(Slider(), None, {"slider-1"}, [{}]) == "slider-2"


@pytest.mark.parametrize("name", ["", "a/b", " a", "x" * 65, "a\nb", "links"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ShareError, match="cannot name a share"):
        share_name(Slider(), name, (), [])


def test_the_caller_is_who_called_into_cowidget() -> None:
    marker = object()

    assert any(value is marker for value in caller_scopes()[0].values())
