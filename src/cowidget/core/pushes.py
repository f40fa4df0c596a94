"""What a client still has to tell its room: its pushes, with the values that they show and the blobs that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cowidget.core.frames import Push, Refused, Set
from cowidget.core.identity import Stored
from cowidget.core.notes import Acked, Effect
from cowidget.core.outbox import MOST_CHANGES, Outbox
from cowidget.core.packing import Packed, pack
from cowidget.core.view import View


class Pushes:
    """Our pushes until the room has them. The view shows their values and offers their blobs as long."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._outbox = Outbox()
        self._acked = 0

    def __len__(self) -> int:
        return len(self._outbox)

    @property
    def waiting(self) -> tuple[Push, ...]:
        """Those that the room has not acknowledged, in order; the one made last has the highest id."""
        return tuple(self._outbox)

    @property
    def last_id(self) -> int:
        """The highest id that was given to a push."""
        return self._outbox.last_id

    @property
    def tried(self) -> int:
        """How many, from the first, were sent at least once."""
        return self._outbox.tried

    def restore(self, stored: Stored) -> None:
        """Take over what another life of this client left behind."""
        self._view.blobs.offer(stored.blobs)
        self._outbox.restore(stored.last_id, stored.pushes, stored.tried)
        self._view.restore(stored.pushes)

    # New ones, and their way out.

    def set(self, values: Mapping[str, Any]) -> None:
        """Set keys together and show them: one push, or several when there are very many keys. Raises as `pack`."""
        keys = list(values)
        parts = [{key: values[key] for key in keys[n : n + MOST_CHANGES]} for n in range(0, len(keys), MOST_CHANGES)]
        for part, packed in [(part, pack(part)) for part in parts]:
            self._view.put(self._queue_set(packed), part)

    def add(self, make: Callable[[int], Push], blobs: Mapping[str, bytes] | None = None) -> None:
        """Append the push that `make` returns for its id; `blobs` are those it names."""
        self._view.blobs.offer(blobs or {})
        self._outbox.add(make)

    def take(self) -> tuple[Push, ...]:
        """What to send now."""
        return self._outbox.take()

    def cut(self) -> None:
        """The connection has ended: all of it is to be sent again."""
        self._outbox.cut()

    # What becomes of them.

    def resume(self, acked: int, same_peer: bool) -> tuple[dict[int, int], list[Effect]]:
        """The room has let us in, and has the pushes up to an id: old to new ids where they differ, and the notes."""
        first = min((push.id for push in self._outbox), default=self._outbox.last_id + 1)
        renumbered = self._outbox.resume(acked, same_peer)
        effects: list[Effect] = []
        if same_peer:
            self._view.renumber(renumbered)
        else:
            self._acked = 0
            effects = self._view.begin_anew(first, renumbered)
        self._settle_blobs()
        if acked > self._acked:
            effects.append(Acked(acked))
        self._acked = acked
        return renumbered, effects

    def acknowledge(self, up_to: int) -> tuple[Push, ...]:
        """The room has the pushes up to an id; these."""
        done = self._outbox.acknowledge(up_to)
        self._settle_blobs()
        self._acked = max(self._acked, up_to)
        return done

    def forget(self, id: int) -> None:
        """The room has shown that it has this push."""
        self._outbox.drop(id)

    def refuse(self, refused: Refused) -> list[Effect]:
        """The room does not take a push, or its part for some keys: show what it has instead."""
        self._outbox.drop(refused.id, refused.keys)
        self._settle_blobs()
        return self._view.withdraw(refused.id, refused.keys)

    def _queue_set(self, packed: Packed) -> int:
        self._view.blobs.offer(packed.blobs)
        if (merged := self._outbox.merge(packed.changes, packed.sizes)) is not None:
            self._settle_blobs()
            return merged
        return self._outbox.add(lambda id: Set(id, packed.changes), packed.sizes)

    def _settle_blobs(self) -> None:
        if self._view.blobs.offered:
            self._view.blobs.settle(self._outbox.blobs())
