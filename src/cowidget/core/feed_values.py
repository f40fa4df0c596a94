"""What is inside the frames of feeds: columns, sources, and how a source is doing."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from cowidget.core.values import Offset

FeedName = Annotated[str, Meta(min_length=1, max_length=64)]
Block = Annotated[bytes, Meta(max_length=1 << 19)]
ColumnType = Literal["number", "single", "integer", "text"]
FeedState = Literal["idle", "connecting", "live", "stale", "retrying", "failed", "ended"]
Address = Annotated[str, Meta(min_length=1, max_length=4096)]
Line = Annotated[str, Meta(max_length=500)]


class Column(Struct, frozen=True, omit_defaults=True):
    """One column of a feed beside its time.

    `number` is a float64 and kept exactly, `single` a float32 (measurements), `integer` an int64, `text` one of
    a few words.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    type: ColumnType = "number"
    unit: Annotated[str, Meta(max_length=32)] = ""


class FeedSpec(Struct, frozen=True, omit_defaults=True):
    """A table that grows: time in column 0 (float64, Unix seconds, never going back), then `columns`.

    It keeps at least the newest `keep_rows` rows, and of these those of the last `keep_seconds`; 0 is no limit.
    """

    columns: Annotated[tuple[Column, ...], Meta(max_length=64)]
    keep_rows: Annotated[int, Meta(ge=1, le=1 << 32)] = 2_000_000
    keep_seconds: Annotated[float, Meta(ge=0)] = 0.0
    title: Annotated[str, Meta(max_length=200)] = ""


class Source(Struct, frozen=True, omit_defaults=True):
    """Where the feed process gets a feed's rows. It holds secrets: nobody but owners and feed processes sees it.

    `fields` maps a column (or `t`) to `path` or `path:type`; `every` is the seconds between two polls, 0 for
    a source that tells by itself; `subscribe` is sent to a WebSocket once it is open; `records` is the path to the
    list of rows in a message; `stale_after` 0 means three times the usual interval, at least 5 s.
    """

    url: Address
    fields: dict[str, str] = {}
    headers: dict[str, str] = {}
    subscribe: tuple[str, ...] = ()
    records: Annotated[str, Meta(max_length=256)] = ""
    every: Annotated[float, Meta(ge=0)] = 0.0
    stale_after: Annotated[float, Meta(ge=0)] = 0.0
    late: Annotated[float, Meta(ge=0, le=3600)] = 2.0
    backfill: Annotated[str, Meta(max_length=4096)] = ""
    paused: bool = False


class FeedError(Struct, frozen=True):
    """Something that went wrong, for people to read. `time` is Unix seconds."""

    time: float
    text: Line


class FeedStatus(Struct, frozen=True, omit_defaults=True):
    """How a feed's source is doing, for everybody to see.

    `since` is when the state began and `retry_at` when the next attempt is due (Unix seconds); `attempts` counts
    those that failed since it was last live; `errors` counts all errors ever, `recent` are the last of them;
    `dropped` counts rows that came too late.
    """

    state: FeedState
    text: Line = ""
    since: float = 0.0
    retry_at: float = 0.0
    attempts: Offset = 0
    errors: Offset = 0
    dropped: Offset = 0
    recent: Annotated[tuple[FeedError, ...], Meta(max_length=20)] = ()
