"""What the core asks of its shell, and what the shell brings back.

`room.receive_*` return effects; the hub runs them in order. An effect that needs an answer names the
method of the room that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from cowidget.core.closing import Closing
from cowidget.core.columns import Block
from cowidget.core.feeds.changes import FeedChange, FeedRecord
from cowidget.core.frames import Page, Pull, Push, RelayFrame, Search
from cowidget.core.values import Photo, Position, Refusal, Role


class Entry(Struct, frozen=True, array_like=True):
    """A push on its way to the store, with who pushed it. `time` is Unix seconds, `id` 0 the relay's own."""

    author: str
    id: int
    role: Role
    time: float
    push: Push
    name: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An entry with its position in its sequence (log for a `Post`, state for all else).

    `at` is None for a duplicate: the store already has a push of this author with this or a later id. It is None
    too for an act without effect (L7), and for photos that are not there (U5); `refusal` says why. `gone` names the
    photos that an erase has left no message of: the store has them no more (U6).
    """

    entry: Entry
    at: int | None
    refusal: Refusal | Literal[""] = ""
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search of a log has found, the newest first, as it is after its edits. `more`: there are older ones."""

    entries: Sequence[Ordered]
    more: bool = False


class Row(Struct, frozen=True, array_like=True):
    """One row of a room's saved state: a name and opaque bytes."""

    name: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A room as the store holds it when it is opened.

    Attributes:
        fence: goes up with each opening; writes with an older one fail with `Fenced`.
        state: epoch and top of the state's sequence. After an unclean stop the epoch is a new one.
        log: epoch and top of the log; its epoch lives as long as the room.
        rows: the saved state, in no order.
        journal: state entries after the saved state, in order; with it the document is complete.
        tail: the last log entries (at most 200), in order.
        acked: the last id that the store has of each peer.
        blobs: the hashes of the blobs that it keeps for this room.
        feeds: the feeds, without their rows.
        photos: the photos, without their bytes.
    """

    fence: int
    state: Position
    log: Position
    rows: Sequence[Row]
    journal: Sequence[Ordered]
    tail: Sequence[Ordered]
    acked: Mapping[str, int]
    blobs: frozenset[str]
    feeds: Sequence[FeedRecord] = ()
    photos: Sequence[PhotoRecord] = ()


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """What is known of a photo that a room has.

    Attributes:
        photo: as `Uploaded` tells of it, without the words of those who post it.
        raws: the hashes of the bytes that it was made of.
        since: when it was kept, in Unix seconds.
        shown: whether any message shows it.
    """

    photo: Photo
    raws: tuple[str, ...]
    since: float
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Append:
    """Order and keep these; then `room.receive_appended`, or `room.receive_append_failed`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Save:
    """Replace these rows and forget these; the journal up to `at` is no longer needed. No answer."""

    rows: tuple[Row, ...]
    removed: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ReadLog:
    """Read log entries for a connection; then `room.receive_log`."""

    connection: str
    page: Page


@dataclass(frozen=True, slots=True)
class SearchLog:
    """Search the log for a connection; then `room.receive_found`."""

    connection: str
    search: Search


@dataclass(frozen=True, slots=True)
class KeepBlob:
    """Keep these verified bytes; then `room.receive_kept`, or `room.receive_keep_failed`."""

    blob: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DropBlobs:
    """Forget these: nothing names them. No answer; one that is kept all the same costs its place only."""

    blobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FetchBlob:
    """Send a part of a blob, a photo or a thumbnail to a connection in chunks of at most 256 KiB, or `Absent`."""

    connection: str
    pull: Pull


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """Make a clean photo of bytes that somebody sent; then `room.photos.receive_clean`, or `receive_unfit`."""

    raw: str
    data: bytes


@dataclass(frozen=True, slots=True)
class KeepPhoto:
    """Keep a clean photo and its thumbnail; then `room.photos.receive_kept`, or `receive_keep_failed`."""

    record: PhotoRecord
    data: bytes
    thumb: bytes


@dataclass(frozen=True, slots=True)
class DropPhotos:
    """Forget these photos and their thumbnails, unless a message shows them. No answer.

    With `erased`, the store has done so (one that is kept anew since then stays), and only copies of them are left.
    """

    photos: tuple[Photo, ...]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class KeepFeeds:
    """Do these in order, all or none; then `room.receive_feeds_kept`, or `room.receive_feeds_lost`."""

    changes: tuple[FeedChange, ...]


@dataclass(frozen=True, slots=True)
class SealFeed:
    """Make sealed chunks of these kept blocks (`ring.seal`) and keep them in their place; then `room.receive_sealed`.

    If that fails, `room.receive_unsealed`.
    """

    feed: str
    epoch: str
    rows: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Read the blocks that begin in rows `[first, last)`, some of them at least; then `room.receive_rows`.

    If that fails, `room.receive_unread`. `connection` waits for them; without one, the feed itself is being opened.
    """

    feed: str
    first: int
    last: int
    connection: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Encode once, send the same bytes to each connection."""

    connections: tuple[str, ...]
    frame: RelayFrame


@dataclass(frozen=True, slots=True)
class AwaitDrain:
    """Call `room.receive_drained` as soon as the connection's outbox has drained, at once if it is empty."""

    connection: str


@dataclass(frozen=True, slots=True)
class Close:
    """End a connection after what has been sent to it."""

    connection: str
    closing: Closing


FeedEffect = KeepFeeds | SealFeed | ReadRows
PhotoEffect = CleanPhoto | KeepPhoto | DropPhotos
LogEffect = ReadLog | SearchLog
BlobEffect = KeepBlob | DropBlobs | FetchBlob
Effect = Append | Save | LogEffect | BlobEffect | FeedEffect | PhotoEffect | Send | AwaitDrain | Close
