"""Values between a kernel's cells and its link thread, newest per key in both directions.

The race it closes: a cell sets a trait while a guest's write to it waits to be applied. The cell's value is
the later one for the widget, but only when the room has ordered the cell's push is it known which came last
for everybody. So a key with a push of ours on its way is not applied before that is known.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Write:
    """A guest's write that waits for its owner's decision."""

    key: str
    version: int
    value: Any


class Exchange:
    """Safe on any thread; calls nothing while its lock is held."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outgoing: dict[str, Any] = {}
        self._waiting: dict[str, Write] = {}

    @property
    def waiting(self) -> int:
        """How many of the guests' writes are not applied yet."""
        return len(self._waiting)

    # The application's side.

    def send(self, values: Mapping[str, Any]) -> bool:
        """Own values leave; True if nobody has been asked to `collect` them yet."""
        with self._lock:
            first = not self._outgoing
            self._outgoing.update(values)
            return first

    def take(self, mine: Callable[[str], bool]) -> list[Write]:
        """The writes to apply now, of the keys that are `mine`. Those that cross a value of ours are left out."""
        with self._lock:
            taken = [self._waiting.pop(key) for key in list(self._waiting) if mine(key)]
            return [write for write in taken if write.key not in self._outgoing]

    # The link's side.

    def collect(self) -> dict[str, Any]:
        """Own values for the replica, which says from then on whether they are outstanding."""
        with self._lock:
            collected, self._outgoing = self._outgoing, {}
            for key in collected:
                self._waiting.pop(key, None)
            return collected

    def put(self, write: Write) -> None:
        """A write to apply; it replaces an older one of its key."""
        with self._lock:
            self._waiting.pop(write.key, None)
            self._waiting[write.key] = write

    def drop(self, key: str) -> None:
        """The key has been decided, or something of ours is on its way."""
        with self._lock:
            self._waiting.pop(key, None)
