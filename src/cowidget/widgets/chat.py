"""The room's chat, from Python."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from cowidget.client.handle import Handle
from cowidget.client.peer import StatusChanged
from cowidget.core import values
from cowidget.core.notes import LogGrown, Note
from cowidget.core.values import Body, LogEntry, Text
from cowidget.errors import ShareError
from cowidget.widgets.main_thread import MainThread

_log = logging.getLogger("cowidget")
MAX_TEXT = 8000


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
class Message:
    """One message as the room keeps it.

    Attributes:
        number: its place in the chat, from 1, without gaps.
        name: what its author was called then.
        text: markdown; hostile until proved otherwise.
        time: by the relay's clock.
        peer: who wrote it.
        moment: the span of time of a chart that they show with it, if they do.
    """

    number: int
    name: str
    text: str
    time: datetime
    peer: str
    moment: Moment | None = None


class Chat:
    """Messages that everybody in the room sees. What was sent is kept by the room and survives restarts."""

    def __init__(self, handle: Handle, main: MainThread) -> None:
        self._handle = handle
        self._main = main
        self._observers: list[Callable[[Message], object]] = []
        self._last = 0
        handle.listen(self._receive)

    def __repr__(self) -> str:
        return f"<chat: {len(self.messages)} messages here>"

    def send(self, text: str) -> None:
        """Write a message (markdown). It is sent again after a lost connection, and arrives once.

        Raises:
            ShareError: it is empty or too long.
        """
        if not 0 < len(text) <= MAX_TEXT:
            raise ShareError(f"A message has 1 to {MAX_TEXT} characters.")
        self._handle.push(lambda replica: replica.post(Text(text)))

    @property
    def messages(self) -> list[Message]:
        """The newest messages, oldest first; `load_older` brings more."""
        return [_message(entry) for entry in self._handle.ask(lambda replica: tuple(replica.log))]

    @property
    def has_older(self) -> bool:
        """Whether the room keeps messages from before the first of `messages`."""
        return self._handle.ask(lambda replica: replica.log_older)

    def load_older(self, count: int = 50) -> None:
        """Ask for older messages; they appear in `messages` a moment later."""
        self._handle.push(lambda replica: replica.page_back(count))

    def observe(self, observer: Callable[[Message], object]) -> None:
        """Call `observer(message)` on the main thread for each new message, own ones too."""
        self._observers.append(observer)

    def unobserve(self, observer: Callable[[Message], object]) -> None:
        """Undo `observe`."""
        if observer in self._observers:
            self._observers.remove(observer)

    def _receive(self, note: Note | StatusChanged) -> None:
        if not isinstance(note, LogGrown):
            return
        if note.reset:
            # What is here when we come in, or come back to another log, is not news.
            self._last = max((entry.at for entry in note.entries), default=0)
            return
        for entry in note.entries:
            if entry.at > self._last:
                self._last = entry.at
                for observer in tuple(self._observers):
                    self._main.call(partial(_call, observer, _message(entry)))


def _call(observer: Callable[[Message], object], message: Message) -> None:
    try:
        observer(message)
    except Exception:  # noqa: BLE001 - the user's function
        _log.exception("an observer of the chat failed")


def _message(entry: LogEntry) -> Message:
    time = datetime.fromtimestamp(entry.time).astimezone()
    return Message(entry.at, entry.name, entry.body.text, time, entry.by, _moment(entry.body))


def _moment(body: Body) -> Moment | None:
    if not isinstance(body, values.Moment):
        return None
    return Moment(body.share, body.start, body.end, body.picture)
