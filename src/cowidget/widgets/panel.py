"""The room inside a notebook: one anywidget whose interface is the guests' page.

Nothing secret is ever a trait, except a ticket of the host's that is good once and for a minute, while the cell
that shows the panel runs (see `doorman.py`).
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, Literal, get_args

import anywidget
import traitlets

from cowidget.client.owner import GUESTS
from cowidget.transports.comm import WAY

DEFAULT_HEIGHT = 480

Part = Literal["room", "bar", "link", "share"]
"""What of the room a panel shows: all of it; all but the widgets; a link with its QR code; one share by itself."""

_MISSING = """
export default { render({ el }) {
  el.textContent = "The cowidget panel is not built. From a clone: make build. The link works all the same.";
} };
"""


def bundle() -> str:
    """The panel's code, or code that says that it has not been built."""
    built = files("cowidget") / "static" / "panel.js"
    return built.read_text("utf-8") if built.is_file() else _MISSING


def part(name: str) -> bytes | None:
    """What the panel loads later, its chat or its words; None if there is no such part, or it has not been built."""
    static = files("cowidget") / "static"
    try:
        return (static / json.loads((static / "manifest.json").read_text("utf-8"))["parts"][name]["file"]).read_bytes()
    except (OSError, KeyError):
        return None


def built_failure() -> str:
    """What is wrong with the installation, or an empty text."""
    if (files("cowidget") / "static" / "panel.js").is_file():
        return ""
    return "The cowidget panel is not built (static/panel.js is missing)."


Carry = Callable[[Mapping[str, Any], Sequence[Any]], None]
"""Takes the messages of the panel's way over the comm."""


class Panel(anywidget.AnyWidget):
    """What a front end shows of a room, whoever's it is. `relay` is the address of one that somebody runs."""

    _esm = traitlets.Unicode().tag(sync=True)
    room = traitlets.Unicode().tag(sync=True)
    port = traitlets.Int().tag(sync=True)
    relay = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(DEFAULT_HEIGHT).tag(sync=True)
    failure = traitlets.Unicode().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)

    def __init__(self, carry: Carry, **traits: Any) -> None:
        super().__init__(_esm=bundle(), version=_version(), failure=built_failure(), **traits)
        self._carry = carry
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"<Room {self.room}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # Front ends without our panel, nbconvert and GitHub show the text: nothing in it is secret.
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        bundle, metadata = shown
        words = f"{self._what()} ({html.escape(self.room)}). Run the cell to open it."
        return {**bundle, "text/plain": repr(self), "text/html": f"<p>{words}</p>"}, metadata

    def _what(self) -> str:
        return "A shared room"

    def _receive(self, _: object, content: Any, buffers: Sequence[Any]) -> None:
        match content:
            case {"way": way} if way == WAY:
                self._carry(content, buffers)
            case {"ask": "part", "name": str(name)} if (found := part(name)) is not None:
                self.send({"part": name}, [found])
            case {"ask": str(what)}:
                self._answer(what, content)
            case _:
                return

    def _answer(self, what: str, content: Mapping[str, Any]) -> None:
        """The panel asks for something; what is not known here is ignored."""


class RoomPanel(Panel):
    """What the host's front end shows of a room (the other side is `js/src/widgets/panel.tsx`).

    `part` is what it shows, `invitation` names the one whose link it shows, `share` the share that it shows alone.
    `port` is that of a relay on this machine. The panel tells its page's `origin`.
    """

    part = traitlets.Enum(get_args(Part), "room").tag(sync=True)
    invitation = traitlets.Unicode(GUESTS).tag(sync=True)
    share = traitlets.Unicode().tag(sync=True)
    ticket = traitlets.Unicode().tag(sync=True)
    ticket_name = traitlets.Unicode().tag(sync=True)
    origin = traitlets.Unicode().tag(sync=True)

    def __init__(self, ask_ticket: Callable[[str], None], carry: Carry, **traits: Any) -> None:
        super().__init__(carry, **traits)
        self._ask_ticket = ask_ticket

    def __repr__(self) -> str:
        if self.part == "share":
            return f"<{self.share}>"
        return f"<link to room {self.room}>" if self.part == "link" else super().__repr__()

    def _what(self) -> str:
        if self.part == "share":
            return "A live chart"
        return "The link to a shared room" if self.part == "link" else super()._what()

    def _answer(self, what: str, content: Mapping[str, Any]) -> None:
        if what == "ticket":
            self._ask_ticket(str(content.get("origin") or self.origin)[:256])


class JoinedPanel(Panel):
    """What a guest's notebook shows of a room (the other side is `js/src/widgets/joined.tsx`).

    `part` is the whole room, or one of its widgets, whose name is `share`. `person` and `color` are the name and
    the colour that the room was joined with. `port` is that of a relay on the kernel's machine.
    """

    part = traitlets.Enum(("joined", "widget"), "joined").tag(sync=True)
    share = traitlets.Unicode().tag(sync=True)
    person = traitlets.Unicode().tag(sync=True)
    color = traitlets.Unicode().tag(sync=True)

    def __init__(self, ask_session: Callable[[], None], carry: Carry, **traits: Any) -> None:
        super().__init__(carry, **traits)
        self._ask_session = ask_session

    def __repr__(self) -> str:
        return f"<{self.share} of room {self.room}>" if self.part == "widget" else f"<room {self.room}, joined>"

    def _what(self) -> str:
        return "A widget of a shared room" if self.part == "widget" else super()._what()

    def _answer(self, what: str, content: Mapping[str, Any]) -> None:
        if what == "session":
            self._ask_session()


def _version() -> str:
    try:
        return version("cowidget")
    except PackageNotFoundError:
        return "unknown"  # run from a source tree that is not installed
