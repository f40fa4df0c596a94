"""jslink and jsdlink between shared widgets."""

from __future__ import annotations

import time

import ipywidgets
import pytest
from ipywidgets import IntSlider, Layout, jsdlink, jslink

from cowidget.widgets.jslinks import links
from cowidget.widgets.jslinks.links import links_between


def test_links_whose_both_ends_are_given_are_found() -> None:
    a, b, c = IntSlider(), IntSlider(), IntSlider()
    both, one_way = jslink((a, "value"), (b, "value")), jsdlink((b, "value"), (c, "max"))

    assert links_between([a, b, c]) == [both, one_way]


def test_a_link_to_another_widget_is_none_of_them() -> None:
    a, b = IntSlider(), IntSlider()
    jslink((a, "value"), (b, "value"))

    assert links_between([a]) == []


def test_a_link_that_was_made_later_is_found_later() -> None:
    a, b = IntSlider(), IntSlider()
    links_between([a, b])

    link = jslink((a, "value"), (b, "value"))

    assert links_between([a, b]) == [link]


def test_a_link_that_was_undone_is_gone() -> None:
    a, b = IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    assert links_between([a, b]) == [link]

    link.unlink()

    assert links_between([a, b]) == []


def test_a_link_that_gets_another_end_is_followed() -> None:
    a, b, c = IntSlider(), IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    assert links_between([a, c]) == []

    link.target = (c, "value")

    assert links_between([a, c]) == [link]


def test_only_new_widgets_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    class Instances(dict[str, ipywidgets.Widget]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            looked.append(key)
            return super().get(key, default)

    monkeypatch.setattr(links, "_instances", known := Instances())
    monkeypatch.setattr(links, "_living", links._Living())
    widgets = [IntSlider() for _ in range(5)]
    known.update({widget.model_id: widget for widget in widgets})
    links_between(widgets)
    looked.clear()

    links_between(widgets)
    late = IntSlider()
    known[late.model_id] = late
    links_between(widgets)

    assert looked == [late.model_id]


def test_many_widgets_that_were_closed_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_MOST_CLOSED", -len(links._instances))
    a, b = IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    links_between([])
    for _ in range(2 * len(links._instances)):
        closed = Layout()
        links_between([])
        closed.close()

    assert links_between([a, b]) == [link]
    assert len(links._living._seen) < 2 * len(links._instances)


def test_nothing_new_costs_next_to_nothing() -> None:
    a = IntSlider()
    links_between([a])
    began = time.perf_counter()

    for _ in range(100):
        links_between([a])

    assert time.perf_counter() - began < 0.5
