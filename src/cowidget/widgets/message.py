"""One message of the chat, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, Protocol

from cowidget.core import messages, values
from cowidget.core.values import Act, Body, Edit, Erase, React
from cowidget.widgets.messages.photo import Photo, photo_of, thumb_html
from cowidget.widgets.messages.table import Table, table_of
from cowidget.widgets.plain_errors import plain_errors


class Acting(Protocol):
    """What takes acts: the chat."""

    def act(self, message: Message, act: Act) -> None:
        """Do something about a message."""
        ...

    def fetch(self, sha256: str) -> bytes:
        """The bytes of a photo or a thumbnail."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of time of a chart that somebody shows.

    Attributes:
        share: the name of what is shared with the chart.
        start: where it begins, Unix seconds.
        end: where it ends.
        picture: how they saw it, WebP or PNG; may be empty. As hostile as the text.
    """

    share: str
    start: float
    end: float
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How something shared was when somebody showed it.

    Attributes:
        share: the name of what is shared.
        values: its traits' values by key, such as "slider/value".
        picture: how they saw it, WebP or PNG; may be empty. As hostile as the text.
    """

    share: str
    values: Mapping[str, Any]
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was when you asked; ask again for what became of it.

    Attributes:
        number: its place in the room's log; later messages have higher ones.
        name: what its author was called then.
        text: markdown; hostile until proved otherwise.
        time: by the relay's clock.
        peer: who wrote it.
        kind: what it shows: text, photos, table, snapshot or moment; or erased.
        photos: the photos that they show with it.
        table: the table that they show, if they do.
        snapshot: the state of something shared that they show, if they do.
        moment: the span of time of a chart that they show with it, if they do.
        reply: the number of the message that it answers, if it answers one.
        edited: its author has changed the text.
        erased: it is gone; there is no text any more.
        reactions: the peers who reacted, by emoji.
    """

    number: int
    name: str
    text: str
    time: datetime
    peer: str
    moment: Moment | None = None
    reply: int | None = None
    edited: bool = False
    erased: bool = False
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    kind: str = "text"
    color: str = field(default="", repr=False)
    photos: tuple[Photo, ...] = ()
    table: Table | None = None
    snapshot: Snapshot | None = field(default=None, hash=False)
    _chat: Acting | None = field(default=None, repr=False, compare=False)

    @plain_errors
    def edit(self, text: str) -> None:
        """Give it another text.

        Raises:
            NotAllowed: it is somebody else's, or erased.
            ShareError: the text is empty or too long.
        """
        self._act(Edit(self.number, text))

    @plain_errors
    def erase(self) -> None:
        """Take it out of the room, for everybody and for good.

        Raises:
            NotAllowed: it is somebody else's and we are no host, or it is erased already.
        """
        self._act(Erase(self.number))

    @plain_errors
    def react(self, emoji: str) -> None:
        """Put an emoji on it; once per person.

        Raises:
            NotAllowed: it is erased.
            ShareError: this is not one emoji.
        """
        self._act(React(self.number, emoji))

    @plain_errors
    def unreact(self, emoji: str) -> None:
        """Take our emoji back. Raises as `react` does."""
        self._act(React(self.number, emoji, on=False))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # Not as markdown: a notebook may trust what a cell shows, and this is a stranger's.
        who = f"{self.name}, {self.time:%Y-%m-%d %H:%M}"
        words = "<i>erased</i>" if self.erased else escape(self.text)
        shown = "".join(map(thumb_html, self.photos))
        html = f'<p><b>{escape(who)}</b></p><p style="white-space:pre-wrap">{words}</p>{shown}'
        return {"text/plain": repr(self), "text/html": html}

    def _act(self, act: Act) -> None:
        if self._chat is None:
            raise AssertionError("the chat makes messages with itself")
        self._chat.act(self, act)


def message_of(shown: messages.Message, chat: Acting | None = None) -> Message:
    """What the user holds of a message."""
    entry, body = shown.entry, shown.entry.body
    fetch = None if chat is None else chat.fetch
    return Message(
        number=entry.at,
        name=entry.name,
        text=shown.text,
        time=datetime.fromtimestamp(entry.time).astimezone(),
        peer=entry.by,
        moment=_moment(body),
        reply=shown.reply or None,
        edited=shown.edited,
        erased=shown.erased,
        reactions=dict(shown.reactions),
        kind=str(body.__struct_config__.tag),
        color=entry.color,
        photos=tuple(photo_of(photo, fetch) for photo in body.photos) if isinstance(body, values.Photos) else (),
        table=table_of(body) if isinstance(body, values.Table) else None,
        snapshot=_snapshot(body),
        _chat=chat,
    )


def _moment(body: Body) -> Moment | None:
    if not isinstance(body, values.Moment):
        return None
    return Moment(body.share, body.start, body.end, body.picture)


def _snapshot(body: Body) -> Snapshot | None:
    if not isinstance(body, values.Snapshot):
        return None
    return Snapshot(body.share, dict(body.values), body.picture)
