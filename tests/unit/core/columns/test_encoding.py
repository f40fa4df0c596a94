"""Which codec a column gets, and how many bytes it costs."""

from __future__ import annotations

import numpy as np
import pytest

from cowidget.core.columns import Bins, Block, BlockError, Values, decode, encode
from cowidget.core.columns.layout import DEFLATED, ENTRY, HEADER, Codec

NOON = 1_767_268_800.0
RNG = np.random.default_rng(1)


def ticks(count: int) -> Block:
    times = np.round(NOON + np.cumsum(RNG.integers(1, 99, count)) / 1000, 3)
    prices = np.round(65_432.1 + np.cumsum(RNG.normal(0, 0.2, count)), 2)
    return Block(1000, {0: times, 1: prices, 2: RNG.integers(1, 200, count)}, NOON)


def codec(values: Values) -> tuple[Codec, int]:
    """How `values` are written: codec and argument."""
    data = encode(Block(0, {0: np.zeros(len(values)), 1: values}))
    _, _, name, arg, _ = ENTRY.unpack_from(data, HEADER.size + ENTRY.size)
    return Codec(name), arg


@pytest.mark.rule("F3")
def test_a_tick_of_ten_rows_takes_at_most_110_bytes() -> None:
    assert len(encode(ticks(10))) <= 110


def test_a_regular_sensor_takes_four_bytes_a_row() -> None:
    measured = RNG.normal(20, 1, 1000).astype(np.float32)
    data = encode(Block(0, {0: NOON + np.arange(1000) / 1000, 1: measured}))
    assert len(data) < 4.1 * 1000


def test_a_sealed_chunk_of_ticks_takes_less_than_four_bytes_a_row() -> None:
    assert len(encode(ticks(16_384), deflate=True)) < 4 * 16_384


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 1.0, 1.0], (Codec.CONSTANT, 0)),
        ([np.nan, np.nan], (Codec.CONSTANT, 0)),
        ([0.0, 1.0, 3.0], (Codec.DELTAS_8, 0)),
        ([0.5, 0.25, 0.125], (Codec.DELTAS_16, 3)),
        ([1e6, 2e6, 4e6], (Codec.DELTAS_32, 0)),
        ([0.1, 0.2, 0.123456789], (Codec.DELTAS_32, 9)),
        (np.arange(20) * 0.5, (Codec.STEPS, 1)),
        (-np.arange(20) * 0.5 - 1, (Codec.STEPS, 1)),
        ([0.0, 1.0, 1 / 3], (Codec.FLOATS, 0)),
        ([1 / 3, 0.0, 1.0], (Codec.FLOATS, 0)),
        ([0.0, 1.0, -0.0], (Codec.FLOATS, 0)),
        ([1.0, np.nan, 2.0], (Codec.FLOATS, 0)),
        ([1.0, np.inf, 2.0], (Codec.FLOATS, 0)),
        ([np.inf, 1.0], (Codec.FLOATS, 0)),
        ([1.0, 1e308], (Codec.FLOATS, 0)),
        ([0.1, 2.0**53], (Codec.FLOATS, 0)),
        ([0.0, 4e9, 0.0], (Codec.FLOATS, 0)),
        ([], (Codec.FLOATS, 0)),
    ],
    ids=str,
)
def test_floats_go_as_the_shortest_that_gives_them_back(values: list[float], expected: tuple[Codec, int]) -> None:
    assert codec(np.array(values, np.float64)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7, 7], (Codec.CONSTANT, 16)),
        ([0, 127, -1], (Codec.DELTAS_8, 16)),
        ([0, 128, -1], (Codec.DELTAS_16, 16)),
        ([0, 1 << 30], (Codec.DELTAS_32, 16)),
        ([0, 1 << 31], (Codec.INTEGERS, 0)),
        ([1 << 60, 1 << 60], (Codec.INTEGERS, 0)),
        (range(20), (Codec.STEPS, 16)),
        ([], (Codec.INTEGERS, 0)),
    ],
    ids=str,
)
def test_integers_go_as_the_shortest_that_gives_them_back(values: list[int], expected: tuple[Codec, int]) -> None:
    assert codec(np.array(values, np.int64)) == expected


def test_singles_stay_singles() -> None:
    assert codec(np.array([0.1, 0.2], np.float32)) == (Codec.SINGLES, 0)
    assert codec(np.array([0.1, 0.1], np.float32)) == (Codec.CONSTANT, 32)


@pytest.mark.parametrize(("count", "width"), [(0, 0), (1, 0), (256, 0), (257, 1), (65_536, 1), (65_537, 2)])
def test_places_of_words_are_as_wide_as_they_need_be(count: int, width: int) -> None:
    assert codec([str(word) for word in range(count)]) == (Codec.TEXT, width)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array([True, False]), "int64"),
        (np.array([1, 2], np.uint8), "int64"),
        (np.array([1, 2], np.int16), "int64"),
        (np.array([1, 2], ">i8"), "int64"),
        (np.array([1.5, 2], np.float16), "float64"),
        (np.array([0.1, 2], ">f8"), "float64"),
        (np.array([0.1, 2], ">f4"), "float32"),
        (np.arange(8.0)[::4], "float64"),
    ],
    ids=lambda each: str(getattr(each, "dtype", each)),
)
def test_other_numbers_become_what_a_feed_has(values: np.ndarray, dtype: str) -> None:
    block = decode(encode(Block(0, {0: np.zeros(2), 1: values})))
    assert isinstance(block, Block)
    found = np.asarray(block.columns[1])
    assert (found.dtype.name, found.tolist()) == (dtype, values.tolist())


@pytest.mark.parametrize(
    "values",
    [np.array(["a", "b"]), np.array([1j, 2j]), np.array([1, 2], "M8[s]"), np.array([object(), 1]), ["\ud800", "a"]],
    ids=["text", "complex", "dates", "objects", "half a character"],
)
def test_what_a_feed_cannot_hold_is_refused(values: Values) -> None:
    with pytest.raises(BlockError):
        encode(Block(0, {0: np.zeros(2), 1: values}))


def test_an_integer_beyond_64_bits_is_refused() -> None:
    with pytest.raises(BlockError, match="64 bits"):
        encode(Block(0, {0: np.zeros(2), 1: np.array([0, 1 << 63], np.uint64)}))


@pytest.mark.parametrize(
    "block",
    [
        Block(0, {1: np.zeros(2)}),
        Block(0, {0: np.zeros(2), 1: np.zeros(3)}),
        Block(0, {0: np.zeros(1 << 20), 1: np.zeros(1 << 20), 2: np.zeros(1 << 20)}),
        Bins(0, 0, np.zeros(2), {}, {}),
        Bins(0, 7, np.zeros(2), {}, {}),
        Bins(0, 1, np.zeros(2), {1: np.zeros(2)}, {1: np.zeros(1)}),
        Bins(0, 1, np.zeros(2), {1: np.zeros(2)}, {}),
    ],
    ids=["no time", "lengths", "too many", "level 0", "level 7", "lengths of bins", "half of the extremes"],
)
def test_columns_that_make_no_block_are_refused(block: Block | Bins) -> None:
    with pytest.raises(BlockError):
        encode(block)


def test_deflating_never_makes_a_block_longer() -> None:
    noise = Block(0, {0: np.zeros(1000), 1: RNG.normal(size=1000)})
    assert len(encode(noise, deflate=True)) <= len(encode(noise))
    assert not encode(Block(0, {0: np.array([NOON + 1 / 3])}), deflate=True)[1] & DEFLATED


def test_more_than_readers_inflate_is_not_deflated() -> None:
    values = np.repeat(RNG.normal(size=600_000), 2)[: 1 << 20]
    assert not encode(Block(0, {0: np.zeros(1 << 20), 1: values}), deflate=True)[1] & DEFLATED
