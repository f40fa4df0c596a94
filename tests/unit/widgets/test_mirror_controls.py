"""What ipywidgets' controls make of what guests send."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from cowidget.widgets.mirror import Outcome
from tests.support.sample_widgets import Counter


@pytest.mark.parametrize(
    ("control", "wanted", "outcome"),
    [
        (ipywidgets.IntSlider(max=10), {"value": 50}, Outcome("rebase", 10)),
        (ipywidgets.BoundedFloatText(value=2, min=1, max=3), {"value": 0.5}, Outcome("rebase", 1.0)),
        (ipywidgets.IntRangeSlider(value=(1, 2), max=10), {"value": [5, 70]}, Outcome("rebase", [5, 10])),
        (
            ipywidgets.Dropdown(options=["a", "b"], index=1),
            {"index": 7},
            Outcome("reject", 1, "Invalid selection: index out of bounds"),
        ),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_control_has_the_last_word(opened: Any, control: Any, wanted: dict[str, Any], outcome: Outcome) -> None:
    mirror = opened(control)

    assert list(mirror.apply(wanted).values()) == [outcome]


def test_text_for_a_number_is_refused_with_the_reason(opened: Any) -> None:
    field = ipywidgets.FloatText(value=2)

    outcome = opened(field).apply({"value": "two"})["value"]

    assert (outcome.kind, outcome.value, field.value) == ("reject", 2.0, 2.0)
    assert "float" in outcome.reason


def test_a_files_content_reaches_an_upload_as_from_jupyter(opened: Any) -> None:
    upload = ipywidgets.FileUpload()
    file = {"name": "a.txt", "type": "text/plain", "size": 2, "content": b"hi", "last_modified": 1700000000000}

    outcomes = opened(upload).apply({"value": [file], "error": ""})

    assert {outcome.kind for outcome in outcomes.values()} == {"commit"}
    assert upload.value[0].content.tobytes() == b"hi"


@pytest.mark.parametrize("content", [3, [{"name": "a"}], [None]])
def test_an_upload_that_is_none_is_refused(opened: Any, content: Any) -> None:
    upload = ipywidgets.FileUpload()

    assert opened(upload).apply({"value": content})["value"].kind == "reject"
    assert upload.value == ()


def test_a_click_reaches_the_button(opened: Any) -> None:
    button, clicks = ipywidgets.Button(), []
    button.on_click(clicks.append)

    opened(button).receive_message({"event": "click"}, [], "guest-1")

    assert clicks == [button]


@pytest.mark.parametrize(
    ("widget", "trait", "value"),
    [
        (ipywidgets.HTML("<b>x</b>"), "value", "<img onerror=alert(1) src=x>"),
        (ipywidgets.IntSlider(), "description_allow_html", True),
        (ipywidgets.IntSlider(), "description", "<img onerror=alert(1) src=x>"),
        (ipywidgets.IntSlider(), "layout", None),
        (ipywidgets.VBox(), "children", []),
        (ipywidgets.VBox(), "_dom_classes", ["x"]),
        (ipywidgets.Layout(), "width", "9999px"),
        (ipywidgets.Dropdown(options=["a"]), "_options_labels", ["<b>"]),
        (ipywidgets.Controller(), "name", "mine"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_what_must_never_be_written_is_rejected_here_too(opened: Any, widget: Any, trait: str, value: Any) -> None:
    before = getattr(widget, trait)

    outcome = opened(widget).apply({trait: value})[trait]

    assert (outcome.kind, getattr(widget, trait)) == ("reject", before)


@pytest.mark.parametrize("trait", ["_esm", "_css", "_model_name", "_view_module", "comm", "$events", "nothing"])
def test_what_is_no_trait_of_the_room_is_not_even_looked_at(opened: Any, trait: str) -> None:
    counter = Counter()

    assert opened(counter).apply({trait: "x"}) == {}
    assert counter._esm.startswith("\n    export default")
