"""What a widget's events add up to, for those who come later (PROTOCOL.md E4)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from ipywidgets import Widget

from cowidget.widgets.kinds.table import kind_of
from cowidget.widgets.values import plain

COUNT = "$events"
JOURNAL = "$journal"

# A newcomer has to fetch and replay them before the first picture: 4 MiB are a second on a fast line.
MAX_JOURNAL_BYTES = 4 << 20
MAX_JOURNAL_MESSAGES = 5000
# Twice a second is soon enough for newcomers, and seldom enough for those who are here and need none of it.
PAUSE = 0.5
# A snapshot of a large widget is taken less often: it may use this part of a core, and of this line (bytes/s).
_SHARE_OF_TIME = 0.05
_LINE = 1 << 20


class Tally:
    """Counts the events of one widget while it is shared, over new descriptions of its share.

    Messages that its kind wants kept are in the journal. That is bounded: when the messages since the last
    "clear" are more than `MAX_JOURNAL_BYTES` or `MAX_JOURNAL_MESSAGES`, the oldest of them are lost to newcomers,
    who see what the rest draws, until the widget clears.
    """

    def __init__(self, widget: Widget) -> None:
        self.count = 0
        self._widget = widget
        self._kind = kind_of(widget)
        self._journal: deque[tuple[list[Any], int]] = deque()
        self._bytes = 0
        self._taken = 0.0

    @property
    def adds_up(self) -> bool:
        """Whether events make up what the widget shows."""
        return self._kind.journal is not None or bool(self._kind.events and self._kind.snapshot)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys beside the widget's traits."""
        if self._kind.journal is not None:
            return (COUNT, JOURNAL)
        return (COUNT,) if self.adds_up else ()

    @property
    def pause(self) -> float:
        """Seconds from an event to the values that include it."""
        return max(PAUSE, self._taken / _SHARE_OF_TIME, self._bytes / _LINE)

    def receive_assignment(self) -> int:
        """An event trait was assigned: the event's number, 0 if these add up to nothing."""
        if self._kind.snapshot is None:
            return 0
        self.count += 1
        return self.count

    def receive_message(self, content: Any, buffers: Sequence[bytes]) -> int:
        """The widget sent a message to all: the event's number, 0 if it is none that counts."""
        verdict = self._kind.journal(content) if self._kind.journal is not None else False
        if not verdict:
            return 0
        self.count += 1
        if verdict == "clear":
            self._journal.clear()
            self._bytes = 0
        size = len(msgspec.msgpack.encode(content)) + sum(len(buffer) for buffer in buffers)
        self._journal.append(([content, list(buffers)], size))
        self._bytes += size
        while self._bytes > MAX_JOURNAL_BYTES or len(self._journal) > MAX_JOURNAL_MESSAGES:
            self._bytes -= self._journal.popleft()[1]
        return self.count

    def snapshot(self) -> dict[str, Any]:
        """What newcomers are given in place of the traits' own values.

        Raises:
            Exception: the widget's own code, or a value that cannot travel.
        """
        if self._kind.snapshot is None:
            return {}
        begun = time.perf_counter()
        values: Mapping[str, Any] = self._kind.snapshot(self._widget)
        taken = {trait: plain(value) for trait, value in values.items()}
        self._taken = time.perf_counter() - begun
        return taken

    def values(self) -> dict[str, Any]:
        """The keys' values."""
        journal = [entry for entry, _ in self._journal]
        return {key: self.count if key == COUNT else journal for key in self.keys}
