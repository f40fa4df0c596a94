"""A chart that the front end draws itself: its rows and marks travel as messages of the widget.

The panel goes around the kernel; this way leads through it, and stands still with it. A session of its own
carries what the views and the relay say to each other, so that its credit (PROTOCOL.md F7) is theirs. They need not
know when it breaks: what they wait for is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cowidget.client.handle import Handle
from cowidget.client.peer import Stage, StatusChanged
from cowidget.core import notes
from cowidget.core.frames import Drawn, FeedNews, Fetch, Fetched, Report, Rows, Unwatch, Watch, Watched
from cowidget.core.notes import Note
from cowidget.widgets.charts.marks import Mark, read
from cowidget.widgets.objects.stand_in import bundle

if TYPE_CHECKING:
    from cowidget.widgets.charts.chart import Chart

_Wish = Watch | Unwatch | Drawn | Fetch
_News = Watched | Rows | Fetched | Report
# The fields of bytes: they travel as the message's buffers, in this order.
_BYTES: Mapping[type[_News], Literal["block", "blocks", "overview"]] = {
    Rows: "block",
    Fetched: "blocks",
    Watched: "overview",
}


class NativeViews:
    """The views of one chart's model. One session for all: each hears what any of them has asked for."""

    def __init__(self, chart: Chart, open_handle: Callable[[], Handle]) -> None:
        self._chart = chart
        self._open_handle = open_handle
        self._handle: Handle | None = None
        self._told_marks = False
        # The link's thread: what the views wait for.
        self._watches: dict[str, Watch] = {}
        self._fetches: dict[tuple[str, int], Fetch] = {}
        chart.on_msg(self._receive)

    def close(self) -> None:
        """The chart was closed."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    # From the views, on the main thread.

    def _receive(self, _: object, content: Any, buffers: Sequence[Any]) -> None:
        match content:
            case {"feeds": "code"}:
                self._send({"feeds": "code"}, [bundle("feeds").encode()])
            case {"feed": dict(wish)}:
                self._pass_on(wish)
            case {"mark": {"id": str(identity), "mark": dict(value)}} if (mark := read(identity, value)) is not None:
                self._chart._book.change({identity: mark})
            case {"mark": {"id": str(identity), "mark": None}} if identity in self._chart._book.snapshot:
                self._chart._book.change({identity: None})
            case _:
                return

    def _pass_on(self, wish: Mapping[str, Any]) -> None:
        try:
            frame = msgspec.convert(wish, _Wish)
        except msgspec.ValidationError:
            return  # not a view of ours
        if frame.feed in {feed.name for feed in self._chart.feeds}:
            handle = self._opened()
            handle.thread.call(self._send_wish, handle, frame)
            if isinstance(frame, Watch):
                self._tell_marks(self._chart._book.snapshot)

    def _opened(self) -> Handle:
        if self._handle is None or self._handle.status.stage is Stage.ENDED:
            # A room that was stopped is another one by now.
            self._handle = handle = self._open_handle()
            handle.listen(lambda note: self._hear(handle, note))
            handle.on_feeds(self._tell)
            handle.open()
        return self._handle

    def _tell_marks(self, marks: Mapping[str, Mark]) -> None:
        if not self._told_marks:
            self._told_marks = True
            self._chart._book.observe(self._tell_marks)
        self._send({"marks": {identity: mark.value() for identity, mark in marks.items()}})

    # The link's thread.

    def _send_wish(self, handle: Handle, wish: _Wish) -> None:
        match wish:
            case Watch():
                self._watches[wish.feed] = wish
            case Unwatch():
                self._watches.pop(wish.feed, None)
            case Fetch():
                self._fetches[wish.feed, wish.id] = wish
            case Drawn():
                pass
        handle.send_feed(wish)

    def _hear(self, handle: Handle, note: Note | StatusChanged) -> None:
        if isinstance(note, notes.Welcomed):
            for watch in self._watches.values():
                handle.send_feed(watch)
            for fetch in self._fetches.values():
                handle.send_feed(fetch)

    def _tell(self, news: FeedNews) -> None:
        if not isinstance(news, _News):
            return
        if isinstance(news, Fetched) and not news.more:
            self._fetches.pop((news.feed, news.id), None)
        told = {"type": news.__struct_config__.tag, **msgspec.structs.asdict(news)}
        held = told.pop(_BYTES.get(type(news), ""), ())
        blocks = [held] if isinstance(held, bytes) else list(held)
        self._send({"news": msgspec.to_builtins(told)}, blocks)

    def _send(self, content: Mapping[str, Any], blocks: Sequence[bytes] = ()) -> None:
        comm: Any = self._chart.comm
        if comm is not None:
            # Past the tee: what is for the views is not for the room, and its lock is not for the link's thread.
            past = getattr(comm, "forwards_to", comm)
            past.send(data={"method": "custom", "content": content}, buffers=list(blocks))
