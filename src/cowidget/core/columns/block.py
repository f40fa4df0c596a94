"""What a block holds: consecutive rows of a feed, or bins over them; how rows are cut and joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Values = Array | list[str]


class BlockError(ValueError):
    """These bytes are no block, or these columns do not make one."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows `[first, first + count)`. Column 0 is the time; the others as the feed's spec numbers them.

    Numbers are float64, singles float32, integers int64 arrays, text is a list. Arrays that `decode` made may be
    read-only. A column of the feed that is not in `columns` is NaN, or "", in each of these rows.
    """

    first: int
    columns: dict[int, Values]
    sent: float = 0.0

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.columns[0])

    @property
    def end(self) -> int:
        """The number of the row that follows."""
        return self.first + len(self.columns[0])

    @property
    def time(self) -> Array:
        """When: Unix seconds, float64."""
        times = self.columns[0]
        if isinstance(times, list):
            raise BlockError("time is text")
        return times


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of `16**level` rows each, from row `first` on: the time of a bin's first row, each column's extremes.

    NaN where a bin has no value of a column; a column of text has no extremes.
    """

    first: int
    level: int
    time: Array
    low: dict[int, Array]
    high: dict[int, Array]
    sent: float = 0.0

    @property
    def count(self) -> int:
        """How many bins there are."""
        return len(self.time)


@dataclass(frozen=True, slots=True)
class Head:
    """What a block says about itself before anything of it is decoded; `count` counts rows, or bins."""

    kind: Literal["rows", "bins"]
    level: int
    first: int
    count: int
    sent: float


def slice_block(block: Block, first: int, last: int) -> Block:
    """The part of `block` that is in `[first, last)`, which are row numbers; perhaps no rows. Nothing is copied."""
    start = max(first - block.first, 0)
    stop = max(last - block.first, start)
    columns = {column: values[start:stop] for column, values in block.columns.items()}
    return replace(block, first=block.first + min(start, block.count), columns=columns)


def concat(blocks: Sequence[Block]) -> Block:
    """One block of all these rows; `sent` is that of the last.

    A column that some of them lack is NaN or "" there, which makes an integer column a float64 one.

    Raises:
        BlockError: there are none, they do not follow each other, or a column is text in one and not in another.
    """
    if not blocks:
        raise BlockError("no blocks to join")
    if len(blocks) == 1:
        return blocks[0]
    for one, following in pairwise(blocks):
        if one.end != following.first:
            raise BlockError(f"row {following.first} follows row {one.end - 1}")
    names = dict.fromkeys(column for block in blocks for column in block.columns)
    columns = {column: _joined([(block.columns.get(column), block.count) for block in blocks]) for column in names}
    return Block(blocks[0].first, columns, blocks[-1].sent)


def _joined(pieces: Sequence[tuple[Values | None, int]]) -> Values:
    present = [values for values, _ in pieces if values is not None]
    if all(isinstance(values, list) for values in present):
        return [word for values, count in pieces for word in (values if isinstance(values, list) else [""] * count)]
    if any(isinstance(values, list) for values in present):
        raise BlockError("a column is text in one block and numbers in another")
    single = all(isinstance(values, np.ndarray) and values.dtype == np.float32 for values in present)
    missing = np.float32 if single else np.float64
    filled = [np.full(count, np.nan, missing) if values is None else values for values, count in pieces if count]
    return np.concatenate(filled or present)  # an empty array would still decide the type
