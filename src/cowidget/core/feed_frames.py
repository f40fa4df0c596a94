"""The frames of feeds: see PROTOCOL.md F1-F10."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from cowidget.core.feed_values import Block, FeedName, FeedSpec, FeedStatus, Source
from cowidget.core.values import Offset, PushId, Token

# Frames from client to relay.


class Watch(Struct, frozen=True, omit_defaults=True, tag="watch"):
    """Tell me of a feed from now on. `epoch` and `after` are where I stand; `level` 0 is rows, others are bins (F6)."""

    feed: FeedName
    epoch: Token = ""
    after: Offset = 0
    level: Annotated[int, Meta(ge=0, le=6)] = 0


class Unwatch(Struct, frozen=True, tag="unwatch"):
    """Tell me no more of a feed."""

    feed: FeedName


class Drawn(Struct, frozen=True, tag="drawn"):
    """I have drawn a feed up to this row (exclusive): there is room for more (F7)."""

    feed: FeedName
    at: Offset


class Fetch(Struct, frozen=True, omit_defaults=True, tag="fetch"):
    """Give me the rows `[first, last)` of a feed; with a `level`, the bins of it that cover these rows."""

    feed: FeedName
    id: PushId
    first: Offset
    last: Offset
    level: Annotated[int, Meta(ge=0, le=6)] = 0


# Frames in both directions.


class Feed(Struct, frozen=True, omit_defaults=True, tag="feed"):
    """There is a feed with these columns; without a `spec` it is over.

    From owner to relay, again after each welcome; with a `source`, the feed process gets the rows. From relay to
    feed process: this is yours to fill, from row `end` on.
    """

    feed: FeedName
    spec: FeedSpec | None = None
    source: Source | None = None
    end: Offset = 0


class Rows(Struct, frozen=True, omit_defaults=True, tag="rows"):
    """Rows of a feed, as a block (F3): from its producer to the relay, from the relay to those who watch.

    To those who watch bins: these bins, and the `newest` row as a block, which tells where the feed ends (F6).
    """

    feed: FeedName
    block: Block
    newest: Block | None = None


class Report(Struct, frozen=True, tag="report"):
    """How a feed's source is doing: from its producer to the relay, from the relay to those who watch."""

    feed: FeedName
    status: FeedStatus


# Frames from relay to client.


class Fed(Struct, frozen=True, tag="fed"):
    """The store has the rows of your feed up to `end`; a new `epoch` means that it has none of an earlier one."""

    feed: FeedName
    epoch: str
    end: Offset


class Watched(Struct, frozen=True, omit_defaults=True, tag="watched"):
    """A feed as it stands: rows `[first, end)`, and an overview of them in bins. Without a `spec` there is none (yet).

    What you hold of another `epoch`, or of rows at and after `end`, is void.
    """

    feed: FeedName
    spec: FeedSpec | None = None
    status: FeedStatus = FeedStatus("idle")
    epoch: str = ""
    first: Offset = 0
    end: Offset = 0
    overview: tuple[Block, ...] = ()


class Fetched(Struct, frozen=True, omit_defaults=True, tag="fetched"):
    """The blocks that a `fetch` asked for, in order; they may hold more than that. `more`: others follow."""

    feed: FeedName
    id: PushId
    blocks: tuple[Block, ...] = ()
    more: bool = False


FeedWish = Feed | Rows | Report | Watch | Unwatch | Drawn | Fetch
FeedNews = Feed | Rows | Report | Fed | Watched | Fetched
