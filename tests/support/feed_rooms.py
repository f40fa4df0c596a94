"""What tests of feeds do with a room on a bench."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cowidget.core import columns
from cowidget.core.columns import Block
from cowidget.core.frames import Fetched, Rows, Watch
from tests.support.feed_clients import rows_frame, ticks
from tests.support.rooms import Peer, RoomBench


def fill(bench: RoomBench, first: int, count: int, feed: str = "ticks") -> None:
    bench.owner.send(rows_frame(feed, ticks(first, count)))


def noise(bench: RoomBench, first: int, count: int) -> None:
    """Rows that hardly compress: 20 bytes each."""
    random = np.random.default_rng(first)
    block = Block(first, {0: first + np.sort(random.random(count)), 1: random.random(count)})
    bench.owner.send(rows_frame("ticks", block))


def watch(bench: RoomBench, level: int = 0, **fields: int) -> Peer:
    viewer = bench.join("viewer")
    viewer.send(Watch("ticks", level=level, **fields))
    return viewer


def told(peer: Peer) -> list[tuple[int, int]]:
    """The rows that a watcher was sent, as they were sent."""
    heads = [columns.head(rows.block) for rows in peer.sees(Rows)]
    return [(head.first, head.first + head.count) for head in heads]


def crc_of(blocks: Sequence[bytes], first: int, last: int) -> int:
    crc = 0
    for data in blocks:
        block = columns.decode(data)
        assert isinstance(block, Block)
        crc = columns.checksum(columns.slice_block(block, first, last), crc)
    return crc


def fetched(peer: Peer) -> list[bytes]:
    return [block for answer in peer.sees(Fetched) for block in answer.blocks]
