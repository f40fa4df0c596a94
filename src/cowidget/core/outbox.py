"""A client's pushes from the moment they are made until the room has them (S3, S4, S8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from cowidget.core.frames import Push, Set
from cowidget.core.packing import PUSH_BYTES
from cowidget.core.references import blobs_of, without
from cowidget.core.values import Change

WINDOW = 64
"""Pushes on their way at once. More: a slow line is filled with values that are old when they arrive, where
they could have been joined here. Fewer: a fast drag (60 a second) waits for a far relay (1 s)."""

MOST_CHANGES = 1000
"""As many as `Set` admits."""


@dataclass(slots=True)
class Outgoing:
    """One push on its way.

    Attributes:
        push: the frame.
        sizes: the inline bytes of a set's keys.
        tried: it was sent at least once, so the relay may know its id.
        in_flight: it was sent over the present connection.
    """

    push: Push
    sizes: dict[str, int] = field(default_factory=dict)
    tried: bool = False
    in_flight: bool = False


class Outbox:
    """Pushes in the order of their ids; those that were sent come before those that were not."""

    def __init__(self) -> None:
        self.last_id = 0
        self._waiting: list[Outgoing] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Push]:
        return (outgoing.push for outgoing in self._waiting)

    @property
    def tried(self) -> int:
        """How many, from the first, were sent at least once."""
        return sum(outgoing.tried for outgoing in self._waiting)

    def restore(self, last_id: int, pushes: Iterable[Push], tried: int) -> None:
        """Take over what another life of this client left behind."""
        self.last_id = last_id
        self._waiting = [Outgoing(push, tried=n < tried) for n, push in enumerate(pushes)]

    def add(self, make: Callable[[int], Push], sizes: Mapping[str, int] | None = None) -> int:
        """Append the push that `make` returns for its id; the id."""
        self.last_id += 1
        self._waiting.append(Outgoing(make(self.last_id), dict(sizes or {})))
        return self.last_id

    def merge(self, changes: Iterable[Change], sizes: Mapping[str, int]) -> int | None:
        """Put changes into the last push: its id, or None unless that is an unsent set with room for them.

        Only the last one: an earlier set would move before the pushes between.
        """
        last = self._waiting[-1] if self._waiting else None
        if last is None or last.tried or not isinstance(last.push, Set):
            return None
        joined = {change.key: change for change in (*last.push.changes, *changes)}
        total = {**last.sizes, **sizes}
        if len(joined) > MOST_CHANGES or sum(total.values()) > PUSH_BYTES:
            return None
        last.push, last.sizes = Set(last.push.id, tuple(joined.values())), total
        return last.push.id

    def take(self) -> tuple[Push, ...]:
        """What to send now, within the window."""
        free = WINDOW - sum(outgoing.in_flight for outgoing in self._waiting)
        taken = [outgoing for outgoing in self._waiting if not outgoing.in_flight][: max(free, 0)]
        for outgoing in taken:
            outgoing.tried = outgoing.in_flight = True
        return tuple(outgoing.push for outgoing in taken)

    def acknowledge(self, up_to: int) -> tuple[Push, ...]:
        """Forget the pushes up to an id; these."""
        done = tuple(push for push in self if push.id <= up_to)
        self._waiting = [outgoing for outgoing in self._waiting if outgoing.push.id > up_to]
        return done

    def drop(self, id: int, keys: tuple[str, ...] = ()) -> bool:
        """Forget one push, or its changes for `keys`; whether it was there."""
        for n, outgoing in enumerate(self._waiting):
            if outgoing.push.id == id:
                rest = without(outgoing.push, keys)
                if rest is None:
                    del self._waiting[n]
                else:
                    outgoing.push = rest
                return True
        return False

    def cut(self) -> None:
        """The connection has ended: all of it is to be sent again."""
        for outgoing in self._waiting:
            outgoing.in_flight = False

    def resume(self, acked: int, same_peer: bool) -> dict[int, int]:
        """Forget what the welcome acknowledges and number the rest: old to new ids where they differ.

        Under another peer all ids are free again (S8). Under the same one only those of pushes that were
        never sent: they follow what the relay has, even when a restored outbox knew less than it.
        """
        if same_peer:
            self._waiting = [out for out in self._waiting if not out.tried or out.push.id > acked]
        fixed = [out.push.id for out in self._waiting if out.tried and same_peer]
        self.last_id = max([acked, *fixed])
        renumbered = {}
        for outgoing in self._waiting:
            if not (outgoing.tried and same_peer):
                self.last_id += 1
                if outgoing.push.id != self.last_id:
                    renumbered[outgoing.push.id] = self.last_id
                    outgoing.push = replace(outgoing.push, id=self.last_id)
        return renumbered

    def blobs(self) -> set[str]:
        """The blobs that waiting pushes name."""
        return {blob for push in self for blob in blobs_of(push)}
