"""The feeds of one room in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from cowidget.core.feeds.changes import DropFeed, DropRows, FeedChange, FeedRecord, KeptRows, PutFeed, PutRows, SealRows


@dataclass(slots=True)
class KeptFeed:
    """One feed, its blocks in order."""

    record: FeedRecord
    blocks: list[KeptRows] = field(default_factory=list)


class FeedShelf:
    """What the memory store keeps of a room's feeds."""

    def __init__(self) -> None:
        self._feeds: dict[str, KeptFeed] = {}

    def records(self) -> list[FeedRecord]:
        """The feeds."""
        return [kept.record for kept in self._feeds.values()]

    def size(self) -> int:
        """The bytes of all blocks."""
        return sum(len(block.data) for kept in self._feeds.values() for block in kept.blocks)

    def apply(self, changes: Iterable[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        for change in changes:
            if isinstance(change, PutFeed):
                self._put(change)
            elif (kept := self._feeds.get(change.feed)) is not None:
                self._change(kept, change)

    def read(self, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        kept = self._feeds.get(feed)
        blocks: list[KeptRows] = []
        size = 0
        for block in kept.blocks[_at(kept.blocks, first) : _at(kept.blocks, last)] if kept is not None else ():
            size += len(block.data)
            if blocks and size > max_bytes:
                break
            blocks.append(block)
        return blocks

    def _put(self, change: PutFeed) -> None:
        kept = self._feeds.setdefault(change.record.name, KeptFeed(change.record))
        kept.record = change.record
        if change.anew:
            kept.blocks.clear()

    def _change(self, kept: KeptFeed, change: PutRows | SealRows | DropRows | DropFeed) -> None:
        blocks = kept.blocks
        match change:
            case PutRows(data=data, block=block):
                at = _at(blocks, block.first)
                blocks[at : _at(blocks, block.first + 1)] = [KeptRows(block.first, data)]
            case SealRows(first=first, last=last, chunks=chunks):
                blocks[_at(blocks, first) : _at(blocks, last)] = chunks
            case DropRows(before=before):
                del blocks[: _at(blocks, before)]
            case DropFeed(feed=name):
                del self._feeds[name]


def grown(changes: Iterable[FeedChange]) -> int:
    """The bytes that these changes bring."""
    return sum(_bytes_of(change) for change in changes)


def _bytes_of(change: FeedChange) -> int:
    match change:
        case PutRows(data=data):
            return len(data)
        case SealRows(chunks=chunks):
            return sum(len(chunk.data) for chunk in chunks)
    return 0


def _at(blocks: list[KeptRows], row: int) -> int:
    return bisect_left(blocks, row, key=_first)


def _first(block: KeptRows) -> int:
    return block.first
