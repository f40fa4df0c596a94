"""The rows of one feed on their way to the relay: numbered, kept until it has them, sent again when it lost them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cowidget.core.columns import Block, encode, slice_block

# Bytes under way at most. More: memory, when the relay stands still. Less: a fast source waits for a slow store.
WINDOW_BYTES = 8 << 20
# Of a frame (`Block` in the frame's type).
MAX_BLOCK_BYTES = 1 << 19


@dataclass(frozen=True, slots=True)
class _Held:
    block: Block
    data: bytes


class Outgoing:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._held: deque[_Held] = deque()
        self._bytes = 0
        # How many of those that are held were handed out by `take`, from the left.
        self._under_way = 0
        self._end: int | None = None
        self._epoch: str | None = None
        self._fed = -1
        self._room = asyncio.Event()

    @property
    def ready(self) -> asyncio.Event:
        """Set while rows can be taken."""
        return self._room

    def push(self, blocks: Iterable[Block]) -> None:
        """More rows; their numbers are given here."""
        if self._end is None:
            raise AssertionError("rows before it is known where they begin")
        for block in blocks:
            self._hold(replace(block, first=self._end))
        self._notice_room()

    def take(self) -> list[bytes]:
        """The blocks that have not been sent on this connection."""
        taken = [held.data for held in list(self._held)[self._under_way :]]
        self._under_way = len(self._held)
        return taken

    def receive_place(self, end: int) -> None:
        """The relay has told, at the beginning of a connection or anew, that the next row is `end`."""
        self._drop_to(end)
        if not self._held or self._held[0].block.first > end:
            # What it had, it has no more; what we hold follows what is there now.
            self._number(end)
        self._under_way = 0
        self._fed = -1
        self._notice_room()

    def receive_fed(self, epoch: str, end: int) -> None:
        """The relay has the rows up to `end`."""
        if self._epoch is not None and epoch != self._epoch:
            self._number(end)
            self._under_way = 0
        elif end == self._fed and self._held:
            # Nothing came of what was sent last: a block before it is missing there.
            self._under_way = 0
        self._epoch, self._fed = epoch, end
        self._drop_to(end)
        self._end = max(self._end or 0, end)
        self._notice_room()

    def _hold(self, block: Block) -> None:
        data = encode(block)
        if len(data) > MAX_BLOCK_BYTES and block.count > 1:
            middle = block.first + block.count // 2
            self._hold(slice_block(block, block.first, middle))
            self._hold(slice_block(block, middle, block.end))
            return
        self._held.append(_Held(block, data))
        self._bytes += len(data)
        self._end = block.end

    def _drop_to(self, end: int) -> None:
        while self._held and self._held[0].block.end <= end:
            self._bytes -= len(self._held.popleft().data)
            self._under_way = max(self._under_way - 1, 0)

    def _number(self, first: int) -> None:
        """Give the rows that are held new numbers, from `first` on."""
        blocks = [held.block for held in self._held]
        self._held.clear()
        self._bytes = 0
        self._end = first
        for block in blocks:
            self._hold(replace(block, first=self._end))

    def _notice_room(self) -> None:
        if self._end is not None and self._bytes < WINDOW_BYTES:
            self._room.set()
        else:
            self._room.clear()
