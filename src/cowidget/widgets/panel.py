"""The room inside a notebook: one anywidget whose interface is the guests' page.

Nothing secret is ever a trait, except a ticket that is good once and for a minute, while the cell that shows
the panel runs (see `doorman.py`).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, Literal, get_args

import anywidget
import traitlets

from cowidget.client.owner import GUESTS
from cowidget.transports.comm import WAY

DEFAULT_HEIGHT = 480

Part = Literal["room", "bar", "link"]
"""What of the room a panel shows: all of it; all but the widgets; a link with its QR code."""

_MISSING = """
export default { render({ el }) {
  el.textContent = "The cowidget panel is not built. From a clone: make build. The link works all the same.";
} };
"""


def bundle() -> str:
    """The panel's code, or code that says that it has not been built."""
    built = files("cowidget") / "static" / "panel.js"
    return built.read_text("utf-8") if built.is_file() else _MISSING


def built_failure() -> str:
    """What is wrong with the installation, or an empty text."""
    if (files("cowidget") / "static" / "panel.js").is_file():
        return ""
    return "The cowidget panel is not built (static/panel.js is missing)."


class RoomPanel(anywidget.AnyWidget):
    """What a front end shows of a room (the other side is `js/src/widgets/panel.tsx`).

    `part` is what it shows, `invitation` names the one whose link it shows. `port` is that of a relay on this
    machine, `relay` the address of one that somebody runs. The panel tells its page's `origin`.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    room = traitlets.Unicode().tag(sync=True)
    part = traitlets.Enum(get_args(Part), "room").tag(sync=True)
    invitation = traitlets.Unicode(GUESTS).tag(sync=True)
    ticket = traitlets.Unicode().tag(sync=True)
    ticket_name = traitlets.Unicode().tag(sync=True)
    port = traitlets.Int().tag(sync=True)
    relay = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(DEFAULT_HEIGHT).tag(sync=True)
    failure = traitlets.Unicode().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)
    origin = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        ask_ticket: Callable[[str], None],
        carry: Callable[[Mapping[str, Any], Sequence[Any]], None],
        **traits: Any,
    ) -> None:
        super().__init__(_esm=bundle(), version=_version(), failure=built_failure(), **traits)
        self._ask_ticket = ask_ticket
        self._carry = carry
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"<link to room {self.room}>" if self.part == "link" else f"<Room {self.room}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # Front ends without our panel, nbconvert and GitHub show the text: nothing in it is secret.
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        bundle, metadata = shown
        what = "The link to a shared room" if self.part == "link" else "A shared room"
        words = f"{what} ({html.escape(self.room)}). Run the cell to open it."
        return {**bundle, "text/plain": repr(self), "text/html": f"<p>{words}</p>"}, metadata

    def _receive(self, _: object, content: Any, buffers: Sequence[Any]) -> None:
        match content:
            case {"ask": "ticket"}:
                self._ask_ticket(str(content.get("origin") or self.origin)[:256])
            case {"way": way} if way == WAY:
                self._carry(content, buffers)
            case _:
                return


def _version() -> str:
    try:
        return version("cowidget")
    except PackageNotFoundError:
        return "unknown"  # run from a source tree that is not installed
