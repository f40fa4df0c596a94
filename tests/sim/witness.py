"""Sees what the store ordered and what each client was told, and says when a promise is broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from cowidget.core import frames, notes
from cowidget.core.effects import Entry, Ordered
from cowidget.core.replica import Replica
from cowidget.core.values import Body, Edit, Erase, Erased, React, Text, Trust


class Witness:
    """The invariants that hold at every moment."""

    def __init__(self) -> None:
        self.log: dict[int, str] = {}
        self.bodies: dict[int, Body] = {}
        self.authors: list[str] = []
        self.pushes: Counter[tuple[str, int]] = Counter()
        self.values: Counter[object] = Counter()
        self.locked = False
        self.trusted: dict[str, Trust] = {}
        self._removed: set[str] = set()
        self._refused: set[tuple[str, int]] = set()
        self._state_values: set[object] = set()
        self._gone: set[int] = set()

    def ordered(self, batch: Sequence[Ordered]) -> None:
        """The store has ordered these."""
        for each in batch:
            if each.refusal:
                self._refused.add((each.entry.author, each.entry.id))
            if each.at is None:
                continue
            if each.entry.id:
                self.pushes[each.entry.author, each.entry.id] += 1
            self._check_people(each.entry)
            push = each.entry.push
            match push:
                case frames.Post(body=body):
                    self.bodies[each.at] = body
                    self.authors.append(each.entry.author)
                    if isinstance(body, Text):
                        self.log[each.at] = body.text
                case frames.Set(changes=changes):
                    written = {change.value for change in changes}
                    self.values.update(written)
                    self._state_values |= written
                case frames.Declare(changes=changes):
                    self._state_values |= {change.value for change in changes}
                case frames.Settle(settlements=settlements):
                    self._state_values |= {settlement.value for settlement in settlements}

    def _check_people(self, entry: Entry) -> None:
        # A host may remove an owner who is away, when the relay cannot know who that was. It means nothing.
        removed = entry.author in self._removed and entry.role != "owner"
        assert not removed, "somebody was removed and still ordered something"
        match entry.push:
            case frames.Set() | frames.Emit():
                assert not (self.locked and entry.role == "participant"), "a participant drove in a locked room"
            case frames.Lock(on=on):
                self.locked = on
            case frames.Remove(peer=peer):
                self._removed.add(peer)
                self.trusted.pop(peer, None)
            case frames.Entrust(peer=peer, role=role):
                self._removed.discard(peer)
                self.trusted[peer] = role

    def note(self, replica: Replica, note: notes.Note) -> None:
        """A client has been told something."""
        match note:
            case notes.LogGrown(entries=entries):
                for entry in entries:
                    known = (self.bodies.get(entry.at), self.standing().get(entry.at))
                    assert entry.body in known, "a log entry is shown that the store has not"
            case notes.StateChanged(keys=keys):
                for key in keys:
                    state = replica.state(key)
                    assert state is None or state.value in self._state_values, "state is shown that was never ordered"
            case notes.RefusedPush(refused=refused):
                self._refused.add((replica.peer, refused.id))
            case notes.Acked(id=acked):
                known = self.pushes.keys() | self._refused
                last = max((number for peer, number in known if peer == replica.peer), default=0)
                assert acked <= last, "a push is acknowledged that the store has not"

    def gone(self, replica: Replica) -> None:
        """This client will not come back."""
        self._gone.add(id(replica))

    def standing(self) -> dict[int, Body]:
        """The log as it should be now: what was erased is blank, and so are its edits."""
        erased = {body.entry for body in self.bodies.values() if isinstance(body, Erase)}
        stands: dict[int, Body] = {}
        for at, body in self.bodies.items():
            stands[at] = Erased() if at in erased else body
            if isinstance(body, Edit) and body.entry in erased:
                stands[at] = Erased(body.entry)
        return stands

    def erased_texts(self) -> set[str]:
        """What was erased: nobody may hold it any more."""
        gone = [self.bodies[at] for at, body in self.standing().items() if isinstance(body, Erased)]
        return {body.text for body in gone if isinstance(body, Text | Edit)}

    def reactions(self) -> dict[int, set[tuple[str, str]]]:
        """Who has which emoji on what, by the order of the log alone."""
        held: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for body, by in zip(self.bodies.values(), self.authors, strict=True):
            if isinstance(body, React):
                change = held[body.entry].add if body.on else held[body.entry].discard
                change((by, body.emoji))
        return held

    def check_once(self) -> None:
        """Nothing was ordered twice."""
        assert max(self.pushes.values(), default=1) == 1, "a push was ordered twice"
        assert max(self.values.values(), default=1) == 1, "a value was ordered twice"
        assert max(Counter(self.log.values()).values(), default=1) == 1, "a log entry is there twice"
