"""ipywidgets' links in the browser (`jslink`, `jsdlink`): models that no other model refers to."""

from __future__ import annotations

import threading
from collections.abc import Collection

from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances
from ipywidgets.widgets.widget_link import Link

# Widgets that were seen and have been closed: more hold memory, fewer make looking at new ones dearer.
_MOST_CLOSED = 1000


def links_between(widgets: Collection[Widget]) -> list[Widget]:
    """The living links whose both ends are among these widgets, oldest first.

    Cheap when no widget was made since the last call, and else as the number of new ones.
    """
    ends = {widget.model_id for widget in widgets}
    return [link for link in _living.links() if {link.source[0].model_id, link.target[0].model_id} <= ends]


class _Living:
    """The living links of this process, found among all widgets as these are made. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._links: dict[str, Link] = {}
        self._seen: set[str] = set()

    def links(self) -> list[Link]:
        with self._lock:
            self._look_at_new()
            self._links = {key: link for key, link in self._links.items() if _instances.get(key) is link}
            return list(self._links.values())

    def _look_at_new(self) -> None:
        # One step, so that no other thread makes a widget meanwhile. Widgets are listed in the order they were made.
        known = list(_instances)
        new = []
        for key in reversed(known):
            if key in self._seen:
                break
            new.append(key)
        for key in reversed(new):
            if isinstance(widget := _instances.get(key), Link):
                self._links[key] = widget
        self._seen.update(new)
        if len(self._seen) > 2 * len(known) + _MOST_CLOSED:
            self._seen.intersection_update(known)


_living = _Living()
