"""From whatever is shared to the widget that guests see.

What kind of object it is, is told by names of classes and packages: nothing is imported that the user has not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import Widget

from cowidget.errors import CowidgetError, ShareError
from cowidget.widgets.kinds.kind import named
from cowidget.widgets.objects.chart import Chart, maker_for
from cowidget.widgets.objects.described import stand_in_for
from cowidget.widgets.objects.picture import Picture, figure_of
from cowidget.widgets.objects.refusal import closed, refusal
from cowidget.widgets.objects.rich import Rich, is_rich, representations, widget_in
from cowidget.widgets.objects.stand_in import StandIn
from cowidget.widgets.objects.state import descriptor_of
from cowidget.widgets.objects.table import Table, is_table

# By the id of the thing; entries of things that are gone are dropped when something new is adapted.
_stand_ins: dict[int, StandIn | Chart] = {}


def adapt(thing: object) -> Widget:
    """The widget that guests see for an object: a widget itself, else a stand-in, the same while both live.

    Adapting it again shows it as it is now.

    Raises:
        ShareError: it has no way to be shown, is a closed widget, or cannot be read; says what to do.
    """
    try:
        return _adapt(thing)
    except CowidgetError:
        raise
    except Exception as error:
        raise ShareError(f"{type(thing).__name__} cannot be shown: {type(error).__name__}: {error}") from error


def close(widget: Widget) -> None:
    """Let go of a widget that `adapt` made: every hook is undone. Any other widget is left alone."""
    if isinstance(widget, StandIn):
        widget.close()
    for identity, stand_in in tuple(_stand_ins.items()):
        if stand_in._shown is widget:
            del _stand_ins[identity]
            stand_in.close()
    _forget_the_gone()


def refresh() -> None:
    """Show every adapted object as it is now; for moments that they cannot tell of.

    After guests' writes were applied, say, whose callbacks may have changed a table.
    """
    for stand_in in tuple(_stand_ins.values()):
        stand_in._moments.if_due()


def _adapt(thing: Any) -> Widget:
    for open_kind in _KINDS:
        widget = open_kind(thing)
        if widget is not None:
            return widget
    raise refusal(thing)


def _widget(thing: Any) -> Widget | None:
    if not isinstance(thing, Widget) or _is_canvas(thing):
        return None
    if thing.comm is None:
        raise closed(thing)
    return thing


def _described(thing: Any) -> Widget | None:
    descriptor = None if isinstance(thing, type) else descriptor_of(thing)
    if descriptor is None:
        return None
    return _stand_in(thing, lambda: stand_in_for(thing, descriptor, _refer))


def _table(thing: Any) -> Widget | None:
    return _stand_in(thing, lambda: Table(thing)) if is_table(thing) else None


def _picture(thing: Any) -> Widget | None:
    figure = figure_of(thing)
    return None if figure is None else _stand_in(figure, lambda: Picture(figure))


def _chart(thing: Any) -> Widget | None:
    make = maker_for(thing)
    return None if make is None else _stand_in(thing, lambda: Chart(thing, make))


def _rich(thing: Any) -> Widget | None:
    if isinstance(thing, type):
        return None
    if (known := _known(thing)) is not None:
        known._begin()
        return known._shown
    shown, metadata = representations(thing)
    if (widget := widget_in(shown)) is not None:
        return widget
    return _stand_in(thing, lambda: Rich(thing, shown, metadata)) if is_rich(shown) else None


# The first that knows a thing makes its widget.
_KINDS: tuple[Callable[[Any], Widget | None], ...] = (_widget, _described, _table, _picture, _chart, _rich)


def _stand_in(thing: Any, make: Callable[[], StandIn | Chart]) -> Widget:
    stand_in = _known(thing)
    if stand_in is None:
        _forget_the_gone()
        if (closed_one := _stand_ins.pop(id(thing), None)) is not None:
            closed_one.close()
        stand_in = _stand_ins[id(thing)] = make()
    try:
        stand_in._begin()
    except BaseException:
        close(stand_in._shown)
        raise
    return stand_in._shown


def _known(thing: Any) -> StandIn | Chart | None:
    # An id is given again when its thing is gone, and somebody may have closed the widget itself.
    found = _stand_ins.get(id(thing))
    return found if found is not None and found._thing is thing and found._shown.comm is not None else None


def _forget_the_gone() -> None:
    for identity, stand_in in tuple(_stand_ins.items()):
        if stand_in._thing is None:
            del _stand_ins[identity]


def _refer(value: Any) -> Widget | None:
    """The widget that a value inside of an object's state is, or stands for."""
    if isinstance(value, Widget):
        return value
    return adapt(value) if descriptor_of(value) is not None else None


def _is_canvas(widget: Widget) -> bool:
    return any(named(base) == "ipympl:Canvas" for base in type(widget).__mro__)
