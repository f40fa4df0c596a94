"""What the tables say is of classes and traits that there are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib import import_module

import pytest
from ipywidgets import Widget

from cowidget.widgets.charts import bound_altair
from cowidget.widgets.kinds import charts, packages
from cowidget.widgets.kinds.kind import named

_TABLE = {**charts.TABLE, **packages.TABLE}
_MODULES = ("altair.jupyter", "bqplot", "bqscales", "ipycanvas", "ipyleaflet", "jscatter", "lonboard")
_MODULES += ("lonboard.layer_extension", "perspective.widget", "plotly.graph_objects")


def subclasses(cls: type) -> Iterator[type]:
    for sub in cls.__subclasses__():
        yield sub
        yield from subclasses(sub)


@pytest.fixture(scope="module")
def known() -> dict[str, list[type[Widget]]]:
    """By an entry's name, the classes that it is about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bqscales uses traitlets as they were
        for module in _MODULES:
            # Plotly loads its classes when they are asked for.
            getattr(import_module(module), "FigureWidget", None)
        bound_altair._bound_class()
    about: dict[str, list[type[Widget]]] = {}
    for cls in subclasses(Widget):
        for base in cls.__mro__:
            about.setdefault(named(base), []).append(cls)
    return about


@pytest.mark.parametrize("name", _TABLE)
def test_an_entry_names_a_class(name: str, known: dict[str, list[type[Widget]]]) -> None:
    assert name in known


@pytest.mark.parametrize("name", _TABLE)
def test_an_entry_names_traits_that_the_class_has(name: str, known: dict[str, list[type[Widget]]]) -> None:
    kind = _TABLE[name]
    traits = {trait for cls in known[name] for trait in cls.class_trait_names(sync=True)}

    assert kind.writable | kind.local | kind.events | kind.hidden <= traits


@pytest.mark.parametrize("name", _TABLE)
def test_an_entry_says_one_thing_of_a_trait(name: str) -> None:
    kind = _TABLE[name]
    groups = (kind.writable, kind.local, kind.events, kind.hidden)

    assert len(frozenset().union(*groups)) == sum(map(len, groups))
