"""Why something cannot be shown, and what to do instead."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from typing import Any

from ipywidgets import Widget

from cowidget.errors import ShareError

_VALUE = "To share a value: room.state['name'] = value."


def refusal(thing: Any) -> ShareError:
    """The error for an object that nothing shows."""
    return ShareError(_reason(thing))


def closed(widget: Widget) -> ShareError:
    """The error for a widget whose model is gone."""
    return ShareError(f"This {type(widget).__name__} is closed. Make a new one and share that.")


def _reason(thing: Any) -> str:
    kind = type(thing).__name__
    if thing is None:
        return "None cannot be shown: is the object what a function returned that returns nothing?"
    if isinstance(thing, types.ModuleType):
        advice = " Share the figure: plt.gcf()." if thing.__name__ == "matplotlib.pyplot" else ""
        return f"The module {thing.__name__} cannot be shown.{advice or ' Share an object of it.'}"
    if inspect.isclass(thing):
        return f"{thing.__name__} is a class. Share an object of it: {thing.__name__}(…)."
    if callable(thing):
        return f"{kind} cannot be shown, it is something to call. Share what it returns, or ipywidgets.interactive(…)."
    if isinstance(thing, Mapping):
        return f"{kind} has no way to be shown. Share its values one by one. {_VALUE}"
    if isinstance(thing, (list, tuple, set, frozenset)):
        return f"{kind} has no way to be shown. Share what is in it: share(*{kind}). {_VALUE}"
    if kind == "ndarray":
        return f"{kind} has no way to be shown. Share a picture or a table of it, such as pandas.DataFrame(array)."
    return f"{kind} has no way to be shown: it is no widget, and has only a text as its repr. {_VALUE}"
