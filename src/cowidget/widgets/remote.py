"""Somebody's widgets, as Python objects in another kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from IPython import get_ipython

from cowidget.client.handle import Handle
from cowidget.client.peer import StatusChanged
from cowidget.core.notes import Note, StateChanged
from cowidget.core.replica import Replica
from cowidget.core.values import KeyState, Model, Share
from cowidget.errors import NotAllowed
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.registry import is_never
from cowidget.widgets.state import Observer, Observers
from cowidget.widgets.values import SCHEME, plain, same

T = TypeVar("T")
_MISSING = object()

# A kernel that has joined tells so in its `about`: what it writes may be another link's.
NOTEBOOK = "notebook"
# What a line of text has room for.
_MOST_SHOWN = 4
# What the room keeps of a model's events begins so (E4).
_ACCOUNT = "$"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one trait stands in the room.

    Attributes:
        value: what is shown.
        state: what the room holds; None when it has only our own value so far.
        outstanding: the room may not have our own value yet.
        mine: the room's value is from us, or what the owner made of ours.
        owned: it is the owner's own.
        automatic: it is from another kernel that has joined, like this one.
    """

    value: Any
    state: KeyState | None
    outstanding: bool
    mine: bool
    owned: bool
    automatic: bool


class RemoteWidgets(Mapping[str, "RemoteWidget"]):
    """The room's widgets by name: `room.widgets["slider"].value = 7`."""

    def __init__(self, handle: Handle, main: MainThread, show: Callable[[str], None]) -> None:
        self.handle = handle
        self.main = main
        # Displays one of them in the running cell.
        self.show = show
        self._known: dict[tuple[str, str], RemoteWidget] = {}

    def __getitem__(self, name: str) -> RemoteWidget:
        if name not in self.shares():
            raise KeyError(name)
        return self.at(name, "")

    def __iter__(self) -> Iterator[str]:
        shares = self.shares()
        shown = (name for name in shares if not shares[name].hidden)
        return iter(sorted(shown, key=lambda name: shares[name].order))

    def __len__(self) -> int:
        return sum(not share.hidden for share in self.shares().values())

    def __repr__(self) -> str:
        return f"<widgets: {', '.join(self) or 'none'}>"

    def shares(self) -> dict[str, Share]:
        """What the owner shares now."""
        return self.handle.ask(lambda replica: dict(replica.shares))

    def at(self, share: str, path: str) -> RemoteWidget:
        """The one object for a model, whether it is there or not."""
        if (share, path) not in self._known:
            self._known[share, path] = RemoteWidget(self, share, path)
        return self._known[share, path]

    def model(self, share: str, path: str) -> Model | None:
        """A model as the owner describes it, if there is one."""
        found = self.handle.ask(lambda replica: replica.shares.get(share))
        models = found.models if found is not None else ()
        return next((model for model in models if model.path == path), None)

    def resolved(self, value: Any) -> Any:
        """A plain value with a `RemoteWidget` in the place of each reference to a model that is shared."""
        if isinstance(value, str) and value.startswith(SCHEME):
            share, _, path = value.removeprefix(SCHEME).partition("/")
            return value if self.model(share, path) is None else self.at(share, path)
        if isinstance(value, dict):
            return {key: self.resolved(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.resolved(inner) for inner in value]
        return value


class RemoteWidget:
    """Somebody's widget. Its traits are attributes; they may be set where the host allows it.

    A trait that refers to other widgets (`children`, `layout`) gives these, each again a `RemoteWidget`.
    """

    _widgets: RemoteWidgets
    _share: str
    _path: str
    _prefix: str
    _observers: Observers
    _shown: dict[str, Any]

    def __init__(self, widgets: RemoteWidgets, share: str, path: str) -> None:
        # `__setattr__` sets traits.
        self.__dict__.update(
            _widgets=widgets,
            _share=share,
            _path=path,
            _prefix=f"{share}/{path}/" if path else f"{share}/",
            _observers=Observers(widgets.main, self),
            _shown={},
        )
        widgets.handle.listen(self._receive)
        widgets.handle.push(self._start)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # what `copy` and others look for, also before `__init__`
        self._check_trait(name)
        return self._widgets.resolved(plain(self._ask(lambda replica: replica.value(self._prefix + name))))

    def __setattr__(self, name: str, value: Any) -> None:
        self.set(**{name: value})

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._names()]

    def __repr__(self) -> str:
        model = self._model()
        if model is None:
            return f"<{self._address}, which is not shared any more>"
        keys = {name: self._prefix + name for name in model.writable[:_MOST_SHOWN]}
        shown = self._ask(lambda replica: {name: replica.value(key) for name, key in keys.items()})
        values = "".join(f" {name}={_short(value)}" for name, value in shown.items())
        return f"<{model.name} {self._address}{values}>"

    def _ipython_display_(self) -> None:
        if self._path or get_ipython() is None:
            print(repr(self))  # noqa: T201 - this is how an object displays itself as text
        else:
            self._widgets.show(self._share)

    @property
    def traits(self) -> dict[str, Any]:
        """All traits with their values."""
        return {name: getattr(self, name) for name in self._names()}

    @property
    def writable(self) -> frozenset[str]:
        """The traits that we may set."""
        model = self._model()
        return frozenset(model.writable) if model is not None else frozenset()

    def set(self, **values: Any) -> None:
        """Set traits together. They show at once; the owner's widget has the last word.

        Raises:
            AttributeError: it has no such trait; says which it has.
            NotAllowed: the host does not let guests set it; says which argument would.
            ShareError: a value cannot travel.
        """
        for name in values:
            self._check_writable(name)
        changes = {self._prefix + name: plain(value) for name, value in values.items()}
        self._widgets.handle.push(lambda replica: replica.set(changes))

    def child(self, path: str) -> RemoteWidget:
        """A model below this one, such as "children.0".

        Raises:
            KeyError: there is none.
        """
        full = f"{self._path}.{path}" if self._path else path
        if self._widgets.model(self._share, full) is None:
            raise KeyError(path)
        return self._widgets.at(self._share, full)

    def send(self, content: Any, buffers: Iterable[bytes] = ()) -> None:
        """Send a custom message to the owner's widget, where the host allows messages."""
        address, copied = self._prefix.rstrip("/"), [bytes(buffer) for buffer in buffers]
        self._widgets.handle.push(lambda replica: replica.emit(address, plain(content), copied))

    def observe(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Call `observer(change)` on the main thread when a trait changes, whoever changed it."""
        self._observers.add(observer, names)

    def unobserve(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Undo `observe` with the same arguments."""
        self._observers.remove(observer, names)

    # For the functions beside it. Few public names: they hide traits that are called the same.

    @property
    def _address(self) -> str:
        return f"{self._share}.{self._path}" if self._path else self._share

    def _check_writable(self, name: str) -> None:
        model = self._check_trait(name)
        if self._ask(lambda replica: replica.role) == "viewer":
            raise NotAllowed("This link is for looking only. Ask the host for one that lets you take part.")
        if name in model.writable:
            return
        what = f"{self._address}.{name} cannot be changed by guests."
        if is_never(name, None) or name in model.local:
            raise NotAllowed(f"{what} No argument of the host's allows that.")
        word = f"{self._path}.{name}" if self._path else name
        raise NotAllowed(f'{what} The host can allow it: cw.share({self._share}, allow={{"{word}"}}).')

    def _standing(self, name: str) -> Standing | None:
        model = self._model()
        if model is None or name not in model.traits:
            return None
        return self._ask(lambda replica: _standing(replica, self._prefix + name, self._share))

    def _ask(self, read: Callable[[Replica], T]) -> T:
        return self._widgets.handle.ask(read)

    def _model(self) -> Model | None:
        return self._widgets.model(self._share, self._path)

    def _names(self) -> Sequence[str]:
        model = self._model()
        return () if model is None else [name for name in model.traits if _is_trait(model, name)]

    def _check_trait(self, name: str) -> Model:
        model = self._model()
        if model is None:
            raise AttributeError(f"{self._address} is not shared any more, so it has no {name!r}.")
        if name not in model.traits or not _is_trait(model, name):
            known = ", ".join(self._names()) or "none"
            raise AttributeError(f"{self._address} has no trait {name!r}. It has: {known}.")
        return model

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
                self._widgets.handle.push(lambda replica: self._compare(replica, traits))

    def _compare(self, replica: Replica, traits: Iterable[str]) -> list[Any]:
        for trait in traits:
            old, new = self._shown.get(trait), replica.value(self._prefix + trait)
            if not same(old, new):
                self._shown[trait] = new
                self._observers.tell(trait, self._widgets.resolved(old), self._widgets.resolved(new))
        return []

    def _trait(self, key: str) -> str | None:
        trait = key.removeprefix(self._prefix)
        return None if trait == key or "/" in trait or trait.startswith(_ACCOUNT) else trait


def _is_trait(model: Model, name: str) -> bool:
    return name not in model.events and not name.startswith(_ACCOUNT)


def _standing(replica: Replica, key: str, share: str) -> Standing | None:
    value = replica.value(key, _MISSING)
    if value is _MISSING:
        return None  # or its bytes are still on their way
    state = replica.state(key)
    by = state.by if state is not None else ""
    author = replica.people.get(by)
    owner = replica.shares[share].by
    joined = author is not None and by != replica.peer and NOTEBOOK in author.about
    return Standing(value, state, replica.outstanding(key), by == replica.peer, by == owner, joined)


def _short(value: Any) -> str:
    text = f"{len(value)} bytes" if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
