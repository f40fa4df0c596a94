"""Rows to blocks: cell by cell becomes column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from cowidget.core.columns import Block, Values
from cowidget.core.feed_values import Column
from cowidget.feeds.fields import Row
from cowidget.feeds.values import Cell

# Rows of a block at most; a frame's block may have 512 KiB, and a number has 8 bytes.
MAX_ROWS = 1 << 14
RAW_BYTES = 480 * 1024


def blocks_of(columns: Sequence[Column], rows: Sequence[Row], sent: float) -> Iterator[Block]:
    """The rows as blocks in order, numbered from 0.

    An integer has no way to be missing, so rows without it are a block of their own that lacks the column. Rows from
    before a column was there have fewer cells; they lack it, too.
    """
    integers = tuple(at for at, column in enumerate(columns) if column.type == "integer")
    most = min(MAX_ROWS, RAW_BYTES // (8 * (len(columns) + 1)))
    first = 0
    for lacking, group in groupby(rows, key=lambda row: _lacking(row, integers)):
        alike = list(group)
        for at in range(0, len(alike), most):
            part = alike[at : at + most]
            yield Block(first, _columns(columns, part, lacking), sent)
            first += len(part)


def gap_at(time: float) -> Block:
    """One row in which every column is missing: what follows does not join what came before."""
    return Block(0, {0: np.array([time], np.float64)}, time)


def _lacking(row: Row, integers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(at for at in integers if at >= len(row.cells) or row.cells[at] is None)


def _columns(columns: Sequence[Column], rows: Sequence[Row], lacking: tuple[int, ...]) -> dict[int, Values]:
    made: dict[int, Values] = {0: np.array([row.time for row in rows], np.float64)}
    for at, column in enumerate(columns):
        if at not in lacking:
            cells = [row.cells[at] if at < len(row.cells) else None for row in rows]
            made[at + 1] = _values(column, cells)
    return made


def _values(column: Column, cells: list[Cell]) -> Values:
    match column.type:
        case "text":
            return ["" if cell is None else str(cell) for cell in cells]
        case "integer":
            return np.array(cells, np.int64)
        case "single":
            return np.array(cells, np.float32)  # None becomes NaN
    return np.array(cells, np.float64)
