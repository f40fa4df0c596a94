"""What a client shows: the room's state as patches and blobs bring it, under its own values (D7, D8, D10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cowidget.core import notes
from cowidget.core.blobs import Blobs
from cowidget.core.frames import Absent, Chunk, Patch, Pull, Push, Set
from cowidget.core.notes import Effect
from cowidget.core.overlay import DELETED, Overlay
from cowidget.core.packing import unpack
from cowidget.core.picture import Picture
from cowidget.core.values import Change, KeyState, Position


class View:
    """Keys with the value to show. A value whose blob is still on its way shows the one before it."""

    def __init__(self) -> None:
        self.picture = Picture()
        self.blobs = Blobs()
        self._overlay = Overlay()
        self._needed: set[str] = set()  # blobs that the application asked for
        self._released = 0  # own values up to this id go when we are caught up

    # What is shown.

    def value(self, key: str, default: Any = None) -> Any:
        """Our own value until the room has it, then the room's."""
        if key in self._overlay:
            own = self._overlay.shown(key)
            return default if own is DELETED else own
        return self.picture.value(key) if self.picture.has_value(key) else default

    def keys(self, prefix: str) -> list[str]:
        """The keys that have a value to show, sorted."""
        own = {key for key in self._overlay if self._overlay.shown(key) is not DELETED}
        room = {key for key in self.picture.states if key not in self._overlay and self.picture.has_value(key)}
        return sorted(key for key in own | room if key.startswith(prefix))

    def outstanding(self, key: str) -> bool:
        """Whether our own value of this key is shown because the room may not have it."""
        return key in self._overlay

    # Our own values.

    def put(self, id: int, values: Mapping[str, Any]) -> None:
        """Show the values of push `id`."""
        self._overlay.put(id, values)

    def restore(self, pushes: Iterable[Push]) -> None:
        """Show the values of pushes from another life; their blobs are offered already."""
        for push in pushes:
            if isinstance(push, Set):
                self._overlay.put(push.id, {change.key: self._own_value(change) for change in push.changes})

    def release(self, up_to: int = 0) -> list[Effect]:
        """The room has the pushes up to an id: show its values again, once the patches that hold ours are here."""
        self._released = max(self._released, up_to)
        if not self.picture.caught_up:
            return []
        uncovered = self._overlay.release(self._released)
        return state_changed(key for key, own in uncovered.items() if not self._agrees(key, own))

    def withdraw(self, id: int, keys: tuple[str, ...]) -> list[Effect]:
        """A push, or its part for `keys`, was refused: fall back."""
        return state_changed(self._overlay.withdraw(id, keys))

    def begin_anew(self, first: int, renumbered: Mapping[int, int]) -> list[Effect]:
        """We are another peer: only the pushes from id `first` on are ours to show, under new ids."""
        self._released = 0
        uncovered = self._overlay.release(first - 1)
        self._overlay.renumber(renumbered)
        return state_changed(uncovered)

    def renumber(self, renumbered: Mapping[int, int]) -> None:
        """Follow the outbox when ids change."""
        self._overlay.renumber(renumbered)

    # What the room brings.

    def welcome(self, state: Position) -> bool:
        """The room stands at `state`. Whether that is another epoch than before."""
        changed = self.picture.welcome(state)
        for sha256 in self.picture.missing():
            self.blobs.want(sha256)
        return changed

    def receive_patch(self, patch: Patch) -> list[Effect]:
        """The newest state of keys and shares."""
        changed = self.picture.receive(patch)
        touched = dict.fromkeys([*changed.keys, *self._fill()])
        keys = [key for key in touched if key not in self._overlay and not self.picture.awaits(key)]
        effects = [*state_changed(keys), *self.release()]
        return [notes.SharesChanged(tuple(changed.shares)), *effects] if changed.shares else effects

    def receive_chunk(self, chunk: Chunk) -> list[Effect]:
        """A part of a blob; the last one brings values, or what the application asked for."""
        if (arrived := self.blobs.receive_chunk(chunk)) is None:
            return []
        if arrived.data is None:
            return self._miss(arrived.sha256)
        effects = state_changed(key for key in self._fill() if key not in self._overlay)
        if arrived.sha256 in self._needed:
            self._needed.discard(arrived.sha256)
            effects.append(notes.BlobArrived(arrived.sha256, arrived.data))
        return effects

    def receive_absent(self, absent: Absent) -> list[Effect]:
        """The relay does not have a blob; the next welcome asks again for those of values."""
        if not self.blobs.wanted(absent.blob):
            return []
        self.blobs.forget(absent.blob)
        return self._miss(absent.blob)

    def need_blob(self, sha256: str) -> list[Effect]:
        """The application wants these bytes."""
        if (data := self.blobs.get(sha256)) is not None:
            return [notes.BlobArrived(sha256, data)]
        self._needed.add(sha256)
        self.blobs.want(sha256)
        return []

    def pulls(self) -> tuple[Pull, ...]:
        """What to pull now."""
        return self.blobs.pulls()

    def state(self, key: str) -> KeyState | None:
        """What the room holds for a key, whatever we show."""
        return self.picture.states.get(key)

    def _agrees(self, key: str, own: Any) -> bool:
        if not self.picture.has_value(key):
            return own is DELETED
        return own is not DELETED and bool(self.picture.value(key) == own) and not self.picture.awaits(key)

    def _fill(self) -> list[str]:
        """Give values whose blobs are here to their keys; stop pulling what nothing waits for any more."""
        missing = self.picture.missing()
        filled = []
        for sha256, keys in missing.items():
            if (data := self.blobs.get(sha256)) is None:
                self.blobs.want(sha256)
            else:
                filled += [key for key in keys if self._fill_key(key, data)]
        self.blobs.want_only(self._needed | self.picture.missing().keys())
        return filled

    def _fill_key(self, key: str, data: bytes) -> bool:
        try:
            self.picture.fill(key, unpack(data))
        except msgspec.DecodeError:
            self.picture.abandon(key)  # the bytes are as their author sent them: nothing better will come
            return False
        return True

    def _miss(self, sha256: str) -> list[Effect]:
        self._needed.discard(sha256)
        return [notes.BlobMissing(sha256)]

    def _own_value(self, change: Change) -> Any:
        if change.deleted:
            return DELETED
        data = self.blobs.get(change.blob) if change.blob else None
        return change.value if data is None else unpack(data)


def state_changed(keys: Iterable[str]) -> list[Effect]:
    """The note for these keys, if there are any."""
    return [notes.StateChanged(names)] if (names := tuple(keys)) else []
