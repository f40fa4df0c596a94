"""One of each control of ipywidgets."""

from __future__ import annotations

from inspect import isclass

import ipywidgets

_OPTIONS = {"options": ["a", "b", "c"]}
_NEEDS = {
    "Dropdown": _OPTIONS,
    "GridspecLayout": {"n_rows": 1, "n_columns": 1},
    "RadioButtons": _OPTIONS,
    "Select": _OPTIONS,
    "SelectMultiple": _OPTIONS,
    "SelectionRangeSlider": _OPTIONS,
    "SelectionSlider": _OPTIONS,
    "ToggleButtons": _OPTIONS,
    "interactive": {"_interactive__interact_f": lambda x: x, "x": 3},
}


def every_control() -> dict[str, ipywidgets.DOMWidget]:
    """By class name, everything that ipywidgets can show."""
    kinds = {name: kind for name, kind in vars(ipywidgets).items() if isclass(kind) and _is_shown(kind)}
    return {name: kinds[name](**_NEEDS.get(name, {})) for name in sorted(kinds)}


def _is_shown(kind: type) -> bool:
    return issubclass(kind, ipywidgets.DOMWidget) and bool(kind._view_name.default_value)
