"""What is taken from a producer, and what is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from cowidget.core import closing, columns, limits
from cowidget.core.columns import Bins, Block
from cowidget.core.feed_values import Column, FeedSpec, Source
from cowidget.core.feeds.arrivals import Arrivals, merged
from cowidget.core.feeds.changes import FeedRecord
from cowidget.errors import FrameError
from tests.support.feed_clients import PRICES, ticks

RECORD = FeedRecord("ticks", "e1", PRICES)


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(RECORD)


def refusal(arrivals: Arrivals, data: bytes) -> closing.Closing:
    with pytest.raises(FrameError) as refused:
        arrivals.take(data, "owner")
    return refused.value.closing


@pytest.mark.rule("F3")
def test_a_block_that_follows_is_taken_as_it_is(arrivals: Arrivals) -> None:
    data = columns.encode(ticks(0, 10))
    taken = arrivals.take(data, "owner")
    assert taken is not None
    assert (taken.data is data, taken.block.end, arrivals.end) == (True, 10, 10)


@pytest.mark.rule("F4")
def test_rows_that_are_there_already_are_dropped(arrivals: Arrivals) -> None:
    arrivals.take(columns.encode(ticks(0, 10)), "owner")
    whole = arrivals.take(columns.encode(ticks(2, 8)), "owner")
    overlapping = arrivals.take(columns.encode(ticks(5, 10)), "owner")
    assert overlapping is not None
    stored = columns.decode(overlapping.data)
    assert (whole, columns.checksum(stored)) == (None, columns.checksum(ticks(10, 5)))


@pytest.mark.rule("F4")
def test_a_block_beyond_the_end_is_not_taken(arrivals: Arrivals) -> None:
    assert (arrivals.take(columns.encode(ticks(3, 10)), "owner"), arrivals.end) == (None, 0)


def test_a_producer_is_asked_once_for_each_hole(arrivals: Arrivals) -> None:
    asked = [arrivals.must_ask("owner"), arrivals.must_ask("owner")]
    arrivals.take(columns.encode(ticks(0, 10)), "owner")
    assert (asked, arrivals.must_ask("owner"), arrivals.must_ask("another")) == ([True, False], True, True)


@pytest.mark.rule("F1")
@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ([3.0, 2.0, 4.0], [3.0, 3.0, 4.0]),
        ([0.5, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ([math.nan, 2.0, math.inf], [1.0, 2.0, 2.0]),
        ([2.0, math.nan, 3.0], [2.0, 2.0, 3.0]),
    ],
)
def test_time_never_goes_back(arrivals: Arrivals, times: list[float], kept: list[float]) -> None:
    arrivals.take(columns.encode(Block(0, {0: np.array([1.0])})), "owner")
    taken = arrivals.take(columns.encode(Block(1, {0: np.array(times)})), "owner")
    assert taken is not None
    stored = columns.decode(taken.data)
    assert isinstance(stored, Block)
    assert stored.time.tolist() == kept


def test_a_first_row_without_time_gets_that_of_its_block(arrivals: Arrivals) -> None:
    taken = arrivals.take(columns.encode(Block(0, {0: np.array([-math.inf])}, sent=9.0)), "owner")
    assert taken is not None
    assert taken.block.time.tolist() == [9.0]


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 200,
        columns.encode(ticks(0, 10))[:-1],
        columns.encode(Block(0, {0: np.arange(2.0), 3: np.arange(2.0)})),
        columns.encode(Block(0, {0: np.arange(2.0), 1: ["a", "b"]})),
    ],
)
def test_what_is_no_block_of_this_feed_ends_the_session(arrivals: Arrivals, data: bytes) -> None:
    assert (refusal(arrivals, data), arrivals.end) == (closing.UNDECODABLE, 0)


def test_bins_are_no_rows(arrivals: Arrivals) -> None:
    assert refusal(arrivals, columns.encode(Bins(0, 1, np.arange(2.0), {}, {}))) is closing.TOO_LARGE


def test_a_block_has_only_so_many_rows_however_small_it_is(arrivals: Arrivals) -> None:
    block = Block(0, {0: np.full(limits.MAX_BLOCK_ROWS + 1, 5.0)})
    assert refusal(arrivals, columns.encode(block)) is closing.TOO_LARGE


@pytest.mark.rule("F2")
def test_the_same_columns_or_more_after_them_go_on() -> None:
    more = replace(PRICES, columns=(*PRICES.columns, Column("city", "text")), title="new")
    goes_on = merged(RECORD, FeedRecord("ticks", "", more))
    assert goes_on == FeedRecord("ticks", "e1", more)


@pytest.mark.rule("F2")
@pytest.mark.parametrize(
    "spec",
    [FeedSpec(PRICES.columns[:1]), FeedSpec(PRICES.columns[::-1]), FeedSpec((Column("price", "text"),))],
)
def test_other_columns_begin_anew(spec: FeedSpec) -> None:
    assert merged(RECORD, FeedRecord("ticks", "", spec)) is None


def test_a_source_that_finds_its_columns_keeps_those_it_has_found() -> None:
    source = Source("wss://example.org")
    goes_on = merged(RECORD, FeedRecord("ticks", "", FeedSpec(()), source))
    assert goes_on is not None
    assert goes_on.spec.columns == PRICES.columns
