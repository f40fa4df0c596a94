from __future__ import annotations

import anywidget
import ipywidgets
import pytest
import traitlets

from cowidget.errors import ShareError
from cowidget.widgets.registry import Rights, Terms, is_never, rights, unknown_names
from tests.support.sample_widgets import Box, Counter


class Various(anywidget.AnyWidget):
    _esm = "export default {}"
    number = traitlets.Float(0).tag(sync=True)
    choice = traitlets.Enum(["a", "b"], default_value="a").tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    body_html = traitlets.Unicode().tag(sync=True)
    _private = traitlets.Int(0).tag(sync=True)
    fixed = traitlets.Int(0, read_only=True).tag(sync=True)
    unsynced = traitlets.Int(0)
    tooltip = traitlets.Unicode().tag(sync=True)


def given(widget: ipywidgets.Widget, path: str = "", **arguments: set[str]) -> Rights:
    words = {word: arguments.get(word, set()) for word in ("allow", "exclude", "local")}
    return rights(widget, path, Terms.of(**words))


def test_guests_write_numbers_switches_and_choices_of_a_widget_that_nobody_knows() -> None:
    assert given(Various()).writable == ("choice", "number")


def test_code_and_jupyters_own_traits_are_not_in_the_room() -> None:
    assert set(given(Counter()).traits) == {"items", "label", "on", "value"}


def test_a_trait_that_only_shares_its_name_with_jupyters_is_in_the_room() -> None:
    assert "tooltip" in given(Various()).traits


def test_private_traits_are_seen_and_never_written() -> None:
    found = given(Various())

    assert "_private" in found.traits
    assert "_private" not in found.writable


def test_allow_adds_traits_and_messages() -> None:
    found = given(Various(), allow={"text", "messages"})

    assert "text" in found.writable
    assert found.messages


def test_allow_can_name_one_model_below_the_root() -> None:
    allow = {"children.0.label"}

    assert "label" in given(Counter(), "children.0", allow=allow).writable
    assert "label" not in given(Counter(), "children.1", allow=allow).writable


def test_excluded_traits_stay_in_the_kernel() -> None:
    assert "label" not in given(Counter(), exclude={"label"}).traits


def test_a_local_trait_is_each_viewers_own() -> None:
    found = given(Counter(), local={"value"})

    assert found.local == ("value",)
    assert "value" not in found.writable


@pytest.mark.parametrize("name", ["children", "layout", "style", "_esm", "body_html", "children.0.layout"])
def test_what_could_run_script_is_never_allowed(name: str) -> None:
    with pytest.raises(ShareError, match="could run script"):
        given(Box(), allow={name})


def test_the_markup_of_an_html_widget_is_never_allowed() -> None:
    with pytest.raises(ShareError, match="could run script"):
        given(ipywidgets.HTML(), allow={"value"})


def test_a_text_instead_of_a_set_is_refused() -> None:
    with pytest.raises(ShareError, match=r'write allow=\{"value"\}'):
        Terms.of("value", (), ())


@pytest.mark.parametrize(
    ("widget", "writable"),
    [
        (ipywidgets.IntSlider(), ("value",)),
        (ipywidgets.FloatRangeSlider(), ("value",)),
        (ipywidgets.Dropdown(options=["a"]), ("index",)),
        (ipywidgets.Text(), ("value",)),
        (ipywidgets.Tab(), ("selected_index",)),
        (ipywidgets.HTML(), ()),
        (ipywidgets.Label(), ()),
        (ipywidgets.VBox(), ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_controls_of_ipywidgets(widget: ipywidgets.Widget, writable: tuple[str, ...]) -> None:
    assert given(widget).writable == writable


def test_a_button_may_be_clicked() -> None:
    assert given(ipywidgets.Button()).messages


def test_names_that_fit_nothing_are_found() -> None:
    terms = Terms.of({"value", "messages", "children.0.valeu"}, {"labl"}, ())

    assert unknown_names(terms, {("", "value"), ("children.0", "value")}) == ["children.0.valeu", "labl"]


def test_a_name_with_an_underscore_is_never_writable_whoever_has_it() -> None:
    assert is_never("_range", None)
