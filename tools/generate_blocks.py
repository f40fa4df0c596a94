"""Write blocks that both languages read: `python tools/generate_blocks.py`.

`tests/wire/blocks/<name>.json` holds a block, what is in it and its checksum; `hostile.json` bytes that are none.
A change of the layout or of the codecs' choice shows up as a change of these files.
"""

from __future__ import annotations

import json
import struct
import sys
from base64 import b64encode
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from cowidget.core.columns import Bins, Block, Values, checksum, encode

TARGET = Path(__file__).resolve().parent.parent / "tests" / "wire" / "blocks"
NOON = 1_767_268_800.0
LARGE = 1 << 53
TIMES = np.array([NOON, NOON + 0.25, NOON + 0.251, NOON + 7])
PRICES = np.array([65432.1, 65432.12, 65431.99, 65432.0])
TICKS = Block(41, {0: TIMES, 1: PRICES, 2: np.array([3, -1, 70_000, 0]), 3: ["buy", "sell", "buy", "♥"]}, NOON + 8.5)
REGULAR = Block(1 << 40, {0: NOON + np.arange(20) / 1000, 1: np.linspace(0, 1, 20).astype(np.float32)})

BLOCKS: dict[str, Block | Bins] = {
    "ticks": TICKS,
    "deflated": Block(0, {0: NOON + np.arange(300) / 10, 1: np.arange(300) % 7 / 4, 2: ["up", "down", ""] * 100}),
    "regular": REGULAR,
    "empty": Block(7, {0: np.empty(0), 1: np.empty(0, np.float32), 2: np.empty(0, np.int64), 3: []}),
    "one-row": Block(7, {0: TIMES[:1], 1: np.array([np.nan]), 2: np.array([-5]), 3: [""]}),
    "constant": Block(
        0,
        {
            0: np.full(5, NOON),
            1: np.full(5, -0.0),
            2: np.full(5, 1 - LARGE),
            3: np.full(5, 0.1, np.float32),
            4: np.full(5, np.nan),
            5: ["same"] * 5,
        },
    ),
    "raw": Block(
        1,
        {
            0: np.array([NOON, NOON + 1 / 3, NOON + 2 / 3]),
            1: np.array([0.0, -0.0, np.nan]),
            2: np.array([np.inf, -np.inf, 5e-324]),
            3: np.array([1, np.nan, -np.inf], np.float32),
            4: np.array([1 - LARGE, 0, LARGE - 1]),
        },
    ),
    "widths": Block(
        0,
        {
            0: TIMES,
            1: np.array([0, 127, -1, 0]),
            2: np.array([0, 128, -32_640, 0]),
            3: np.array([0, 1 << 30, -(1 << 30), 0]),
            4: np.array([0.000000001, 0.2, 0.3, -0.4]),
        },
    ),
    "integers": Block(0, {0: TIMES[:2], 1: np.array([-(1 << 62), 1 << 62])}),
    "words": Block(0, {0: NOON + np.arange(300), 1: [f"word {row}" for row in range(300)]}),
    "bins": Bins(4096, 2, TIMES[:2], {1: PRICES[:2], 2: np.array([1, 2])}, {1: PRICES[2:], 2: np.array([3, 9])}, NOON),
}


def main() -> int:
    """Write every file."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in golden().items():
        (TARGET / name).write_text(text)
    sys.stdout.write(f"wrote {len(golden())} files to {TARGET}\n")
    return 0


def golden() -> dict[str, str]:
    """Each file's name and what it should hold."""
    files = {f"{name}.json": _content(name, block) for name, block in BLOCKS.items()}
    files["hostile.json"] = {name: b64encode(data).decode() for name, data in hostile().items()}
    return {name: json.dumps(content, indent=2, ensure_ascii=False) + "\n" for name, content in files.items()}


def _content(name: str, block: Block | Bins) -> dict[str, Any]:
    return {
        "block": b64encode(encode(block, deflate=name == "deflated")).decode(),
        "kind": "rows" if isinstance(block, Block) else "bins",
        "level": getattr(block, "level", 0),
        "first": block.first,
        "count": block.count,
        "sent": block.sent,
        "checksum": checksum(block) if isinstance(block, Block) else None,
        "pieces": [
            {"column": column, "part": part, "type": _type(values), "values": [_value(value) for value in values]}
            for column, part, values in _pieces(block)
        ],
    }


def _pieces(block: Block | Bins) -> Iterator[tuple[int, str, Values]]:
    if isinstance(block, Block):
        yield from ((column, "columns", values) for column, values in block.columns.items())
        return
    yield 0, "columns", block.time
    for column, values in block.low.items():
        yield column, "low", values
        yield column, "high", block.high[column]


def _type(values: Values) -> str:
    return "text" if isinstance(values, list) else values.dtype.name


def _value(value: Any) -> Any:
    """As JSON has it; numbers that it lacks, or that not every reader keeps, as text."""
    if isinstance(value, str):
        return value
    number = value.item()
    plain = isfinite(number) and str(number) != "-0.0" and abs(number) < LARGE
    return number if plain else str(number).replace("inf", "Infinity").replace("nan", "NaN")


# Bytes that are no block.


def hostile() -> dict[str, bytes]:
    """What each tries, and its bytes."""
    ticks, empty = encode(TICKS), encode(BLOCKS["empty"])
    return {
        "nothing": b"",
        "half a header": ticks[:12],
        "a header alone": ticks[:24],
        "half a table": ticks[:40],
        "half a payload": ticks[:-1],
        "a byte too many": ticks + b"\0",
        "an unknown kind": b"\3" + ticks[1:],
        "bins of level 0": b"\2" + ticks[1:],
        "rows of level 1": ticks[:3] + b"\1" + ticks[4:],
        "an unknown flag": ticks[:1] + b"\2" + ticks[2:],
        "no entries": _block([], b"", count=0),
        "rows that are not there": ticks[:4] + struct.pack("<I", 5) + ticks[8:],
        "four thousand million constants": _block([(0, 0, 8, 0, 1.0)], b"", count=0xFFFFFFFF),
        "a row number of minus one": ticks[:8] + struct.pack("<d", -1.0) + ticks[16:],
        "a row number between two": ticks[:8] + struct.pack("<d", 0.5) + ticks[16:],
        "a row number that is none": ticks[:8] + struct.pack("<d", np.nan) + ticks[16:],
        "a row number that is not exact": ticks[:8] + struct.pack("<d", 2.0**53) + ticks[16:],
        "sent at infinity": ticks[:16] + struct.pack("<d", np.inf) + ticks[24:],
        "no time": _block([(1, 0, 8, 0, 1.0)]),
        "time as text": _block([(0, 0, 7, 0, 0.0)], _words(b'["a"]', b"\0\0")),
        "time twice": _block([(0, 0, 8, 0, 1.0), (0, 0, 8, 0, 1.0)]),
        "an unknown part": _block([(0, 0, 8, 0, 1.0), (1, 3, 8, 0, 1.0)]),
        "a minimum among rows": _block([(0, 0, 8, 0, 1.0), (1, 1, 8, 0, 1.0)]),
        "a value among bins": _block([(0, 0, 8, 0, 1.0), (1, 0, 8, 0, 1.0)], kind=2),
        "a minimum of text": _block([(0, 0, 8, 0, 1.0), (1, 1, 7, 0, 0.0)], _words(b'["a"]', b"\0\0"), kind=2),
        "an unknown codec": _block([(0, 0, 9, 0, 1.0)]),
        "ten decimals": _block([(0, 0, 4, 10, 1.0)], b"\0"),
        "an unknown constant": _block([(0, 0, 8, 0, 1.0), (1, 0, 8, 48, 1.0)]),
        "a constant with decimals": _block([(0, 0, 8, 1, 1.0)]),
        "an integer that is none": _block([(0, 0, 8, 0, 1.0), (1, 0, 8, 16, 0.5)]),
        "deltas from a half": _block([(0, 0, 4, 0, 0.5)], b"\0"),
        "deltas from infinity": _block([(0, 0, 4, 0, np.inf)], b"\0"),
        "steps of a half": _block([(0, 0, 3, 0, 1.0)], struct.pack("<d", 0.5)),
        "steps of no rows": _block([(0, 0, 3, 0, 1.0)], struct.pack("<d", 1), count=0),
        "deltas of no rows": _block([(0, 0, 4, 0, 1.0)], count=0),
        "words beyond the end": _text(struct.pack("<I", 0xFFFFFFFF) + b'["a"]\0\0'),
        "words that are numbers": _text(_words(b"[1]", b"\0\0")),
        "words that are not JSON": _text(_words(b'["a"', b"\0\0")),
        "words that are not UTF-8": _text(_words(b'["\xff"]', b"\0\0")),
        "words that are nested": _text(_words(b"[" * 5_000, b"\0\0")),
        "a word that is missing": _text(_words(b'["a"]', b"\0\1")),
        "words of an unknown width": _text(_words(b'["a"]', b"\0\0"), width=3),
        "codes that are missing": _text(_words(b'["a"]', b"\0")),
        "no deflate stream": _deflated(b"\xff\xff\xff"),
        "half a deflate stream": _deflated(_stored(ticks[24:])[:-1]),
        "a deflated block that is too long": _deflated(_stored(empty[24:] + b"\0"), empty),
    }


def _block(
    entries: list[tuple[int, int, int, int, float]], payload: bytes = b"", *, count: int = 2, kind: int = 1
) -> bytes:
    header = struct.pack("<BBBBIdd", kind, 0, len(entries), kind - 1, count, 0.0, 0.0)
    return header + b"".join(struct.pack("<BBBBd", *entry) for entry in entries) + payload


def _text(payload: bytes, width: int = 0) -> bytes:
    return _block([(0, 0, 8, 0, 1.0), (1, 0, 7, width, 0.0)], payload)


def _words(words: bytes, codes: bytes) -> bytes:
    return struct.pack("<I", len(words)) + words + codes


def _stored(body: bytes) -> bytes:
    """A deflate stream that compresses nothing: the same bytes with every version of zlib."""
    return b"\1" + struct.pack("<HH", len(body), len(body) ^ 0xFFFF) + body


def _deflated(stream: bytes, like: bytes | None = None) -> bytes:
    header = encode(TICKS)[:24] if like is None else like[:24]
    return header[:1] + b"\1" + header[2:] + stream


if __name__ == "__main__":
    sys.exit(main())
