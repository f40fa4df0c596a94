"""Anything that IPython can show richly, as IPython shows it: its representations by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython import get_ipython
from IPython.core.formatters import DisplayFormatter
from IPython.utils.capture import capture_output
from ipywidgets import Widget

from cowidget.widgets.objects.stand_in import FromThing, StandIn, bundle
from cowidget.widgets.tree import find
from cowidget.widgets.values import VIEW

_PLAIN = "text/plain"


class Rich(StandIn):
    """Stands for an object with a rich repr (the other side is `js/src/objects/rich.ts`).

    `bundle` has its representations by type, `metadata` what is said about them, by type too.
    """

    bundle = FromThing({}).tag(sync=True)
    metadata = FromThing({}).tag(sync=True)

    def __init__(self, thing: Any, shown: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        super().__init__(thing, bundle("rich"), bundle=_without_view(shown), metadata=dict(metadata))

    def _read(self, thing: Any) -> dict[str, Any]:
        shown, metadata = representations(thing)
        return {"bundle": _without_view(shown), "metadata": metadata}


def representations(thing: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What IPython would display for an object by type, and what it says about that."""
    shell = get_ipython()
    formatter = DisplayFormatter() if shell is None else shell.display_formatter
    if shell is None or not hasattr(type(thing), "_ipython_display_"):
        shown, metadata = formatter.format(thing)
        return dict(shown), dict(metadata or {})
    # It displays itself; kept from the cell that happens to run.
    with capture_output(stdout=False, stderr=False) as captured:
        formatter.format(thing)
    outputs = captured.outputs
    return (dict(outputs[0].data), dict(outputs[0].metadata or {})) if outputs else ({}, {})


def is_rich(shown: Mapping[str, Any]) -> bool:
    """Whether these representations are more than a text."""
    return bool(_without_view(shown).keys() - {_PLAIN})


def widget_in(shown: Mapping[str, Any]) -> Widget | None:
    """The living widget that these representations name, such as that of a wrapper around it."""
    view = shown.get(VIEW)
    return find(str(view.get("model_id"))) if isinstance(view, Mapping) else None


def _without_view(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {mime: value for mime, value in shown.items() if mime != VIEW}
