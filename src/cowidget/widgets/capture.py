"""Filling a shared `Output` in the kernel.

ipywidgets leaves that to JupyterLab: the kernel publishes what is printed in the widget's context as the cell's,
and the notebook's page moves it into the widget. A guest has no notebook, and the host's may be closed. So while a
shared output's context is open, what the kernel would publish for it is taken and set as the widget's `outputs`,
which the notebook's page shows as well.

ipykernel has hooks for that, but per thread, not for errors, and for the results of expressions only in later
versions. All that a kernel publishes passes through `send` of its one session: that is where it is taken, and only
while a context is open.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from IPython import get_ipython
from ipywidgets import Output

from cowidget.widgets.outputs import KINDS, Outputs
from cowidget.widgets.tee import LOCK

# A loop that prints is followed at this pace; sooner, and every viewer draws all outputs again for every line.
INTERVAL = 0.1
# So many bytes of outputs are sent per interval; larger ones less often.
_PER_INTERVAL = 64 << 10


def listen(output: Output) -> None:
    """Fill `output` here from now on. As many `unlisten` are needed as calls of this."""
    with LOCK:
        captured = _listened.get(output)
        if captured is None:
            captured = _listened[output] = _Captured(output)
        captured.listeners += 1


def unlisten(output: Output) -> None:
    """Undo one `listen`; the last one leaves the widget and the kernel as they were found."""
    with LOCK:
        captured = _listened.get(output)
        if captured is None:
            return
        captured.listeners -= 1
        if not captured.listeners:
            del _listened[output]
            captured.close()


def is_capturing() -> bool:
    """Whether what is displayed now may go into a shared output, for guests to see."""
    return bool(_Tap._by_session)


class _Captured:
    """One output that is shared."""

    def __init__(self, output: Output) -> None:
        self.listeners = 0
        self._output = output
        # Guards what follows. Held for moments only and never while traits are set: messages come on ipykernel's
        # thread for streams, which whoever prints with `LOCK` held waits for.
        self._lock = threading.Lock()
        self._outputs = Outputs(output.outputs)
        self._told: tuple[Any, ...] = tuple(output.outputs)
        self._changed = False
        self._setter = 0
        self._timer: threading.Timer | None = None
        self._wait = INTERVAL
        self._tap: _Tap | None = None
        output.observe(self._observe_context, "msg_id")
        output.observe(self._observe_outputs, "outputs")
        self._open_context(output.msg_id)

    def close(self) -> None:
        """Stop; what has come so far is shown."""
        self._output.unobserve(self._observe_context, "msg_id")
        self._output.unobserve(self._observe_outputs, "outputs")
        self._close_context()

    # From the widget, on whatever thread.

    def _observe_context(self, change: Any) -> None:
        self._close_context()
        self._open_context(change["new"])

    def _observe_outputs(self, change: Any) -> None:
        """Somebody else set them, as `append_stdout` does: what has come meanwhile comes before that."""
        with self._lock:
            if self._setter == threading.get_ident():
                return
            new = tuple(change["new"])
            if self._changed and new[: len(self._told)] == self._told:
                self._outputs.add(new[len(self._told) :])
            else:
                self._outputs, self._changed = Outputs(new), False
            self._told = new

    def _open_context(self, parent: str) -> None:
        if parent:
            self._tap = _Tap.open(parent, self)

    def _close_context(self) -> None:
        if self._tap is not None:
            self._tap.close(self)
            self._tap = None
        self._show()

    # From the kernel, on any thread.

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """A message that is for this output."""
        with self._lock:
            self._outputs.receive(kind, content)
            self._changed = True
            if self._timer is None:
                self._timer = threading.Timer(self._wait, self._show)
                self._timer.name, self._timer.daemon = "cowidget output", True
                self._timer.start()

    def _show(self) -> None:
        with LOCK:
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
                if not self._changed:
                    return
                self._changed = False
                shown = self._outputs.shown()
                self._wait = INTERVAL * max(1, self._outputs.size // _PER_INTERVAL)
                self._told, self._setter = shown, threading.get_ident()
            try:
                self._output.outputs = shown
            finally:
                self._setter = 0


class _Tap:
    """The tap on a kernel's session, from the first open context to the last."""

    _by_session: ClassVar[dict[int, _Tap]] = {}

    def __init__(self, session: Any) -> None:
        self._session = session
        self._process = os.getpid()
        self._before = vars(session).get("send")
        self._forward = session.send
        # Open contexts with the message that each belongs to, the innermost last. Replaced, never changed.
        self._open: tuple[tuple[str, _Captured], ...] = ()

    @classmethod
    def open(cls, parent: str, captured: _Captured) -> _Tap | None:
        """Give `captured` what is published for the message `parent`; None outside of a kernel like ipykernel."""
        session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
        if session is None:
            return None
        with LOCK:
            tap = cls._by_session.get(id(session))
            if tap is None:
                tap = cls._by_session[id(session)] = cls(session)
                session.send = tap._send
            tap._open = (*tap._open, (parent, captured))
            return tap

    def close(self, captured: _Captured) -> None:
        """The context ended; after the last one the session is as it was found."""
        with LOCK:
            self._open = tuple(one for one in self._open if one[1] is not captured)
            if self._open:
                return
            self._by_session.pop(id(self._session), None)
            if vars(self._session).get("send") != self._send:
                return
            if self._before is None:
                del self._session.send
            else:
                self._session.send = self._before

    def _send(self, stream: Any, message: Any, content: Any = None, parent: Any = None, *rest: Any, **more: Any) -> Any:
        """In place of the session's: a message for an open context goes there."""
        kind = message if isinstance(message, str) else message.get("msg_type", "")
        # What a child process prints is sent by its parent.
        if kind in KINDS and os.getpid() == self._process:
            header = parent if isinstance(message, str) else message.get("parent_header")
            captured = self._find(header or {})
            if captured is not None:
                captured.receive(kind, (content if isinstance(message, str) else message.get("content")) or {})
                if kind != "update_display_data":
                    return message
        return self._forward(stream, message, content, parent, *rest, **more)

    def _find(self, header: Mapping[str, Any]) -> _Captured | None:
        asked = header.get("msg_id") or header.get("header", {}).get("msg_id")
        return next((captured for parent, captured in reversed(self._open) if parent == asked), None)


_listened: dict[Output, _Captured] = {}
