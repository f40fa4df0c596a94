"""The people of a room as a client knows them (P1-P3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from cowidget.core.frames import People
from cowidget.core.notes import PeopleChanged
from cowidget.core.values import Moved, Person


class Roster:
    """Everybody who is here, by peer."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}

    def welcome(self, people: Iterable[Person]) -> PeopleChanged:
        """Start anew with these; the difference to what we knew."""
        known, self.people = self.people, {person.peer: person for person in people}
        return PeopleChanged(
            joined=tuple(peer for peer in self.people if peer not in known),
            left=tuple(peer for peer in known if peer not in self.people),
            moved=tuple(peer for peer in self.people if peer in known and known[peer] != self.people[peer]),
        )

    def receive(self, people: People) -> PeopleChanged:
        """Apply one frame: left, then joined, then moved. Who moved and is not here is not told.

        With `reset`, `joined` is everybody.
        """
        if people.reset:
            return self.welcome(people.joined)
        for peer in people.left:
            self.people.pop(peer, None)
        self.people.update((person.peer, person) for person in people.joined)
        moved = [change for change in people.moved if self.move(change)]
        return PeopleChanged(
            tuple(person.peer for person in people.joined),
            people.left,
            tuple(change.peer for change in moved),
        )

    def move(self, change: Moved) -> bool:
        """Apply a change to a person; whether they are here."""
        if (person := self.people.get(change.peer)) is None:
            return False
        self.people[change.peer] = replace(
            person,
            about=merge_about(person.about, change.about),
            name=person.name if change.name is None else change.name,
            color=person.color if change.color is None else change.color,
        )
        return True


def merge_about(about: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Entry by entry; None removes (P2)."""
    return {name: value for name, value in {**about, **changes}.items() if value is not None}
