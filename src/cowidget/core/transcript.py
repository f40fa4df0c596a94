"""The part of a room's log that a client holds: one run without gaps (L2, L3)."""

from __future__ import annotations

from collections.abc import Sequence

from cowidget.core.frames import Page, Said
from cowidget.core.values import LogEntry, Position

CATCH_UP = 200
"""Entries per page while catching up: the most that `Page` admits."""


class Transcript:
    """Entries in order. Live entries that do not continue them are put aside until pages have filled the gap."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.older = False
        self._epoch: str | None = None
        self._aside: dict[int, LogEntry] = {}
        self._paging = False
        self._paging_back = False

    @property
    def position(self) -> Position | None:
        """Where the entries end, or None while there are none."""
        if self._epoch is None or not self.entries:
            return None
        return Position(self._epoch, self.entries[-1].at)

    def cut(self) -> None:
        """The connection has ended: pages that were asked for do not come, live entries come again."""
        self._aside.clear()
        self._paging = self._paging_back = False

    def open(self, epoch: str) -> bool:
        """A welcome names the epoch; whether it made everything void."""
        void = epoch != self._epoch and bool(self.entries)
        if epoch != self._epoch:
            self.entries, self.older = [], False
        self._epoch = epoch
        return void

    def page_back(self, count: int) -> Page | None:
        """Ask for older entries, unless there are none or they are on their way."""
        if not self.older or not self.entries or self._paging_back:
            return None
        self._paging_back = True
        return Page(before=self.entries[0].at, count=count)

    def receive(self, said: Said) -> tuple[Sequence[LogEntry], Page | None]:
        """Take entries: those that are new in the run, and the page that its gap needs."""
        if said.reset:
            self.entries, self.older = list(said.entries), said.older
            self.cut()
            return tuple(said.entries), self._next_page(said.more)
        if self._is_older(said):
            self._paging_back, self.older = False, said.older
            self.entries[:0] = said.entries
            return said.entries, None
        if not said.entries:
            self._paging = False
            return (), None
        if said.entries[0].at <= self._next():
            self._paging = False
        self._aside.update((entry.at, entry) for entry in said.entries if entry.at >= self._next())
        grown = []
        while (entry := self._aside.pop(self._next(), None)) is not None:
            self.entries.append(entry)
            grown.append(entry)
        return tuple(grown), self._next_page(said.more)

    def _next(self) -> int:
        return self.entries[-1].at + 1 if self.entries else 1

    def _is_older(self, said: Said) -> bool:
        if not self._paging_back or not self.entries:
            return False
        return not said.entries or said.entries[-1].at == self.entries[0].at - 1

    def _next_page(self, more: bool) -> Page | None:
        if self._paging or not (more or self._aside):
            return None
        self._paging = True
        return Page(after=self._next() - 1, count=CATCH_UP)
