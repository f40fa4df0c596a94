"""Somebody's room, from another kernel, as Python objects."""

from __future__ import annotations

import getpass
import uuid
from types import TracebackType
from typing import Self

from IPython import get_ipython

from cowidget.client import links
from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.client.links import Link
from cowidget.client.peer import Route, Stage, StatusChanged
from cowidget.core.notes import Note, RefusedPush
from cowidget.core.replica import Identity, Replica
from cowidget.errors import NotAllowed
from cowidget.widgets.gathering import Gathering
from cowidget.widgets.joined_panel import Visiting
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.messages.part import Part
from cowidget.widgets.plain_errors import plain_errors
from cowidget.widgets.remote import RemoteWidget, RemoteWidgets

_MOST_ERRORS = 100

# What this kernel has joined, by link, name and colour.
_joined: dict[tuple[Link, str, str], JoinedRoom] = {}


class JoinedRoom(Gathering):
    """A room that another kernel owns. Leave it with `leave`, or use it in a `with` block."""

    def __init__(self, link: Link, name: str, color: str) -> None:
        thread = link_thread()
        identity = Identity(link.room, "guest", uuid.uuid4().hex, name, color)

        async def route(_: int) -> Route:
            return Route(link.socket)

        self._main = MainThread(thread)
        self._handle = Handle(thread, Replica(identity), route, link.secret)
        super().__init__(self._handle, self._main)
        self._link = link
        self._left = False
        self._errors: list[Exception] = []
        self._handle.listen(self._receive)
        self._visiting = Visiting(self._handle, link, identity)
        self.widgets = RemoteWidgets(self._handle, self._main, self._visiting.show_widget)

    @property
    def name(self) -> str:
        """The room's name."""
        return self._link.room

    @property
    def role(self) -> str:
        """What this link lets us do."""
        return self._handle.ask(lambda replica: replica.role or "")

    @property
    def status(self) -> str:
        """The connection: live, reconnecting or ended, and why."""
        return str(self._handle.status)

    @property
    def errors(self) -> list[Exception]:
        """What the room refused lately, newest last."""
        return list(self._errors)

    def leave(self) -> None:
        """End the connection; what was set before has reached the room if the line was up."""
        self._left = True
        for key in [key for key, room in _joined.items() if room is self]:
            del _joined[key]
        self._handle.wait_sent(2.0)
        self._visiting.close()
        self._handle.close()

    def show(self) -> None:
        """Display the room in the running cell, once per run of it: widgets, people and chat, as guests see them.

        The host's code runs in a protected frame of the page. Nothing that would let somebody in is saved with
        the notebook.
        """
        self._visiting.show_room()

    def _ipython_display_(self) -> None:
        if get_ipython() is None:
            print(repr(self))  # noqa: T201 - this is how an object displays itself as text
        else:
            self.show()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def __repr__(self) -> str:
        return f"<room {self.name}, joined · {self.status}>"

    def _open(self) -> None:
        self._handle.open()
        try:
            self._handle.wait_joined()
        except Exception:
            self._handle.close()
            raise

    def _part_of(self, thing: object) -> Part | None:
        mine = isinstance(thing, RemoteWidget) and thing._widgets is self.widgets
        return Part(thing._share, thing._prefix) if mine and isinstance(thing, RemoteWidget) else None

    def _is_open(self) -> bool:
        return not self._left and self._handle.status.stage is not Stage.ENDED

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, RefusedPush):
            self._errors[:-_MOST_ERRORS] = []
            self._errors.append(NotAllowed(note.refused.text))


@plain_errors
def join(url: str, name: str | None = None, color: str = "") -> JoinedRoom:
    """Join somebody's room with their link. A cell that is run again goes on in the same room.

        room = cw.join(url)                     # as the last line of a cell it shows the room
        room.widgets["slider"].value
        cw.link((room, "slider.value"), (mine, "value"))
        room.state["threshold"] = 0.4

    Args:
        url: the whole link.
        name: what the others see; default: this computer's user name.
        color: a CSS colour; default: chosen from the name by who shows it.

    Raises:
        LinkError: the link is none, wrong, expired or withdrawn; says which.
        RoomClosed: the room was stopped.
        RelayUnavailable: nobody answers at the link's address.
    """
    key = (links.parse(url), name if name is not None else _user(), color)
    if (known := _joined.get(key)) is not None and known._is_open():
        return known
    joined = JoinedRoom(*key)
    joined._open()
    _joined[key] = joined
    return joined


def _user() -> str:
    try:
        return getpass.getuser()[:64]
    except (OSError, KeyError, ImportError):
        return "notebook"  # a container without a user database
