"""Whose front end a widget is talking to, for widgets that talk to each one separately."""

from __future__ import annotations

from typing import Any

from ipywidgets import Widget

from cowidget.widgets.kinds.table import kind_of

# Of one peer with one widget: a page begins one for each view.
MOST = 100


class Sessions:
    """The sessions of one widget while it is shared, over new descriptions of its share."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._kind = kind_of(widget)
        self._peers: dict[str, str] = {}

    def receive(self, content: Any, by: str) -> bool:
        """A peer's message: its session is that peer's from now on. False: somebody else's, or one too many."""
        key = self._key(content)
        if key is None:
            return True
        if key not in self._peers and list(self._peers.values()).count(by) >= MOST:
            return False
        return self._peers.setdefault(key, by) == by

    def address(self, content: Any) -> str | None:
        """Whom a message of the widget is for: a peer, "" for all, None for nobody of the room."""
        key = self._key(content)
        return "" if key is None else self._peers.get(key)

    def leave(self, peer: str | None = None) -> None:
        """A peer has gone, or with None all have: the widget is told of each session that ends."""
        for key in [key for key, owner in self._peers.items() if peer is None or owner == peer]:
            del self._peers[key]
            if self._kind.farewell is not None:
                self._widget._handle_custom_msg(self._kind.farewell(key), [])

    def _key(self, content: Any) -> str | None:
        return self._kind.session(content) if self._kind.session is not None else None
