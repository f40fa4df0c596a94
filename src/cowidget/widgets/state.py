"""Plain values shared in a room: `room.state["threshold"] = 0.4`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import partial
from typing import Any

from traitlets import Bunch

from cowidget.client.handle import Handle
from cowidget.client.peer import StatusChanged
from cowidget.core.notes import Note, StateChanged
from cowidget.core.replica import DELETED, Replica
from cowidget.errors import ShareError
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.values import plain, same

_log = logging.getLogger("cowidget")
_MISSING = object()
# What a key (512) leaves for a name.
MAX_NAME = 500
# What the room keeps for itself, such as the marks on a chart.
_OWN = "/~"

Observer = Callable[[Bunch], object]


class Observers:
    """Functions that follow named values; called on the main thread with a change as in traitlets."""

    def __init__(self, main: MainThread, owner: object) -> None:
        self._main = main
        self._owner = owner
        self._observers: list[tuple[Observer, frozenset[str] | None]] = []

    def add(self, observer: Observer, names: str | Iterable[str] | None) -> None:
        """Follow these names; None: all."""
        self._observers.append((observer, _names(names)))

    def remove(self, observer: Observer, names: str | Iterable[str] | None) -> None:
        """Stop following with the same arguments."""
        if (entry := (observer, _names(names))) in self._observers:
            self._observers.remove(entry)

    def tell(self, name: str, old: Any, new: Any) -> None:
        """A value has changed. From any thread."""
        if self._observers:
            self._main.call(partial(self._call, name, old, new))

    def _call(self, name: str, old: Any, new: Any) -> None:
        change = Bunch(name=name, old=old, new=new, owner=self._owner, type="change")
        for observer, names in tuple(self._observers):
            if names is None or name in names:
                try:
                    observer(change)
                except Exception:  # noqa: BLE001 - the user's function; the others are still to be called
                    _log.exception("an observer of %r failed", name)


class SharedState(MutableMapping[str, Any]):
    """The room's values by name; everybody who may take part may set them, the last one wins.

    Values are copied when they are set and when they are read: to change a list, set it again.
    """

    def __init__(self, handle: Handle, main: MainThread) -> None:
        self._handle = handle
        self._observers = Observers(main, self)
        # The link's thread only.
        self._shown: dict[str, Any] = {}
        handle.listen(self._receive)

    def __getitem__(self, name: str) -> Any:
        value = self._handle.ask(lambda replica: replica.value(_key(name), _MISSING))
        if value is _MISSING:
            raise KeyError(name)
        return plain(value)

    def __setitem__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._handle.push(lambda replica: replica.set({_key(name): DELETED}))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __repr__(self) -> str:
        return f"<shared state: {', '.join(self) or 'empty'}>"

    def update(self, values: Any = (), /, **more: Any) -> None:
        """Set several values at once: everybody sees them change together.

        Raises:
            ShareError: a value cannot travel, or a name is none.
        """
        changes = {_key(name): plain(value) for name, value in {**dict(values), **more}.items()}
        if changes:
            self._handle.push(lambda replica: replica.set(changes))

    def observe(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Call `observer(change)` when a value changes, as in traitlets (`name`, `old`, `new`).

        Whoever changed it: an own change is told too. A value that went has `new` None.
        """
        self._observers.add(observer, names)

    def unobserve(self, observer: Observer, names: str | Iterable[str] | None = None) -> None:
        """Undo `observe` with the same arguments."""
        self._observers.remove(observer, names)

    def _names(self) -> list[str]:
        return [key[1:] for key in self._handle.ask(lambda replica: replica.keys("/")) if not key.startswith(_OWN)]

    def _receive(self, note: Note | StatusChanged) -> None:
        if not isinstance(note, StateChanged):
            return
        keys = [key for key in note.keys if key.startswith("/") and not key.startswith(_OWN)]
        if keys:
            self._handle.push(lambda replica: self._compare(replica, keys))

    def _compare(self, replica: Replica, keys: Iterable[str]) -> list[Any]:
        for key in keys:
            old, new = self._shown.get(key), replica.value(key)
            if same(old, new):
                continue
            if new is None:
                self._shown.pop(key, None)
            else:
                self._shown[key] = new
            self._observers.tell(key[1:], old, new)
        return []


def _key(name: object) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        raise ShareError(f"{name!r} cannot name a shared value: 1 to {MAX_NAME} characters.")
    if name.startswith("~"):
        raise ShareError(f"{name!r} cannot name a shared value: the room keeps values of its own under “~”.")
    return f"/{name}"


def _names(names: str | Iterable[str] | None) -> frozenset[str] | None:
    if names is None:
        return None
    return frozenset((names,)) if isinstance(names, str) else frozenset(names)
