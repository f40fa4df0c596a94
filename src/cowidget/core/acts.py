"""Whose acts on an entry of the log have an effect (PROTOCOL.md L6, L7): stores ask when they order them."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from cowidget.core.effects import Entry
from cowidget.core.frames import Post
from cowidget.core.values import Act, Body, Edit, Erase, Erased, LogEntry, Photos, React, Refusal, Speech

_SENTENCES: dict[Refusal, str] = {
    "unknown": "This message is not there any more.",
    "not-yours": "Only its author may edit a message; its author and hosts may erase it.",
}

PHOTO_NOT_HERE = "A photo of this message is not there any more. Send it again."


def is_message(body: Body) -> bool:
    """Whether people read this as a message of its own."""
    return isinstance(body, Speech)


def act_of(entry: Entry) -> Act | None:
    """The act that an entry is, if it is one."""
    body = body_of(entry)
    return body if isinstance(body, Act) else None


def body_of(entry: Entry) -> Body | None:
    """What an entry adds to the log; None for one of the state."""
    return entry.push.body if isinstance(entry.push, Post) else None


def photos_of(entry: Entry | None) -> list[str]:
    """The hashes of the photos that an entry shows, each once."""
    body = entry and body_of(entry)
    return list(dict.fromkeys(photo.sha256 for photo in body.photos)) if isinstance(body, Photos) else []


def refusal_of(entry: Entry, target: Entry | None) -> Refusal | Literal[""]:
    """Why this entry has no effect; `target` is the one that it is about. Empty if it has, and for what is no act."""
    act = act_of(entry)
    if act is None:
        return ""
    if target is None or not isinstance(body_of(target), Speech):
        return "unknown"
    if isinstance(act, React) or target.author == entry.author:
        return ""
    return "" if isinstance(act, Erase) and entry.role in ("host", "owner") else "not-yours"


def sentence_for(refusal: Refusal, body: Body | None = None) -> str:
    """What the author of this body is told."""
    return PHOTO_NOT_HERE if isinstance(body, Photos) else _SENTENCES[refusal]


def is_of(entry: LogEntry, at: int) -> bool:
    """Whether this is the entry at an offset, or an edit of it: what goes when that is erased (L8)."""
    return entry.at == at or (isinstance(entry.body, Edit) and entry.body.entry == at)


def blanked(entry: LogEntry) -> LogEntry:
    """What is left of an erased entry, or of an edit to one."""
    return replace(entry, body=Erased(entry.body.entry) if isinstance(entry.body, Edit) else Erased())
