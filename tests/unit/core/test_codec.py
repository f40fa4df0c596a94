"""Bytes to frames and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from cowidget.core import closing, codec, limits
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Chunk, Declare, Emit, Event, Hello, Patch, Ping, Pong, Presence, Set, Settle, Stop
from cowidget.core.values import Change, KeyState, Position, Settlement, Share
from cowidget.errors import FrameError

BOTH = pytest.mark.parametrize("subprotocol", list(Subprotocol), ids=lambda each: each.name)
SOMETHING = {"type": "set", "id": 1, "changes": [{"key": "/a"}]}

marks = st.integers(0, 3).map(lambda count: "$" * count + "bytes")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | marks, inner) | st.dictionaries(marks, inner),
    max_leaves=12,
)


def message(subprotocol: Subprotocol, *frames: Any) -> bytes:
    return codec.join([codec.encode(frame, subprotocol) for frame in frames], subprotocol)


def raw(subprotocol: Subprotocol, content: Any) -> bytes:
    encode = msgspec.msgpack.encode if subprotocol is Subprotocol.MSGPACK else msgspec.json.encode
    return encode(content)


def with_value(packed: bytes) -> bytes:
    """A `set` in MessagePack whose value is these bytes."""
    empty = msgspec.msgpack.encode([{"type": "set", "id": 1, "changes": [{"key": "/a", "value": None}]}])
    return empty.removesuffix(b"\xc0") + packed


def closing_of(message: bytes, subprotocol: Subprotocol = Subprotocol.MSGPACK) -> closing.Closing:
    with pytest.raises(FrameError) as caught:
        codec.decode_client(message, subprotocol)
    return caught.value.closing


@pytest.mark.rule("M1")
def test_messagepack_comes_first() -> None:
    assert list(Subprotocol) == ["cowidget.1.msgpack", "cowidget.1.json"]
    assert codec.encode(Stop(1)) == codec.encode(Stop(1), Subprotocol.MSGPACK)


@pytest.mark.rule("M2")
@BOTH
def test_a_message_is_an_array_of_maps_with_a_type(subprotocol: Subprotocol) -> None:
    decode = msgspec.msgpack.decode if subprotocol is Subprotocol.MSGPACK else msgspec.json.decode

    assert decode(message(subprotocol, Ping(1.5), Stop(2))) == [
        {"type": "ping", "sent": 1.5},
        {"type": "stop", "id": 2},
    ]


@pytest.mark.rule("M2")
@BOTH
@pytest.mark.parametrize("count", [0, 1, 15, 16, 65_535, 65_536])
def test_any_number_of_encoded_frames_makes_a_message(subprotocol: Subprotocol, count: int) -> None:
    joined = codec.join([codec.encode(Stop(1), subprotocol)] * count, subprotocol)

    assert codec.decode_client(joined, subprotocol) == [Stop(1)] * count


@BOTH
def test_frames_of_the_relay_come_back(subprotocol: Subprotocol) -> None:
    sent = [Patch(3, (KeyState("/a", 3, "p", {"x": b"\x00"}),), gone=("s",)), Event(4, 1, "p", "s", None, (b"\x01",))]

    assert codec.decode_relay(message(subprotocol, *sent), subprotocol) == sent


@BOTH
def test_chunks_and_positions_come_back(subprotocol: Subprotocol) -> None:
    sent = [Chunk("a" * 64, 0, 3, b"\x00\xffa"), Hello(1, "r", "i", state=Position("e", 4))]

    assert codec.decode_client(message(subprotocol, *sent), subprotocol) == sent


@pytest.mark.rule("M3")
@given(values)
def test_every_value_survives_json(value: Any) -> None:
    sent = [Set(1, (Change("/a", value),))]

    assert codec.decode_client(message(Subprotocol.JSON, *sent), Subprotocol.JSON) == sent


@pytest.mark.rule("M3")
@given(values)
def test_every_value_survives_the_way_from_messagepack_to_json(value: Any) -> None:
    sent = codec.decode_client(message(Subprotocol.MSGPACK, Emit(1, "s", value)))

    assert codec.decode_client(message(Subprotocol.JSON, *sent), Subprotocol.JSON) == [Emit(1, "s", value)]


@pytest.mark.rule("M3")
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (b"\x00\x01", {"$bytes": "AAE="}),
        ({"$bytes": "AAE="}, {"$$bytes": "AAE="}),
        ({"$$bytes": 1}, {"$$$bytes": 1}),
        ({"$bytes": b"\x00"}, {"$$bytes": {"$bytes": "AA=="}}),
        ({"$bytes": 1, "more": 2}, {"$bytes": 1, "more": 2}),
        ({"bytes": 1}, {"bytes": 1}),
        ({"x$bytes": 1}, {"x$bytes": 1}),
    ],
)
def test_bytes_are_marked_and_marks_are_escaped(value: Any, written: Any) -> None:
    (frame,) = json.loads(message(Subprotocol.JSON, Emit(1, "s", value)))

    assert frame["content"] == written


@pytest.mark.rule("M3")
@pytest.mark.parametrize("value", [{"$bytes": "a"}, {"$bytes": "ä"}, {"$bytes": 5}, {"$bytes": {"a": 1}}])
def test_a_mark_without_base64_is_undecodable(value: Any) -> None:
    sent = raw(Subprotocol.JSON, [{"type": "emit", "id": 1, "model": "s", "content": value}])

    assert closing_of(sent, Subprotocol.JSON) == closing.UNDECODABLE


@pytest.mark.rule("M4")
@BOTH
@pytest.mark.parametrize(
    "content",
    [{}, {"type": "stop", "id": 1}, [1], [{}], [{"type": 5}], "x", [{"type": "set", "id": "one", "changes": []}]],
)
def test_what_is_not_an_array_of_frames_is_undecodable(subprotocol: Subprotocol, content: Any) -> None:
    assert closing_of(raw(subprotocol, content), subprotocol) == closing.UNDECODABLE


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        with_value(b"\xa1\xff"),
        with_value(b"\xd4\x05\x00"),
        with_value(b"\xd6\xff\x00\x00\x00\x00"),
        with_value(b"\x91\xd6\xff\x00\x00\x00\x00"),
        with_value(b"\x81\xc0\x01"),
        with_value(b"\x81\xc3\x01"),
        with_value(b"\x81\xc4\x01a\x01"),
        with_value(b"\x81\x91\x01\x01"),
        with_value(b"\x91" * 5000 + b"\x01"),
    ],
    ids=[
        "empty",
        "reserved",
        "cut off",
        "not UTF-8",
        "extension",
        "timestamp",
        "timestamp inside",
        "null key",
        "true key",
        "bytes key",
        "list key",
        "deep",
    ],
)
def test_what_messagepack_allows_and_frames_do_not_is_undecodable(message: bytes) -> None:
    assert closing_of(message) == closing.UNDECODABLE


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"[",
        b'[{"type":"st\xff"}]',
        b'[{"type":"emit","id":1,"model":"s","content":"\\udc00"}]',
        b'[{"type":"emit","id":1,"model":"s","content":1e999}]',
        b'[{"type":"emit","id":1,"model":"s","content":18446744073709551616}]',
        b'[{"type":"emit","id":1,"model":"s","content":[-9223372036854775809]}]',
        b"[" * 5000,
    ],
    ids=["empty", "cut off", "not UTF-8", "half a surrogate", "no number", "65 bits", "64 bits below", "deep"],
)
def test_what_json_allows_and_frames_do_not_is_undecodable(message: bytes) -> None:
    assert closing_of(message, Subprotocol.JSON) == closing.UNDECODABLE


@pytest.mark.rule("M4")
@BOTH
def test_an_unknown_type_is_told_apart(subprotocol: Subprotocol) -> None:
    assert closing_of(raw(subprotocol, [SOMETHING, {"type": "dance"}]), subprotocol) == closing.UNKNOWN_FRAME


@pytest.mark.rule("M4", "S1")
@BOTH
def test_a_frame_from_the_other_side_is_unexpected(subprotocol: Subprotocol) -> None:
    assert closing_of(message(subprotocol, Pong(1.0)), subprotocol) == closing.UNEXPECTED


@BOTH
def test_a_client_takes_no_frames_that_clients_send(subprotocol: Subprotocol) -> None:
    with pytest.raises(FrameError) as caught:
        codec.decode_relay(message(subprotocol, Stop(1)), subprotocol)

    assert caught.value.closing == closing.UNEXPECTED


@pytest.mark.rule("M4")
@BOTH
def test_fields_that_nobody_knows_are_ignored(subprotocol: Subprotocol) -> None:
    assert codec.decode_client(raw(subprotocol, [{"type": "stop", "id": 1, "why": "later"}]), subprotocol) == [Stop(1)]


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"in": value}
    return value


@BOTH
@pytest.mark.parametrize(
    "wrap",
    [
        lambda value: Set(1, (Change("/a"), Change("/b", value))),
        lambda value: Settle(1, (Settlement("s/v", 1, "rebase", value),)),
        lambda value: Declare(1, Share("s", ()), (Change("s/v", value),)),
        lambda value: Emit(1, "s", value),
        lambda value: Presence(about={"cursor": value}),
    ],
    ids=["set", "settle", "declare", "emit", "presence"],
)
def test_a_value_that_is_too_deep_for_others_is_undecodable(subprotocol: Subprotocol, wrap: Any) -> None:
    fits = wrap(nested(limits.MAX_DEPTH - 1))

    assert codec.decode_client(message(subprotocol, fits), subprotocol) == [fits]
    assert closing_of(message(subprotocol, wrap(nested(limits.MAX_DEPTH + 1))), subprotocol) == closing.UNDECODABLE


def test_numbers_as_keys_become_text_in_json() -> None:
    (sent,) = codec.decode_client(message(Subprotocol.MSGPACK, Emit(1, "s", {1: "a", 1.5: "b"})))

    assert codec.decode_client(message(Subprotocol.JSON, sent), Subprotocol.JSON) == [
        Emit(1, "s", {"1": "a", "1.5": "b"})
    ]


def test_a_moment_is_text_in_json() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)

    assert b"2026-01-02T00:00:00Z" in codec.encode(Emit(1, "s", moment), Subprotocol.JSON)


@pytest.mark.rule("M5")
def test_the_size_of_a_value_is_that_of_its_messagepack() -> None:
    assert codec.value_size(b"x" * 65_536) == 65_536 + 5
