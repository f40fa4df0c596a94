"""The models below a shared widget, each with a path that another kernel would give it too (DESIGN §5)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

from cowidget.errors import ShareError
from cowidget.widgets.registry import is_classic, shared_traits
from cowidget.widgets.values import plain, references

# A key has 512 characters and also holds the share's and the trait's name.
MAX_PATH = 320


@dataclass(frozen=True, slots=True)
class Node:
    """One model: "" is the root's path, "children.0" that of the first of its `children`."""

    path: str
    widget: Widget


def walk(root: Widget) -> list[Node]:
    """The root and every model that it refers to, nearest first. A model met twice has its first path.

    Raises:
        ShareError: the models are nested too deeply, or a value cannot travel.
    """
    nodes = [Node("", root)]
    met = {root.model_id}
    queue = deque(nodes)
    while queue:
        node = queue.popleft()
        for trait in shared_traits(node.widget):
            for step, identity in references(serialised(node.widget, trait), trait):
                child = find(identity)
                if child is None or identity in met:
                    continue
                met.add(identity)
                nodes.append(_below(node, step, child))
                queue.append(nodes[-1])
    return nodes


def find(identity: str) -> Widget | None:
    """The living widget with this model id."""
    return _instances.get(identity)


def serialised(widget: Widget, trait: str) -> Any:
    """The trait's present value as it travels, references still those of this kernel.

    Raises:
        ShareError: it cannot travel; the text names widget and trait.
    """
    try:
        return plain(widget.get_state(trait)[trait])
    except Exception as error:
        raise ShareError(f"{type(widget).__name__}.{trait}: {error} Or leave it out: exclude={{{trait!r}}}.") from error


def check_root(widget: object) -> Widget:
    """The widget, if guests can see it.

    Raises:
        ShareError: it is no widget, closed, or one that needs ipywidgets' own front end.
    """
    kind = type(widget).__name__
    if not isinstance(widget, Widget):
        raise ShareError(f"{kind} is not a widget. Share an anywidget, or a value: room.state['name'] = value.")
    if widget.comm is None:
        raise ShareError(f"This {kind} is closed. Make a new one and share that.")
    if is_classic(widget):
        raise ShareError(
            f"{kind} is drawn by ipywidgets' own code, which the guests' page does not have. Share anywidgets."
        )
    return widget


def _below(node: Node, step: str, child: Widget) -> Node:
    path = f"{node.path}.{step}" if node.path else step
    if len(path) > MAX_PATH:
        raise ShareError(f"{type(child).__name__} is nested too deeply to be shared ({path[:60]}…).")
    return Node(path, child)
