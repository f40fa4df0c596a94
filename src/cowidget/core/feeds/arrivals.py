"""A feed as its producer sees it: what has been taken from it, and may still be on its way to the store (F2-F4)."""

from __future__ import annotations

from math import inf

import numpy as np
from msgspec.structs import replace

from cowidget.core import closing, columns, limits
from cowidget.core.columns import Block, BlockError
from cowidget.core.feed_values import FeedSpec
from cowidget.core.feeds.changes import FeedRecord, PutRows
from cowidget.errors import FrameError


class Arrivals:
    """What a feed will be when the store has done all that it was asked.

    Attributes:
        record: the feed; None when there is none.
        end: the number that the next row gets.
        producer: the connection that declared it last.
    """

    def __init__(self, record: FeedRecord | None = None, end: int = 0, last_time: float = -inf) -> None:
        self.record = record
        self.end = end
        self.producer = ""
        self._last_time = last_time
        self._asked: tuple[str, int] | None = None

    def begin(self, record: FeedRecord | None) -> None:
        """The feed is another one now, or none: without rows."""
        self.record, self.end, self._last_time, self._asked = record, 0, -inf, None

    def take(self, data: bytes, by: str) -> PutRows | None:
        """The part of a block that follows what is there, if there is one.

        Raises:
            FrameError: it is not a block of this feed.
        """
        try:
            about = columns.head(data)
            if about.kind != "rows" or about.count > limits.MAX_BLOCK_ROWS:
                raise FrameError(closing.TOO_LARGE, f"a block of {about.count} {about.kind}")
            if about.first > self.end or about.first + about.count <= self.end:
                return None
            block = columns.decode(data)
        except BlockError as error:
            raise FrameError(closing.UNDECODABLE, f"not a block: {error}") from error
        if not isinstance(block, Block):
            raise AssertionError("its head says rows")
        self._check(block)
        fitted = self._fitted(block)
        self.end, self._last_time, self._asked = fitted.end, float(fitted.time[-1]), None
        return PutRows(about_feed(self.record), data if fitted is block else columns.encode(fitted), fitted, by)

    def must_ask(self, by: str) -> bool:
        """Whether a producer has still to be told where the rows end, once for each hole that it leaves."""
        asked, self._asked = self._asked, (by, self.end)
        return asked != self._asked

    def _check(self, block: Block) -> None:
        spec = about(self.record).spec
        for number, values in block.columns.items():
            if number > len(spec.columns):
                raise FrameError(closing.UNDECODABLE, f"a row with a column {number} of {len(spec.columns)}")
            if number and isinstance(values, list) != (spec.columns[number - 1].type == "text"):
                raise FrameError(closing.UNDECODABLE, f"column {number} is of another type")

    def _fitted(self, block: Block) -> Block:
        """The rows that are new, with times that do not go back."""
        if block.first < self.end:
            block = columns.slice_block(block, self.end, block.end)
        time = block.time
        ascends = time[0] >= self._last_time and bool((time[1:] >= time[:-1]).all())
        if ascends and np.isfinite(time[0]) and np.isfinite(time[-1]):
            return block
        floor = self._last_time if self._last_time > -inf else block.sent
        raised = np.maximum.accumulate(np.where(np.isfinite(time), np.maximum(time, floor), floor))
        return Block(block.first, block.columns | {0: raised}, block.sent)


def about(record: FeedRecord | None) -> FeedRecord:
    """The record of a feed that is there."""
    if record is None:
        raise AssertionError("only a feed that is there takes rows")
    return record


def about_feed(record: FeedRecord | None) -> str:
    """The name of a feed that is there."""
    return about(record).name


def continues(before: FeedSpec, after: FeedSpec) -> bool:
    """Whether a feed with the columns of `after` can go on with the rows of `before`."""
    width = len(before.columns)
    same = [(column.name, column.type) for column in after.columns[:width]]
    return same == [(column.name, column.type) for column in before.columns]


def merged(before: FeedRecord, after: FeedRecord) -> FeedRecord | None:
    """The record of a feed that goes on, or None when it begins anew.

    A source that names no fields finds the columns itself: who declares it again does not know them (yet).
    """
    if continues(before.spec, after.spec):
        return replace(after, epoch=before.epoch)
    finds_columns = after.source is not None and not after.source.fields
    if finds_columns and continues(after.spec, before.spec):
        return replace(after, epoch=before.epoch, spec=replace(after.spec, columns=before.spec.columns))
    return None
