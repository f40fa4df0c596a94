"""Rooms on a real relay: what is acknowledged is kept, what is kept is shown."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from cowidget.core import closing
from cowidget.core.access import hash_of
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Ack, Challenge, Chunk, Emit, Event, Patch, Ping, Pong, Post, Proof, Pull, Said, Set
from cowidget.core.values import Change, Text
from tests.support.running_relay import RunningRelay, running_relay
from tests.support.wire_client import (
    WireClient,
    guest_client,
    invite,
    owner_client,
    share,
    wire_client,
)


@pytest.fixture
def relay() -> Iterator[RunningRelay]:
    with running_relay() as relay:
        yield relay


async def post(client: WireClient, text: str) -> int:
    push = await client.push(Post, body=Text(text=text))
    await client.sees(Ack, lambda ack: ack.id >= push)
    return push


async def put(client: WireClient, key: str, value: object) -> None:
    push = await client.push(Set, changes=(Change(key, value),))
    await client.sees(Ack, lambda ack: ack.id >= push)


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_a_guests_change_reaches_the_owner_and_the_other_guest(
    relay: RunningRelay, subprotocol: Subprotocol
) -> None:
    async with owner_client(relay.websocket) as owner:
        await share(owner, value=1, image=b"\x00\xff")
        await invite(owner)
        async with guest_client(relay.websocket, subprotocol=subprotocol) as ada, guest_client(relay.websocket) as bob:
            await ada.sees_value("w/image", b"\x00\xff")
            await ada.push(Set, changes=(Change("w/value", 7),))
            for client in (owner, ada, bob):
                assert (await client.sees_value("w/value", 7)).pending


async def test_what_is_posted_is_said_to_everybody_and_acknowledged(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with guest_client(relay.websocket) as ada:
            await ada.sees(Said)
            await post(ada, "hello")
            for client in (owner, ada):
                said = await client.sees(Said, lambda said: len(said.entries) == 1)
                assert said.entries[0].body.text == "hello"


async def test_a_ping_is_answered(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await owner.send(Ping(sent=12.5))
        assert (await owner.sees(Pong)).sent == 12.5


async def test_a_kill_loses_nothing_that_was_acknowledged(relay: RunningRelay) -> None:
    acknowledged = 0
    enough = asyncio.Event()

    async def write(client: WireClient) -> None:
        nonlocal acknowledged
        while True:
            await client.push(Post, body=Text(text=str(acknowledged + 1)))
            await put(client, "w/value", acknowledged + 1)
            acknowledged += 1
            if acknowledged == 50:
                enough.set()

    async with owner_client(relay.websocket) as owner:
        await share(owner, value=0)
        await invite(owner)
        async with guest_client(relay.websocket) as ada:
            writing = asyncio.create_task(write(ada))
            await enough.wait()
            relay.kill()
            with pytest.raises(ConnectionClosed):
                await writing
    relay.start()
    async with guest_client(relay.websocket, secret="", peer=ada.welcome.peer, proof=ada.welcome.proof) as again:
        said = await again.sees(Said)
        await again.sees(Patch)
        texts = [int(entry.body.text) for entry in said.entries]
        assert again.welcome.peer == ada.welcome.peer
        assert again.welcome.acked >= 2 * acknowledged
        assert texts == list(range(texts[0], texts[-1] + 1))
        assert texts[-1] >= acknowledged
        assert again.state["w/value"].value >= acknowledged


async def test_a_room_goes_on_after_a_kill(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await share(owner, value=3)
        await invite(owner)
        await post(owner, "before")
        before = owner.welcome
    relay.kill()
    relay.start()
    async with guest_client(relay.websocket) as ada:
        await ada.sees_value("w/value", 3)
        assert [entry.body.text for entry in (await ada.sees(Said)).entries] == ["before"]
        assert ada.welcome.state.epoch != before.state.epoch
        assert ada.welcome.log.epoch == before.log.epoch


async def test_a_clean_stop_keeps_the_state_epoch(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await share(owner, value=3)
        await invite(owner)
        epoch = owner.welcome.state.epoch
    assert relay.stop() == 0
    relay.start()
    async with guest_client(relay.websocket) as ada:
        await ada.sees_value("w/value", 3)
        assert ada.welcome.state.epoch == epoch


async def test_sigterm_tells_clients_to_come_back(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        assert await asyncio.to_thread(relay.stop) == 0
        assert await owner.closed() == (closing.RESTARTING.code, "restarting")


async def test_sigterm_keeps_what_was_acknowledged_just_before(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        for number in range(100):
            await owner.push(Set, changes=(Change(f"/n{number}", number),))
        await owner.sees(Ack, lambda ack: ack.id == 100)
        await asyncio.to_thread(relay.stop)
    relay.start()
    async with owner_client(relay.websocket) as owner:
        await owner.sees_value("/n99", 99)
        assert len(owner.state) == 100


async def test_two_rooms_do_not_hear_each_other(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket, "lab") as lab, owner_client(relay.websocket, "hall") as hall:
        await put(lab, "/n", 1)
        await put(hall, "/n", 2)
        assert lab.state["/n"].value == 1


async def test_a_value_of_many_megabytes_travels_as_a_blob(relay: RunningRelay) -> None:
    data = bytes(range(256)) * 48_000  # 12 MB
    blob = hashlib.sha256(data).hexdigest()
    async with owner_client(relay.websocket) as owner:
        await owner.push(Set, changes=(Change("/big", blob=blob, size=len(data)),))
        sent = 0
        while sent < len(data):
            pull = await owner.sees(Pull)
            for at in range(pull.at, min(pull.at + pull.count, len(data)), 1 << 18):
                part = data[at : min(at + (1 << 18), pull.at + pull.count)]
                await owner.send(Chunk(blob, at, len(data), part))
                sent = at + len(part)
        await owner.sees(Ack)
        await invite(owner)
        async with guest_client(relay.websocket) as ada:
            await ada.send(Pull(blob, 0, 1 << 20), Pull(blob, 1 << 20, 1 << 20))
            received = bytearray()
            while len(received) < 2 << 20:
                chunk = await ada.sees(Chunk)
                assert chunk.at == len(received)
                received += chunk.data
            assert received == data[: 2 << 20]


async def test_a_message_of_a_model_reaches_the_others(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await share(owner, value=1)
        await invite(owner)
        async with guest_client(relay.websocket) as ada:
            await owner.push(Emit, model="w", content={"go": 1}, buffers=(b"\x01",))
            event = await ada.sees(Event)
            assert (event.content, event.buffers) == ({"go": 1}, (b"\x01",))


async def test_a_burst_of_frames_shares_messages(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await owner.send(*(Ping(sent=float(number)) for number in range(500)))
        messages = 0
        seen = 0
        while seen < 500:
            await owner._receive()
            messages += 1
            seen = sum(isinstance(frame, Pong) for frame in owner.unseen)
        assert messages <= 10


async def test_a_panel_can_ask_the_relay_to_prove_itself_before_it_shows_its_ticket(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner, "ticket", once=True)
        async with wire_client(relay.websocket) as panel:
            await panel.send(Challenge(invitation="for ticket", nonce="n"))
            expected = hmac.new(hash_of("ticket").encode(), b"n", hashlib.sha256).hexdigest()
            assert (await panel.sees(Proof)).mac == expected
            assert (await panel.hello(secret="ticket")).role == "participant"


async def test_a_ticket_that_nobody_knows_proves_nothing(relay: RunningRelay) -> None:
    async with wire_client(relay.websocket) as panel:
        await panel.send(Challenge(invitation="made up", nonce="n"))
        assert (await panel.sees(Proof)).mac == ""


async def test_the_same_page_takes_over_its_older_connection(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket) as owner:
        await invite(owner)
        async with guest_client(relay.websocket) as before:
            peer, proof = before.welcome.peer, before.welcome.proof
            async with guest_client(relay.websocket, secret="", peer=peer, proof=proof) as after:
                assert after.welcome.peer == peer
                assert await before.closed() == (closing.REPLACED.code, "replaced")
