"""From columns to bytes, by the shortest codec that gives every value back bit by bit."""

from __future__ import annotations

import zlib
from math import isfinite
from typing import NamedTuple

import msgspec
import numpy as np

from cowidget.core.columns.block import Array, Bins, Block, BlockError, Values
from cowidget.core.columns.layout import (
    CODES,
    DEFLATED,
    ENTRY,
    EXACT,
    HEADER,
    LENGTH,
    MAX_BODY,
    MAX_CELLS,
    MAX_LEVEL,
    POWERS,
    STEP,
    BlockKind,
    Codec,
    Number,
    Part,
)


class _Encoded(NamedTuple):
    codec: Codec
    arg: int
    base: float
    payload: bytes


def encode(block: Block | Bins, *, deflate: bool = False) -> bytes:
    """The bytes of a block. With `deflate` they are compressed, where that makes them fewer: for what is kept.

    Other integers than int64, booleans and other floats are taken as int64 and float64.

    Raises:
        BlockError: the columns differ in length or hold something else, there is no time, or more than 2**21 values.
    """
    pieces = _pieces(block)
    count = block.count
    if any(len(values) != count for _, _, values in pieces):
        raise BlockError("columns of different lengths")
    if count * len(pieces) > MAX_CELLS or len(pieces) > 255:
        raise BlockError(f"a block holds at most {MAX_CELLS} values")
    entries, body = [], []
    at = HEADER.size + ENTRY.size * len(pieces)
    for column, part, values in pieces:
        codec, arg, base, payload = _text(values) if isinstance(values, list) else _numbers(values)
        if codec <= Codec.INTEGERS:
            payload = b"\0" * (-at % 8) + payload
        entries.append(ENTRY.pack(column, part, codec, arg, base))
        body.append(payload)
        at += len(payload)
    return _assembled(block, len(pieces), b"".join(entries + body), deflate=deflate)


def _pieces(block: Block | Bins) -> list[tuple[int, Part, Values]]:
    if isinstance(block, Block):
        if 0 not in block.columns:
            raise BlockError("a block without time")
        return [(column, Part.VALUE, values) for column, values in block.columns.items()]
    if block.low.keys() != block.high.keys():
        raise BlockError("a minimum without a maximum")
    pieces: list[tuple[int, Part, Values]] = [(0, Part.VALUE, block.time)]
    for column, low in block.low.items():
        pieces += [(column, Part.LOW, low), (column, Part.HIGH, block.high[column])]
    return pieces


def _assembled(block: Block | Bins, entries: int, body: bytes, *, deflate: bool) -> bytes:
    kind, level = (BlockKind.ROWS, 0) if isinstance(block, Block) else (BlockKind.BINS, block.level)
    if kind is BlockKind.BINS and not 1 <= level <= MAX_LEVEL:
        raise BlockError(f"there is no level {level}")
    flags = 0
    if deflate and len(body) <= MAX_BODY:
        packed = zlib.compress(body, 1, -zlib.MAX_WBITS)
        if len(packed) < len(body):
            flags, body = DEFLATED, packed
    return HEADER.pack(kind, flags, entries, level, block.count, block.first, block.sent) + body


# Numbers.


def _numbers(values: Array) -> _Encoded:
    match values.dtype.kind:
        case "f" if values.dtype.itemsize == 4:
            return _singles(values)
        case "f":
            return _floats(values.astype("<f8", copy=False))
        case "u" if values.dtype.itemsize == 8 and len(values) and values.max() >= 1 << 63:
            raise BlockError("an integer of more than 64 bits")
        case "i" | "u" | "b":
            return _integers(values.astype("<i8", copy=False))
        case kind:
            raise BlockError(f"a column cannot hold numpy's kind {kind!r}")


def _singles(values: Array) -> _Encoded:
    if _is_constant(values, values.view(np.int32)):
        return _Encoded(Codec.CONSTANT, Number.SINGLE, values.item(0), b"")
    return _Encoded(Codec.SINGLES, 0, 0.0, values.astype("<f4", copy=False).tobytes())


def _floats(values: Array) -> _Encoded:
    bits = values.view(np.int64)
    if _is_constant(values, bits):
        return _Encoded(Codec.CONSTANT, Number.FLOAT, values.item(0), b"")
    scaled = _scaled(values, bits) if len(values) else None
    if scaled is not None and (short := _short(scaled[0], scaled[1] | Number.FLOAT)):
        return short
    return _Encoded(Codec.FLOATS, 0, 0.0, values.tobytes())


def _integers(values: Array) -> _Encoded:
    if len(values) and max(-values.min().item(), values.max().item()) < EXACT:
        if _is_constant(values, values):
            return _Encoded(Codec.CONSTANT, Number.INTEGER, float(values.item(0)), b"")
        if short := _short(values, Number.INTEGER):
            return short
    return _Encoded(Codec.INTEGERS, 0, 0.0, values.tobytes())


def _is_constant(values: Array, bits: Array) -> bool:
    """Bits are compared, not values: 0.0 is not -0.0, and NaN is itself."""
    if not len(values) or bits[0] != bits[-1]:
        return False
    return len(values) <= 2 or bool((bits == bits[0]).all())


def _scaled(values: Array, bits: Array) -> tuple[Array, int] | None:
    """Integers and a number of decimals, if that gives back the same bits; else None."""
    largest = max(-values.min().item(), values.max().item())  # NaN, if any value is
    decimals = _decimals(values.item(0))
    while decimals is not None and largest * POWERS[decimals] < EXACT:
        integers = np.rint(values * POWERS[decimals]).astype(np.int64)
        wrong = (integers / POWERS[decimals]).view(np.int64) != bits
        if not wrong.any():
            return integers, decimals
        needed = _decimals(values.item(int(wrong.argmax())))
        decimals = None if needed is None or needed <= decimals else needed
    return None


def _decimals(value: float) -> int | None:
    if not isfinite(value):
        return None
    for decimals, power in enumerate(POWERS):
        scaled = value * power
        if abs(scaled) >= EXACT:
            return None
        if round(scaled) / power == value:
            return decimals
    return None


def _short(integers: Array, arg: int) -> _Encoded | None:
    """Steps or deltas, whichever is shorter; None if neither is shorter than eight bytes a value."""
    base = float(integers.item(0))
    deltas = integers[1:] - integers[:-1]
    step = deltas.item(0)
    if len(deltas) > 8 and abs(step) * len(deltas) < EXACT and (deltas == step).all():
        return _Encoded(Codec.STEPS, arg, base, STEP.pack(step))
    zigzag = (deltas << 1) ^ (deltas >> 63)
    widest = zigzag.max()
    for codec, dtype, limit in _WIDTHS:
        if widest < limit:
            return _Encoded(codec, arg, base, zigzag.astype(dtype).tobytes())
    return None


_WIDTHS = ((Codec.DELTAS_8, "<u1", 1 << 8), (Codec.DELTAS_16, "<u2", 1 << 16), (Codec.DELTAS_32, "<u4", 1 << 32))


# Text.


def _text(values: list[str]) -> _Encoded:
    places = {word: place for place, word in enumerate(dict.fromkeys(values))}
    width = 0 if len(places) <= 1 << 8 else 1 if len(places) <= 1 << 16 else 2
    try:
        words = msgspec.json.encode(list(places))
    except UnicodeEncodeError as error:
        raise BlockError("a word is not Unicode text: it holds half a surrogate pair") from error
    codes = np.fromiter(map(places.__getitem__, values), CODES[width], len(values))
    return _Encoded(Codec.TEXT, width, 0.0, LENGTH.pack(len(words)) + words + codes.tobytes())
