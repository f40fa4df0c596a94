"""The rows of a feed that the feed process fills: declared by this kernel, and watched once somebody reads.

Everything but `read` belongs to the link's thread.
"""

from __future__ import annotations

from collections.abc import Callable

from cowidget.client.feeding import Feeding
from cowidget.core.columns import Block
from cowidget.core.feed_values import FeedSpec, FeedStatus, Source
from cowidget.core.feeds.producer import Declaration
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import Seen, Viewer
from cowidget.widgets.feeds.health import Pace
from cowidget.widgets.feeds.telling import tell_all


class Inlet:
    """One feed's source as the rooms have it, and its rows as far as they are here."""

    def __init__(self, feed: str, spec: FeedSpec, source: Source) -> None:
        self.feed = feed
        self.spec = spec
        self.source = source
        self.record = Record(spec.keep_rows, spec.keep_seconds)
        self.pace = Pace()
        self.listeners: list[Callable[[Block], None]] = []
        self.on_spec: Callable[[FeedSpec], None] = lambda _: None
        self.on_status: Callable[[], None] = lambda: None
        self._declarations: dict[Feeding, Declaration] = {}
        self._watching: tuple[Feeding, Viewer] | None = None
        self._wanted = False
        self._history = False

    @property
    def status(self) -> FeedStatus:
        """As the feed process reports it."""
        return self._watching[1].status if self._watching is not None else FeedStatus("idle")

    @property
    def rows(self) -> int:
        """How many rows the room has."""
        return self._watching[1].end - self._watching[1].first if self._watching is not None else 0

    @property
    def known(self) -> bool:
        """Whether the room has told of the feed."""
        return self._watching is not None and self._watching[1].spec is not None

    @property
    def complete(self) -> bool:
        """Whether all rows that the room has are here, or it is away."""
        return self._watching is None or not self._watching[0].joined or self._watching[1].complete

    def join(self, feeding: Feeding) -> None:
        """Let the feed process fill the feed in a room."""
        if feeding not in self._declarations:
            self._declarations[feeding] = declaration = Declaration(self.feed, self.spec, self.source)
            feeding.produce(declaration)
            if self._wanted:
                self.watch(history=self._history)

    def leave(self, feeding: Feeding) -> None:
        """Be in this room no more; it keeps what it has."""
        if (declaration := self._declarations.pop(feeding, None)) is not None:
            feeding.withdraw(declaration)
        if self._watching is not None and self._watching[0] is feeding:
            feeding.leave(self._watching[1])
            self._watching = None
            if self._declarations and self._wanted:
                self.watch(history=self._history)

    def drain(self) -> None:
        """Nothing: the rows come from the room."""

    def watch(self, *, history: bool) -> None:
        """Get its rows from now on; with `history` also those that the room has."""
        self._wanted = True
        self._history = self._history or history
        if self._watching is not None:
            if history:
                feeding, viewer = self._watching
                feeding.send(viewer.want_history())
        elif self._declarations:
            feeding = next(iter(self._declarations))
            viewer = Viewer(self.feed, feeding.fetches, history=self._history)
            self._watching = (feeding, viewer)
            feeding.view(viewer, self._receive)

    def declare(self, source: Source) -> None:
        """Another source, or the same one paused."""
        self.source = source
        for feeding, declaration in self._declarations.items():
            feeding.send(declaration.declare(self.spec, source))

    def clear(self) -> None:
        """Forget all rows, here and in the rooms."""
        self.record.clear()
        for feeding, declaration in self._declarations.items():
            feeding.send(declaration.restart())

    def _receive(self, seen: Seen) -> None:
        if self._watching is None:
            return
        viewer = self._watching[1]
        if seen.void is not None:
            self.record.cut(seen.void)
        for block in seen.blocks:
            live = block.first >= self.record.end
            self.record.insert(block)
            if live:
                self.pace.add(block.count)
                tell_all(self.listeners, block)
        if seen.described:
            self.record.forget(viewer.first)
            if viewer.spec is not None and viewer.spec != self.spec:
                self.spec = viewer.spec
                self.on_spec(viewer.spec)
            self.on_status()
