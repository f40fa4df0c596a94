"""The room's chat, from Python."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from cowidget.client.handle import Handle
from cowidget.client.peer import Stage, StatusChanged
from cowidget.core.acts import is_message
from cowidget.core.bodies import fault_of
from cowidget.core.frames import Found
from cowidget.core.messages import Message as Shown, made
from cowidget.core.notes import LogGrown, MessagesChanged, Note, SearchAnswered
from cowidget.core.phase import Phase
from cowidget.core.replica import Replica
from cowidget.core.values import Act, Edit, Erase, LogEntry
from cowidget.errors import NotAllowed, RelayUnavailable, ShareError
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.message import Message, Moment as Moment, message_of
from cowidget.widgets.messages.backends import Backend
from cowidget.widgets.messages.drafts import drafted
from cowidget.widgets.messages.frame import frame_of
from cowidget.widgets.messages.items import piece_of
from cowidget.widgets.messages.part import FindPart
from cowidget.widgets.messages.posting import Posting, Sending
from cowidget.widgets.messages.shares import shown_of
from cowidget.widgets.plain_errors import plain_errors

Observer = Callable[[Message], object]
_Observer = TypeVar("_Observer", bound=Observer)
_Answer = TypeVar("_Answer")

_log = logging.getLogger("cowidget")
# What one frame asks for at most.
_PAGE = 200
_MOST_FOUND = 50
_MOST_WORDS = 200
# Seconds. A relay answers in milliseconds; one that is busy for longer is better asked again.
_ANSWER_TIMEOUT = 10.0
# A photo of 10 MB on a line of 1.3 Mbit/s.
_FETCH_TIMEOUT = 60.0


@dataclass(slots=True, eq=False)
class _Search:
    """A search on its way."""

    query: str
    before: int | None
    answer: Future[Found] = field(default_factory=Future)


class Chat:
    """Messages that everybody in the room sees. What was sent is kept by the room and survives restarts."""

    def __init__(self, handle: Handle, main: MainThread, find_part: FindPart = lambda thing: None) -> None:
        self._handle = handle
        self._find_part = find_part
        self._posting = Posting(handle)
        self._main = main
        self._observers: list[Observer] = []
        self._watchers: list[Observer] = []
        # The link's thread: the last entry that was told, and who waits for an answer.
        self._last = 0
        self._searches: list[_Search] = []
        self._paging: list[Future[None]] = []
        handle.listen(self._receive)

    def __repr__(self) -> str:
        return f"<chat: {len(self.messages)} messages here>"

    # Saying something.

    @plain_errors
    def send(self, *items: Any, reply: Message | None = None, wait: bool = True) -> list[Message]:
        """Say or show something; what this returns is in the room for good.

            room.chat.send("**Look** at this:", fig)
            room.chat.send("The first rows:", df, reply=question)

        What is said before a picture or a table is one message with it; a message shows up to 12 photos. It is sent
        again after a lost connection, and arrives once.

        Args:
            items: texts (markdown); pictures: a figure of matplotlib, an image of Pillow, an array of uint8, a
                `pathlib.Path`, the bytes of a file; tables (pandas, polars, pyarrow, whatever Arrow reads): their first
                200 rows; what is in the room: a widget's state, the span of time that a chart shows. Of anything else
                the best that it shows of itself, never HTML.
            reply: the message that the first of these answers.
            wait: False: return at once, with nothing; what goes wrong is logged.

        Returns:
            The messages, oldest first.

        Raises:
            ShareError: something of it cannot be sent, and nothing was; says what, and what to do.
            PhotoDeclined: the room does not take a photo; says why. What came before it was sent.
            NotAllowed: the room refused it.
            RelayUnavailable: the relay is away; says what becomes of it.
            RoomClosed: the room has ended.
        """
        pieces = [piece_of(item, self._shown) for item in items]
        sending = Sending(drafted(pieces, 0 if reply is None else reply.number))
        self._posting.begin(sending)
        if not wait or self._handle.thread.is_current():
            sending.done.add_done_callback(_log_failure)
            return []
        return [message_of(made(entry), self) for entry in self._wait_for(sending)]

    def act(self, message: Message, act: Act) -> None:
        """Do something about a message; its methods `edit`, `erase` and `react` call this.

        Raises:
            NotAllowed: this is not ours to do, or the message is erased.
            ShareError: the text or the emoji cannot be.
        """
        held, peer, role = self._handle.ask(
            lambda replica: (_held(replica, message.number), replica.peer, replica.role)
        )
        if message.erased if held is None else held.erased:
            raise NotAllowed("This message was erased.")
        mine = message.peer == peer
        if isinstance(act, Edit) and not mine:
            raise NotAllowed("Only its author may edit this message.")
        if isinstance(act, Erase) and not mine and role not in ("host", "owner"):
            raise NotAllowed("Only its author and hosts may erase this message.")
        if fault := fault_of(act):
            raise ShareError(fault)
        self._handle.push(lambda replica: replica.post(act))

    # What was said.

    @property
    def messages(self) -> list[Message]:
        """The newest messages as they are now, oldest first; `load_older` brings more, `history` all of them."""
        return self._wrapped(self._handle.ask(lambda replica: replica.messages))

    @property
    def has_older(self) -> bool:
        """Whether the room keeps messages from before the first of `messages`."""
        return self._handle.ask(lambda replica: replica.log_older)

    def load_older(self, count: int = 50) -> None:
        """Ask for older messages; they appear in `messages` a moment later."""
        self._handle.push(lambda replica: replica.page_back(count))

    def history(self, since: datetime | None = None) -> list[Message]:
        """All messages that the room keeps, oldest first; waits until they are here.

        Args:
            since: only those from this time on; without a time zone, it is the local one.

        Raises:
            RelayUnavailable: the relay is away, or does not answer.
        """
        start = None if since is None else since.astimezone()
        while self._goes_back(start):
            paged: Future[None] = Future()
            self._handle.thread.call(self._page, paged)
            _wait(paged)
        return [message for message in self.messages if start is None or message.time >= start]

    def search(self, query: str, before: Message | None = None, count: int = 20) -> list[Message]:
        """The newest messages that hold all these words, the newest first; waits for the relay.

        Case and accents do not count, and the last word may go on. Messages that are not in `messages` come without
        their reactions.

        Args:
            query: words.
            before: only older messages than this one: the last of what was found before.
            count: how many at most.

        Raises:
            RelayUnavailable: the relay is away, or does not answer.
            ShareError: the query is too long.
        """
        if len(query) > _MOST_WORDS:
            raise ShareError(f"A search has at most {_MOST_WORDS} characters.")
        found: list[LogEntry] = []
        place = None if before is None else before.number
        more = True
        while more and len(found) < count:
            search = _Search(query, place)
            self._handle.thread.call(self._begin, search, min(count - len(found), _MOST_FOUND))
            answer = _wait(search.answer)
            found += answer.entries
            more = answer.more and bool(answer.entries)
            place = found[-1].at if found else place
        held = self._handle.ask(lambda replica: {each.entry.at: each for each in replica.messages})
        return self._wrapped([held.get(entry.at) or made(entry) for entry in found])

    def to_frame(self, backend: Backend = "pandas") -> Any:
        """The whole `history` as a DataFrame, one row for each message.

        Columns: `number` (int64), `time` (datetime in UTC), `name`, `peer`, `kind` and `text` (strings), `reply`
        (Int64, the number of what it answers), `edited` and `erased` (bool), `photos` and `reactions` (int64, how
        many).

        Args:
            backend: "pandas" or "polars".

        Raises:
            ShareError: the library is not installed.
            RelayUnavailable: the relay is away, or does not answer.
        """
        return frame_of(self.history(), backend)

    def fetch(self, sha256: str) -> bytes:
        """The bytes of a photo or a thumbnail by their hash; `photo.read()` calls this.

        Raises:
            ShareError: the room does not have them any more.
            RelayUnavailable: the relay is away, or does not answer.
            RoomClosed: the session has ended.
        """
        if self._handle.ask(lambda replica: replica.phase in (Phase.AWAY, Phase.GREETING)):
            raise _away()
        try:
            data = self._handle.thread.run(lambda: self._handle.fetching.fetch(sha256), _FETCH_TIMEOUT)
        except TimeoutError as error:
            raise RelayUnavailable(f"The photo did not come within {_FETCH_TIMEOUT:.0f} s. Ask again.") from error
        if data is None:
            raise ShareError("The room does not have this photo any more.")
        return data

    # Being told.

    def on_message(self, observer: _Observer) -> _Observer:
        """`observe`, as a decorator."""
        self.observe(observer)
        return observer

    def on_change(self, observer: _Observer) -> _Observer:
        """Call `observer(message)` on the main thread when a message was edited or erased, or its reactions changed.

        A decorator. What we do ourselves is told at once, and again when the room has it.
        """
        self._watchers.append(observer)
        return observer

    def observe(self, observer: Observer) -> None:
        """Call `observer(message)` on the main thread for each new message, own ones too."""
        self._observers.append(observer)

    def unobserve(self, observer: Observer) -> None:
        """Undo `observe`, `on_message` or `on_change`."""
        for observers in (self._observers, self._watchers):
            if observer in observers:
                observers.remove(observer)

    # Parts of the above.

    def _shown(self, item: Any) -> Any:
        return shown_of(item, self._find_part(item), self._handle.ask)

    def _wait_for(self, sending: Sending) -> list[LogEntry]:
        try:
            while True:
                try:
                    return sending.done.result(_ANSWER_TIMEOUT)
                except (TimeoutError, FutureTimeoutError) as error:
                    # A slow line is no reason to give up a photo.
                    if self._handle.status.stage is not Stage.LIVE:
                        raise RelayUnavailable(_LATER if sending.is_posted else _NOT_SENT) from error
        except BaseException:
            self._posting.give_up(sending)
            raise

    def _goes_back(self, start: datetime | None) -> bool:
        first = self._handle.ask(lambda replica: replica.log[0].time if replica.log_older else None)
        return first is not None and (start is None or first >= start.timestamp())

    def _wrapped(self, shown: Sequence[Shown]) -> list[Message]:
        return [message_of(each, self) for each in shown]

    # In the link's thread.

    def _begin(self, search: _Search, count: int) -> None:
        if self._is_away():
            search.answer.set_exception(_away())
            return
        self._searches.append(search)
        self._handle.push(lambda replica: replica.search(search.query, search.before, count))

    def _page(self, paged: Future[None]) -> None:
        if self._is_away():
            paged.set_exception(_away())
            return
        self._paging.append(paged)
        self._handle.push(lambda replica: replica.page_back(_PAGE))

    def _is_away(self) -> bool:
        return self._handle.ask(lambda replica: replica.phase is not Phase.JOINED)

    def _receive(self, note: Note | StatusChanged) -> None:
        match note:
            case LogGrown():
                self._receive_grown(note)
            case MessagesChanged(offsets=offsets):
                self._tell_changed(offsets)
            case SearchAnswered(found=found):
                self._answer(found)
            case StatusChanged(status=status) if status.stage is not Stage.LIVE:
                self._give_up()

    def _receive_grown(self, grown: LogGrown) -> None:
        if grown.reset:
            # What is here when we come in, or come back to another log, is not news.
            self._last = max((entry.at for entry in grown.entries), default=0)
        if grown.reset or any(entry.at <= self._last for entry in grown.entries):
            for paged in self._paging:
                paged.set_result(None)
            self._paging.clear()
        for entry in grown.entries:
            if entry.at > self._last:
                self._last = entry.at
                self._tell_new(entry)

    def _answer(self, found: Found) -> None:
        for search in self._searches:
            if (search.query, search.before) == (found.query, found.before):
                self._searches.remove(search)
                search.answer.set_result(found)
                return

    def _give_up(self) -> None:
        for paged in self._paging:
            paged.set_exception(_away())
        for search in self._searches:
            search.answer.set_exception(_away())
        self._paging.clear()
        self._searches.clear()

    def _tell_new(self, entry: LogEntry) -> None:
        if is_message(entry.body):
            self._tell(self._observers, message_of(made(entry), self))

    def _tell_changed(self, offsets: Sequence[int]) -> None:
        if self._watchers:
            shown = self._handle.ask(lambda replica: replica.messages)
            for message in self._wrapped([each for each in shown if each.entry.at in offsets]):
                self._tell(self._watchers, message)

    def _tell(self, observers: Sequence[Observer], message: Message) -> None:
        for observer in tuple(observers):
            self._main.call(partial(_call, observer, message))


def _held(replica: Replica, number: int) -> Shown | None:
    return next((message for message in replica.messages if message.entry.at == number), None)


def _wait(answer: Future[_Answer]) -> _Answer:
    try:
        return answer.result(_ANSWER_TIMEOUT)
    except (TimeoutError, FutureTimeoutError) as error:
        raise RelayUnavailable(f"The relay did not answer within {_ANSWER_TIMEOUT:.0f} s.") from error


_LATER = "The relay is away. What you have sent arrives when it is back and this kernel still runs."
_NOT_SENT = "The relay is away, and not all of it was sent. Send it again when the room's status is live."


def _log_failure(done: Future[list[LogEntry]]) -> None:
    if (error := done.exception()) is not None:
        _log.warning("what was sent to the chat is not there: %s", error)


def _away() -> RelayUnavailable:
    return RelayUnavailable("The relay is away: ask again when the room's status is live.")


def _call(observer: Observer, message: Message) -> None:
    try:
        observer(message)
    except Exception:  # noqa: BLE001 - the user's function
        _log.exception("an observer of the chat failed")
