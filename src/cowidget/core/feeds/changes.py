"""What a store keeps of feeds, and the changes that the room asks of it."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedSpec, FeedStatus, Source


class FeedRecord(Struct, frozen=True, array_like=True):
    """A feed without its rows. Another epoch has other rows."""

    name: str
    epoch: str
    spec: FeedSpec
    source: Source | None = None
    status: FeedStatus = FeedStatus("idle")


@dataclass(frozen=True, slots=True)
class KeptRows:
    """A block of consecutive rows as it is kept, from row `first` on. Sealed ones stay as they are until dropped."""

    first: int
    data: bytes
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class PutFeed:
    """Keep a feed's record, in place of the one of its name; `anew` drops the rows of that one.

    `by` is the connection that asked for it; one that has `declared` the feed is told when it is kept.
    """

    record: FeedRecord
    by: str = ""
    anew: bool = False
    declared: bool = False


@dataclass(frozen=True, slots=True)
class DropFeed:
    """Forget a feed: its record and its rows."""

    feed: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class PutRows:
    """Keep a block that follows the last one; `block` is what is in it. `by` is the connection that sent it."""

    feed: str
    data: bytes
    block: Block
    by: str = ""


@dataclass(frozen=True, slots=True)
class SealRows:
    """Keep these sealed blocks in place of all that hold rows of `[first, last)`."""

    feed: str
    first: int
    last: int
    chunks: tuple[KeptRows, ...]


@dataclass(frozen=True, slots=True)
class DropRows:
    """Forget the blocks that begin before this row."""

    feed: str
    before: int


FeedChange = PutFeed | DropFeed | PutRows | SealRows | DropRows
