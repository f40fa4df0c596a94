"""The messages of a log as they are after all acts that are held (PROTOCOL.md L6, L8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from cowidget.core.acts import is_message
from cowidget.core.values import Act, Edit, Erase, Erased, LogEntry, Moment, React, Speech


@dataclass(frozen=True, slots=True)
class Message:
    """What people read as one message, or what is left of it.

    Attributes:
        entry: its entry, with the body as it is now.
        edited: its author has changed the text.
        erased: it is gone; the entry tells offset, author and time only.
        reactions: who reacted with which emoji, both in the order in which that began.
    """

    entry: LogEntry
    edited: bool = False
    erased: bool = False
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What it says now; empty when it is erased."""
        body = self.entry.body
        return body.text if isinstance(body, Speech) else ""

    @property
    def reply(self) -> int:
        """The offset of what it answers, or 0."""
        body = self.entry.body
        return 0 if isinstance(body, Moment | Act | Erased) else body.reply


class Messages:
    """Messages by offset. Acts on what is not held wait until it is."""

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}
        self._acts: dict[int, list[LogEntry]] = {}

    def __contains__(self, at: int) -> bool:
        return at in self._messages

    def add(self, entries: Sequence[LogEntry], *, older: bool = False) -> list[int]:
        """Take entries that follow what is held, or come before it; the offsets of what is gone (L8)."""
        come: dict[int, LogEntry] = {}
        touched: dict[int, None] = {}
        for entry in entries:
            match entry.body:
                case Edit(entry=target) | Erase(entry=target) | React(entry=target):
                    self._acts.setdefault(target, []).append(entry)
                    self._acts[target].sort(key=lambda act: act.at)
                    touched[target] = None
                case body if is_message(body) or body == Erased():
                    come[entry.at] = entry
        new = {at: made(entry, self._acts_on(at)) for at, entry in come.items()}
        self._messages = {**new, **self._messages} if older else self._messages
        self._messages.update(new)
        for at in touched:
            if at in self._messages and at not in come:
                self._messages[at] = made(self._messages[at].entry, self._acts_on(at))
        return [gone for at in {**come, **touched} for gone in self._forget(at)]

    def shown(self, peer: str, own: Iterable[Act]) -> tuple[Message, ...]:
        """All messages in order, as they would be with these acts of ours."""
        pending: dict[int, list[Act]] = {}
        for act in own:
            if act.entry in self._messages:
                pending.setdefault(act.entry, []).append(act)
        if not pending:
            return tuple(self._messages.values())
        ours = {at: [(peer, act) for act in acts] for at, acts in pending.items()}
        return tuple(
            made(message.entry, [*self._acts_on(at), *ours[at]]) if at in ours else message
            for at, message in self._messages.items()
        )

    def _acts_on(self, at: int) -> list[tuple[str, Act]]:
        acts = ((entry.by, entry.body) for entry in self._acts.get(at, ()))
        return [(by, body) for by, body in acts if isinstance(body, Act)]

    def _forget(self, at: int) -> list[int]:
        """What an erase leaves nothing of: the entry and its edits."""
        acts = self._acts.get(at, [])
        erases = [act for act in acts if isinstance(act.body, Erase)]
        if not erases:
            return []
        self._acts[at] = erases
        return [at, *(act.at for act in acts if isinstance(act.body, Edit))]


def made(entry: LogEntry, acts: Iterable[tuple[str, Act]] = ()) -> Message:
    """What all acts on a message make of it; each comes with who it is by."""
    body, edited = entry.body, False
    reactions: dict[str, list[str]] = {}
    for by, act in acts:
        match act:
            case Erase():
                body = Erased()
            case Edit(text=text) if isinstance(body, Speech):
                body, edited = replace(body, text=text), True
            case React(emoji=emoji, on=True) if by not in reactions.get(emoji, ()):
                reactions.setdefault(emoji, []).append(by)
            case React(emoji=emoji, on=False) if by in reactions.get(emoji, ()):
                reactions[emoji].remove(by)
                if not reactions[emoji]:
                    del reactions[emoji]
    if not is_message(body):
        return Message(replace(entry, body=Erased()), erased=True)
    told = {emoji: tuple(peers) for emoji, peers in reactions.items()}
    return Message(replace(entry, body=body), edited, reactions=told)
