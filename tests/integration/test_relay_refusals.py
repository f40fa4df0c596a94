"""Bad input to a real relay: each kind gets its own close code, and the room lives on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cowidget.core import closing
from cowidget.core.closing import Closing
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Ack, Chunk, Ending, Hello, Ping, Pong, Post, Said, Set, Welcome
from cowidget.core.values import Change, Text
from tests.support.running_relay import RunningRelay, running_relay
from tests.support.wire_client import WireClient, guest_client, invite, owner_client, wire_client


@pytest.fixture(scope="module")
def relay() -> Iterator[RunningRelay]:
    with running_relay() as relay:
        yield relay


def hello(**fields: object) -> Hello:
    return Hello(**{"version": VERSION, "room": "lab", "instance": "i", "secret": "guest", **fields})


async def ends_with(client: WireClient, why: Closing) -> bool:
    return await client.closed() == (why.code, why.slug)


async def test_a_room_that_is_not_there(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        await client.send(hello(room="nowhere"))
        assert await ends_with(client, closing.UNKNOWN_ROOM)


async def test_a_room_is_not_created_with_a_wrong_operators_token(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        await client.send(hello(room="nowhere", create="a guess"))
        assert await ends_with(client, closing.UNKNOWN_ROOM)


@pytest.mark.rule("C4")
async def test_the_last_frame_before_a_close_tells_its_code(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        await client.send(hello(room="nowhere"))
        await client.closed()

    assert client.unseen == [Ending(closing.UNKNOWN_ROOM.code, closing.UNKNOWN_ROOM.slug)]


async def test_a_wrong_link(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket), wire_client(relay.websocket) as client:
        await client.send(hello(secret="a guess"))
        assert await ends_with(client, closing.WRONG_LINK)


async def test_an_expired_link(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner, wire_client(relay.websocket) as client:
        await invite(owner, "old", expires=1.0)
        await client.send(hello(secret="old"))
        assert await ends_with(client, closing.EXPIRED)


async def test_another_version(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket), wire_client(relay.websocket) as client:
        await client.send(hello(version=99))
        assert await ends_with(client, closing.VERSION)


@pytest.mark.parametrize("fragments", [1, 3])
async def test_a_message_that_is_too_large_before_the_welcome(relay: RunningRelay, fragments: int) -> None:
    async with wire_client(relay.websocket) as client:
        part = b"\x91" + b"x" * (12_000 // fragments)
        await client.websocket.send([part] * fragments)
        assert await ends_with(client, closing.TOO_LARGE)


async def test_a_message_that_is_too_large_after_the_welcome(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await owner.push(Set, changes=(Change("/n", b"x" * (900 << 10)),))
        await owner.push(Set, changes=(Change("/n", b"x" * (1 << 20)),))
        assert await ends_with(owner, closing.TOO_LARGE)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"\xc1", closing.UNDECODABLE),
        (b"", closing.UNDECODABLE),
        (b"\x91\x80", closing.UNDECODABLE),
        (b"\x91\x81\xa4type\xa5ping!", closing.UNKNOWN_FRAME),
        (b"\x91\x81\xa4type\xa7welcome", closing.UNEXPECTED),
        (b"\x91\x81\xa4type\xa4ping", closing.UNDECODABLE),
        (b"\x91\x82\xa4type\xa4ping\xa4sent\xd4\x05a", closing.UNDECODABLE),
    ],
)
async def test_a_message_that_is_not_frames(relay: RunningRelay, message: bytes, why: Closing) -> None:
    async with wire_client(relay.websocket) as client:
        await client.send_message(message)
        assert await ends_with(client, why)


async def test_json_text_that_is_not_frames(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket, Subprotocol.JSON) as client:
        await client.websocket.send("{")
        assert await ends_with(client, closing.UNDECODABLE)


async def test_text_where_bytes_were_agreed(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        await client.websocket.send("[]")
        assert await ends_with(client, closing.UNDECODABLE)


async def test_a_push_before_the_hello(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        await client.push(Set, changes=(Change("/n", 1),))
        assert await ends_with(client, closing.UNEXPECTED)


async def test_a_second_hello(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await owner.send(hello())
        assert await ends_with(owner, closing.UNEXPECTED)


async def test_who_does_not_greet(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as client:
        assert await ends_with(client, closing.HELLO_TIMEOUT)


async def test_too_many_messages(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with guest_client(relay.websocket) as client:
            with suppress(ConnectionClosed):
                while True:
                    await client.send(Ping(sent=1.0))
                    await asyncio.sleep(0)
            assert await ends_with(client, closing.RATE)


async def test_a_chunk_that_nobody_asked_for(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await owner.send(Chunk("a" * 64, 0, 10, b"x"))
        assert await ends_with(owner, closing.UNEXPECTED)


@pytest.mark.parametrize(
    "value",
    ["1" + "0" * 40, "[" * 400 + "]" * 400],
    ids=["a huge integer", "deep nesting"],
)
async def test_a_json_value_that_cannot_be_kept_or_told_hurts_nobody_else(relay: RunningRelay, value: str) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with (
            guest_client(relay.websocket, subprotocol=Subprotocol.JSON) as ada,
            guest_client(relay.websocket, subprotocol=Subprotocol.JSON) as bob,
        ):
            await ada.websocket.send(f'[{{"type":"set","id":1,"changes":[{{"key":"/n","value":{value}}}]}}]')
            await bob.send(Ping(sent=1.0))
            await bob.sees(Pong)
            push = await owner.push(Post, body=Text(text="still here"))
            await owner.sees(Ack, lambda ack: ack.id >= push)
            await bob.sees(Said, lambda said: any(e.body.text == "still here" for e in said.entries))


@pytest.mark.parametrize("key", [b"\xc4\x01x", b"\xc0", b"\xc3", b"\x91\x01"], ids=["bytes", "nil", "true", "array"])
async def test_a_map_with_keys_that_json_does_not_know_hurts_nobody_else(relay: RunningRelay, key: bytes) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with (
            guest_client(relay.websocket) as ada,
            guest_client(relay.websocket, subprotocol=Subprotocol.JSON) as bob,
        ):
            change = b"\x82\xa3key\xa2/m\xa5value\x81" + key + b"\x01"
            await ada.send_message(b"\x91\x83\xa4type\xa3set\xa2id\x01\xa7changes\x91" + change)
            await owner.push(Post, body=Text(text="still here"))
            await bob.sees(Said, lambda said: any(e.body.text == "still here" for e in said.entries))


async def test_a_client_that_speaks_none_of_our_subprotocols_gets_an_http_error(relay: RunningRelay) -> None:
    with pytest.raises(InvalidStatus) as raised:
        async with wire_client(relay.websocket, "chat.v2"):  # type: ignore[arg-type]
            pass
    assert raised.value.response.status_code == 400


async def test_compression_is_not_agreed_to(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket, compression="deflate") as client:
        response = client.websocket.response
        assert response is not None
        assert "Sec-WebSocket-Extensions" not in response.headers


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        (None, True),
        ("http://127.0.0.1:{port}", True),
        ("http://localhost:8888", True),
        ("http://lab.localhost:8888", True),
        ("https://notebooks.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("null", False),
        ("http://[", False),
    ],
)
async def test_the_origin_decides_who_may_connect(relay: RunningRelay, origin: str | None, admitted: bool) -> None:
    named = origin.replace("{port}", str(relay.port)) if origin else None
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with wire_client(relay.websocket, origin=named) as client:
            await client.send(hello())
            if admitted:
                await client.sees(Welcome)
            else:
                assert await ends_with(client, closing.ORIGIN)


async def test_a_rebound_name_is_not_the_relays_own_origin(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        url = f"ws://evil.example:{relay.port}/ws"
        async with wire_client(url, origin=f"http://evil.example:{relay.port}", host="127.0.0.1") as client:
            await client.send(hello())
            assert await ends_with(client, closing.ORIGIN)


async def test_a_listed_page_may_connect() -> None:
    with running_relay(allow_origin="https://notebooks.example") as relay:
        async with owner_client(relay.websocket) as owner:
            await invite(owner)
            async with wire_client(relay.websocket, origin="https://notebooks.example") as client:
                await client.send(hello())
                await client.sees(Welcome)


async def test_no_secret_is_logged_at_any_level() -> None:
    with running_relay(log_level="debug") as relay:
        async with owner_client(relay.websocket) as owner:
            await invite(owner, "the-guests-secret")
            async with guest_client(relay.websocket, "the-guests-secret") as client:
                await client.send_message(json.dumps([]).encode())
        relay.stop()
        for secret in ("the-guests-secret", "for tests only", client.welcome.proof):
            assert secret not in relay.log()
