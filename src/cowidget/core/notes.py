"""What a replica asks of its shell (`Transmit`) and tells its application (all else), in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cowidget.core.closing import Closing
from cowidget.core.frames import ClientFrame, Event, Found, Notice, Refused
from cowidget.core.values import LogEntry


@dataclass(frozen=True, slots=True)
class Transmit:
    """Send these frames in this order; the shell joins them into messages below the limit of M5."""

    frames: tuple[ClientFrame, ...]


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The room let us in.

    Attributes:
        reset: the state was rebuilt from a snapshot, what happened in between is unknown.
        missed: events were lost (E2).
        resent: how many pushes were waiting.
        renumbered: old to new id of the pushes whose id changed (S8).
    """

    reset: bool
    missed: bool
    resent: int
    renumbered: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection was closed and coming back by itself is pointless (C1)."""

    closing: Closing


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The shown values of these keys, or whether they are pending, may have changed."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharesChanged:
    """These shares came, changed or went."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """Peers who came, left, or changed."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The room was locked or unlocked (P10)."""

    locked: bool


@dataclass(frozen=True, slots=True)
class LogGrown:
    """New entries of the log, at its end or (an older page) its start; with `reset`, all it now holds."""

    entries: tuple[LogEntry, ...]
    reset: bool = False


@dataclass(frozen=True, slots=True)
class MessagesChanged:
    """What the messages at these offsets show may have changed: by somebody's act, or by ours that is not there yet."""

    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswered:
    """The relay has searched the log."""

    found: Found


@dataclass(frozen=True, slots=True)
class EventReceived:
    """A model's message; each is told once."""

    event: Event


@dataclass(frozen=True, slots=True)
class Acked:
    """The room has every push up to this id that it did not refuse."""

    id: int


@dataclass(frozen=True, slots=True)
class RefusedPush:
    """A push, or its part for `refused.keys`, had no effect. Id 0: it was never sent."""

    refused: Refused


@dataclass(frozen=True, slots=True)
class NoticeReceived:
    """The room tells an owner or a host something."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class BlobArrived:
    """Bytes that `need_blob` asked for; their hash is right."""

    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BlobMissing:
    """The relay does not have these bytes, or sent others."""

    sha256: str


Note = (
    Welcomed
    | Ended
    | StateChanged
    | SharesChanged
    | PeopleChanged
    | RoomChanged
    | LogGrown
    | MessagesChanged
    | SearchAnswered
    | EventReceived
    | Acked
    | RefusedPush
    | NoticeReceived
    | BlobArrived
    | BlobMissing
)
Effect = Transmit | Note
