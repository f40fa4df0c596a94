"""Every class that has an entry, and what the entries say of one widget."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from ipywidgets import Widget

from cowidget.widgets.kinds import charts, controls, packages
from cowidget.widgets.kinds.kind import Kind, combined, named

_TABLE: Mapping[str, Kind] = {**controls.TABLE, **charts.TABLE, **packages.TABLE}
# Classes come and go: `add_traits` makes one for each widget.
_known: WeakKeyDictionary[type, Kind] = WeakKeyDictionary()


def kind_of(widget: Widget) -> Kind:
    """What the entries of the widget's class and of its bases say together."""
    cls = type(widget)
    if (kind := _known.get(cls)) is None:
        names = map(named, cls.__mro__)
        kind = _known[cls] = combined([_TABLE[name] for name in names if name in _TABLE])
    return kind
