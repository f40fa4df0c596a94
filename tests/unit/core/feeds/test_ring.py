"""The kept rows of a feed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from cowidget.core import columns, limits
from cowidget.core.columns import Block
from cowidget.core.feed_values import Column, FeedSpec
from cowidget.core.feeds import ring
from cowidget.core.feeds.changes import KeptRows
from cowidget.core.feeds.ring import Ring
from tests.support.feed_clients import PRICES, ticks

ROWS = 1000


def add(rows: Ring, first: int, count: int) -> None:
    block = ticks(first, count)
    rows.add(block, columns.encode(block))


def seal(rows: Ring) -> None:
    rows.seal(ring.seal(rows.to_seal(1), ROWS))


def rows_of(blocks: Sequence[bytes] | None) -> list[tuple[int, int]]:
    assert blocks is not None
    return [(head.first, head.first + head.count) for head in map(columns.head, blocks)]


def everything(rows: Ring, first: int, last: int) -> int:
    """The checksum of these rows, as they are fetched part by part."""
    crc, at = 0, first
    while at < last:
        part = rows.part(at, last)
        assert part.blocks is not None
        for data in part.blocks:
            block = columns.decode(data)
            assert isinstance(block, Block)
            crc = columns.checksum(columns.slice_block(block, at, last), crc)
        at = part.end
    return crc


def test_rows_are_numbered_as_they_come() -> None:
    rows = Ring()
    add(rows, 0, 10)
    add(rows, 10, 5)
    assert (rows.first, rows.end, rows.last_time) == (0, 15, ticks(14, 1).time[0])


def test_enough_open_rows_are_to_be_sealed() -> None:
    rows = Ring()
    add(rows, 0, 15)
    before = rows.to_seal(16)
    add(rows, 15, 1)
    assert (before, sum(block.count for block in rows.to_seal(16))) == ((), 16)


def test_large_blocks_are_sealed_before_they_are_many() -> None:
    rows = Ring()
    words = [f"{row} " + "word" * 2000 for row in range(70)]
    block = Block(0, {0: np.arange(70.0), 1: words})
    rows.add(block, columns.encode(block))
    assert rows.to_seal(1 << 14)


def test_sealed_rows_are_the_same_rows() -> None:
    rows = Ring()
    for first in range(0, 3500, 500):
        add(rows, first, 500)
    seal(rows)
    assert everything(rows, 0, 3500) == columns.checksum(ticks(0, 3500))
    assert rows_of(rows.part(0, 3500).blocks) == [(0, 1000), (1000, 2000), (2000, 3000), (3000, 3500)]


def test_rows_that_come_while_others_are_sealed_stay_open() -> None:
    rows = Ring()
    add(rows, 0, 1500)
    chunks = ring.seal(rows.to_seal(1), ROWS)
    add(rows, 1500, 100)
    rows.seal(chunks)
    assert (rows.first_open, rows.end, everything(rows, 0, 1600)) == (1500, 1600, columns.checksum(ticks(0, 1600)))


def test_a_chunk_with_long_words_fits_a_frame() -> None:
    words = [f"{row:04}" * 512 for row in range(400)]
    chunks = ring.seal([Block(0, {0: np.arange(400.0), 1: words})], 1 << 14)
    random = np.random.default_rng(1)
    letters = ["".join(map(chr, random.integers(97, 123, 4000))) for _ in range(400)]
    hard = ring.seal([Block(0, {0: np.arange(400.0), 1: letters})], 1 << 14)
    assert all(len(chunk.data) <= limits.MAX_BLOCK_BYTES for chunk in (*chunks, *hard))
    assert hard[0].first == 0
    assert len(hard) > 1


def test_whole_chunks_are_dropped_when_enough_rows_follow() -> None:
    rows = Ring()
    add(rows, 0, 5000)
    seal(rows)
    dropped = rows.drop(replace(PRICES, keep_rows=2500))
    assert (dropped, rows.first, rows.end) == (True, 2000, 5000)


def test_open_rows_are_never_dropped() -> None:
    rows = Ring()
    add(rows, 0, 5000)
    assert (rows.drop(replace(PRICES, keep_rows=1)), rows.first) == (False, 0)


def test_rows_older_than_their_keep_are_dropped() -> None:
    rows = Ring()
    add(rows, 0, 5000)  # 100 rows a second
    seal(rows)
    rows.drop(replace(PRICES, keep_seconds=15.0))
    assert rows.first == 3000


def test_a_ring_whose_chunks_are_all_gone_begins_with_its_open_rows() -> None:
    rows = Ring()
    add(rows, 0, 1000)
    seal(rows)
    add(rows, 1000, 10)
    rows.drop(replace(PRICES, keep_rows=5))
    assert (rows.first, rows_of(rows.part(1000, 1010).blocks)) == (1000, [(1000, 1010)])


def test_small_open_blocks_are_fetched_as_one() -> None:
    rows = Ring()
    for first in range(0, 100, 10):
        add(rows, first, 10)
    part = rows.part(25, 75)
    assert (rows_of(part.blocks), part.end) == ([(20, 80)], 80)


def test_large_open_blocks_are_fetched_as_they_came() -> None:
    rows = Ring()
    add(rows, 0, 10)
    add(rows, 10, 16_000)
    add(rows, 16_010, 10)
    assert rows_of(rows.part(0, 16_020).blocks) == [(0, 10), (10, 16_010), (16_010, 16_020)]


def test_a_part_is_as_large_as_an_answer_may_be() -> None:
    rows = Ring()
    for first in range(0, 200_000, 10_000):
        add(rows, first, 10_000)
    part = rows.part(0, 200_000)
    assert part.blocks is not None
    assert limits.FETCH_BYTES // 2 < sum(map(len, part.blocks)) <= limits.FETCH_BYTES
    assert rows_of(part.blocks)[-1][1] == part.end


def test_what_follows_a_row_is_the_block_as_it_came() -> None:
    rows = Ring()
    add(rows, 0, 10)
    add(rows, 10, 10)
    data, end = rows.following(10) or (b"", 0)
    assert (data, end) == (columns.encode(ticks(10, 10)), 20)


@pytest.mark.parametrize("sealed", [False, True])
def test_what_follows_a_row_in_the_middle_of_a_block_begins_there(sealed: bool) -> None:
    rows = Ring()
    add(rows, 0, 100)
    if sealed:
        seal(rows)
    data, end = rows.following(30) or (b"", 0)
    assert (columns.checksum(columns.decode(data)), end) == (columns.checksum(ticks(30, 70)), 100)


def test_old_chunks_leave_the_memory_and_are_read_from_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_MEMORY_BYTES", 5000)
    rows = Ring()
    add(rows, 0, 10_000)
    seal(rows)
    oldest, newest = rows.part(500, 10_000), rows.part(9_500, 10_000)
    assert (oldest.first, oldest.end, oldest.blocks) == (0, 1000, None)
    assert rows_of(newest.blocks) == [(9000, 10_000)]
    assert rows.following(500) is None


def test_a_ring_that_lost_its_oldest_chunks_to_the_store_still_drops_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_MEMORY_BYTES", 5000)
    rows = Ring()
    add(rows, 0, 10_000)
    seal(rows)
    rows.drop(replace(PRICES, keep_rows=4000))
    add(rows, 10_000, 10_000)
    seal(rows)
    assert (rows.first, rows.part(6000, 20_000).blocks, everything(rows, 19_000, 20_000)) == (
        6000,
        None,
        columns.checksum(ticks(19_000, 1000)),
    )


def test_the_newest_rows_are_the_last_block() -> None:
    rows = Ring()
    add(rows, 0, 5000)
    add(rows, 5000, 3)
    opened = rows.newest()
    seal(rows)
    assert (opened, rows.newest()) == (5000, 5000)


def test_the_newest_rows_reach_to_the_end_however_short_the_last_chunk_is() -> None:
    rows = Ring()
    add(rows, 0, 1003)
    seal(rows)
    data, end = rows.following(rows.newest()) or (b"", 0)
    assert (columns.head(data).first, end) == (1000, 1003)


def test_the_last_row_is_known_whether_it_is_sealed_or_open() -> None:
    rows = Ring()
    add(rows, 0, 1500)
    opened = rows.last_row()
    seal(rows)
    assert (opened, rows.last_row()) == (columns.encode(ticks(1499, 1)),) * 2


def test_a_ring_is_loaded_as_it_was() -> None:
    before, after = Ring(), Ring()
    add(before, 2000, 3000)
    for chunk in ring.seal(before.to_seal(1), ROWS):
        after.load(chunk, columns.decode(chunk.data))
    last = ticks(5000, 10)
    after.load(KeptRows(5000, columns.encode(last)), last)
    assert (after.first, after.end, after.first_open, after.last_time) == (2000, 5010, 5000, last.time[-1])


def test_wide_feeds_have_short_chunks() -> None:
    wide = FeedSpec(tuple(Column(f"c{number}") for number in range(64)))
    assert (ring.chunk_rows(PRICES), ring.chunk_rows(wide)) == (limits.CHUNK_ROWS, limits.CHUNK_RAW_BYTES // 520)
