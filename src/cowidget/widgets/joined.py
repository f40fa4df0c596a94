"""Somebody's room, from another kernel, as Python objects."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from cowidget.client import links
from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.client.links import Link
from cowidget.client.peer import Route, Stage, StatusChanged
from cowidget.core.notes import Note, RefusedPush, StateChanged
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Model, Person, Share
from cowidget.errors import NotAllowed
from cowidget.widgets.chat import Chat
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.plain_errors import plain_errors
from cowidget.widgets.state import Observer, Observers, SharedState
from cowidget.widgets.values import plain, same

_MOST_ERRORS = 100


class JoinedRoom:
    """A room that another kernel owns. Leave it with `leave`, or use it in a `with` block."""

    def __init__(self, link: Link, name: str, color: str) -> None:
        thread = link_thread()
        identity = Identity(link.room, "guest", uuid.uuid4().hex, name, color)

        async def route(_: int) -> Route:
            return Route(link.socket)

        self._main = MainThread(thread)
        self._handle = Handle(thread, Replica(identity), route, link.secret)
        self._link = link
        self._errors: list[Exception] = []
        self._handle.listen(self._receive)
        self.state = SharedState(self._handle, self._main)
        self.chat = Chat(self._handle, self._main)
        self.widgets = RemoteWidgets(self._handle, self._main)

    @property
    def name(self) -> str:
        """The room's name."""
        return self._link.room

    @property
    def role(self) -> str:
        """What this link lets us do."""
        return self._handle.ask(lambda replica: replica.role or "")

    @property
    def people(self) -> list[Person]:
        """Who is here, ourselves included."""
        people = self._handle.ask(lambda replica: tuple(replica.people.values()))
        return [person for person in people if person.kind != "kernel"]

    @property
    def status(self) -> str:
        """The connection: live, reconnecting or ended, and why."""
        status = self._handle.status
        reason = status.failure or (status.closing.text if status.closing is not None else "")
        return f"{status.stage}: {reason}" if reason and status.stage is not Stage.LIVE else str(status.stage)

    @property
    def errors(self) -> list[Exception]:
        """What the room refused lately, newest last."""
        return list(self._errors)

    def leave(self) -> None:
        """End the connection; what was set before has reached the room if the line was up."""
        self._handle.wait_sent(2.0)
        self._handle.close()

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

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, RefusedPush):
            self._errors[:-_MOST_ERRORS] = []
            self._errors.append(NotAllowed(note.refused.text))


class RemoteWidgets(Mapping[str, "RemoteWidget"]):
    """The room's widgets by name: `room.widgets["slider"].value = 7`."""

    def __init__(self, handle: Handle, main: MainThread) -> None:
        self._handle = handle
        self._main = main
        self._known: dict[str, RemoteWidget] = {}

    def __getitem__(self, name: str) -> RemoteWidget:
        if name not in self._shares():
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = RemoteWidget(self._handle, self._main, name, "")
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        shares = self._shares()
        return iter(sorted(shares, key=lambda name: shares[name].order))

    def __len__(self) -> int:
        return len(self._shares())

    def __repr__(self) -> str:
        return f"<widgets: {', '.join(self) or 'none'}>"

    def _shares(self) -> dict[str, Share]:
        return self._handle.ask(lambda replica: dict(replica.shares))


class RemoteWidget:
    """Somebody's widget. Its traits are attributes; they may be set where the host allows it."""

    _handle: Handle
    _share: str
    _path: str

    def __init__(self, handle: Handle, main: MainThread, share: str, path: str) -> None:
        # `__setattr__` sets traits.
        self.__dict__.update(
            _handle=handle,
            _main=main,
            _share=share,
            _path=path,
            _prefix=f"{share}/{path}/" if path else f"{share}/",
            _observers=Observers(main, self),
            _shown={},
            _children={},
        )
        handle.listen(self._receive)
        handle.push(self._start)

    def __getattr__(self, name: str) -> Any:
        model = self._model()
        if model is None or name not in model.traits:
            raise AttributeError(f"{self!r} has no trait {name!r}")
        return plain(self._handle.ask(lambda replica: replica.value(self._prefix + name)))

    def __setattr__(self, name: str, value: Any) -> None:
        self.set(**{name: value})

    def __dir__(self) -> list[str]:
        model = self._model()
        return [*super().__dir__(), *(model.traits if model is not None else ())]

    def __repr__(self) -> str:
        model = self._model()
        return (
            f"<{model.name if model is not None else 'gone'} {self._share!r}{' ' + self._path if self._path else ''}>"
        )

    @property
    def traits(self) -> dict[str, Any]:
        """All traits with their values."""
        model = self._model()
        names = model.traits if model is not None else ()
        return {name: getattr(self, name) for name in names}

    @property
    def writable(self) -> frozenset[str]:
        """The traits that we may set."""
        model = self._model()
        return frozenset(model.writable) if model is not None else frozenset()

    def set(self, **values: Any) -> None:
        """Set traits together. They show at once; the owner's widget has the last word.

        Raises:
            AttributeError: it has no such trait.
            NotAllowed: the host does not let guests set it.
        """
        model = self._model()
        for name in values:
            if model is None or name not in model.traits:
                raise AttributeError(f"{self!r} has no trait {name!r}")
            if name not in model.writable:
                raise NotAllowed(f"{name} of {self!r} cannot be changed by guests; the host can allow it.")
        changes = {self._prefix + name: plain(value) for name, value in values.items()}
        self._handle.push(lambda replica: replica.set(changes))

    def child(self, path: str) -> RemoteWidget:
        """A model below this one, such as "children.0".

        Raises:
            KeyError: there is none.
        """
        full = f"{self._path}.{path}" if self._path else path
        if self._find(full) is None:
            raise KeyError(path)
        if path not in self._children:
            self._children[path] = RemoteWidget(self._handle, self._main, self._share, full)
        return self._children[path]

    def send(self, content: Any, buffers: Iterable[bytes] = ()) -> None:
        """Send a custom message to the owner's widget, where the host allows messages."""
        address, copied = self._prefix.rstrip("/"), [bytes(buffer) for buffer in buffers]
        self._handle.push(lambda replica: replica.emit(address, plain(content), copied))

    def observe(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Call `observer(change)` on the main thread when a trait changes, whoever changed it."""
        self._observers.add(observer, names)

    def unobserve(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Undo `observe` with the same arguments."""
        self._observers.remove(observer, names)

    def _model(self) -> Model | None:
        return self._find(self._path)

    def _find(self, path: str) -> Model | None:
        share = self._handle.ask(lambda replica: replica.shares.get(self._share))
        models = share.models if share is not None else ()
        return next((model for model in models if model.path == path), None)

    # The link's thread.

    def _start(self, replica: Replica) -> list[Any]:
        for key in replica.keys(self._prefix):
            if (trait := self._trait(key)) is not None:
                self._shown[trait] = replica.value(key)
        return []

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, StateChanged):
            traits = [trait for key in note.keys if (trait := self._trait(key)) is not None]
            if traits:
                self._handle.push(lambda replica: self._compare(replica, traits))

    def _compare(self, replica: Replica, traits: Iterable[str]) -> list[Any]:
        for trait in traits:
            old, new = self._shown.get(trait), replica.value(self._prefix + trait)
            if not same(old, new):
                self._shown[trait] = new
                self._observers.tell(trait, old, new)
        return []

    def _trait(self, key: str) -> str | None:
        trait = key.removeprefix(self._prefix)
        return None if trait == key or "/" in trait else trait


@plain_errors
def join(url: str, name: str | None = None, color: str = "") -> JoinedRoom:
    """Join somebody's room with their link.

        room = cw.join(url)
        room.widgets["slider"].value
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
    joined = JoinedRoom(links.parse(url), name if name is not None else _user(), color)
    joined._open()
    return joined


def _user() -> str:
    try:
        return getpass.getuser()[:64]
    except (OSError, KeyError, ImportError):
        return "notebook"  # a container without a user database
