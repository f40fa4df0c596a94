"""What is to be said: texts, pictures and what has an entry of its own, joined into messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from msgspec.structs import replace as replaced

from cowidget.core.bodies import MAX_PHOTOS, fault_of
from cowidget.core.values import Moment, Photo, Photos, Snapshot, Speech, Table, Text
from cowidget.errors import ShareError

MAX_ALT = 500
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the room does not have yet.

    Attributes:
        data: a file in a format that browsers show.
        alt: what is to be seen.
        name: the file's name, if it has one.
    """

    data: bytes = field(repr=False)
    alt: str = ""
    name: str = ""


# What is a message of its own, with a text but without pictures.
Single = Table | Snapshot | Moment
Piece = str | Picture | Single


@dataclass(frozen=True, slots=True)
class Draft:
    """One message."""

    text: str = ""
    pictures: tuple[Picture, ...] = ()
    single: Single | None = None
    reply: int = 0

    def body(self, photos: Sequence[Photo] = ()) -> Speech:
        """What is posted.

        Args:
            photos: what has become of its pictures.
        """
        match self.single:
            case None if self.pictures:
                return Photos(self._described(photos), self.text, self.reply)
            case None:
                return Text(self.text, self.reply)
            case Moment():
                return replaced(self.single, text=self.text)
            case Table() | Snapshot():
                return replaced(self.single, text=self.text, reply=self.reply)
            case _:
                assert_never(self.single)

    def check(self) -> None:
        """Raises `ShareError` if this cannot be posted; of pictures the relay will judge."""
        text = replace(self, pictures=())
        bare = bool(self.pictures) and not self.text
        if fault := "" if bare else fault_of(text.body()):
            raise ShareError(fault)

    def _described(self, photos: Sequence[Photo]) -> tuple[Photo, ...]:
        described: dict[str, Photo] = {}
        for photo, picture in zip(photos, self.pictures, strict=True):
            # The same picture twice is one photo.
            told = replaced(photo, alt=picture.alt[:MAX_ALT], name=picture.name[:MAX_NAME])
            described.setdefault(photo.sha256, told)
        return tuple(described.values())


def drafted(pieces: Iterable[Piece], reply: int = 0) -> list[Draft]:
    """Join pieces into messages, in their order.

    Pictures are in one message with the text before them, or after them if there is none before; what is single
    takes the text before it. The first message that can is the reply.

    Raises:
        ShareError: there is nothing to say, too much, or a reply that cannot be one.
    """
    drafts, last = [], Draft()
    for piece in pieces:
        done, last = _added(last, piece)
        drafts += done
    if last != Draft() or not drafts:
        drafts.append(last)
    for draft in drafts:
        draft.check()
    return _replying(drafts, reply) if reply else drafts


def well_formed(text: str) -> str:
    """The text without halves of characters, which do not travel."""
    return text.encode("utf-8", "replace").decode()


def _added(last: Draft, piece: Piece) -> tuple[list[Draft], Draft]:
    """The messages that are complete with this piece, and the one that goes on."""
    match piece:
        case str() if last.text and last.pictures:
            return [last], Draft(piece)
        case str():
            return [], replace(last, text=f"{last.text}\n\n{piece}" if last.text else piece)
        case Picture() if len(last.pictures) == MAX_PHOTOS:
            return [last], Draft(pictures=(piece,))
        case Picture():
            return [], replace(last, pictures=(*last.pictures, piece))
    if last.pictures:
        return [last, Draft(single=piece)], Draft()
    return [Draft(last.text, single=piece)], Draft()


def _replying(drafts: list[Draft], reply: int) -> list[Draft]:
    for at, draft in enumerate(drafts):
        if not isinstance(draft.single, Moment):
            return [*drafts[:at], replace(draft, reply=reply), *drafts[at + 1 :]]
    raise ShareError(
        "A moment of a chart answers no message: send it without reply=, or with a table or photo beside it."
    )
