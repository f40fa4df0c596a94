"""Sees what the store ordered and what each client was told, and says when a promise is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cowidget.core import frames, notes
from cowidget.core.effects import Ordered
from cowidget.core.replica import Replica


class Witness:
    """The invariants that hold at every moment."""

    def __init__(self) -> None:
        self.log: dict[int, str] = {}
        self.pushes: Counter[tuple[str, int]] = Counter()
        self.values: Counter[object] = Counter()
        self._refused: set[tuple[str, int]] = set()
        self._state_values: set[object] = set()
        self._gone: set[int] = set()

    def ordered(self, batch: Sequence[Ordered]) -> None:
        """The store has ordered these."""
        for each in batch:
            if each.at is None:
                continue
            if each.entry.id:
                self.pushes[each.entry.author, each.entry.id] += 1
            push = each.entry.push
            match push:
                case frames.Post(body=body):
                    self.log[each.at] = body.text
                case frames.Set(changes=changes):
                    written = {change.value for change in changes}
                    self.values.update(written)
                    self._state_values |= written
                case frames.Declare(changes=changes):
                    self._state_values |= {change.value for change in changes}
                case frames.Settle(settlements=settlements):
                    self._state_values |= {settlement.value for settlement in settlements}

    def note(self, replica: Replica, note: notes.Note) -> None:
        """A client has been told something."""
        match note:
            case notes.LogGrown(entries=entries):
                for entry in entries:
                    assert self.log.get(entry.at) == entry.body.text, "a log entry is shown that the store has not"
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

    def check_once(self) -> None:
        """Nothing was ordered twice."""
        assert max(self.pushes.values(), default=1) == 1, "a push was ordered twice"
        assert max(self.values.values(), default=1) == 1, "a value was ordered twice"
        assert max(Counter(self.log.values()).values(), default=1) == 1, "a log entry is there twice"
