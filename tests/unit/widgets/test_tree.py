from __future__ import annotations

from decimal import Decimal

import ipywidgets
import pytest

from cowidget.errors import ShareError
from cowidget.widgets.tree import check_root, walk
from tests.support.sample_widgets import Box, Counter, Picture


def paths(root: ipywidgets.Widget) -> dict[str, ipywidgets.Widget]:
    return {node.path: node.widget for node in walk(root)}


def test_children_have_the_path_by_which_the_root_refers_to_them() -> None:
    inner, front = Counter(), Counter()
    box = Box(children=[Box(children=[inner])], front=front)

    found = paths(box)

    assert list(found) == ["", "children.0", "front", "children.0.children.0"]
    assert (found["children.0.children.0"], found["front"]) == (inner, front)


def test_a_model_met_twice_has_its_first_path() -> None:
    counter = Counter()

    assert list(paths(Box(children=[counter, counter]))) == ["", "children.0"]


def test_models_that_refer_to_each_other_end() -> None:
    box = Box()
    box.children = [box]

    assert list(paths(box)) == [""]


def test_a_reference_to_nothing_is_a_text() -> None:
    assert list(paths(Picture(nested={"a": "IPY_MODEL_nobody"}))) == [""]


def test_a_chain_that_is_too_long_is_refused() -> None:
    box = Box()
    for _ in range(60):
        box = Box(children=[box])

    with pytest.raises(ShareError, match="nested too deeply"):
        walk(box)


def test_a_value_that_cannot_travel_names_its_trait() -> None:
    picture = Picture()
    picture.nested["x"] = Decimal(1)

    with pytest.raises(ShareError, match=r"Picture\.nested: .*Decimal.*exclude="):
        walk(picture)


@pytest.mark.parametrize(
    ("thing", "says"),
    [(3, "int is not a widget"), (ipywidgets.IntSlider(), "IntSlider is drawn by ipywidgets")],
)
def test_what_guests_cannot_see_is_refused(thing: object, says: str) -> None:
    with pytest.raises(ShareError, match=says):
        check_root(thing)


def test_a_closed_widget_is_refused() -> None:
    counter = Counter()
    counter.close()

    with pytest.raises(ShareError, match="closed"):
        check_root(counter)
