"""What was encoded comes back bit by bit; what was not is refused, and costs nothing."""

from __future__ import annotations

import tracemalloc
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from cowidget.core.columns import Bins, Block, BlockError, Head, Values, decode, encode, head
from cowidget.core.columns.layout import ENTRY, HEADER
from tools import generate_blocks

HOSTILE = generate_blocks.hostile()  # TypeScript refuses these too: they are in `tests/wire/blocks/`
NOON = 1_767_268_800.0
BLOCK = Block(41, {0: NOON + np.arange(50) / 10, 1: np.arange(50) % 7, 2: ["up", "down"] * 25}, NOON + 9)
BINS = Bins(4096, 2, np.arange(3.0), {1: np.zeros(3), 2: np.ones(3)}, {1: np.ones(3), 2: np.arange(3.0)}, NOON)

counts = st.integers(0, 40)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


def decimal(count: int) -> st.SearchStrategy[Values]:
    """Numbers of a few decimals, like prices."""
    whole = hnp.arrays(np.int64, count, elements=st.integers(-(10**9), 10**9))
    return st.builds(lambda integers, decimals: np.round(integers / 10**decimals, decimals), whole, st.integers(0, 9))


def regular(count: int) -> st.SearchStrategy[Values]:
    """Numbers at one distance, and perhaps one that is not."""
    steps = st.floats(-1e6, 1e6).map(lambda step: round(step, 3))
    odd = st.none() | st.tuples(st.integers(0, max(count - 1, 0)), st.floats())

    def series(start: float, step: float, other: tuple[int, float] | None) -> Values:
        values = start + step * np.arange(count)
        if count and other is not None:
            values[other[0]] = other[1]
        return values

    return st.builds(series, steps, steps, odd)


def columns(count: int) -> st.SearchStrategy[dict[int, Values]]:
    bits = hnp.arrays(np.uint64, count, elements=st.integers(0, (1 << 64) - 1)).map(lambda each: each.view(np.float64))
    floats = hnp.arrays(np.float64, count, elements=st.floats(width=64)) | bits | decimal(count) | regular(count)
    singles = hnp.arrays(np.float32, count, elements=st.floats(width=32))
    near = st.integers(-300, 300) | st.integers(-(1 << 33), 1 << 33) | st.integers(-(1 << 63), (1 << 63) - 1)
    integers = hnp.arrays(np.int64, count, elements=near) | st.integers(-9, 9).map(lambda step: step * np.arange(count))
    text = st.lists(words, min_size=count, max_size=count)
    others = st.dictionaries(st.integers(1, 64), floats | singles | integers | text, max_size=4)
    return st.builds(lambda time, rest: {0: time} | rest, floats, others)


blocks = st.builds(
    Block, st.integers(0, (1 << 53) - 1), counts.flatmap(columns), st.floats(allow_nan=False, allow_infinity=False)
)


def exactly(block: Block | Bins) -> object:
    """All of a block, so that equal means equal bits and types."""
    if isinstance(block, Bins):
        pieces: dict[object, Values] = {0: block.time}
        pieces |= {("low", column): values for column, values in block.low.items()}
        pieces |= {("high", column): values for column, values in block.high.items()}
        return block.first, block.level, block.sent, {key: _bits(values) for key, values in pieces.items()}
    return block.first, block.sent, {column: _bits(values) for column, values in block.columns.items()}


def _bits(values: Values) -> object:
    return values if isinstance(values, list) else (values.dtype.name, values.tobytes())


@pytest.mark.rule("F3")
@given(blocks, st.booleans())
def test_rows_come_back_bit_by_bit(block: Block, deflate: bool) -> None:
    assert exactly(decode(encode(block, deflate=deflate))) == exactly(block)


@pytest.mark.rule("F6")
@pytest.mark.parametrize("deflate", [False, True])
def test_bins_come_back_bit_by_bit(deflate: bool) -> None:
    assert exactly(decode(encode(BINS, deflate=deflate))) == exactly(BINS)


@pytest.mark.parametrize("deflate", [False, True])
def test_a_head_says_what_follows(deflate: bool) -> None:
    assert head(encode(BLOCK, deflate=deflate)) == Head("rows", 0, 41, 50, NOON + 9)
    assert head(encode(BINS, deflate=deflate)) == Head("bins", 2, 4096, 3, NOON)


# Hostile bytes.


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused(name: str) -> None:
    with pytest.raises(BlockError):
        decode(HOSTILE[name])


@given(st.binary(max_size=200))
def test_random_bytes_are_a_block_or_refused(data: bytes) -> None:
    attempt(data)


@given(st.integers(0, 250), st.integers(0, 255), st.booleans())
def test_a_block_with_one_wrong_byte_is_a_block_or_refused(at: int, byte: int, deflate: bool) -> None:
    data = bytearray(encode(BLOCK, deflate=deflate))
    data[at % len(data)] = byte
    attempt(bytes(data))


@pytest.mark.parametrize("deflate", [False, True])
def test_a_block_that_was_cut_is_refused(deflate: bool) -> None:
    whole = encode(BLOCK, deflate=deflate)
    for cut in range(len(whole)):
        with pytest.raises(BlockError):
            decode(whole[:cut])


def attempt(data: bytes) -> None:
    """Nothing but BlockError may come out; what is decoded has as many rows as it says."""
    try:
        block = decode(data)
    except BlockError:
        return
    assert block.count == head(data).count
    if isinstance(block, Block):
        assert {len(values) for values in block.columns.values()} == {block.count}


def test_time_as_integers_is_refused() -> None:
    integers = HEADER.pack(1, 0, 1, 0, 2, 0, 0) + ENTRY.pack(0, 0, 8, 16, 1)
    with pytest.raises(BlockError, match="without time"):
        decode(integers)


def test_bytes_after_a_deflate_stream_are_refused() -> None:
    with pytest.raises(BlockError, match="does not end where the block does"):
        decode(encode(BLOCK, deflate=True) + b"\0")


def test_a_minimum_without_a_maximum_is_refused() -> None:
    data = bytearray(encode(Bins(0, 1, np.zeros(2), {1: np.zeros(2)}, {1: np.ones(2)})))
    data[HEADER.size + 2 * ENTRY.size] = 2  # the maximum is now another column's
    with pytest.raises(BlockError, match="minimum without a maximum"):
        decode(bytes(data))


def test_a_deflate_bomb_inflates_to_four_mebibytes_at_most() -> None:
    bomb = zlib.compress(bytes(1 << 25), 9, -zlib.MAX_WBITS)
    data = encode(BLOCK, deflate=True)[: HEADER.size] + bomb
    assert peak_of_refusing(data) < 3 << 22


def test_a_block_that_claims_more_rows_than_it_may_allocates_none() -> None:
    entry = ENTRY.pack(0, 0, 8, 0, 1.0)
    data = HEADER.pack(1, 0, 1, 0, 0xFFFFFFFF, 0, 0) + entry
    assert peak_of_refusing(data) < 1 << 16


def test_a_block_that_claims_more_bytes_than_it_has_allocates_none() -> None:
    data = HEADER.pack(1, 0, 1, 0, 1 << 20, 0, 0) + ENTRY.pack(0, 0, 4, 0, 1.0) + b"\0" * 100
    assert peak_of_refusing(data) < 1 << 16


def peak_of_refusing(data: bytes) -> int:
    """The bytes allocated at most while `data` is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(BlockError):
            decode(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_empty_block_has_no_rows() -> None:
    empty = replace(BLOCK, columns={0: np.empty(0), 1: []})
    assert decode(encode(empty)).count == 0
