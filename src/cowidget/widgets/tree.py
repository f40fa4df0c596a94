"""The models below a shared widget, each with a path that another kernel would give it too (DESIGN §5)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ipywidgets import DOMWidget, Widget
from ipywidgets.widgets.widget import _instances

from cowidget.errors import ShareError
from cowidget.widgets import displayed
from cowidget.widgets.registry import Rights, Terms, is_classic, rights
from cowidget.widgets.values import as_received, plain, references

# A key has 512 characters and also holds the share's and the trait's name.
MAX_PATH = 320


@dataclass(frozen=True, slots=True)
class Node:
    """One model: "" is the root's path, "children.0" that of the first of its `children`.

    Attributes:
        path: its place.
        widget: the model in this kernel.
        rights: what the room holds of it.
        values: what it holds now, trait by trait, references still those of this kernel.
    """

    path: str
    widget: Widget
    rights: Rights
    values: Mapping[str, Any]


def walk(root: Widget, terms: Terms | None = None) -> list[Node]:
    """The root and every model that it refers to, nearest first. A model met twice has its first path.

    Raises:
        ShareError: the models are nested too deeply, a value cannot travel, or `allow` names what guests must
            never write.
    """
    given, in_classic = terms or Terms(), is_classic(root)
    nodes = []
    met = {root.model_id}
    queue = deque([("", root)])
    while queue:
        path, widget = queue.popleft()
        allowed = rights(widget, path, given, in_classic=in_classic)
        node = Node(path, widget, allowed, serialised(widget, allowed.traits))
        nodes.append(node)
        for trait, value in node.values.items():
            for place, identity in references(value, trait):
                child = find(identity)
                if child is not None and identity not in met:
                    met.add(identity)
                    queue.append((_below(path, displayed.step(place), child), child))
    return nodes


def find(identity: str) -> Widget | None:
    """The living widget with this model id."""
    return _instances.get(identity)


def serialised(widget: Widget, traits: Iterable[str]) -> dict[str, Any]:
    """The traits' present values as they travel, references still those of this kernel.

    Raises:
        ShareError: one cannot travel; the text names widget and trait.
    """
    return {trait: displayed.referring(widget, trait, _serialised(widget, trait)) for trait in traits}


def received(widget: Widget, trait: str, value: Any) -> Any:
    """What a value that has travelled is for this trait: the reverse of `serialised`, references this kernel's.

    Raises:
        Exception: the trait's own reading of it.
    """
    from_json = widget.trait_metadata(trait, "from_json", widget._trait_from_json)
    return from_json(as_received(value), widget)


def check_root(widget: object) -> Widget:
    """The widget, if guests can see it.

    Raises:
        ShareError: it is no widget, closed, or has no view.
    """
    kind = type(widget).__name__
    if not isinstance(widget, Widget):
        raise ShareError(f"{kind} is not a widget. Share a widget, or a value: room.state['name'] = value.")
    if widget.comm is None:
        raise ShareError(f"This {kind} is closed. Make a new one and share that.")
    if is_classic(widget) and not (isinstance(widget, DOMWidget) and widget._view_name):
        raise ShareError(f"{kind} has nothing to show: it has no view. Share the widget that it belongs to.")
    return widget


def _serialised(widget: Widget, trait: str) -> Any:
    try:
        if type(widget).get_state is not Widget.get_state:
            return plain(widget.get_state(trait)[trait])
        # What `get_state` does, without its list of all traits for each of them.
        to_json = widget.trait_metadata(trait, "to_json", widget._trait_to_json)
        value = getattr(widget, trait)
        try:
            return plain(to_json(value, widget))
        except (AttributeError, ShareError):
            # A widget that was closed where it still is somebody's child has no model id any more.
            return plain(to_json(_without_closed(value), widget))
    except Exception as error:
        raise ShareError(f"{type(widget).__name__}.{trait}: {error} Or leave it out: exclude={{{trait!r}}}.") from error


def _without_closed(value: Any) -> Any:
    match value:
        case Widget() if value.comm is None:
            return None
        case dict():
            return {key: _without_closed(inner) for key, inner in value.items() if not _is_closed(inner)}
        case list() | tuple():
            return [_without_closed(inner) for inner in value if not _is_closed(inner)]
    return value


def _is_closed(value: Any) -> bool:
    return isinstance(value, Widget) and value.comm is None


def _below(parent: str, step: str, child: Widget) -> str:
    path = f"{parent}.{step}" if parent else step
    if len(path) > MAX_PATH:
        raise ShareError(f"{type(child).__name__} is nested too deeply to be shared ({path[:60]}…).")
    return path
