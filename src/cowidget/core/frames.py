"""Every frame, one struct each; with `values.py`, the only place where a field is named.

Feeds, and what hosts do about people, have files of their own.
`PROTOCOL.md` says what they mean. `js/src/protocol/frames.ts` is generated from both.
A message is an array of frames; each frame is a map with its `type` (see `codec.py`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cowidget.core.feed_frames import (
    Drawn as Drawn,
    Fed as Fed,
    Feed as Feed,
    FeedNews as FeedNews,
    FeedWish as FeedWish,
    Fetch as Fetch,
    Fetched as Fetched,
    Report as Report,
    Rows as Rows,
    Unwatch as Unwatch,
    Watch as Watch,
    Watched as Watched,
)
from cowidget.core.people_frames import Entrust as Entrust, Lock as Lock, PeopleWish, Remove as Remove, Room as Room
from cowidget.core.photo_frames import (
    Declined as Declined,
    Pass as Pass,
    PhotoNews as PhotoNews,
    Upload as Upload,
    Uploaded as Uploaded,
)
from cowidget.core.values import (
    Body,
    Change,
    Color,
    Invitation,
    KeyState,
    Kind,
    LogEntry,
    Moved,
    Name,
    Offset,
    Person,
    Position,
    PushId,
    Refusal,
    Role,
    RoomName,
    Settlement,
    Sha256,
    Share,
    Token,
    Wish,
)

VERSION = 1


# Frames from client to relay.


class Challenge(Struct, frozen=True, tag="challenge"):
    """Prove that you are the relay that knows this ticket, before I send it."""

    invitation: Token
    nonce: Token


class Hello(Struct, frozen=True, omit_defaults=True, tag="hello"):
    """The first frame: who I am, what lets me in, where I stand."""

    version: int
    room: RoomName
    instance: Token
    secret: Token = ""
    name: Wish = ""
    color: Color = ""
    kind: Kind = "guest"
    peer: Token = ""
    proof: Token = ""
    state: Position | None = None
    log: Position | None = None
    create: Token = ""


class Ping(Struct, frozen=True, tag="ping"):
    """Are you there? `sent` comes back in the pong."""

    sent: float


class Presence(Struct, frozen=True, omit_defaults=True, tag="presence"):
    """About me, latest only. Entries are merged; None removes one."""

    about: dict[Annotated[str, Meta(max_length=32)], Any] = {}
    name: Wish | None = None
    color: Color | None = None


class Failed(Struct, frozen=True, tag="failed"):
    """Here, this widget's own code threw: for the owner to know. Not stored, and may be lost."""

    model: Annotated[str, Meta(min_length=1, max_length=512)]
    phase: Literal["import", "initialize", "render"]
    text: Annotated[str, Meta(max_length=1000)]


class Page(Struct, frozen=True, omit_defaults=True, tag="page"):
    """Give me log entries before an offset (newest first in reach), or after one."""

    before: Offset | None = None
    after: Offset | None = None
    count: Annotated[int, Meta(ge=1, le=200)] = 50


class Search(Struct, frozen=True, omit_defaults=True, tag="search"):
    """Find the newest messages that hold all words of `query`, of those before an offset."""

    query: Annotated[str, Meta(max_length=200)]
    before: Offset | None = None
    count: Annotated[int, Meta(ge=1, le=50)] = 20


class Set(Struct, frozen=True, tag="set"):
    """New values, applied together."""

    id: PushId
    changes: Annotated[tuple[Change, ...], Meta(min_length=1, max_length=1000)]


class Settle(Struct, frozen=True, tag="settle"):
    """The owner's decisions about pending writes."""

    id: PushId
    settlements: Annotated[tuple[Settlement, ...], Meta(min_length=1, max_length=1000)]


class Declare(Struct, frozen=True, omit_defaults=True, tag="declare"):
    """The owner shares a widget, or describes it anew, with a value for each of its keys."""

    id: PushId
    share: Share
    changes: tuple[Change, ...]
    restore: bool = True


class Unshare(Struct, frozen=True, tag="unshare"):
    """The owner takes a share away."""

    id: PushId
    share: Name


class Emit(Struct, frozen=True, omit_defaults=True, tag="emit"):
    """A message of a model: from its owner to all, or to `to`; from anyone else to its owner.

    With `trait`, `content` is a value of this trait, one of the model's `events`. `count` numbers the events
    that make up what the model shows (E4); 0 for those that do not.
    """

    id: PushId
    model: str
    content: Any
    buffers: tuple[bytes, ...] = ()
    to: str = ""
    trait: str = ""
    count: Offset = 0


class Post(Struct, frozen=True, tag="post"):
    """An entry for the log."""

    id: PushId
    body: Body


class Grant(Struct, frozen=True, tag="grant"):
    """Let people in with this invitation; one of the same name is replaced."""

    id: PushId
    invitation: Invitation


class Revoke(Struct, frozen=True, tag="revoke"):
    """Withdraw an invitation and end its sessions."""

    id: PushId
    invitation: Token


class Stop(Struct, frozen=True, tag="stop"):
    """End the room for everybody."""

    id: PushId


# Frames in both directions.


class Pull(Struct, frozen=True, tag="pull"):
    """Send me up to `count` bytes of a blob, from `at` on."""

    blob: Sha256
    at: Offset
    count: Annotated[int, Meta(ge=1, le=1 << 20)]


class Chunk(Struct, frozen=True, tag="chunk"):
    """Bytes of a blob at an offset; `size` is that of the whole."""

    blob: Sha256
    at: Offset
    size: Offset
    data: Annotated[bytes, Meta(max_length=1 << 18)]


class Absent(Struct, frozen=True, tag="absent"):
    """I do not have this blob."""

    blob: Sha256


# Frames from relay to client.


class Proof(Struct, frozen=True, tag="proof"):
    """HMAC-SHA-256 of the nonce under the ticket's hash, in hex; empty if the ticket is unknown."""

    mac: str


class Welcome(Struct, frozen=True, omit_defaults=True, tag="welcome"):
    """You are in. `acked` is your last push that the store has; what follows brings you up to date.

    `invitation` is the name of the one that let you in; an owner also gets `invitations`, all of them.
    With `photo_pass` you get photos by HTTP (U8).
    """

    peer: str
    proof: str
    role: Role
    acked: int
    state: Position
    log: Position
    people: tuple[Person, ...]
    time: float
    invitation: str = ""
    invitations: tuple[Invitation, ...] = ()
    reset: bool = False
    missed: bool = False
    locked: bool = False
    photo_pass: str = ""


class Patch(Struct, frozen=True, omit_defaults=True, tag="patch"):
    """The state as of `at`: newest value per key. Apply `reset`, `gone`, `shares`, `keys` in this order.

    `gone` holds share names and keys. Each patch is complete up to its `at`; `more` says that the next
    one follows at once.
    """

    at: Offset
    keys: tuple[KeyState, ...] = ()
    shares: tuple[Share, ...] = ()
    gone: tuple[str, ...] = ()
    reset: bool = False
    more: bool = False


class Event(Struct, frozen=True, omit_defaults=True, tag="event"):
    """A model's message, in the state's sequence."""

    at: Offset
    id: PushId
    by: str
    model: str
    content: Any
    buffers: tuple[bytes, ...] = ()
    trait: str = ""
    count: Offset = 0


class Said(Struct, frozen=True, omit_defaults=True, tag="said"):
    """Log entries in order. `reset`: drop what you hold; `more`/`older`: there is more after/before."""

    entries: tuple[LogEntry, ...]
    reset: bool = False
    more: bool = False
    older: bool = False


class Found(Struct, frozen=True, omit_defaults=True, tag="found"):
    """What a search has found, the newest first, as it is after its edits. `more`: there are older ones."""

    query: str
    entries: tuple[LogEntry, ...]
    before: Offset | None = None
    more: bool = False


class People(Struct, frozen=True, omit_defaults=True, tag="people"):
    """Who came, who left, what changed about whom. With `reset`, `joined` is everybody."""

    joined: tuple[Person, ...] = ()
    left: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    reset: bool = False


class Ack(Struct, frozen=True, tag="ack"):
    """The store has every push of yours up to `id` that was not refused."""

    id: PushId


class Refused(Struct, frozen=True, omit_defaults=True, tag="refused"):
    """This push had no effect. With `keys`, only its part for these keys had none."""

    id: PushId
    slug: Refusal
    text: str
    keys: tuple[str, ...] = ()


class Notice(Struct, frozen=True, omit_defaults=True, tag="notice"):
    """Something the owner and the hosts should know, such as the argument that would allow a write."""

    slug: Literal["not-writable", "messages", "failed"]
    text: str
    key: str = ""
    peer: str = ""
    allow: str = ""


class Pong(Struct, frozen=True, tag="pong"):
    """I am here; `sent` is what the ping brought."""

    sent: float


class Ending(Struct, frozen=True, tag="ending"):
    """The relay's last frame: it closes with this code and slug. A proxy in between may lose them."""

    code: int
    slug: str


Push = Set | Settle | Declare | Unshare | Emit | Post | Grant | Revoke | Stop | PeopleWish
ClientFrame = (
    Challenge | Hello | Ping | Presence | Failed | Page | Search | Push | Pull | Chunk | Absent | Upload | FeedWish
)
RelayFrame = (
    Proof
    | Welcome
    | Patch
    | Event
    | Said
    | Found
    | People
    | Room
    | Ack
    | Refused
    | Notice
    | Pong
    | Ending
    | Pull
    | Chunk
    | Absent
    | PhotoNews
    | FeedNews
)
Frame = ClientFrame | RelayFrame
