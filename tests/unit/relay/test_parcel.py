import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Pong, RelayFrame
from cowidget.relay.parcel import Mailing, Parcel


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
    assert read(Parcel(Pong(1.0)).message(subprotocol), subprotocol) == [[Pong(1.0)]]


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
def test_parcels_of_one_turn_share_a_message_in_their_order(subprotocol: Subprotocol) -> None:
    frames = [Pong(float(number)) for number in range(40)]
    sent = b"".join(Mailing().messages([Parcel(frame) for frame in frames], subprotocol))
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
    assert [frame for message in read(b"".join(messages), Subprotocol.MSGPACK) for frame in message] == frames
