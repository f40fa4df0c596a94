"""All feeds of one room: who may fill them, who is told of them (PROTOCOL.md F).

Like the room, it decides at once; what it asks of the store comes back through `receive_kept` and the others. Rows
are told when the store has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from cowidget.core import closing, limits
from cowidget.core.closing import Closing
from cowidget.core.effects import AwaitDrain, Close, Effect, ReadRows, SealFeed, Send
from cowidget.core.feeds.changes import DropFeed, FeedChange, FeedRecord, KeptRows, PutFeed, PutRows
from cowidget.core.feeds.fetches import Fetches, Wish
from cowidget.core.feeds.filling import Filling
from cowidget.core.feeds.table import Phase, Table
from cowidget.core.feeds.watchers import Watcher
from cowidget.core.frames import Drawn, Feed, FeedWish, Fetch, Fetched, Report, Rows, Unwatch, Watch
from cowidget.core.members import Member
from cowidget.errors import FrameError

# Frames that wait until a feed has been read from the store; beyond it they are dropped, and rows are sent again.
MAX_WAITING = 1000


class FeedDesk:
    """The feeds of one room.

    Args:
        records: the feeds that the store has.
        make_token: gives names to epochs.
        runs_sources: there is a feed process.
    """

    def __init__(self, records: Iterable[FeedRecord], make_token: Callable[[], str], *, runs_sources: bool) -> None:
        self._tables = {record.name: Table(record.name, record) for record in records}
        self._filling = Filling(self._tables, make_token, runs_sources=runs_sources)
        self._fetches = Fetches()
        self._reading: dict[str, Wish] = {}
        self._waiting: dict[str, list[tuple[Member, FeedWish]]] = {}
        self._watching: dict[str, set[str]] = {}
        self._feeder: Member | None = None

    @property
    def has_sources(self) -> bool:
        """Whether there is a feed that the feed process should fill."""
        return any(table.has_source for table in self._tables.values())

    # Coming and going.

    def feeder(self, connection: str) -> Member | None:
        """The feed process, if this is its connection."""
        return self._feeder if self._feeder is not None and self._feeder.connection == connection else None

    def join_feeder(self, member: Member) -> list[Effect]:
        """The feed process has come: it is told of every feed that has a source (F9)."""
        effects = self.dismiss_feeder(closing.REPLACED)
        self._feeder = member
        for table in self._tables.values():
            if table.phase is Phase.READY:
                effects += self._tell_feeder(table)
            elif table.has_source:
                effects += self._open(table)
        return effects

    def dismiss(self, lost: set[str]) -> list[Effect]:
        """The feed process must come back, if its rows are among those that were lost."""
        return self.dismiss_feeder(closing.STORE_FAILED) if self._feeder and self._feeder.connection in lost else []

    def dismiss_feeder(self, why: Closing) -> list[Effect]:
        """The feed process must go."""
        feeder, self._feeder = self._feeder, None
        return [] if feeder is None else [Close(feeder.connection, why)]

    def leave(self, connection: str) -> None:
        """A connection has ended, or is being ended."""
        if self.feeder(connection) is not None:
            self._feeder = None
        for name in self._watching.pop(connection, ()):
            self._tables[name].watchers.remove(connection)
            self._forget_place(name)
        self._fetches.remove(connection)
        self._reading.pop(connection, None)
        for name, waiting in self._waiting.items():
            self._waiting[name] = [each for each in waiting if each[0].connection != connection]

    def receive_congested(self, connection: str) -> None:
        """The connection's outbox is full: it is sent nothing more of any feed."""
        self._fetches.hold(connection)
        self._hold(connection, held=True)

    def receive_drained(self, connection: str) -> list[Effect]:
        """The connection's outbox is empty: what it has missed, and what it has asked for."""
        self._fetches.drained(connection, answered=connection not in self._reading)
        self._hold(connection, held=False)
        effects: list[Effect] = []
        for name in tuple(self._watching.get(connection, ())):
            table = self._tables[name]
            watcher = table.watchers.of(connection)
            if watcher is not None:
                effects += _owed(table, watcher)
                effects += table.catch_up(watcher)
        return effects + self._answer(connection)

    # Frames.

    def receive(self, member: Member, frame: FeedWish, now: float) -> list[Effect]:
        """What a member wishes.

        Raises:
            FrameError: it is no block of that feed, or too much.
        """
        table = self._tables.get(frame.feed)
        if table is not None and table.phase is not Phase.READY:
            waiting = self._waiting.setdefault(table.name, [])
            if len(waiting) < MAX_WAITING:
                waiting.append((member, frame))
            return self._open(table)
        match frame:
            case Watch():
                return self._receive_watch(member, frame)
            case Unwatch(feed=name):
                return self._receive_unwatch(member, name)
            case Drawn():
                return self._receive_drawn(member, frame, table)
            case Fetch():
                return self._receive_fetch(member, frame)
            case Feed():
                return self._filling.receive_feed(member, frame)
            case Rows():
                return self._filling.receive_rows(member, frame)
            case Report():
                return self._filling.receive_report(member, frame)
        assert_never(frame)

    def _receive_watch(self, member: Member, watch: Watch) -> list[Effect]:
        watching = self._watching.setdefault(member.connection, set())
        if watch.feed not in watching and len(watching) >= limits.MAX_WATCHES:
            raise FrameError(closing.RATE, f"more than {limits.MAX_WATCHES} feeds watched")
        watching.add(watch.feed)
        table = self._tables.get(watch.feed) or self._tables.setdefault(watch.feed, Table(watch.feed))
        before = table.watchers.of(member.connection)
        watcher = Watcher(member.connection, watch.level, table.end, table.end)
        watcher.held = before.held if before is not None else self._fetches.is_held(member.connection)
        table.watchers.add(watcher)
        if watcher.held:
            watcher.owes_picture = True
            return []
        brief = table.stands_near(watch.epoch, watch.after)
        return [Send((member.connection,), table.watched(brief=brief))]

    def _receive_unwatch(self, member: Member, name: str) -> list[Effect]:
        if name in self._watching.get(member.connection, ()):
            self._watching[member.connection].discard(name)
            self._tables[name].watchers.remove(member.connection)
            self._forget_place(name)
        return []

    def _receive_drawn(self, member: Member, drawn: Drawn, table: Table | None) -> list[Effect]:
        watcher = None if table is None else table.watchers.of(member.connection)
        if table is None or watcher is None:
            return []
        watcher.drawn = max(watcher.drawn, min(drawn.at, watcher.sent))
        return list(table.catch_up(watcher))

    def _receive_fetch(self, member: Member, fetch: Fetch) -> list[Effect]:
        self._fetches.add(member.connection, Wish(fetch.feed, fetch.id, fetch.first, fetch.last, fetch.level))
        return self._answer(member.connection)

    # From the store.

    def receive_kept(self, changes: Sequence[FeedChange], now: float) -> list[Effect]:
        """The store has done these: tell those who watch, the producers and the feed process."""
        effects: list[Effect] = []
        rows: dict[str, list[PutRows]] = {}
        for change in changes:
            match change:
                case PutRows():
                    self._tables[change.feed].add(change)
                    rows.setdefault(change.feed, []).append(change)
                case PutFeed(record=record, by=by, declared=declared):
                    effects += self._told(rows, now)
                    effects += self._put(self._tables[record.name], record)
                    if declared:
                        effects.append(Send((by,), self._tables[record.name].fed()))
                case DropFeed(feed=name):
                    effects += self._told(rows, now)
                    effects += self._put(self._tables[name], None)
        return effects + self._told(rows, now)

    def receive_lost(self, changes: Sequence[FeedChange]) -> set[str]:
        """The store could not: nothing of it is told. The connections that must come back, to say it again (C3)."""
        lost = [change for change in changes if isinstance(change, PutRows | PutFeed | DropFeed)]
        for name in {change.record.name if isinstance(change, PutFeed) else change.feed for change in lost}:
            self._tables[name].forget_arrivals()
            self._forget_place(name)
        return {change.by for change in lost}

    def receive_sealed(self, sealed: SealFeed, chunks: Sequence[KeptRows]) -> list[Effect]:
        """The store has these sealed chunks in place of the rows that were open; none, if it could not."""
        if (table := self._tables.get(sealed.feed)) is None or not table.seal(sealed.epoch, chunks):
            return []
        return table.tidy()

    def receive_rows(self, read: ReadRows, blocks: Sequence[KeptRows], now: float) -> list[Effect]:
        """The store has read rows: for a feed that is being opened, or for somebody's fetch."""
        if not read.connection:
            return self._load(self._tables[read.feed], blocks, now)
        wish = self._reading.pop(read.connection, None)
        if wish is None:
            return []  # gone meanwhile
        wish.at = read.last
        answer = Fetched(wish.feed, wish.id, tuple(each.data for each in blocks), more=wish.at < wish.last)
        return self._send_answer(read.connection, wish, answer)

    def receive_unread(self, read: ReadRows) -> set[str]:
        """The store cannot read: the connections that wait for it."""
        if read.connection:
            self._reading.pop(read.connection, None)
            return {read.connection}
        # What has been read so far would be read again.
        self._tables[read.feed] = Table(read.feed, self._tables[read.feed].record)
        return {member.connection for member, _ in self._waiting.pop(read.feed, ())}

    def _open(self, table: Table) -> list[Effect]:
        return [] if table.phase is Phase.READING else [table.read()]

    def _load(self, table: Table, blocks: Sequence[KeptRows], now: float) -> list[Effect]:
        table.load(blocks)
        if table.phase is Phase.READING:
            return [table.read()]
        effects = self._tell_feeder(table) + table.tidy()
        for member, frame in self._waiting.pop(table.name, ()):
            try:
                effects += self.receive(member, frame, now)
            except FrameError as error:
                effects.append(Close(member.connection, error.closing))
        return effects

    # Telling.

    def _told(self, rows: dict[str, list[PutRows]], now: float) -> list[Effect]:
        """Rows that have been added are told and acknowledged."""
        effects: list[Effect] = []
        for name, added in rows.items():
            table = self._tables[name]
            effects += table.tell(added, now)
            authors = tuple(dict.fromkeys(each.by for each in added))
            effects.append(Send(authors, table.fed()))
            effects += table.tidy()
        rows.clear()
        return effects

    def _put(self, table: Table, record: FeedRecord | None) -> list[Effect]:
        before = table.record
        effects: list[Effect] = []
        if table.put(record):
            effects += self._tell(table, lambda watcher: setattr(watcher, "owes_picture", True))
        elif before is not None and record is not None and before.status != record.status:
            effects += self._tell(table, lambda watcher: setattr(watcher, "owes_status", True))
        if _source_differs(before, record):
            effects += self._tell_feeder(table, gone=before is not None and before.source is not None)
        self._forget_place(table.name)
        return effects

    def _tell(self, table: Table, owe: Callable[[Watcher], None]) -> list[Effect]:
        effects: list[Effect] = []
        for watcher in table.watchers:
            owe(watcher)
            if not watcher.held:
                effects += _owed(table, watcher)
        return effects

    def _tell_feeder(self, table: Table, *, gone: bool = False) -> list[Effect]:
        if self._feeder is None:
            return []
        to, record = (self._feeder.connection,), table.arrivals.record
        if record is not None and record.source is not None:
            return [Send(to, Feed(table.name, record.spec, record.source, table.arrivals.end))]
        return [Send(to, Feed(table.name))] if gone else []

    # Answers to fetches.

    def _answer(self, connection: str) -> list[Effect]:
        wish = self._fetches.next(connection)
        if wish is None:
            return []
        table = self._tables.get(wish.feed)
        answer = Fetched(wish.feed, wish.id) if table is None else table.answer(wish)
        if isinstance(answer, Fetched):
            return self._send_answer(connection, wish, answer)
        self._reading[connection] = wish
        return [ReadRows(answer.feed, answer.first, answer.last, connection)]

    def _send_answer(self, connection: str, wish: Wish, answer: Fetched) -> list[Effect]:
        if answer.more:
            self._fetches.put_back(connection, wish)
        # Rows that come meanwhile would only wait behind it.
        self._hold(connection, held=True)
        return [Send((connection,), answer), AwaitDrain(connection)]

    def _hold(self, connection: str, *, held: bool) -> None:
        for name in self._watching.get(connection, ()):
            watcher = self._tables[name].watchers.of(connection)
            if watcher is not None:
                watcher.held = held

    def _forget_place(self, name: str) -> None:
        table = self._tables.get(name)
        if table is not None and table.record is None and table.arrivals.record is None and not len(table.watchers):
            del self._tables[name]


def _source_differs(before: FeedRecord | None, after: FeedRecord | None) -> bool:
    if before is None or after is None:
        return (before or after) is not None
    return (before.source, before.spec, before.epoch) != (after.source, after.spec, after.epoch)


def _owed(table: Table, watcher: Watcher) -> list[Effect]:
    """What a watcher has to be told of a feed beside its rows."""
    effects: list[Effect] = []
    if watcher.owes_picture:
        effects.append(Send((watcher.connection,), table.watched()))
    elif watcher.owes_status and table.record is not None:
        effects.append(Send((watcher.connection,), Report(table.name, table.record.status)))
    watcher.owes_picture = watcher.owes_status = False
    return effects
