"""Lonboard's maps without network: their code loads a Parquet reader and a worker from a CDN.

The tables travel as Arrow, which the code reads by itself, and polygons are cut into triangles without a worker.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from ipywidgets import Widget

from cowidget.errors import ShareError

# The smallest module with what is called of the reader before any table comes: `__wbindgen_start`, which does nothing.
_NO_READER = bytes.fromhex(
    "0061736d0100000001040160000003020100 0714 01 10 5f5f7762696e6467656e5f7374617274 0000 0a040102000b"
)
_READER = re.compile(r"`https://[^`]*/parquet_wasm_bg\.wasm`")
_READ = re.compile(r"[\w$]+\(new Uint8Array\(([\w$]+)\.buffer\),\{batchSize:[^}]*\}\)\.intoIPCStream\(\)")
_WORKER = re.compile(r"earcutWorkerUrl:\"https://[^\"]*\"")

_PARQUET = b"PAR1"
# What was converted: tables do not change, and their layers change often.
_converted: WeakKeyDictionary[Widget, dict[str, tuple[Any, list[bytes]]]] = WeakKeyDictionary()


def code(view: Widget) -> tuple[str, str]:
    """The map's code, reading Arrow.

    Raises:
        ShareError: this version of lonboard is put together in another way.
    """
    return _reading_arrow(str(view._esm)), str(view._css)


@lru_cache(maxsize=2)
def _reading_arrow(script: str) -> str:
    reader = "data:application/wasm;base64," + base64.b64encode(_NO_READER).decode()
    script, readers = _READER.subn(f'"{reader}"', script)
    script, reads = _READ.subn(r"new Uint8Array(\1.buffer)", script)
    if (readers, reads) != (1, 1):
        raise ShareError(
            "This version of lonboard loads its table reader from the network in a way that cowidget does not know, "
            "and guests' pages have no network. Known is lonboard 0.17."
        )
    return _WORKER.sub("earcutWorkerUrl:null", script)


def tables_now(layer: Widget) -> Mapping[str, Any]:
    """The layer's tables and columns as Arrow, in place of Parquet."""
    known = _converted.get(layer, {})
    converted = _converted[layer] = {}
    for name in layer.keys:
        value = getattr(layer, name)
        if type(value).__module__.partition(".")[0] == "arro3":
            found = known.get(name)
            converted[name] = found if found is not None and found[0] is value else (value, _arrow(layer, name, value))
    return {name: pieces for name, (_, pieces) in converted.items()}


def _arrow(layer: Widget, name: str, value: Any) -> list[bytes]:
    pieces = layer.trait_metadata(name, "to_json")(value, layer)
    return [_from_parquet(piece) if piece.startswith(_PARQUET) else piece for piece in pieces]


def _from_parquet(piece: bytes) -> bytes:
    # A dependency of lonboard.
    from arro3.io import read_parquet, write_ipc_stream

    stream = BytesIO()
    # One batch, as the code expects of each piece.
    write_ipc_stream(read_parquet(BytesIO(piece)).read_all().combine_chunks(), stream, compression=None)
    return stream.getvalue()
