"""The part of a room's log that a client holds: one run without gaps (L2, L3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cowidget.core.acts import blanked
from cowidget.core.frames import Page, Post, Push, Said
from cowidget.core.messages import Message, Messages
from cowidget.core.notes import MessagesChanged
from cowidget.core.values import Act, Body, LogEntry, Position

CATCH_UP = 200
"""Entries per page while catching up: the most that `Page` admits."""


class Transcript:
    """Entries in order. Live entries that do not continue them are put aside until pages have filled the gap."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.older = False
        self._messages = Messages()
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
            self.entries, self.older, self._messages = [], False, Messages()
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
            self._messages = Messages()
            self._blank(self._messages.add(said.entries))
            self.cut()
            return tuple(self.entries), self._next_page(said.more)
        if self._is_older(said):
            self._paging_back, self.older = False, said.older
            self.entries[:0] = said.entries
            self._blank(self._messages.add(said.entries, older=True))
            return tuple(self.entries[: len(said.entries)]), None
        if not said.entries:
            self._paging = False
            return (), None
        if said.entries[0].at <= self._next():
            self._paging = False
        self._aside.update((entry.at, entry) for entry in said.entries if entry.at >= self._next())
        held = len(self.entries)
        while (entry := self._aside.pop(self._next(), None)) is not None:
            self.entries.append(entry)
        self._blank(self._messages.add(self.entries[held:]))
        return tuple(self.entries[held:]), self._next_page(said.more)

    def shown(self, peer: str, pushes: Iterable[Push]) -> tuple[Message, ...]:
        """The messages as they are after all acts, those of these pushes of ours included."""
        return self._messages.shown(peer, _acts_in(push.body for push in pushes if isinstance(push, Post)))

    def changed(self, bodies: Iterable[Body]) -> list[MessagesChanged]:
        """The note for the messages that acts among these bodies are about, if any are held."""
        offsets = dict.fromkeys(act.entry for act in _acts_in(bodies) if act.entry in self._messages)
        return [MessagesChanged(tuple(offsets))] if offsets else []

    def _blank(self, gone: Iterable[int]) -> None:
        first = self.entries[0].at if self.entries else 0
        for at in gone:
            if first <= at < self._next():
                self.entries[at - first] = blanked(self.entries[at - first])

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


def _acts_in(bodies: Iterable[Body]) -> list[Act]:
    return [body for body in bodies if isinstance(body, Act)]
