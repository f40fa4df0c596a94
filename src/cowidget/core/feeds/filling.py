"""Who fills feeds, and what is taken from them (PROTOCOL.md F2-F4, F8, F9)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.effects import Effect, KeepFeeds, Send
from cowidget.core.feed_values import FeedStatus
from cowidget.core.feeds.arrivals import about, continues, merged
from cowidget.core.feeds.changes import DropFeed, FeedRecord, PutFeed
from cowidget.core.feeds.table import Table
from cowidget.core.frames import Feed, Report, Rows
from cowidget.core.members import Member

NO_SOURCES = FeedStatus("failed", "This relay runs no sources.")


class Filling:
    """What comes from owners and the feed process. From others it is dropped.

    Args:
        tables: the room's feeds, which have been read from the store.
        make_token: gives names to epochs.
        runs_sources: there is a feed process.
    """

    def __init__(self, tables: dict[str, Table], make_token: Callable[[], str], *, runs_sources: bool) -> None:
        self._tables = tables
        self._make_token = make_token
        self._runs_sources = runs_sources

    def receive_feed(self, member: Member, feed: Feed) -> list[Effect]:
        """An owner declares a feed or ends it; the feed process has found more columns of one."""
        table = self._tables.get(feed.feed)
        if member.role == "feeder":
            return _receive_columns(member, feed, table)
        if member.role != "owner":
            return []
        if feed.spec is None:
            return _end(member, table)
        if table is None or table.arrivals.record is None:
            if sum(each.arrivals.record is not None for each in self._tables.values()) >= limits.MAX_FEEDS:
                text = f"A room has at most {limits.MAX_FEEDS} feeds."
                return [Send((member.connection,), Report(feed.feed, FeedStatus("failed", text)))]
            table = self._tables.setdefault(feed.feed, Table(feed.feed))
        before = table.arrivals.record
        record = FeedRecord(feed.feed, "", feed.spec, feed.source, self._first_status(feed, before))
        goes_on = None if before is None else merged(before, record)
        if goes_on is None:
            table.arrivals.begin(replace(record, epoch=self._make_token()))
        else:
            table.arrivals.record = goes_on
        table.arrivals.producer = member.connection
        put = PutFeed(about(table.arrivals.record), member.connection, anew=goes_on is None, declared=True)
        return [KeepFeeds((put,))]

    def receive_rows(self, member: Member, rows: Rows) -> list[Effect]:
        """Rows from who may send them, in their order.

        Raises:
            FrameError: they are not rows of this feed.
        """
        table = self._tables.get(rows.feed)
        if table is None or not _may_fill(member, table):
            return []
        if (change := table.arrivals.take(rows.block, member.connection)) is not None:
            return [KeepFeeds((change,))]
        return [Send((member.connection,), table.fed())] if table.arrivals.must_ask(member.connection) else []

    def receive_report(self, member: Member, report: Report) -> list[Effect]:
        """How the source of a feed is doing, from who may send its rows."""
        table = self._tables.get(report.feed)
        if table is None or not _may_fill(member, table):
            return []
        table.arrivals.record = replace(about(table.arrivals.record), status=report.status)
        return [KeepFeeds((PutFeed(table.arrivals.record, member.connection),))]

    def _first_status(self, feed: Feed, before: FeedRecord | None) -> FeedStatus:
        if feed.source is not None and not self._runs_sources:
            return NO_SOURCES
        if before is not None and (before.source is None) == (feed.source is None) and before.status != NO_SOURCES:
            return before.status
        return FeedStatus("idle")


def _receive_columns(member: Member, feed: Feed, table: Table | None) -> list[Effect]:
    before = None if table is None else table.arrivals.record
    if table is None or before is None or before.source is None or feed.spec is None:
        return []
    if len(feed.spec.columns) <= len(before.spec.columns) or not continues(before.spec, feed.spec):
        return []
    table.arrivals.record = replace(before, spec=replace(before.spec, columns=feed.spec.columns))
    return [KeepFeeds((PutFeed(table.arrivals.record, member.connection),))]


def _end(member: Member, table: Table | None) -> list[Effect]:
    if table is None or table.arrivals.record is None:
        return []
    table.arrivals.begin(None)
    return [KeepFeeds((DropFeed(table.name, member.connection),))]


def _may_fill(member: Member, table: Table) -> bool:
    record = table.arrivals.record
    if record is None:
        return False
    if record.source is not None:
        return member.role == "feeder"
    return member.role == "owner" and table.arrivals.producer == member.connection
