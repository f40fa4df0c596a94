from __future__ import annotations

import inspect

import ipywidgets
import pytest
import traitlets
from ipywidgets.widgets import widget_selection, widget_selectioncontainer, widget_tagsinput

from cowidget.widgets.kinds import controls, table
from cowidget.widgets.kinds.kind import Kind, named
from cowidget.widgets.kinds.table import kind_of

_MODULES = (ipywidgets, widget_selection, widget_selectioncontainer, widget_tagsinput)
_CLASSES = {
    named(found): found for module in _MODULES for found in vars(module).values() if inspect.isclass(found)
}  # fmt: skip


class Dial(ipywidgets.IntSlider):
    """A control of somebody's own."""

    turns = traitlets.Int(0).tag(sync=True)


@pytest.mark.parametrize("name", controls.TABLE)
def test_what_the_table_names_is_a_class_of_ipywidgets_that_has_these_traits(name: str) -> None:
    kind, traits = controls.TABLE[name], set(_CLASSES[name].class_traits(sync=True))

    assert kind.writable | kind.local | kind.hidden <= traits


def test_a_subclass_has_the_entries_of_its_bases() -> None:
    assert kind_of(Dial()).writable == {"value"}


def test_a_subclass_adds_its_own_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(Dial):
        pass

    monkeypatch.setattr(table, "_TABLE", {**controls.TABLE, named(Counted): Kind(writable=frozenset({"turns"}))})

    assert kind_of(Counted()).writable == {"value", "turns"}


def test_a_class_that_nobody_knows_has_nothing() -> None:
    class Unknown(ipywidgets.DOMWidget):
        pass

    assert kind_of(Unknown()) == Kind()
