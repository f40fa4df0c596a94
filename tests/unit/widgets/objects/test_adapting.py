from __future__ import annotations

import sys
from typing import Any

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets import IntSlider
from ipywidgets.widgets.widget import _instances

from cowidget.errors import ShareError
from cowidget.widgets import objects


def test_a_widget_is_itself() -> None:
    slider = IntSlider()
    assert objects.adapt(slider) is slider
    slider.close()


def test_closing_lets_go_of_stand_ins_only() -> None:
    slider = IntSlider()

    objects.close(slider)

    assert slider.comm is not None
    slider.close()


def test_a_thing_whose_stand_in_was_closed_gets_another_one() -> None:
    figure = plt.figure()
    first = objects.adapt(figure)
    objects.close(first)

    second = objects.adapt(figure)

    assert second is not first
    assert second.comm is not None
    plt.close(figure)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (None, "None cannot be shown"),
        (7, "int has no way to be shown.*room.state"),
        ("text", "str has no way to be shown.*room.state"),
        (sys, "The module sys cannot be shown. Share an object of it"),
        (plt, r"plt\.gcf\(\)"),
        (IntSlider, r"IntSlider is a class. Share an object of it: IntSlider\(…\)"),
        (len, "something to call"),
        ([1, 2], r"share\(\*list\)"),
        ({"a": 1}, "Share its values one by one"),
        (np.zeros(3), r"pandas\.DataFrame\(array\)"),
        (object(), "it is no widget"),
    ],
)
def test_what_cannot_be_shown_says_why_and_what_to_do(thing: Any, words: str) -> None:
    with pytest.raises(ShareError, match=words):
        objects.adapt(thing)


def test_a_closed_widget_says_so() -> None:
    slider = IntSlider()
    slider.close()

    with pytest.raises(ShareError, match="This IntSlider is closed"):
        objects.adapt(slider)


def test_a_thing_that_fails_when_it_is_read_names_its_error_and_leaves_nothing() -> None:
    figure = plt.figure()
    figure.text(0, 0, r"$\nonsense$")
    before = set(_instances)

    with pytest.raises(ShareError, match="Figure cannot be shown: ValueError"):
        objects.adapt(figure)

    assert set(_instances) == before
    plt.close(figure)


def test_a_stand_in_is_an_anywidget_with_its_code() -> None:
    figure = plt.figure()
    picture = objects.adapt(figure)

    assert isinstance(picture, anywidget.AnyWidget)
    assert "export" in picture._esm
    plt.close(figure)
