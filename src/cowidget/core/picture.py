"""The room's state as a client has it: shares, keys and their values (D7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cowidget.core.frames import Patch
from cowidget.core.values import KeyState, Position, Share


@dataclass(slots=True)
class Difference:
    """What a patch changed: keys in their order without repetition, and names of shares."""

    keys: dict[str, None] = field(default_factory=dict)
    shares: dict[str, None] = field(default_factory=dict)


class Picture:
    """What patches have said so far.

    A reset does not empty it: what it held is stale, and goes when the last patch of the catch-up has not
    brought it again. So nothing flickers, and a catch-up that is cut off goes on where it was.
    """

    def __init__(self) -> None:
        self.shares: dict[str, Share] = {}
        self.states: dict[str, KeyState] = {}
        self.position: Position | None = None
        self.caught_up = False
        self._epoch = ""
        self._goal = 0
        self._values: dict[str, Any] = {}
        self._awaited: dict[str, str] = {}  # key to the blob that is its value
        self._stale_keys: set[str] = set()
        self._stale_shares: set[str] = set()

    def welcome(self, state: Position) -> bool:
        """The room stands at `state`; patches bring us there. Whether it is another epoch than before.

        What we hold of another epoch has no position in this one.
        """
        changed = state.epoch != self._epoch
        if changed:
            self.position = None
        self._epoch, self._goal = state.epoch, state.at
        self.caught_up = self.position is not None and self.position.at >= self._goal
        return changed

    def receive(self, patch: Patch) -> Difference:
        """Apply a patch in the order of D7."""
        changed = Difference()
        if patch.reset:
            self._stale_keys, self._stale_shares = set(self.states), set(self.shares)
        for name in patch.gone:
            self._remove(name, changed)
        for share in patch.shares:
            self._stale_shares.discard(share.name)
            if self.shares.get(share.name) != share:
                self.shares[share.name] = share
                changed.shares[share.name] = None
        for state in patch.keys:
            self._put(state, changed)
        self.position = Position(self._epoch, patch.at)
        self.caught_up = not patch.more and patch.at >= self._goal
        if not patch.more:
            self._sweep(changed)
        return changed

    def pass_event(self, at: int) -> None:
        """An event is in the state's sequence; when nothing before it is missing, we stand there now."""
        if self.caught_up and self.position is not None and at > self.position.at:
            self.position = Position(self._epoch, at)

    # Values: inline ones come with their state, others when their blob is here.

    def has_value(self, key: str) -> bool:
        """Whether there is a value to show, perhaps that before the one on its way."""
        return key in self._values

    def value(self, key: str) -> Any:
        """The value to show. Raises KeyError when there is none."""
        return self._values[key]

    def fill(self, key: str, value: Any) -> None:
        """The value of the key's present state has arrived."""
        self._values[key] = value
        self._awaited.pop(key, None)

    def missing(self) -> dict[str, list[str]]:
        """The blobs that values wait for, each with its keys."""
        blobs: dict[str, list[str]] = {}
        for key, blob in self._awaited.items():
            blobs.setdefault(blob, []).append(key)
        return blobs

    def awaits(self, key: str) -> bool:
        """Whether the value of the key's present state is still on its way."""
        return key in self._awaited

    def abandon(self, key: str) -> None:
        """The blob of the key is no value: what was shown stays."""
        self._awaited.pop(key, None)

    def _put(self, state: KeyState, changed: Difference) -> None:
        known = self.states.get(state.key)
        self._stale_keys.discard(state.key)
        self.states[state.key] = state
        if state.blob is None:
            self.fill(state.key, state.value)
        elif known is None or known.blob != state.blob:
            self._awaited[state.key] = state.blob
        if known != state:
            changed.keys[state.key] = None

    def _remove(self, name: str, changed: Difference) -> None:
        # Share names have no slash, keys always do (D1).
        if "/" in name:
            self._values.pop(name, None)
            self._awaited.pop(name, None)
            if self.states.pop(name, None) is not None:
                changed.keys[name] = None
            return
        if self.shares.pop(name, None) is not None:
            changed.shares[name] = None
        for key in [key for key in self.states if key.startswith(f"{name}/")]:
            self._remove(key, changed)

    def _sweep(self, changed: Difference) -> None:
        for name in sorted(self._stale_keys) + sorted(self._stale_shares):
            if name in self.states or name in self.shares:
                self._remove(name, changed)
        self._stale_keys, self._stale_shares = set(), set()
