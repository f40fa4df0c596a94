"""The kept rows of a feed: sealed chunks, then open blocks as they came. Rows keep their numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cowidget.core import columns, limits
from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedSpec
from cowidget.core.feeds.changes import KeptRows


@dataclass(slots=True)
class Chunk:
    """Sealed rows. `data` is None when only the store has it."""

    first: int
    end: int
    last_time: float
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Open:
    """Rows that are not sealed yet: their bytes, and what is in them."""

    block: Block
    data: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks in order that hold the rows `[first, end)`; None if they must be read from the store."""

    first: int
    end: int
    blocks: tuple[bytes, ...] | None


class Ring:
    """Rows `[first, end)`."""

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._open: list[Open] = []
        self._bytes = 0
        self._evicted = 0
        self._merged: tuple[int, int, bytes] | None = None
        self.first = 0
        self.end = 0
        self.last_time = float("-inf")

    # Rows come.

    def add(self, block: Block, data: bytes) -> None:
        """The rows that follow."""
        if self.end == self.first and not self._chunks and not self._open:
            self.first = block.first
        self._open.append(Open(block, data))
        self._advance(block)

    def load(self, kept: KeptRows, block: Block) -> None:
        """Rows as the store has them, in order."""
        if not kept.sealed:
            self.add(block, kept.data)
            return
        if not self._chunks:
            self.first = block.first
        self._take(kept, block.end, float(block.time[-1]))
        self._advance(block)

    def seal(self, chunks: Sequence[KeptRows]) -> None:
        """The store has these sealed blocks in place of the open ones that hold the same rows."""
        last = chunks[-1].first + columns.head(chunks[-1].data).count
        ends = [chunk.first for chunk in chunks[1:]] + [last]
        for chunk, end in zip(chunks, ends, strict=True):
            block = self._open[self._open_at(end - 1)].block
            self._take(chunk, end, float(block.time[end - 1 - block.first]))
        del self._open[: self._open_at(last - 1) + 1]

    def to_seal(self, rows: int) -> tuple[Block, ...]:
        """The open rows, when they are enough for a chunk of so many."""
        size = sum(len(each.data) for each in self._open) if len(self._open) < rows else 0
        if self.end - self.first_open < rows and size < limits.CHUNK_RAW_BYTES:
            return ()
        return tuple(each.block for each in self._open)

    def drop(self, spec: FeedSpec) -> bool:
        """Drop the chunks that need not be kept; whether there were any."""
        keep = min(spec.keep_rows, limits.MAX_KEPT_ROWS)
        oldest = self.last_time - spec.keep_seconds if spec.keep_seconds else float("-inf")
        count = 0
        for chunk in self._chunks:
            if self.end - chunk.end < keep and chunk.last_time >= oldest:
                break
            count += 1
            self._bytes -= len(chunk.data or b"")
        if not count:
            return False
        del self._chunks[:count]
        self._evicted = max(0, self._evicted - count)
        self.first = self._chunks[0].first if self._chunks else self.first_open
        return True

    # Rows are asked for.

    @property
    def first_open(self) -> int:
        """The first row that is not sealed."""
        return self._open[0].block.first if self._open else self.end

    def newest(self) -> int:
        """Where the newest rows begin that can be sent as they came."""
        if self._open:
            return self._open[-1].block.first
        # Within the last chunk, however short it is: what follows ends with the last row.
        return max(self._chunks[-1].first, self.end - limits.CHUNK_ROWS // 16) if self._chunks else self.end

    def last_row(self) -> bytes:
        """The last row, as a block."""
        last = self.end - 1
        if last >= self.first_open:
            block = self._open[self._open_at(last)].block
        else:
            data = self._chunks[-1].data
            if data is None:
                raise AssertionError("the last chunk stays in memory")
            block = _rows_in(data)
        return columns.encode(columns.slice_block(block, last, self.end))

    def following(self, at: int) -> tuple[bytes, int] | None:
        """One block that begins with row `at`, and its end; None when the bytes are only in the store."""
        if at < self.first_open:
            chunk = self._chunks[bisect_right(self._chunks, at, key=_first_of_chunk) - 1]
            if chunk.data is None:
                return None
            return _cut(chunk.data, chunk.first, at), chunk.end
        found = self._open[self._open_at(at)]
        data = (
            found.data
            if found.block.first == at
            else columns.encode(columns.slice_block(found.block, at, found.block.end))
        )
        return data, found.block.end

    def part(self, at: int, last: int) -> Part:
        """Some of the rows `[at, last)`, from the first of them on, as a fetch brings them."""
        if at < self.first_open:
            return self._sealed_part(at, last)
        blocks: list[bytes] = []
        size, stop = 0, at
        for end, data in self._joined(at, last):
            if blocks and size + len(data) > limits.FETCH_BYTES:
                break
            blocks.append(data)
            size += len(data)
            stop = end
        return Part(at, stop, tuple(blocks))

    def _sealed_part(self, at: int, last: int) -> Part:
        start = index = bisect_right(self._chunks, at, key=_first_of_chunk) - 1
        size = 0
        blocks: list[bytes] = []
        while index < len(self._chunks) and (chunk := self._chunks[index]).first < last:
            if chunk.data is None or (blocks and size + len(chunk.data) > limits.FETCH_BYTES):
                break
            blocks.append(chunk.data)
            size += len(chunk.data)
            index += 1
        if index == start:
            return Part(self._chunks[start].first, self._chunks[start].end, None)
        return Part(at, self._chunks[index - 1].end, tuple(blocks))

    def _joined(self, at: int, last: int) -> Iterator[tuple[int, bytes]]:
        """The open rows `[at, last)`: large blocks as they came, small ones joined."""
        small: list[Block] = []
        for each in self._open[self._open_at(at) :]:
            if each.block.first >= last:
                break
            if len(each.data) >= limits.FETCH_BYTES // 8:
                yield from self._join(small)
                small = []
                yield each.block.end, each.data
            else:
                small.append(each.block)
                if len(small) and each.block.end - small[0].first >= limits.CHUNK_ROWS // 2:
                    yield from self._join(small)
                    small = []
        yield from self._join(small)

    def _join(self, blocks: list[Block]) -> Iterator[tuple[int, bytes]]:
        if not blocks:
            return
        first, end = blocks[0].first, blocks[-1].end
        # Many who join at once ask for the same.
        if self._merged is None or self._merged[:2] != (first, end):
            self._merged = (first, end, columns.encode(columns.concat(blocks)))
        yield end, self._merged[2]

    # Bookkeeping.

    def _open_at(self, row: int) -> int:
        return bisect_right(self._open, row, key=_first_of_open) - 1

    def _advance(self, block: Block) -> None:
        self.end = block.end
        if block.count:
            self.last_time = float(block.time[-1])

    def _take(self, kept: KeptRows, end: int, last_time: float) -> None:
        self._chunks.append(Chunk(kept.first, end, last_time, kept.data))
        self._bytes += len(kept.data)
        while self._bytes > limits.FEED_MEMORY_BYTES and self._evicted < len(self._chunks) - 1:
            oldest = self._chunks[self._evicted]
            self._bytes -= len(oldest.data or b"")
            oldest.data = None
            self._evicted += 1


def chunk_rows(spec: FeedSpec) -> int:
    """How many rows of a feed make a chunk."""
    return max(16, min(limits.CHUNK_ROWS, limits.CHUNK_RAW_BYTES // (8 * (len(spec.columns) + 1))))


def seal(blocks: Sequence[Block], rows: int) -> tuple[KeptRows, ...]:
    """Consecutive blocks as sealed chunks of at most so many rows. This takes a millisecond for each."""
    whole = columns.concat(blocks)
    starts = range(whole.first, whole.end, rows)
    return tuple(kept for start in starts for kept in _sealed(columns.slice_block(whole, start, start + rows)))


def _sealed(block: Block) -> Iterator[KeptRows]:
    data = columns.encode(block, deflate=True)
    if len(data) <= limits.MAX_BLOCK_BYTES or block.count == 1:
        yield KeptRows(block.first, data, sealed=True)
        return
    # Text with long words.
    middle = block.first + block.count // 2
    yield from _sealed(columns.slice_block(block, block.first, middle))
    yield from _sealed(columns.slice_block(block, middle, block.end))


def _cut(data: bytes, first: int, at: int) -> bytes:
    if first == at:
        return data
    block = _rows_in(data)
    return columns.encode(columns.slice_block(block, at, block.end))


def _rows_in(data: bytes) -> Block:
    block = columns.decode(data)
    if not isinstance(block, Block):
        raise AssertionError("chunks hold rows")
    return block


def _first_of_chunk(chunk: Chunk) -> int:
    return chunk.first


def _first_of_open(each: Open) -> int:
    return each.block.first
