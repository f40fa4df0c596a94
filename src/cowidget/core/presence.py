"""Who is here, latest only (PROTOCOL.md P1-P3)."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.frames import People, Presence
from cowidget.core.values import Moved, Person

# Distinct at a glance on light and dark, and for people who confuse red and green (after Okabe and Ito).
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#7a5195", "#e15759")


class PresenceTable:
    """The people of one room, and what changed since it was last told."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._joined: set[str] = set()
        self._left: set[str] = set()
        self._moved: dict[str, Moved] = {}
        self._due: float | None = None

    def __contains__(self, peer: object) -> bool:
        return peer in self._people

    def __getitem__(self, peer: str) -> Person:
        return self._people[peer]

    def everybody(self) -> tuple[Person, ...]:
        """All who are here, in the order they came."""
        return tuple(self._people.values())

    def join(self, person: Person, now: float) -> None:
        """Somebody is here; joining again replaces what was known."""
        color = person.color or COLORS[len(self._people) % len(COLORS)]
        self._people[person.peer] = replace(person, name=clean_name(person.name), color=color)
        self._left.discard(person.peer)
        self._joined.add(person.peer)
        self._touch(now)

    def leave(self, peer: str, now: float) -> None:
        """Somebody has left."""
        if self._people.pop(peer, None) is None:
            return
        self._moved.pop(peer, None)
        self._joined.discard(peer)
        self._left.add(peer)
        self._touch(now)

    def move(self, peer: str, presence: Presence, now: float) -> bool:
        """Merge what somebody says about themselves. False if it is too much; then nothing changes."""
        person = self._people[peer]
        about = _merged(person.about, presence.about)
        if len(about) > limits.MAX_ABOUT_ENTRIES or len(msgspec.msgpack.encode(about)) > limits.MAX_ABOUT_BYTES:
            return False
        name = person.name if presence.name is None else clean_name(presence.name)
        color = presence.color or person.color
        self._people[peer] = replace(person, about=about, name=name, color=color)
        earlier = self._moved.get(peer, Moved(peer))
        self._moved[peer] = Moved(
            peer,
            about={**earlier.about, **presence.about},
            name=name if name != person.name else earlier.name,
            color=color if color != person.color else earlier.color,
        )
        self._touch(now)
        return True

    def deadline(self) -> float | None:
        """When there is something to tell."""
        return self._due

    def take_changes(self) -> People | None:
        """What changed since the last call, or None."""
        if self._due is None:
            return None
        changes = People(
            joined=tuple(p for peer, p in self._people.items() if peer in self._joined),
            left=tuple(sorted(self._left)),
            moved=tuple(moved for peer, moved in self._moved.items() if peer not in self._joined),
        )
        self._joined.clear()
        self._left.clear()
        self._moved.clear()
        self._due = None
        return changes

    def _touch(self, now: float) -> None:
        if self._due is None:
            crowded = len(self._people) * limits.PRESENCE_INTERVAL_PER_PERSON
            self._due = now + min(max(limits.PRESENCE_INTERVAL, crowded), limits.MAX_PRESENCE_INTERVAL)


def clean_name(name: str) -> str:
    """A name that can be shown on one line: no control or formatting characters, at most 64 long."""
    printable = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    return " ".join(printable.split())[: limits.MAX_NAME] or "Guest"


def _merged(about: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**about, **patch}.items() if value is not None}
