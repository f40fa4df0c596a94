"""The bytes on the wire, as both languages must read and write them."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from tools import generate_golden

FILES = sorted((Path(__file__).parent / "golden").glob("*.json"))
DECODERS = {"client": codec.decode_client, "relay": codec.decode_relay}


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def message(content: dict[str, Any], subprotocol: Subprotocol) -> bytes:
    if subprotocol is Subprotocol.JSON:
        return str(content["json"]).encode()
    return b64decode(content["msgpack"])


def test_every_frame_type_has_a_golden_message() -> None:
    assert {path.stem for path in FILES} == codec.FRAME_TYPES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("subprotocol", list(Subprotocol))
def test_a_golden_message_is_decoded_and_encoded_to_the_same_bytes(path: Path, subprotocol: Subprotocol) -> None:
    content = read(path)
    for sender in content["sentBy"]:
        frames = DECODERS[sender](message(content, subprotocol), subprotocol)
        again = codec.join([codec.encode(frame, subprotocol) for frame in frames], subprotocol)
        assert again == message(content, subprotocol)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_encodings_are_the_same_frame(path: Path) -> None:
    content = read(path)
    decode = DECODERS[content["sentBy"][0]]
    first, second = (decode(message(content, each), each) for each in Subprotocol)
    assert first == second


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_message_is_what_the_frame_encodes_to_today(path: Path) -> None:
    assert path.read_text() == generate_golden.golden()[path.name], "run: python tools/generate_golden.py"
