"""What of charts lives in one room beside their traits: their feeds and their marks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from cowidget.client.peer import StatusChanged
from cowidget.core import frames, notes
from cowidget.core.notes import Effect, Note
from cowidget.core.replica import DELETED, Replica
from cowidget.errors import ShareError
from cowidget.widgets.charts.chart import Chart
from cowidget.widgets.charts.mark_book import MarkPlace
from cowidget.widgets.charts.marks import key_of
from cowidget.widgets.shared import Shared
from cowidget.widgets.tee import LOCK

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed
    from cowidget.widgets.hosting import Hosting

_Place = tuple[int, str]

# Seconds in which a feed that another one has replaced may still send what it holds.
_GRACE = 5.0


class HostedCharts:
    """The charts of one room, wherever in its shares they are."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        # By their `id`: a cell that is run again has made another feed of the same name, and two cells that follow
        # one address have two.
        self._feeds: dict[int, tuple[Feed, Callable[[], None]]] = {}
        # By the chart's `id` and the share it is in: it may be in two.
        self._places: dict[_Place, tuple[Chart, MarkPlace]] = {}
        self._ended: set[str] = set()
        self._closed = False
        hosting.handle.listen(self._receive)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What they draw, each once."""
        return tuple(feed for feed, _ in tuple(self._feeds.values()))

    def refresh(self, shares: Collection[Shared]) -> None:
        """Charts came or went: their feeds join the room or leave it."""
        with LOCK:
            if self._closed:
                return
            charts = {
                (id(mirror.widget), shared.name): mirror.widget
                for shared in shares
                for mirror in shared.mirrors.values()
                if isinstance(mirror.widget, Chart)
            }
            for over in self._keep_feeds(feed for chart in charts.values() for feed in chart.feeds):
                self._end(over)
            for gone in self._places.keys() - charts.keys():
                self._leave(gone)
            for place in charts.keys() - self._places.keys():
                self._enter(place, charts[place])

    def unshare(self, share: str) -> None:
        """A share was taken away: its marks go with it."""

        def forget(replica: Replica) -> list[Effect]:
            keys = replica.keys(key_of(share))
            return replica.set(dict.fromkeys(keys, DELETED)) if keys else []

        self._hosting.handle.push(forget)

    def close(self) -> None:
        """The room has ended: the feeds leave it, and what it keeps stays."""
        with LOCK:
            self._closed = True
            self._keep_feeds(())
            for place in tuple(self._places):
                self._leave(place)

    def _keep_feeds(self, feeds: Iterable[Feed]) -> set[str]:
        """Join those that are new, and leave those that are wanted no more; the names that are gone altogether."""
        wanted = {id(feed): feed for feed in feeds}
        names = {feed.name for feed in wanted.values()}
        gone = [self._feeds.pop(identity) for identity in self._feeds.keys() - wanted.keys()]
        for identity, feed in wanted.items():
            if identity not in self._feeds:
                self._check_name(feed)
                self._ended.discard(feed.name)
                self._feeds[identity] = (feed, feed.join(self._hosting))
        for feed, leave in gone:
            if feed.name in names:
                thread = self._hosting.thread
                thread.call(thread.loop.call_later, _GRACE, _retire, feed, leave)
            else:
                leave()
        return {feed.name for feed, _ in gone} - names

    def _check_name(self, feed: Feed) -> None:
        if any(known.name == feed.name and not known.is_filled_elsewhere for known, _ in self._feeds.values()):
            self._hosting.report(
                ShareError(
                    f"Two feeds of this room are called {feed.name!r}: the later one fills it. "
                    "Give one another name=, or run the cells again whose charts draw the earlier one."
                )
            )

    def _end(self, feed: str) -> None:
        # What is sent while the relay is away is lost, so it is said again.
        self._ended.add(feed)
        self._hosting.handle.send_feed(frames.Feed(feed))

    def _enter(self, place: _Place, chart: Chart) -> None:
        handle = self._hosting.handle
        marks = MarkPlace(handle, place[1], chart._book)
        self._places[place] = (chart, marks)
        chart._enter(self._hosting, place[1])
        handle.push(marks.open)

    def _leave(self, place: _Place) -> None:
        chart, marks = self._places.pop(place)
        chart._leave(self._hosting, place[1])
        self._hosting.thread.call(marks.close)

    # The link's thread.

    def _receive(self, note: Note | StatusChanged) -> None:
        match note:
            case notes.Welcomed():
                for feed in tuple(self._ended):
                    self._hosting.handle.send_feed(frames.Feed(feed))
            case notes.StateChanged(keys=keys):
                self._look(lambda marks, replica: marks.receive(replica, keys))
            case notes.Acked() | notes.RefusedPush():
                self._look(lambda marks, replica: marks.receive_settled(replica))
            case _:
                return

    def _look(self, look: Callable[[MarkPlace, Replica], None]) -> None:
        if not self._places:
            return
        places = [marks for _, marks in tuple(self._places.values())]

        def tell(replica: Replica) -> None:
            for marks in places:
                look(marks, replica)

        self._hosting.handle.ask(tell)


def _retire(feed: Feed, leave: Callable[[], None]) -> None:
    """A cell was run again, and has made another one of this name: what filled this one is wanted no more."""
    leave()
    if not feed.is_joined:
        feed.stop()
