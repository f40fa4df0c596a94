from __future__ import annotations

from decimal import Decimal
from typing import Any

import ipywidgets
import pytest
import traitlets

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
    [(3, "int is not a widget"), (ipywidgets.Layout(), "Layout has nothing to show")],
)
def test_what_guests_cannot_see_is_refused(thing: object, says: str) -> None:
    with pytest.raises(ShareError, match=says):
        check_root(thing)


def test_a_closed_widget_is_refused() -> None:
    counter = Counter()
    counter.close()

    with pytest.raises(ShareError, match="closed"):
        check_root(counter)


def test_widgets_that_were_closed_are_left_out_wherever_they_are_referred_to() -> None:
    class Named(Box):
        named = traitlets.Dict().tag(sync=True, **ipywidgets.widget_serialization)

    gone, here = Counter(), Counter()
    box = Named(children=[gone, here], front=gone, named={"a": gone, "b": here})
    gone.close()

    (root, child) = walk(box)

    reference = root.values["named"]["b"]
    assert (root.values["children"], root.values["front"], root.values["named"]) == (
        [reference],
        None,
        {"b": reference},
    )
    assert (child.path, child.widget) == ("children.0", here)


def test_a_widget_that_has_its_own_idea_of_its_state_is_asked_for_it() -> None:
    class Doubled(Counter):
        def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
            return {**super().get_state(key, drop_defaults), "value": self.value * 2}

    assert walk(Doubled(value=4))[0].values["value"] == 8


def showing(widget: ipywidgets.Widget) -> dict[str, Any]:
    """An output as a kernel publishes it for a displayed widget."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {
        "output_type": "display_data",
        "data": {"text/plain": "", "application/vnd.jupyter.widget-view+json": view},
        "metadata": {},
    }


def test_a_widget_that_an_output_shows_is_part_of_the_tree() -> None:
    inner = Counter()
    text = {"output_type": "stream", "name": "stdout", "text": "one"}
    output = ipywidgets.Output(outputs=(text, showing(Box(children=[inner]))))

    found = paths(ipywidgets.VBox([output]))

    assert found["children.0.outputs.1.children.0"] is inner


def test_what_an_output_shows_of_a_widget_that_is_gone_stays() -> None:
    gone = Counter()
    output = ipywidgets.Output(outputs=(showing(gone),))
    gone.close()

    assert list(paths(output)) == ["", "layout"]
