from collections.abc import Sequence

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Chunk, Pong, RelayFrame
from cowidget.relay.parcel import BlobParcel, Mailing, Parcel, Pieces

DATA = bytes(range(256)) * 2000
NAME = "ab" * 32


def written(messages: Sequence[Pieces]) -> bytes:
    """What goes out on the line."""
    return b"".join(piece for message in messages for piece in message)


def read(data: bytes, subprotocol: Subprotocol) -> list[list[RelayFrame]]:
    """What a client reads from these bytes: the frames of each message."""
    client = ClientProtocol(parse_uri("ws://relay"), state=State.OPEN, max_size=None)
    client.receive_data(data)
    messages = [event for event in client.events_received() if isinstance(event, Frame)]
    opcode = Opcode.TEXT if subprotocol is Subprotocol.JSON else Opcode.BINARY
    assert {message.opcode for message in messages} <= {opcode}
    return [codec.decode_relay(bytes(message.data), subprotocol) for message in messages]


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
def test_a_parcel_alone_is_a_whole_message(subprotocol: Subprotocol) -> None:
    assert read(b"".join(Parcel(Pong(1.0)).message(subprotocol)), subprotocol) == [[Pong(1.0)]]


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
def test_parcels_of_one_turn_share_a_message_in_their_order(subprotocol: Subprotocol) -> None:
    frames = [Pong(float(number)) for number in range(40)]
    sent = written(Mailing().messages([Parcel(frame) for frame in frames], subprotocol))
    assert read(sent, subprotocol) == [frames]


def test_the_same_parcels_are_the_same_bytes() -> None:
    mailing, parcels = Mailing(), [Parcel(Pong(1.0)), Parcel(Pong(2.0))]
    first = mailing.messages(parcels, Subprotocol.MSGPACK)
    assert mailing.messages(list(parcels), Subprotocol.MSGPACK) is first


def test_a_parcel_is_encoded_once() -> None:
    parcel = Parcel(Pong(1.0))
    assert parcel.message(Subprotocol.MSGPACK) is parcel.message(Subprotocol.MSGPACK)
    assert parcel.encoded(Subprotocol.JSON) is parcel.encoded(Subprotocol.JSON)


def test_messages_stay_small_enough_for_the_pings_behind_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mailing, "MAX_JOINED", 50)
    frames = [Pong(float(number)) for number in range(10)]
    messages = Mailing().messages([Parcel(frame) for frame in frames], Subprotocol.MSGPACK)
    assert len(messages) > 1
    assert [frame for message in read(written(messages), Subprotocol.MSGPACK) for frame in message] == frames


# Parts of blobs.


@pytest.mark.rule("D10")
@pytest.mark.parametrize("subprotocol", list(Subprotocol))
@pytest.mark.parametrize(
    ("at", "end"), [(0, 1 << 18), (1 << 18, (1 << 18) + 3), (5, 5), (7, 70), (0, 200), (0, 65_500)]
)
def test_a_part_of_a_blob_is_its_chunk(subprotocol: Subprotocol, at: int, end: int) -> None:
    sent = b"".join(BlobParcel(NAME, DATA, at, end).message(subprotocol))
    assert read(sent, subprotocol) == [[Chunk(NAME, at, len(DATA), DATA[at:end])]]


def test_a_part_of_a_blob_is_not_copied_for_any_client() -> None:
    mailing, part, text = Mailing(), BlobParcel(NAME, DATA, 0, 1 << 18), Parcel(Pong(1.0))
    clients = [part.message(Subprotocol.MSGPACK), mailing.messages([text, part], Subprotocol.MSGPACK)[1]]
    payloads = [pieces[-1] for pieces in clients]
    assert [(type(each), getattr(each, "obj", None) is DATA) for each in payloads] == [(memoryview, True)] * 2


def test_a_part_of_a_blob_keeps_its_place_among_other_frames() -> None:
    parcels = [Parcel(Pong(1.0)), BlobParcel(NAME, DATA, 0, 1 << 18), BlobParcel(NAME, DATA, 1 << 18, 300_000)]
    frames = read(written(Mailing().messages([*parcels, Parcel(Pong(2.0))], Subprotocol.MSGPACK)), Subprotocol.MSGPACK)
    assert [(type(frame), getattr(frame, "at", None)) for message in frames for frame in message] == [
        (Pong, None), (Chunk, 0), (Chunk, 1 << 18), (Pong, None),
    ]  # fmt: skip
