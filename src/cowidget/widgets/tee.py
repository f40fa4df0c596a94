"""Listening to one widget without patching anything global.

The widget's `comm` is replaced by one that forwards everything and tells what it saw, and two methods of
this one instance take a lock. Several mirrors may listen to one widget: it can be in two shares.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from ipywidgets import Widget
from traitlets import All

# Held by all sets of all teed widgets: JupyterLab's run on a subshell's thread, guests' and the cell's on the
# main one, and traitlets loses notifications when two threads set one widget [71 of 600]. One lock for all,
# because observers set other widgets, and two locks taken in two orders never open again.
LOCK = threading.RLock()


class Listener(Protocol):
    """Who wants to know. Called with `LOCK` held, on whatever thread made the change."""

    def receive_traits(self, names: Collection[str]) -> None:
        """These traits may have new values."""
        ...

    def receive_sent(self, content: Any, buffers: Sequence[Any]) -> None:
        """The widget sent a custom message to its front ends."""
        ...

    def receive_gone(self) -> None:
        """The widget was closed."""
        ...


class Tee:
    """The tap on one widget, from its first listener to its last."""

    _by_model: ClassVar[dict[str, Tee]] = {}

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._listeners: list[Listener] = []
        self._dirty: set[str] = set()
        self._told: dict[str, Any] = {}
        self.comm = _TeedComm(widget.comm, self)

    @classmethod
    def listen(cls, widget: Widget, listener: Listener) -> None:
        """Tell `listener` what happens to `widget`."""
        with LOCK:
            tee = cls._by_model.get(widget.model_id)
            if tee is None:
                tee = cls._by_model[widget.model_id] = cls(widget)
                tee._open()
            tee._listeners.append(listener)

    @classmethod
    def unlisten(cls, widget: Widget, listener: Listener) -> None:
        """Stop telling `listener`; the last one leaves the widget as it was found."""
        with LOCK:
            tee = next((t for t in cls._by_model.values() if t._widget is widget), None)
            if tee is None or listener not in tee._listeners:
                return
            tee._listeners.remove(listener)
            if not tee._listeners:
                tee._close()
                # Assigning registers the widget again, so not while it is being closed.
                if widget.comm is tee.comm:
                    widget.comm = tee.comm.forwards_to

    # What the comm saw.

    def saw(self, data: Any, buffers: Sequence[Any] | None) -> None:
        """A message from the widget to its front ends."""
        match data:
            case {"method": "update", "state": dict(state)}:
                # Also what an in-place edit and `send_state` look like, of which traitlets knows nothing.
                self._tell(state)
            case {"method": "echo_update", "state": dict(state)}:
                # Sent before validation: it says which traits were touched, not what they hold now.
                with LOCK:
                    self._dirty.update(state)
            case {"method": "custom"}:
                with LOCK:
                    for listener in tuple(self._listeners):
                        listener.receive_sent(data.get("content"), buffers or ())
            case _:
                return

    def saw_close(self) -> None:
        """The widget closes its comm."""
        with LOCK:
            listeners = tuple(self._listeners)
            self._listeners.clear()
            self._close()
        for listener in listeners:
            listener.receive_gone()

    # The widget's own methods, under the lock.

    def _open(self) -> None:
        widget = self._widget
        widget.comm = self.comm
        widget.set_state = self._set_state
        widget._notify_trait = self._notify_trait
        widget.observe(self._observe, names=All)

    def _close(self) -> None:
        widget = self._widget
        Tee._by_model.pop(self.comm.comm_id, None)
        if "set_state" not in vars(widget):
            return
        del widget.set_state
        del widget._notify_trait
        widget.unobserve(self._observe, names=All)

    def _set_state(self, sync_data: Mapping[str, Any]) -> None:
        with LOCK:
            try:
                type(self._widget).set_state(self._widget, sync_data)
            finally:
                dirty, self._dirty = self._dirty | set(sync_data), set()
                self._tell(dirty)

    def _notify_trait(self, name: str, old_value: Any, new_value: Any) -> None:
        with LOCK:
            type(self._widget)._notify_trait(self._widget, name, old_value, new_value)

    def _observe(self, change: Any) -> None:
        if change["name"] not in self._widget.keys:
            return
        # For an assignment `update` has been sent just before; it told this very value.
        if self._told.pop(change["name"], self) is not change["new"]:
            self._tell((change["name"],))

    def _tell(self, names: Iterable[str]) -> None:
        with LOCK:
            known = set(names)
            for name in known:
                self._told[name] = getattr(self._widget, name, None)
            for listener in tuple(self._listeners):
                listener.receive_traits(known)


class _TeedComm:
    """A comm that shows its tee what it sends. All else is the comm's own."""

    def __init__(self, comm: Any, tee: Tee) -> None:
        self.forwards_to = comm
        self._tee = tee

    def __getattr__(self, name: str) -> Any:
        return getattr(self.forwards_to, name)

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> Any:
        """Forward, then tell: whoever listens may send in turn."""
        sent = self.forwards_to.send(data=data, metadata=metadata, buffers=buffers)
        self._tee.saw(data, buffers)
        return sent

    def close(self, *args: Any, **kwargs: Any) -> None:
        """Forward and tell."""
        self.forwards_to.close(*args, **kwargs)
        self._tee.saw_close()
