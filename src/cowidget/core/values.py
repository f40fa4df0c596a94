"""What is inside frames: the parts that several of them share, and the bounds of texts and numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Role = Literal["viewer", "participant", "host", "owner", "feeder"]
Trust = Literal["viewer", "participant", "host"]
Kind = Literal["guest", "panel", "kernel", "feeder"]
Refusal = Literal[
    "role",
    "not-writable",
    "not-owner",
    "not-yours",
    "unknown",
    "too-large",
    "owner-away",
    "rejected",
    "invalid",
    "locked",
]
Name = Annotated[str, Meta(max_length=64)]
Wish = Annotated[str, Meta(max_length=256)]
Color = Annotated[str, Meta(pattern=r"^(#[0-9a-fA-F]{6})?\Z")]
Token = Annotated[str, Meta(max_length=256)]
PeerName = Annotated[str, Meta(min_length=1, max_length=256)]
RoomName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
Key = Annotated[str, Meta(min_length=1, max_length=512)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
PushId = Annotated[int, Meta(ge=1)]
Offset = Annotated[int, Meta(ge=0)]
Mime = Literal["image/jpeg", "image/png", "image/webp"]
CellKind = Literal["integer", "number", "boolean", "date", "time", "text"]
Cell = None | bool | int | float | str


class Position(Struct, frozen=True, array_like=True):
    """Where a replica stands in one sequence. A changed epoch means: drop what you hold."""

    epoch: str
    at: Offset


class Change(Struct, frozen=True, omit_defaults=True):
    """A new value for a key: inline, or the SHA-256 of its MessagePack encoding."""

    key: Key
    value: Any = None
    blob: Sha256 | None = None
    size: int = 0
    deleted: bool = False


class KeyState(Struct, frozen=True, omit_defaults=True):
    """What the room holds for a key.

    `version` is the position of the write; `pending` until its owner has decided.
    """

    key: Key
    version: int
    by: str
    value: Any = None
    blob: Sha256 | None = None
    size: int = 0
    pending: bool = False


class Classic(Struct, frozen=True, omit_defaults=True):
    """Which classes of which modules run a model that is no anywidget, as in Jupyter's widget protocol."""

    module: Annotated[str, Meta(min_length=1, max_length=256)]
    version: Annotated[str, Meta(max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=256)]
    view_module: Annotated[str, Meta(max_length=256)] = ""
    view_version: Annotated[str, Meta(max_length=64)] = ""
    view: Annotated[str, Meta(max_length=256)] = ""


class Module(Struct, frozen=True):
    """Code that a share's models import: `name` as they write it, `code` the blob of its text (D11)."""

    name: Annotated[str, Meta(min_length=1, max_length=1024)]
    code: Sha256


class Model(Struct, frozen=True, omit_defaults=True):
    """One widget model of a share.

    `path` is its place below the share's root ("" for the root, "children.0" for its first child);
    `code` and `style` are blobs of `_esm` and `_css` (D11), `classic` names the classes of a model that
    has none; `writable` are the traits that participants may write, `local` those that each viewer has for
    themselves, `events` those whose assignments are events and that have no state (E4); `messages` lets
    participants send it custom messages.
    """

    path: str
    name: Name
    traits: tuple[str, ...]
    writable: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    code: Sha256 | None = None
    style: Sha256 | None = None
    classic: Classic | None = None
    messages: bool = False


class Share(Struct, frozen=True, omit_defaults=True):
    """A widget that the owner has put into the room, with every model below it.

    `modules` is the code that they import. What is `hidden` has nothing to show: links between widgets.
    """

    name: Name
    models: tuple[Model, ...]
    modules: tuple[Module, ...] = ()
    hidden: bool = False
    title: str = ""
    order: int = 0
    by: str = ""


class Settlement(Struct, frozen=True, omit_defaults=True):
    """The owner's decision about one pending write, named by key and version.

    `commit` keeps it; `reject` and `rebase` put `value` in its place, which is what the owner holds now. Of a
    reject the writer is told; a rebase is the same wish, as far as the owner could follow it.
    """

    key: Key
    version: int
    outcome: Literal["commit", "reject", "rebase"]
    value: Any = None
    blob: Sha256 | None = None
    size: int = 0
    reason: Annotated[str, Meta(max_length=500)] = ""


class Person(Struct, frozen=True, omit_defaults=True):
    """Somebody who is here. The relay sets everything but `about`."""

    peer: str
    name: Name
    color: Color
    role: Role
    kind: Kind = "guest"
    about: dict[str, Any] = {}


class Moved(Struct, frozen=True, omit_defaults=True):
    """What changed about a person: only the named entries of `about`; None removes one."""

    peer: str
    about: dict[str, Any] = {}
    name: Name | None = None
    color: Color | None = None


class Text(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="text"):
    """A chat message in markdown, sanitised where it is shown. `reply` is the offset of what it answers, or 0."""

    text: Annotated[str, Meta(min_length=1, max_length=8000)]
    reply: Offset = 0


class Moment(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="moment"):
    """A time range of a chart that somebody shows, with a picture of how they saw it (WebP or PNG; may be empty).

    `start` and `end` are Unix seconds.
    """

    share: Name
    start: float
    end: float
    picture: Annotated[bytes, Meta(max_length=1 << 17)]
    text: Annotated[str, Meta(max_length=8000)] = ""


class Photo(Struct, frozen=True, omit_defaults=True):
    """A photo that this room has (U4).

    `sha256` is that of its bytes, `thumb` that of its small one; `placeholder` is a tiny one in WebP, shown until
    they are there. `frames` is how many pictures move in it. `alt` says what is to be seen, `name` is its file's.
    """

    sha256: Sha256
    thumb: Sha256
    mime: Mime
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]
    size: Annotated[int, Meta(ge=1)]
    placeholder: Annotated[bytes, Meta(max_length=256)]
    frames: Annotated[int, Meta(ge=1)] = 1
    alt: Annotated[str, Meta(max_length=500)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""


class Photos(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="photos"):
    """Photos that somebody shows, in their order, with a text that may be empty. `reply` as in `Text`."""

    photos: Annotated[tuple[Photo, ...], Meta(min_length=1, max_length=12)]
    text: Annotated[str, Meta(max_length=8000)] = ""
    reply: Offset = 0


class TableColumn(Struct, frozen=True, omit_defaults=True):
    """A column of a table: its type as its library calls it, and what that is for people.

    Of `time` (date, time, or both) and `date` the cells are texts as in ISO 8601.
    """

    name: Annotated[str, Meta(max_length=400)]
    dtype: Annotated[str, Meta(max_length=400)]
    kind: CellKind = "text"


class Table(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="table"):
    """The first rows of a table. `reply` as in `Text`.

    The whole one has `height` rows and `width` columns; the first `index` of `columns` are its rows' labels, and do
    not count. Each row has a cell for each of `columns`.
    """

    columns: Annotated[tuple[TableColumn, ...], Meta(min_length=1, max_length=64)]
    rows: Annotated[tuple[tuple[Cell, ...], ...], Meta(max_length=200)]
    height: Offset
    width: Offset
    index: Offset = 0
    text: Annotated[str, Meta(max_length=8000)] = ""
    reply: Offset = 0


class Snapshot(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="snapshot"):
    """How a share was at a moment: values of its keys, and a picture (WebP or PNG; may be empty). `reply` as in `Text`.

    Whoever takes part may set the values again.
    """

    share: Name
    values: dict[Key, Any]
    picture: Annotated[bytes, Meta(max_length=1 << 17)]
    text: Annotated[str, Meta(max_length=8000)] = ""
    reply: Offset = 0


class Edit(Struct, frozen=True, tag_field="kind", tag="edit"):
    """The author gives a message another text."""

    entry: Offset
    text: Annotated[str, Meta(min_length=1, max_length=8000)]


class Erase(Struct, frozen=True, tag_field="kind", tag="erase"):
    """A message goes, for everybody and for good."""

    entry: Offset


class React(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="react"):
    """Somebody puts an emoji on a message, or takes theirs back."""

    entry: Offset
    emoji: Annotated[str, Meta(min_length=1, max_length=16)]
    on: bool = True


class Erased(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="erased"):
    """What is left of what was erased, or with `entry`, of an edit of the entry there. Only the store writes it."""

    entry: Offset = 0


# What people read as a message of its own, with a `text`.
Speech = Text | Moment | Photos | Table | Snapshot
Act = Edit | Erase | React
Body = Text | Moment | Photos | Table | Snapshot | Edit | Erase | React | Erased


class LogEntry(Struct, frozen=True):
    """One entry of the room's log. `time` is the relay's clock, Unix seconds."""

    at: Offset
    by: str
    id: PushId
    name: Name
    color: Color
    time: float
    body: Body


class Invitation(Struct, frozen=True, omit_defaults=True):
    """Who may come in with a link. The relay keeps the SHA-256 of the secret, never the secret.

    The owner derives the secret from its key, the room, `name` and `generation`, so the same link
    comes back after a restart and another one after a revocation. `expires` is in Unix seconds.
    A `once` invitation is a ticket: the first hello uses it up, and it dies with the session that
    granted it.
    """

    name: Name
    role: Role
    hash: Sha256
    generation: int = 1
    expires: float | None = None
    people: int | None = None
    once: bool = False
    origin: str = ""
    revoked: bool = False
