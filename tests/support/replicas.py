"""A replica and the frames of a relay that the test plays."""

from __future__ import annotations

from typing import Any

from cowidget.core import frames, notes
from cowidget.core.frames import Patch, Said, Welcome
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import (
    KeyState,
    LogEntry,
    Person,
    Position,
    Text,
)

BIG = b"x" * 70_000


def make(name: str = "ada") -> Replica:
    return Replica(Identity("room", "guest", "tab-1", name, "#008080"))


def welcome(at: int = 0, **fields: Any) -> Welcome:
    defaults: dict[str, Any] = {
        "peer": "p1",
        "proof": "proof-1",
        "role": "participant",
        "acked": 0,
        "state": Position("s", at),
        "log": Position("l", 0),
        "people": (Person("p1", "ada", "#008080", "participant"),),
        "time": 0.0,
    }
    return Welcome(**(defaults | fields))


def join(replica: Replica, *patches: Patch, **fields: Any) -> list[notes.Effect]:
    effects = replica.receive_opened("secret")
    effects += replica.receive(welcome(**fields))
    for patch in patches or (Patch(at=fields.get("at", 0), reset=True),):
        effects += replica.receive(patch)
    return effects


def joined(*patches: Patch, **fields: Any) -> Replica:
    replica = make()
    join(replica, *patches, **fields)
    return replica


def sent(effects: list[notes.Effect]) -> list[frames.ClientFrame]:
    return [frame for effect in effects if isinstance(effect, notes.Transmit) for frame in effect.frames]


def told(effects: list[notes.Effect], kind: type[Any]) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def key(name: str, value: Any = None, version: int = 1, by: str = "p2", **fields: Any) -> KeyState:
    return KeyState(name, version, by, value, **fields)


def said(*offsets: int, by: str = "p2", **fields: Any) -> Said:
    entries = tuple(LogEntry(at, by, at, "bob", "#ff0000", 0.0, Text(f"line {at}")) for at in offsets)
    return Said(entries, **fields)
