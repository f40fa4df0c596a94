"""A number for rows that does not depend on how they were cut into blocks; `BLOCK.md` defines it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cowidget.core.columns.block import Array, Block

_ROW, _COLUMN = np.uint32(0x9E3779B1), 0x85EBCA77
_LOW, _HIGH, _LAST = np.uint32(0xC2B2AE3D), np.uint32(0x27D4EB2F), np.uint32(0x165667B1)
_FNV_BASIS, _FNV_PRIME = 0x811C9DC5, 0x01000193


def checksum(block: Block, crc: int = 0) -> int:
    """The checksum of these rows, added to that of others: equal for equal rows, in any order and any blocks."""
    rows = (block.first & 0xFFFFFFFF) + np.arange(block.count, dtype=np.uint64)
    mixed_rows = rows.astype(np.uint32) * _ROW
    for column, values in block.columns.items():
        crc += _cells(mixed_rows, column, values)
    return crc & 0xFFFFFFFF


def _cells(rows: Array, column: int, values: Array | Sequence[str]) -> int:
    if isinstance(values, np.ndarray):
        floats = values.astype("<f8")
        halves = floats.view("<u4")
        low, high, empty = halves[0::2], halves[1::2], np.isnan(floats)
    else:
        low, high, empty = _words(values)
    mixed = (rows + np.uint32((column + 1) * _COLUMN & 0xFFFFFFFF)) ^ low
    mixed *= _LOW
    mixed ^= mixed >> np.uint32(15)
    mixed ^= high
    mixed *= _HIGH
    mixed ^= mixed >> np.uint32(13)
    mixed *= _LAST
    mixed ^= mixed >> np.uint32(16)
    mixed[empty] = 0
    return int(mixed.sum(dtype=np.uint64))


def _words(words: Sequence[str]) -> tuple[Array, Array, Array]:
    known = {word: (_fnv(encoded), len(encoded)) for word in set(words) for encoded in [word.encode()]}
    halves = np.array([known[word] for word in words], np.uint32).reshape(-1, 2)
    return halves[:, 0], halves[:, 1], halves[:, 1] == 0


def _fnv(data: bytes) -> int:
    """FNV-1a, 32 bits."""
    hashed = _FNV_BASIS
    for byte in data:
        hashed = (hashed ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return hashed
