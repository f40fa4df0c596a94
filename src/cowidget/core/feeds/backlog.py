"""Rows that a room has of an earlier life of a feed, for a producer that wants to read them."""

from __future__ import annotations

from collections.abc import Iterator

from cowidget.core.columns import Block, decode, slice_block
from cowidget.core.frames import Fetch, Fetched

# As a viewer's.
FETCH_ROWS = 65_536


class Backlog:
    """Gets the rows before `end`, newest first, until there are no more.

    Attributes:
        complete: all that the room has are here.
    """

    def __init__(self, feed: str, end: int, fetches: Iterator[int]) -> None:
        self.complete = end <= 0
        self._feed = feed
        self._fetches = fetches
        self._at = end
        self._asked = 0
        self._first = end

    def ask(self) -> list[Fetch]:
        """Ask for the next rows, also again after a new welcome."""
        if self.complete:
            return []
        self._asked = next(self._fetches)
        return [Fetch(self._feed, self._asked, max(self._at - FETCH_ROWS, 0), self._at)]

    def receive(self, fetched: Fetched) -> tuple[list[Block], list[Fetch]]:
        """Rows that are new, and what to ask for next."""
        if fetched.feed != self._feed or fetched.id != self._asked:
            return [], []
        fresh = []
        for data in fetched.blocks:
            block = decode(data)
            if isinstance(block, Block):
                fresh.append(slice_block(block, max(self._at - FETCH_ROWS, 0), self._at))
        came = [block for block in fresh if block.count]
        self._first = min([self._first, *(block.first for block in came)])
        if fetched.more:
            return came, []
        # An answer that does not reach down to what was asked for is the last one: the room keeps only so much.
        self.complete = self._first > max(self._at - FETCH_ROWS, 0) or self._first == 0
        self._at = self._first
        return came, self.ask()
