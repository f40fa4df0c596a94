"""Blocks that both languages read; `js/src/columns/golden.test.ts` is the other reader."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from cowidget.core.columns import Bins, Block, Values, checksum, decode
from cowidget.core.columns.layout import DEFLATED
from tools import generate_blocks

GOLDEN = generate_blocks.golden()
BLOCKS = [name for name in GOLDEN if name != "hostile.json"]


def read(name: str) -> Any:
    return json.loads((generate_blocks.TARGET / name).read_text())


def pieces(block: Block | Bins) -> dict[tuple[int, str], Values]:
    if isinstance(block, Block):
        return {(column, "columns"): values for column, values in block.columns.items()}
    extremes = {(column, "low"): values for column, values in block.low.items()}
    return {(0, "columns"): block.time} | extremes | {(column, "high"): v for column, v in block.high.items()}


@pytest.mark.rule("F3")
@pytest.mark.parametrize("name", GOLDEN)
def test_golden_block_is_up_to_date(name: str) -> None:
    written, now = read(name), json.loads(GOLDEN[name])
    if name != "hostile.json" and b64decode(written["block"])[1] & DEFLATED:
        del written["block"], now["block"]  # each version of zlib finds other bytes
    assert written == now, "run: python tools/generate_blocks.py"


def test_no_golden_block_is_left_over() -> None:
    assert {path.name for path in generate_blocks.TARGET.iterdir()} == GOLDEN.keys()


@pytest.mark.rule("F3")
@pytest.mark.parametrize("name", BLOCKS)
def test_golden_block_holds_what_it_says(name: str) -> None:
    golden = read(name)
    block = decode(b64decode(golden["block"]))
    found = pieces(block)
    assert (block.first, block.count, block.sent) == (golden["first"], golden["count"], golden["sent"])
    assert len(found) == len(golden["pieces"])
    for piece in golden["pieces"]:
        values = found[piece["column"], piece["part"]]
        if piece["type"] == "text":
            assert values == piece["values"]
            continue
        convert = int if piece["type"] == "int64" else float
        expected = np.array([convert(value) for value in piece["values"]], piece["type"])
        assert isinstance(values, np.ndarray)
        assert (values.dtype.name, values.tobytes()) == (piece["type"], expected.tobytes())


@pytest.mark.parametrize("name", [name for name in BLOCKS if name != "bins.json"])
def test_golden_block_has_its_checksum(name: str) -> None:
    golden = read(name)
    block = decode(b64decode(golden["block"]))
    assert isinstance(block, Block)
    assert checksum(block) == golden["checksum"]
