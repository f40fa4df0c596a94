"""The log of one room in memory: entries, what acts make of them, and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from cowidget.core.acts import act_of, body_of, refusal_of
from cowidget.core.effects import Entry, Hits, Ordered
from cowidget.core.frames import Page, Search
from cowidget.core.values import Edit, Erase, Refusal, Speech
from cowidget.stores import record, words


@dataclass(slots=True)
class LogShelf:
    """Entries are kept as bytes, so that nobody can change them afterwards."""

    _entries: list[bytes] = field(default_factory=list)
    _edits: dict[int, list[int]] = field(default_factory=dict)
    _words: dict[int, str] = field(default_factory=dict)

    @property
    def top(self) -> int:
        """The offset of the last entry."""
        return len(self._entries)

    def size(self) -> int:
        """The bytes of entries and words."""
        return sum(map(len, self._entries)) + sum(map(len, self._words.values()))

    def refusal(self, entry: Entry) -> Refusal | Literal[""]:
        """Why an entry has no effect (L7)."""
        act = act_of(entry)
        if act is None:
            return ""
        return refusal_of(entry, self.entry(act.entry) if 1 <= act.entry <= self.top else None)

    def add(self, entry: Entry, data: bytes) -> int:
        """Keep an entry that has an effect, and what it makes of others; by how many bytes this has grown."""
        self._entries.append(data)
        grown = len(data)
        match act_of(entry):
            case Edit(entry=target, text=text):
                self._edits.setdefault(target, []).append(self.top)
                return grown + self._remember(target, text)
            case Erase(entry=target):
                return grown + self._erase(target)
            case None:
                body = body_of(entry)
                if isinstance(body, Speech):
                    grown += self._remember(self.top, body.text)
        return grown

    def read(self, page: Page) -> list[Ordered]:
        """See `Store.read_log`."""
        if page.after is None:
            return self.last(self.top if page.before is None else page.before - 1, page.count)
        return record.read(enumerate(self._entries[page.after : page.after + page.count], page.after + 1))

    def last(self, stop: int, count: int) -> list[Ordered]:
        """Up to `count` entries, the last of which is the one at `stop`, in order."""
        stop = max(0, min(stop, self.top))
        newest_first = range(stop, max(0, stop - count), -1)
        return record.read((at, self._entries[at - 1]) for at in newest_first)[::-1]

    def entry(self, at: int) -> Entry:
        """What is at an offset that is there."""
        return record.decode(at, self._entries[at - 1]).entry

    def search(self, search: Search) -> Hits:
        """See `Store.search_log`."""
        wanted = words.needles(search.query)
        if not wanted:
            return Hits(())
        first, *others = wanted
        held = self._words
        stop = self.top if search.before is None else min(search.before - 1, self.top)
        likely = (at for at in range(stop, 0, -1) if first in held.get(at, ""))
        offsets = (at for at in likely if all(needle in held[at] for needle in others))
        found = list(islice(offsets, search.count + 1))
        return record.hits(self._as_edited(found), search.count, len(found))

    def _erase(self, target: int) -> int:
        grown = self._remember(target, "") + self._blank(target, 0)
        return grown + sum(self._blank(at, target) for at in self._edits.pop(target, ()))

    def _blank(self, at: int, edited: int) -> int:
        before = len(self._entries[at - 1])
        self._entries[at - 1] = record.encode(record.blank(self.entry(at), edited))
        return len(self._entries[at - 1]) - before

    def _remember(self, at: int, text: str) -> int:
        """What is said at an offset now; nothing is remembered of a text without words."""
        before = len(self._words.pop(at, ""))
        if known := words.padded(text):
            self._words[at] = known
        return len(known) - before

    def _as_edited(self, offsets: list[int]) -> Iterator[tuple[int, Entry]]:
        for at in offsets:
            edits = self._edits.get(at)
            yield at, record.as_edited(self.entry(at), self.entry(edits[-1]) if edits else None)
