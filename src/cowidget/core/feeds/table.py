"""One feed of a room: its kept rows, what is on its way, and those who watch."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cowidget.core import columns, limits
from cowidget.core.columns import Block
from cowidget.core.effects import Effect, KeepFeeds, ReadRows, SealFeed, Send
from cowidget.core.feeds.arrivals import Arrivals, continues
from cowidget.core.feeds.changes import DropRows, FeedRecord, KeptRows, PutRows
from cowidget.core.feeds.fetches import Wish
from cowidget.core.feeds.overview import overview
from cowidget.core.feeds.pyramid import FACTOR, Pyramid
from cowidget.core.feeds.ring import Ring, chunk_rows
from cowidget.core.feeds.watchers import Watcher, Watchers
from cowidget.core.frames import Fed, Fetched, Rows, Watched


class Phase(StrEnum):
    """How much of a feed is here."""

    UNREAD = "unread"
    READING = "reading"
    READY = "ready"


class Table:
    """A feed, or the place of one that somebody watches and that is not there (yet).

    Attributes:
        name: its name.
        record: what the store has of it; None when there is no such feed.
        arrivals: the same, with what is on its way.
        watchers: who watches it.
        phase: whether its rows have been read from the store.
    """

    def __init__(self, name: str, record: FeedRecord | None = None) -> None:
        self.name = name
        self.record = record
        self.arrivals = Arrivals(record)
        self.watchers = Watchers()
        self.phase = Phase.READY if record is None else Phase.UNREAD
        self._ring = Ring()
        self._pyramid = Pyramid(() if record is None else record.spec.columns)
        self._sealing = False
        self._overview: tuple[tuple[str, int, int], tuple[bytes, ...]] | None = None

    @property
    def end(self) -> int:
        """The row after the last one that the store has."""
        return self._ring.end

    @property
    def has_source(self) -> bool:
        """Whether the feed process fills it."""
        return self.record is not None and self.record.source is not None

    def fed(self) -> Fed:
        """What its producer is told."""
        return Fed(self.name, "" if self.record is None else self.record.epoch, self.end)

    # From the store.

    def read(self) -> ReadRows:
        """What to read next of a feed that is being opened."""
        self.phase = Phase.READING
        return ReadRows(self.name, self.end, 1 << 53)

    def load(self, blocks: Sequence[KeptRows]) -> None:
        """Rows as the store has them; none means that these were all."""
        for kept in blocks:
            block = columns.decode(kept.data)
            if not isinstance(block, Block):
                raise AssertionError("the store has rows")
            self._ring.load(kept, block)
            self._pyramid.add(block)
        if not blocks:
            self.phase = Phase.READY
            self.arrivals = Arrivals(self.record, self.end, self._ring.last_time)

    def forget_arrivals(self) -> None:
        """What was on its way has been lost: the producer sends again from where the store stands."""
        self.arrivals = Arrivals(self.record, self.end, self._ring.last_time)

    # Kept.

    def put(self, record: FeedRecord | None) -> bool:
        """The store has this record now; whether those who watch see another feed."""
        before, self.record = self.record, record
        if before is not None and record is not None and before.epoch == record.epoch:
            if len(record.spec.columns) > len(before.spec.columns):
                self._pyramid.extend(record.spec.columns)
            if not continues(before.spec, record.spec):
                raise AssertionError("other columns begin a new epoch")
            return before.spec != record.spec
        self._ring = Ring()
        self._pyramid = Pyramid(() if record is None else record.spec.columns)
        self._sealing = False
        self.watchers.begin_anew(0)
        return before is not record

    def add(self, rows: PutRows) -> None:
        """The store has these rows now."""
        self._ring.add(rows.block, rows.data)
        self._pyramid.add(rows.block)

    def tidy(self) -> list[Effect]:
        """What the rows that have come make due: a chunk to be sealed, old ones to be dropped."""
        record = self.record
        if record is None or self.arrivals.record is None or self.arrivals.record.epoch != record.epoch:
            return []
        effects: list[Effect] = []
        rows = chunk_rows(record.spec)
        if not self._sealing and (blocks := self._ring.to_seal(rows)):
            self._sealing = True
            effects.append(SealFeed(self.name, record.epoch, rows, blocks))
        if self._ring.drop(record.spec):
            self._pyramid.drop(self._ring.first)
            effects.append(KeepFeeds((DropRows(self.name, self._ring.first),)))
        return effects

    def seal(self, epoch: str, chunks: Sequence[KeptRows]) -> bool:
        """The store has sealed chunks in place of open rows, or could not; whether these are this feed's rows."""
        if self.record is None or self.record.epoch != epoch:
            return False
        self._sealing = False
        if chunks:
            self._ring.seal(chunks)
        return bool(chunks)

    # Told.

    def watched(self, *, brief: bool = False) -> Watched:
        """What somebody is told who watches; briefly, if they hold nearly all of it."""
        record, ring = self.record, self._ring
        if record is None:
            return Watched(self.name)
        picture = () if brief else self._shared_overview(record)
        return Watched(self.name, record.spec, record.status, record.epoch, ring.first, ring.end, picture)

    def stands_near(self, epoch: str, after: int) -> bool:
        """Whether who holds the rows before this one of an epoch needs no overview."""
        return (
            self.record is not None and epoch == self.record.epoch and 0 <= self.end - after <= limits.MAX_ROWS_BEHIND
        )

    def tell(self, rows: Sequence[PutRows], now: float) -> list[Effect]:
        """These rows, to all who have credit: the same bytes for those who stand at the same row."""
        effects: list[Effect] = []
        levels = self.watchers.levels()
        if 0 in levels:
            for each in rows:
                first, end = each.block.first, each.block.end
                following = [w for w in self.watchers.at(0) if w.sent == first and self.watchers.may_follow(w, now)]
                for watcher in following:
                    watcher.sent = end
                if following:
                    effects.append(Send(tuple(w.connection for w in following), Rows(self.name, each.data)))
                self.watchers.note(0, first, end, len(each.data), now)
        for level in levels - {0}:
            sent = self._tell_bins(level, [w for w in self.watchers.at(level) if self.watchers.may_follow(w, now)])
            frames = [each.frame for each in sent[:1]]
            size = sum(len(frame.block) + len(frame.newest or b"") for frame in frames if isinstance(frame, Rows))
            self.watchers.note(level, rows[0].block.first, self.end, size, now)
            effects += sent
        return effects

    def catch_up(self, watcher: Watcher) -> Sequence[Effect]:
        """What a watcher has missed, as far as its credit goes; the newest only, if that is too much (F7)."""
        if watcher.level:
            return self._tell_bins(watcher.level, [watcher]) if self.watchers.may_catch_up(watcher) else []
        effects: list[Effect] = []
        while watcher.sent < self.end and self.watchers.may_catch_up(watcher):
            block = None
            if watcher.sent >= self._ring.first and not self.watchers.is_far_behind(watcher, self.end):
                block = self._ring.following(watcher.sent)
            block = block or self._ring.following(self._ring.newest())
            if block is None:
                raise AssertionError("the newest rows are here")
            data, watcher.sent = block
            effects.append(Send((watcher.connection,), Rows(self.name, data)))
        return effects

    def answer(self, wish: Wish) -> Fetched | ReadRows:
        """The next part of what somebody has asked for; `wish` is what is left of it then, if `more`."""
        wish.at, wish.last = max(wish.at, self._ring.first), min(wish.last, self.end)
        if wish.at >= wish.last:
            return Fetched(wish.feed, wish.id)
        if wish.level:
            return self._answer_bins(wish)
        part = self._ring.part(wish.at, wish.last)
        if part.blocks is None:
            return ReadRows(wish.feed, part.first, part.end)
        wish.at = part.end
        return Fetched(wish.feed, wish.id, part.blocks, more=wish.at < wish.last)

    def _answer_bins(self, wish: Wish) -> Fetched:
        span = FACTOR**wish.level
        most = max(16, limits.FETCH_BYTES // (8 * (1 + 2 * self._width())))
        stop = min(wish.last, (wish.at // span + most) * span)
        bins = self._pyramid.bins(wish.level, wish.at, stop)
        wish.at = stop
        return Fetched(wish.feed, wish.id, (columns.encode(bins),), more=stop < wish.last)

    def _tell_bins(self, level: int, watchers: Sequence[Watcher]) -> list[Send]:
        span, end = FACTOR**level, self.end
        groups: dict[int, list[Watcher]] = {}
        for watcher in watchers:
            if watcher.sent < end:
                far = self.watchers.is_far_behind(watcher, end)
                groups.setdefault((end - 1 if far else watcher.sent) // span, []).append(watcher)
        sent: list[Send] = []
        newest = self._ring.last_row() if groups else None
        for number, group in groups.items():
            data = columns.encode(self._pyramid.bins(level, number * span, end))
            sent.append(Send(tuple(watcher.connection for watcher in group), Rows(self.name, data, newest)))
            for watcher in group:
                watcher.sent = end
        return sent

    def _shared_overview(self, record: FeedRecord) -> tuple[bytes, ...]:
        at = (record.epoch, self._ring.first, self._ring.end)
        if self._overview is None or self._overview[0] != at:
            self._overview = (at, overview(self._pyramid, self._ring.first, self._ring.end, self._width()))
        return self._overview[1]

    def _width(self) -> int:
        return 0 if self.record is None else len(self.record.spec.columns)
