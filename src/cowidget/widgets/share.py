"""The functions that a notebook calls."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import PurePath
from typing import Literal, Unpack, get_args

from IPython import get_ipython
from ipywidgets import Widget

from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.client.links import OwnerKey, owner_key
from cowidget.errors import ShareError
from cowidget.widgets import objects
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.panel import Panel
from cowidget.widgets.place import Place
from cowidget.widgets.plain_errors import plain_errors
from cowidget.widgets.room import Room, ShareOptions

Display = Literal["auto", "native"]

_rooms: dict[str, Room] = {}
# An unnamed room outside of a notebook lives as long as its kernel.
_this_kernel = uuid.uuid4().hex


@plain_errors
def share(*things: object, lan: bool = False, display: Display = "auto", **options: Unpack[ShareOptions]) -> Room:
    """Share widgets and other things with one link, and show them with people, chat and a share bar.

    They are put into the notebook's room, after those that are already there. A cell that is run again, and
    a kernel that was restarted, continue under the same link and with what guests had set.

        room = cw.share(slider, chart)
        room.url                                # the link
        cw.share(editor, allow={"text"})        # guests may write this text trait too

    Args:
        things: widgets, with all that they contain, or what can be shown as one: a figure, a table, an object
            with a rich display.
        lan: let others on this machine's network open the link; see `room`.
        display: how the cell shows them. "auto": as guests see them, in a protected frame, live also while a cell
            runs. "native": as the front end draws widgets anyhow, below a bar with people, chat and link; for
            front ends that forbid frames.
        options: `name`, `allow`, `exclude`, `local`, `apply`, `restore`; see `ShareOptions`.

    Raises:
        ShareError: something cannot be shared; says what to do.
        RelayUnavailable: no relay can be started or reached; says why.
    """
    if not things:
        raise ShareError("share() needs a widget. For a room without one: cw.room('name').")
    if display not in get_args(Display):
        raise ShareError(f"display={display!r} is none of: {', '.join(map(repr, get_args(Display)))}.")
    opened = room(lan=lan)
    opened.share(*things, **options)
    opened._show_widgets(things, native=display == "native")
    return opened


@plain_errors
def room(name: str | None = None, *, lan: bool = False) -> Room:
    """The notebook's room, or another one of this name, the same from every notebook of yours.

    Args:
        name: the other room's.
        lan: let others on this machine's network open the link, which then names its address there; otherwise
            only browsers on this machine can. Your relay is started again for that, on its port and with its
            rooms, and listens on the network until it ends. It is plain HTTP; `room.reach` says what that means.

    Raises:
        RelayUnavailable: no relay can be started or reached; says why.
    """
    key = owner_key()
    identity = _room_name(key, name)
    known = _living(identity)
    if known is None:
        return _open(identity, key, name or _title(), lan=lan)
    if lan:
        known._open_to_network()
    return known


def process() -> int:
    """Apply what guests have done meanwhile, in the middle of a running cell; how many changes that were.

    Guests see tables and other objects as they are now. For a long loop on the main thread: call it as often as
    the widgets should follow.
    """
    applied = sum(opened._process() for opened in list(_rooms.values()))
    objects.refresh()
    return applied


def panel_of(widget: Widget, height: int) -> Panel:
    """A panel with this widget alone, live also while a cell runs, for the running cell to display.

    It is one of the room that the widget is shared in; else of a room of the notebook's own, which nobody has a link
    to.

    Raises:
        RelayUnavailable: no relay can be started or reached; says why.
    """
    return _home_of(widget)._panel_of(widget, height)


def session_of(widget: Widget) -> Handle:
    """Another session of ours in the same room as `panel_of`, not open yet.

    Raises:
        RelayUnavailable: no relay can be started or reached; says why.
    """
    return _home_of(widget)._session_for(widget, owner_key())


def _home_of(widget: Widget) -> Room:
    key = owner_key()
    desk = key.room_name("desk", _notebook())
    homes = [opened for opened in _rooms.values() if opened._has(widget) and opened.name != desk]
    return homes[0] if homes else _living(desk) or _open(desk, key, "", lan=False)


def _living(identity: str) -> Room | None:
    known = _rooms.get(identity)
    return None if known is None or known.status.startswith(("stopped", "ended")) else known


def _open(identity: str, key: OwnerKey, title: str, *, lan: bool) -> Room:
    opened = Room(Hosting(identity, link_thread(), Place(identity, lan=lan), key, title=title))
    opened._open()
    _rooms[identity] = opened
    return opened


def _room_name(key: OwnerKey, name: str | None) -> str:
    if name is None:
        return key.room_name("notebook", _notebook())
    words = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:40]
    # Two names may give the same words; what follows them keeps the rooms apart.
    return f"{words}-{key.room_name('named', name)}".lstrip("-")


def _notebook() -> str:
    if session := os.environ.get("JPY_SESSION_NAME"):
        return session
    shell = get_ipython()
    path = shell.user_ns.get("__vsc_ipynb_file__") if shell is not None else None
    return str(path) if path else _this_kernel


def _title() -> str:
    """The notebook's file name without its ending, empty outside of a notebook."""
    notebook = _notebook()
    return "" if notebook == _this_kernel else PurePath(notebook).stem
