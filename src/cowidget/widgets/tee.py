"""Listening to one widget without patching anything global.

The widget's `comm` is replaced by one that forwards everything and tells what it saw, and two methods of
this one instance take a lock. Several mirrors may listen to one widget: it can be in two shares.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

    # By `id`: a closed widget has no model id any more, and the tee keeps the widget alive as long as it listens.
    _open_tees: ClassVar[dict[int, Tee]] = {}

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._listeners: list[Listener] = []
        self._dirty: set[str] = set()
        self._told: dict[str, Any] = {}
        self._received: frozenset[str] = frozenset()
        self.comm = _TeedComm(widget.comm, self)

    @classmethod
    def listen(cls, widget: Widget, listener: Listener) -> None:
        """Tell `listener` what happens to `widget`."""
        with LOCK:
            tee = cls._open_tees.get(id(widget))
            if tee is None:
                tee = cls._open_tees[id(widget)] = cls(widget)
                tee._open()
            tee._listeners.append(listener)

    @classmethod
    def unlisten(cls, widget: Widget, listener: Listener) -> None:
        """Stop telling `listener`; the last one leaves the widget as it was found."""
        with LOCK:
            tee = cls._open_tees.get(id(widget))
            if tee is None or listener not in tee._listeners:
                return
            tee._listeners.remove(listener)
            if not tee._listeners:
                tee._close()
                # Assigning registers the widget again, so not while it is being closed.
                if widget.comm is tee.comm:
                    widget.comm = tee.comm.forwards_to

    @classmethod
    def listens_to(cls, widget: Widget) -> bool:
        """Whether anybody listens to `widget`."""
        return id(widget) in cls._open_tees

    @classmethod
    def receives(cls, widget: Widget, trait: str) -> bool:
        """Whether the trait has its value from a page, while its observers are called."""
        tee = cls._open_tees.get(id(widget))
        return tee is not None and trait in tee._received

    @classmethod
    @contextmanager
    def receiving(cls, widget: Widget, traits: Iterable[str]) -> Iterator[None]:
        """What sets these traits in this block, with `LOCK` held, comes from a page."""
        tee = cls._open_tees.get(id(widget))
        if tee is None:
            yield  # it has just been closed
            return
        before, tee._received = tee._received, frozenset(traits)
        try:
            yield
        finally:
            tee._received = before

    # What the comm saw.

    def saw(self, data: Any, buffers: Sequence[Any] | None) -> None:
        """A message from the widget to its front ends."""
        match data:
            case {"method": "update", "state": dict(state)}:
                # Also what an in-place edit and `send_state` look like, of which traitlets knows nothing. A trait that
                # is bytes and nothing else is only named in the paths.
                self._tell({*state, *(path[0] for path in data.get("buffer_paths", ()))})
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

    # The widget's own methods, under the lock.

    def _open(self) -> None:
        widget = self._widget
        widget.comm = self.comm
        widget.set_state = self._set_state
        widget._notify_trait = self._notify_trait
        widget.observe(self._observe, names=All)

    def _close(self) -> None:
        widget = self._widget
        Tee._open_tees.pop(id(widget), None)
        if "set_state" not in vars(widget):
            return
        del widget.set_state
        del widget._notify_trait
        widget.unobserve(self._observe, names=All)

    def _set_state(self, sync_data: Mapping[str, Any]) -> None:
        with LOCK:
            try:
                with Tee.receiving(self._widget, sync_data):
                    type(self._widget).set_state(self._widget, sync_data)
            finally:
                dirty, self._dirty = self._dirty | set(sync_data), set()
                self._tell(dirty)

    def _notify_trait(self, name: str, old_value: Any, new_value: Any) -> None:
        with LOCK:
            type(self._widget)._notify_trait(self._widget, name, old_value, new_value)

    def _observe(self, change: Any) -> None:
        if change["name"] == "comm" and change["new"] is None:
            self._tell_gone()
        if change["name"] not in self._widget.keys:
            return
        if self._widget._holding_sync and change["name"] in self._widget._states_to_send:
            # Set under `hold_sync`: what belongs together is told together, by the `update` at its end.
            return
        # For an assignment `update` has been sent just before; it told this very value.
        if self._told.pop(change["name"], self) is not change["new"]:
            self._tell((change["name"],))

    def _tell_gone(self) -> None:
        if sys.is_finalizing():
            return  # the interpreter ends, and takes the widgets down in whatever order
        # `close` has come to its end. Before that, the widget would still be found by its model id.
        with LOCK:
            listeners = tuple(self._listeners)
            self._listeners.clear()
            self._close()
            for listener in listeners:
                listener.receive_gone()

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
