"""Names for the bytes of a block; `BLOCK.md` explains them."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

HEADER: Final = struct.Struct("<BBBBIdd")
ENTRY: Final = struct.Struct("<BBBBd")
STEP: Final = struct.Struct("<d")
LENGTH: Final = struct.Struct("<I")

DEFLATED: Final = 1
"""The only flag: what follows the header is a raw deflate stream."""

MAX_LEVEL: Final = 6
MAX_CELLS: Final = 1 << 21
"""Rows (or bins) times entries: 16 MiB once decoded. A constant column is 12 bytes long however many rows it has,
so the bytes alone would not bound what decoding allocates."""
MAX_BODY: Final = 1 << 22
"""Of what a deflated body inflates to: more than 16,384 rows of 30 raw columns."""
EXACT: Final = 1 << 53
"""Integers below it are exact in a float64, which is all that a browser has."""
MAX_DECIMALS: Final = 9
POWERS: Final = tuple(float(10**decimals) for decimals in range(MAX_DECIMALS + 1))


class BlockKind(IntEnum):
    """What the block holds."""

    ROWS = 1
    BINS = 2


class Part(IntEnum):
    """What an entry holds of its column."""

    VALUE = 0
    LOW = 1
    HIGH = 2


class Codec(IntEnum):
    """How an entry's values are written."""

    FLOATS = 0
    SINGLES = 1
    INTEGERS = 2
    STEPS = 3
    DELTAS_8 = 4
    DELTAS_16 = 5
    DELTAS_32 = 6
    TEXT = 7
    CONSTANT = 8


class Number(IntEnum):
    """The high half of an entry's `arg`, for steps, deltas and constants: what the numbers are afterwards."""

    FLOAT = 0x00
    INTEGER = 0x10
    SINGLE = 0x20


DTYPES: Final = {Number.FLOAT: "<f8", Number.INTEGER: "<i8", Number.SINGLE: "<f4"}
RAW: Final = {Codec.FLOATS: "<f8", Codec.SINGLES: "<f4", Codec.INTEGERS: "<i8"}
DELTAS: Final = {Codec.DELTAS_8: "<u1", Codec.DELTAS_16: "<u2", Codec.DELTAS_32: "<u4"}
CODES: Final = ("<u1", "<u2", "<u4")
