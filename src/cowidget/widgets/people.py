"""The people of a room, from Python."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload
from weakref import WeakValueDictionary

from cowidget.client.handle import Handle
from cowidget.client.peer import StatusChanged
from cowidget.core import values
from cowidget.core.notes import Effect, Note, PeopleChanged
from cowidget.core.replica import Replica
from cowidget.errors import NotAllowed
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.person import Person
from cowidget.widgets.remote import NOTEBOOK

_log = logging.getLogger("cowidget")


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """What changed about the people of a room since the observer was last called.

    Attributes:
        joined: who has come.
        left: who has gone; their objects hold what was known last.
        moved: of whom anything else has changed: a name, a pointer, a raised hand.
    """

    joined: tuple[Person, ...] = ()
    left: tuple[Person, ...] = ()
    moved: tuple[Person, ...] = ()


Observer = Callable[[PeopleChange], object]
_Observer = TypeVar("_Observer", bound=Observer)


class People(Sequence[Person]):
    """Who is here with a page or a notebook's panel, ourselves included; kernels are not listed.

    It is always as things are now: `room.people[0]`, `len(room.people)`, `room.people["Ada"]`.
    """

    def __init__(self, handle: Handle, main: MainThread) -> None:
        self._handle = handle
        self._main = main
        self._observers: list[Observer] = []
        # The link's thread: all who are here, kernels too; whom somebody holds an object of; and what is listed.
        self._here: dict[str, Person] = {}
        self._known: WeakValueDictionary[str, Person] = WeakValueDictionary()
        self._listed: dict[str, Person] = {}
        # Those that were listed when observers were last told, and of whom they have to be told.
        self._told: dict[str, Person] | None = None
        self._moved: dict[str, Person] = {}
        handle.listen(self._receive)

    # As a list.

    @overload
    def __getitem__(self, which: int | str) -> Person: ...

    @overload
    def __getitem__(self, which: slice) -> list[Person]: ...

    def __getitem__(self, which: int | str | slice) -> Person | list[Person]:
        """By number, in the order they came, or by name.

        Raises:
            IndexError: there are not so many.
            KeyError: nobody here has this name.
        """
        here = list(self)
        if not isinstance(which, str):
            return here[which]
        for person in here:
            if person.name == which:
                return person
        names = ", ".join(person.name for person in here) or "nobody"
        raise KeyError(f"Nobody here is called {which!r}. Here: {names}.")

    def __iter__(self) -> Iterator[Person]:
        return iter(self._handle.thread.ask(lambda: list(self._listed.values())))

    def __len__(self) -> int:
        return self._handle.thread.ask(lambda: len(self._listed))

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self))}]"

    # Being told.

    def observe(self, observer: _Observer) -> _Observer:
        """Call `observer(change)` on the main thread when people come, go or change. May be used as a decorator.

        While that thread is busy, what happens meanwhile is told in one call.
        """
        self._observers.append(observer)
        return observer

    def unobserve(self, observer: Observer) -> None:
        """Undo `observe`."""
        if observer in self._observers:
            self._observers.remove(observer)

    # For the persons.

    def find(self, peer: str) -> Person | None:
        """The person of a peer, if they are here."""
        return self._handle.thread.ask(lambda: self._here.get(peer))

    def check_manages(self, what: str, whom: values.Person | None = None, *, owner: bool = False) -> None:
        """Whether we may do something that hosts do, about `whom`; with `owner`, something that only owners do.

        Raises:
            NotAllowed: we may not; says who may.
        """
        role, mine = self._handle.ask(lambda replica: (replica.role, _own_peers(replica)))
        if role not in ("host", "owner"):
            raise NotAllowed(f"Only hosts may {what}, and you are a {role or 'guest'} here. Ask a host.")
        if whom is not None and whom.peer in mine:
            raise NotAllowed(f"You cannot {what.replace('somebody', 'yourself')}.")
        if whom is not None and whom.role == "owner":
            raise NotAllowed("This is the notebook that shares the room: nobody can change that.")
        if owner and role != "owner":
            raise NotAllowed("Only the notebook that shares the room can make somebody a host.")

    def push(self, make: Callable[[Replica, str], list[Effect]], whom: values.Person) -> None:
        """Push something about somebody: about each peer that is the same person."""
        self._handle.push(
            lambda replica: [effect for peer in _peers_of(replica, whom) for effect in make(replica, peer)]
        )

    # The link's thread.

    def _receive(self, note: Note | StatusChanged) -> None:
        if isinstance(note, PeopleChanged):
            self._handle.ask(lambda replica: self._learn(note, replica))

    def _learn(self, change: PeopleChanged, replica: Replica) -> None:
        before = dict(self._listed)
        for peer in change.left:
            if (gone := self._here.pop(peer, None)) is not None:
                gone.leave()
        for peer in (*change.joined, *change.moved):
            if (known := replica.people.get(peer)) is not None:
                self._meet(known)
        # Whether somebody is listed may depend on what another one says: a kernel, and the panel that is its person.
        self._listed = {person.peer: self._here[person.peer] for person in self._handle.people}
        if self._observers:
            self._moved |= {peer: person for peer in change.moved if (person := self._listed.get(peer)) is not None}
            if self._told is None:
                self._told = before
                self._main.call(self._tell)

    def _meet(self, known: values.Person) -> None:
        person = self._known.get(known.peer)
        if person is None:
            person = self._known[known.peer] = Person(self, known)
        person.learn(known)
        self._here[known.peer] = person

    def _take_change(self) -> PeopleChange:
        told, self._told = self._told or {}, None
        moved, self._moved = self._moved, {}
        listed = self._listed
        return PeopleChange(
            _those(listed, listed.keys() - told.keys()),
            _those(told, told.keys() - listed.keys()),
            _those(moved, moved.keys() & listed.keys() & told.keys()),
        )

    # The main thread.

    def _tell(self) -> None:
        change = self._handle.thread.ask(self._take_change)
        if change != PeopleChange():
            for observer in tuple(self._observers):
                _call(observer, change)


def _those(people: dict[str, Person], peers: Iterable[str]) -> tuple[Person, ...]:
    wanted = set(peers)
    return tuple(person for peer, person in people.items() if peer in wanted)


def _peers_of(replica: Replica, whom: values.Person) -> list[str]:
    # A notebook that has joined is several: its kernel, and panels that say whose they are. One would bring back the
    # others. Anybody may say so, therefore only of a notebook that has the same name.
    def is_of(panel: values.Person, kernel: values.Person) -> bool:
        return panel.about.get("of") == kernel.peer and NOTEBOOK in kernel.about and panel.name == kernel.name

    kin = [other.peer for other in replica.people.values() if is_of(other, whom) or is_of(whom, other)]
    return [whom.peer, *kin]


def _own_peers(replica: Replica) -> set[str]:
    mine = replica.people.get(replica.peer)
    return {replica.peer} if mine is None else set(_peers_of(replica, mine))


def _call(observer: Observer, change: PeopleChange) -> None:
    try:
        observer(change)
    except Exception:  # noqa: BLE001 - the user's function
        _log.exception("an observer of people failed")
