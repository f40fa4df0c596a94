"""An audience before a ledger, without a room around them.

hall = Hall()
hall.order(sets(1, volume=3))
assert hall.brought(hall.plan())
"""

from __future__ import annotations

from typing import Any

from cowidget.core.audience import Audience, Plan
from cowidget.core.effects import Effect, Entry, Opened, Ordered, Send
from cowidget.core.frames import Emit, Post, Set
from cowidget.core.ledger import Ledger
from cowidget.core.members import Member, Members
from cowidget.core.values import Position, Text
from tests.support.rooms import RELAY_KEY, changes, entry


class Hall:
    """An audience of Ada and Bob before a ledger at the positions given."""

    def __init__(self, at: int = 0, log_at: int = 0) -> None:
        opened = Opened(1, Position("s", at), Position("l", log_at), [], [], [], {}, frozenset())
        self.ledger = Ledger("lesson", opened, RELAY_KEY)
        self.members = Members()
        self.audience = Audience(self.ledger, self.members)
        self.ada, self.bob = member("ada"), member("bob")
        self.members.add(self.ada)
        self.members.add(self.bob)

    def order(self, *entries: Entry) -> list[Ordered]:
        """The entries at their next positions, applied."""
        ordered = []
        for each in entries:
            at = self.ledger.log.top + 1 if isinstance(each.push, Post) else self.ledger.at + 1
            ordered.append(Ordered(each, at))
            self.ledger.apply(ordered[-1], 0.0)
        return ordered

    def plan(self, state: int | None = None, log: int | None = None, **fields: Any) -> Plan:
        return self.audience.plan(
            None if state is None else Position("s", state), None if log is None else Position("l", log), **fields
        )

    def brought(self, plan: Plan) -> list[object]:
        return sent(self.audience.bring(self.ada, plan), "ada")


def member(name: str) -> Member:
    return Member(name, name, "instance", "participant", "guest", "link")


def sent(effects: list[Effect], to: str) -> list[object]:
    return [each.frame for each in effects if isinstance(each, Send) and to in each.connections]


def sets(id: int, **values: Any) -> Entry:
    return entry("ada", Set(id, changes({f"/{name}": value for name, value in values.items()})))


def emits(id: int, content: Any = "go", by: str = "bob", to: str = "") -> Entry:
    return entry(by, Emit(id, "slider", content, to=to))


def says(id: int, text: str = "hello") -> Entry:
    return entry("ada", Post(id, Text(text)))
