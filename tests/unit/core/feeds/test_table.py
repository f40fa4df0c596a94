"""One feed, without a room around it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core import columns
from cowidget.core.effects import KeepFeeds, SealFeed
from cowidget.core.feeds import ring
from cowidget.core.feeds.changes import DropRows, FeedRecord, KeptRows, PutRows
from cowidget.core.feeds.table import Phase, Table
from tests.support.feed_clients import PRICES, ticks

RECORD = FeedRecord("ticks", "e1", PRICES)


@pytest.fixture
def table() -> Table:
    table = Table("ticks", RECORD)
    table.load(())
    return table


def add(table: Table, first: int, count: int) -> None:
    block = ticks(first, count)
    table.add(PutRows("ticks", columns.encode(block), block))


def test_a_feed_is_unread_until_the_store_has_no_more_of_it() -> None:
    table = Table("ticks", RECORD)
    phases = [table.phase]
    asked = table.read()
    table.load([KeptRows(0, columns.encode(ticks(0, 10)))])
    phases.append(table.phase)
    further = table.read()
    table.load(())
    assert ([*phases, table.phase], asked.first, further.first) == ([Phase.UNREAD, Phase.READING, Phase.READY], 0, 10)
    assert table.arrivals.end == 10


def test_a_chunk_is_sealed_once_at_a_time(table: Table) -> None:
    add(table, 0, 20_000)
    (first,) = table.tidy()
    add(table, 20_000, 20_000)
    assert isinstance(first, SealFeed)
    assert (first.blocks[-1].end, table.tidy()) == (20_000, [])
    table.seal("e1", ring.seal(first.blocks, first.rows))
    (second,) = table.tidy()
    assert isinstance(second, SealFeed)
    assert (second.blocks[0].first, second.blocks[-1].end) == (20_000, 40_000)


def test_a_chunk_that_could_not_be_sealed_is_tried_again(table: Table) -> None:
    add(table, 0, 20_000)
    table.tidy()
    answered = table.seal("e1", ())
    (again,) = table.tidy()
    assert (answered, isinstance(again, SealFeed)) == (False, True)


def test_a_chunk_of_an_epoch_that_is_over_is_ignored(table: Table) -> None:
    add(table, 0, 20_000)
    (sealing,) = table.tidy()
    assert isinstance(sealing, SealFeed)
    table.put(replace(RECORD, epoch="e2"))
    assert (table.seal("e1", ring.seal(sealing.blocks, sealing.rows)), table.end) == (False, 0)


def test_nothing_is_sealed_or_dropped_of_a_feed_that_is_about_to_end(table: Table) -> None:
    add(table, 0, 20_000)
    table.arrivals.begin(None)
    assert table.tidy() == []


def test_what_memory_has_dropped_the_store_drops_too(table: Table) -> None:
    add(table, 0, 20_000)
    (sealing,) = table.tidy()
    assert isinstance(sealing, SealFeed)
    table.seal("e1", ring.seal(sealing.blocks, sealing.rows))
    table.put(replace(RECORD, spec=replace(PRICES, keep_rows=1)))
    add(table, 20_000, 10)
    assert table.tidy() == [KeepFeeds((DropRows("ticks", 20_000),))]


def test_many_who_come_at_once_share_one_overview(table: Table) -> None:
    add(table, 0, 1000)
    assert table.watched().overview is table.watched().overview
