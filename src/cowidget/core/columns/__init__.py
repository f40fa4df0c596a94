"""Rows of a feed as bytes, column by column; `BLOCK.md` states the layout and the checksum."""

from cowidget.core.columns.block import Bins, Block, BlockError, Head, Values, concat, slice_block
from cowidget.core.columns.checksum import checksum
from cowidget.core.columns.decoding import decode, head
from cowidget.core.columns.encoding import encode

__all__ = [
    "Bins",
    "Block",
    "BlockError",
    "Head",
    "Values",
    "checksum",
    "concat",
    "decode",
    "encode",
    "head",
    "slice_block",
]
