from __future__ import annotations

import anywidget
import ipywidgets
import pytest
import traitlets

from cowidget.core.values import Classic
from cowidget.errors import ShareError
from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from cowidget.widgets.registry import Rights, Terms, classic, is_never, rights, unknown_names
from tests.support.controls import every_control
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


class Signal(Various):
    """One with an entry of its own."""


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
    ("widget", "name"),
    [
        (ipywidgets.HTMLMath(), "value"),
        (ipywidgets.Label(), "value"),
        (ipywidgets.IntSlider(), "description"),
        (ipywidgets.IntSlider(), "description_allow_html"),
        (ipywidgets.Text(), "placeholder"),
        (ipywidgets.ToggleButtons(options=["a"]), "tooltips"),
        (ipywidgets.ToggleButtons(options=["a"]), "icons"),
        (ipywidgets.Dropdown(options=["a"]), "_options_labels"),
        (ipywidgets.Button(), "icon"),
        (ipywidgets.Tab(), "titles"),
        (ipywidgets.Output(), "outputs"),
        (ipywidgets.Layout(), "width"),
        (ipywidgets.Button().style, "button_color"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_what_ipywidgets_puts_into_the_page_is_never_allowed(widget: ipywidgets.Widget, name: str) -> None:
    with pytest.raises(ShareError, match="could run script"):
        given(widget, allow={name})


def test_a_read_only_trait_is_never_allowed_and_the_text_says_why() -> None:
    with pytest.raises(ShareError, match=r"Various\.fixed is read-only"):
        given(Various(), allow={"fixed"})


def test_a_password_stays_between_one_person_and_the_kernel() -> None:
    found = given(ipywidgets.Password())

    assert "value" not in (*found.traits, *found.writable)


def test_a_host_who_says_so_shares_a_password() -> None:
    found = given(ipywidgets.Password(), allow={"value"})

    assert "value" in found.traits
    assert found.writable == ("value",)


def test_each_viewer_plays_for_themselves() -> None:
    found = given(ipywidgets.Play())

    assert (found.local, found.writable) == (("playing",), ("repeat", "value"))


def test_allow_shares_what_would_be_each_viewers_own() -> None:
    found = given(ipywidgets.Play(), allow={"playing"})

    assert (found.local, "playing" in found.writable) == ((), True)


def test_local_goes_before_what_guests_may_write() -> None:
    assert given(ipywidgets.IntSlider(), local={"value"}).writable == ()


def test_an_event_trait_is_none_of_the_rooms_values(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = Kind(events=frozenset({"number"}), hidden=frozenset({"text"}), listed=True)
    monkeypatch.setattr(table, "_TABLE", {named(Signal): kind})

    found = given(Signal())

    assert (found.events, "number" in found.traits, "text" in found.traits) == (("number",), False, False)
    assert found.writable == ()


def test_a_classic_widget_has_its_looks_and_an_anywidget_only_inside_of_one() -> None:
    assert {"layout", "style", "_dom_classes", "tabbable", "tooltip"} <= set(given(ipywidgets.IntSlider()).traits)
    assert "layout" not in rights(Counter(), "", Terms()).traits
    inside = rights(Counter(), "children.0", Terms(), in_classic=True).traits
    assert ("layout" in inside, "_dom_classes" in inside) == (True, False)


def test_the_names_of_classes_are_no_state() -> None:
    assert not [name for name in given(ipywidgets.IntSlider()).traits if name.startswith(("_model", "_view"))]
    assert classic(ipywidgets.IntSlider()) == Classic(
        "@jupyter-widgets/controls", "2.0.0", "IntSliderModel", "@jupyter-widgets/controls", "2.0.0", "IntSliderView"
    )
    assert classic(Counter()) is None


def test_of_somebody_elses_classic_widget_guests_write_what_its_author_added() -> None:
    class Panel(ipywidgets.VBox):
        level = traitlets.Int(0).tag(sync=True)

    assert given(Panel()).writable == ("level",)


@pytest.mark.parametrize("widget", [pytest.param(widget, id=name) for name, widget in every_control().items()])
def test_no_control_lets_guests_write_markup_or_structure(widget: ipywidgets.DOMWidget) -> None:
    text = {name for name, trait in widget.traits(sync=True).items() if isinstance(trait, traitlets.Unicode)}

    writable = set(given(widget).writable)

    assert writable & text <= {"value", "error"}
    assert writable <= {"value", "index", "selected_index", "repeat", "error"}


@pytest.mark.parametrize(
    ("widget", "writable"),
    [
        (ipywidgets.IntSlider(), ("value",)),
        (ipywidgets.IntProgress(), ()),
        (ipywidgets.Valid(), ()),
        (ipywidgets.FileUpload(), ("error", "value")),
        (ipywidgets.Textarea(), ("value",)),
        (ipywidgets.Controller(), ()),
        (ipywidgets.Image(), ()),
        (ipywidgets.Output(), ()),
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


@pytest.mark.parametrize(
    ("widget", "may"),
    [(ipywidgets.Button(), True), (ipywidgets.Text(), True), (ipywidgets.IntSlider(), False)],
    ids=lambda given: type(given).__name__,
)
def test_a_button_may_be_clicked_and_a_text_submitted(widget: ipywidgets.Widget, may: bool) -> None:
    assert given(widget).messages is may


def test_names_that_fit_nothing_are_found() -> None:
    terms = Terms.of({"value", "messages", "children.0.valeu"}, {"labl"}, ())

    assert unknown_names(terms, {("", "value"), ("children.0", "value")}) == ["children.0.valeu", "labl"]


def test_a_name_with_an_underscore_is_never_writable_whoever_has_it() -> None:
    assert is_never("_range", None)
