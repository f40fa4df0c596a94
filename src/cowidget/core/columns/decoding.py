"""From bytes to columns. The bytes are hostile until every length in them has been checked."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import msgspec
import numpy as np

from cowidget.core.columns.block import Array, Bins, Block, BlockError, Head, Values
from cowidget.core.columns.layout import (
    CODES,
    DEFLATED,
    DELTAS,
    DTYPES,
    ENTRY,
    EXACT,
    HEADER,
    LENGTH,
    MAX_BODY,
    MAX_CELLS,
    MAX_DECIMALS,
    MAX_LEVEL,
    POWERS,
    RAW,
    STEP,
    BlockKind,
    Codec,
    Number,
    Part,
)

_WORDS = msgspec.json.Decoder(list[str])


def head(data: bytes) -> Head:
    """What a block is about, without decoding it: cheap enough for each block that passes.

    Raises:
        BlockError: the header is no header, or claims more than a block may hold. The rest is not looked at.
    """
    return _read_head(data)[0]


def decode(data: bytes) -> Block | Bins:
    """The rows or bins in these bytes. Times are as they were sent: neither sorted nor finite for certain.

    Raises:
        BlockError: they are no block. What has been allocated by then is at most 16 MiB, inflated bytes 4 MiB.
    """
    about, entries, deflated = _read_head(data)
    body = data[: HEADER.size] + _inflated(data[HEADER.size :]) if deflated else data
    pieces = _Pieces(body, about.count, entries).read()
    time = pieces.pop((0, Part.VALUE), None)
    if not isinstance(time, np.ndarray) or time.dtype != np.float64:
        raise BlockError("a block without time")
    if about.kind == "rows":
        return _rows(about, time, pieces)
    return _bins(about, time, pieces)


def _read_head(data: bytes) -> tuple[Head, int, bool]:
    if len(data) < HEADER.size:
        raise BlockError("shorter than a header")
    kind, flags, entries, level, count, first, sent = HEADER.unpack_from(data)
    if not (kind == BlockKind.ROWS and level == 0) and not (kind == BlockKind.BINS and 1 <= level <= MAX_LEVEL):
        raise BlockError(f"kind {kind} at level {level}")
    if flags & ~DEFLATED:
        raise BlockError(f"flags {flags}")
    if count * entries > MAX_CELLS or not entries:
        raise BlockError(f"{count} rows of {entries} columns")
    if not (0 <= first < EXACT and first.is_integer() and isfinite(sent)):
        raise BlockError("numbered or dated with no number")
    return Head("rows" if kind == BlockKind.ROWS else "bins", level, int(first), count, sent), entries, bool(flags)


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = stream.decompress(data, MAX_BODY)
    except zlib.error as error:
        raise BlockError("not a deflate stream") from error
    if not stream.eof or stream.unused_data:
        raise BlockError("a deflate stream that does not end where the block does, or is too long")
    return body


def _rows(about: Head, time: Array, pieces: dict[tuple[int, Part], Values]) -> Block:
    if any(part is not Part.VALUE for _, part in pieces):
        raise BlockError("extremes among rows")
    columns = {0: time} | {column: values for (column, _), values in pieces.items()}
    return Block(about.first, columns, about.sent)


def _bins(about: Head, time: Array, pieces: dict[tuple[int, Part], Values]) -> Bins:
    extremes: dict[Part, dict[int, Array]] = {Part.LOW: {}, Part.HIGH: {}}
    for (column, part), values in pieces.items():
        if part is Part.VALUE or isinstance(values, list):
            raise BlockError("a bin holds extremes of numbers")
        extremes[part][column] = values
    low, high = extremes[Part.LOW], extremes[Part.HIGH]
    if low.keys() != high.keys():
        raise BlockError("a minimum without a maximum")
    return Bins(about.first, about.level, time, low, high, about.sent)


class _Entry(NamedTuple):
    column: int
    part: int
    codec: int
    arg: int
    base: float


@dataclass(slots=True)
class _Pieces:
    """Walks the payloads in order; `at` is where the next one begins."""

    body: bytes
    count: int
    entries: int
    at: int = 0

    def read(self) -> dict[tuple[int, Part], Values]:
        pieces: dict[tuple[int, Part], Values] = {}
        table = list(self._table())
        for entry in table:
            pieces[entry.column, Part(entry.part)] = self._values(entry)
        if len(pieces) != len(table):
            raise BlockError("a column that is there twice")
        if self.at != len(self.body):
            raise BlockError("more bytes than its columns")
        return pieces

    def _table(self) -> Iterator[_Entry]:
        self.at = HEADER.size + ENTRY.size * self.entries
        if self.at > len(self.body):
            raise BlockError("shorter than its table")
        for fields in ENTRY.iter_unpack(self.body[HEADER.size : self.at]):
            entry = _Entry(*fields)
            if entry.part > Part.HIGH or entry.codec > Codec.CONSTANT:
                raise BlockError(f"part {entry.part}, codec {entry.codec}")
            yield entry

    def _values(self, entry: _Entry) -> Values:
        codec = Codec(entry.codec)
        if dtype := RAW.get(codec):
            self.at += -self.at % 8
            return self._take(dtype, self.count)
        if codec is Codec.TEXT:
            return self._text(entry.arg)
        if codec is Codec.CONSTANT:
            return _constant(entry, self.count)
        return self._scaled(codec, entry)

    def _scaled(self, codec: Codec, entry: _Entry) -> Array:
        kind, decimals = entry.arg & 0xF0, entry.arg & 0x0F
        whole = kind == Number.INTEGER and decimals == 0
        if not whole and not (kind == Number.FLOAT and decimals <= MAX_DECIMALS):
            raise BlockError(f"codec {codec} with argument {entry.arg}")
        if not self.count:
            raise BlockError("a base without rows")
        if codec is Codec.STEPS:
            deltas: Array | int = _integer(STEP.unpack(self._bytes(STEP.size))[0])
        else:
            zigzag = self._take(DELTAS[codec], self.count - 1).astype(np.int64)
            deltas = (zigzag >> 1) ^ -(zigzag & 1)
        integers = np.empty(self.count, np.int64)  # not before the payload has proved to be there
        integers[0], integers[1:] = _integer(entry.base), deltas
        np.cumsum(integers, out=integers)
        return integers if whole else integers / POWERS[decimals]

    def _text(self, width: int) -> list[str]:
        if width >= len(CODES):
            raise BlockError(f"text with argument {width}")
        length = LENGTH.unpack(self._bytes(LENGTH.size))[0]
        try:
            words = _WORDS.decode(self._bytes(length))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BlockError("its words are not a list of text") from error
        codes = self._take(CODES[width], self.count)
        if self.count and codes.max() >= len(words):
            raise BlockError("a word that is not in its list")
        return [words[code] for code in codes.tolist()]

    def _take(self, dtype: str, count: int) -> Array:
        at, kind = self.at, np.dtype(dtype)
        self._skip(count * kind.itemsize)
        return np.frombuffer(self.body, kind, count, at) if count else np.empty(0, kind)

    def _bytes(self, count: int) -> bytes:
        self._skip(count)
        return self.body[self.at - count : self.at]

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self.body):
            raise BlockError("shorter than its columns")


def _constant(entry: _Entry, count: int) -> Array:
    try:
        dtype = DTYPES[Number(entry.arg)]
    except ValueError as error:
        raise BlockError(f"a constant with argument {entry.arg}") from error
    if entry.arg == Number.INTEGER:
        return np.full(count, _integer(entry.base), dtype)
    return np.full(count, entry.base, dtype)


def _integer(value: float) -> int:
    if not (abs(value) < EXACT and value.is_integer()):
        raise BlockError(f"{value} is no integer")
    return int(value)
