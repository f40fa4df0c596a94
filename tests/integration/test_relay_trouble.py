"""A relay in trouble: a full disk, clients that do not read or do not answer."""

from __future__ import annotations

import asyncio
import base64
import struct
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cowidget.core import closing, codec, limits
from cowidget.core.frames import VERSION, Ack, Hello, Page, People, Ping, Pong, Post, Said, Set
from cowidget.core.values import Change, KeyState, LogEntry, Text
from cowidget.relay.server import serve
from cowidget.relay.settings import Settings
from tests.support.running_relay import OPERATOR_TOKEN, running_relay
from tests.support.wire_client import (
    OWNER_SECRET,
    PATIENCE,
    WireClient,
    guest_client,
    invite,
    owner_client,
    wire_client,
)

MIB = 1 << 20


async def post_until_refused(client: WireClient) -> list[str]:
    """Posts, many under way at once, until the relay closes; the texts that it acknowledged."""
    texts: list[str] = []
    try:
        while True:
            for _ in range(20):
                texts.append(f"{len(texts)} " + "x" * 4000)
                await client.push(Post, body=Text(text=texts[-1]))
            await client.sees(Ack, lambda ack: ack.id >= len(texts) - 20)
    except ConnectionClosed:
        acked = max((frame.id for frame in client.unseen if isinstance(frame, Ack)), default=0)
        return texts[: max(acked, len(texts) - 40)]


async def test_a_full_disk_is_told_to_the_author_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    with running_relay(folder=tmp_path, max_file_bytes=MIB) as relay:
        async with owner_client(relay.websocket) as owner:
            await invite(owner)
            async with guest_client(relay.websocket) as ada, guest_client(relay.websocket) as bob:
                acknowledged = await post_until_refused(ada)
                assert await ada.closed() == (closing.STORE_FAILED.code, "store-failed")
                await bob.send(Ping(sent=1.0))
                await bob.sees(Pong)
                shown = [entry.body.text for said in bob.unseen if isinstance(said, Said) for entry in said.entries]
        relay.kill()
    with running_relay(folder=tmp_path) as relay:
        async with guest_client(relay.websocket) as ada:
            kept = [entry.body.text for entry in await whole_log(ada)]
    assert kept == shown
    assert kept[: len(acknowledged)] == acknowledged


async def whole_log(client: WireClient) -> list[LogEntry]:
    first = await client.sees(Said)
    entries = list(first.entries)
    while entries and entries[0].at > 1:
        await client.send(Page(before=entries[0].at, count=200))
        entries[:0] = (await client.sees(Said)).entries
    return entries


async def write_state(owner: WireClient, megabytes: int) -> dict[str, bytes]:
    """Writes values of 60 KB to twenty keys, again and again; the last ones."""
    last: dict[str, bytes] = {}
    for number in range(megabytes * MIB // 60_000):
        key, value = f"/k{number % 20}", struct.pack("<I", number) * 15_000
        push = await owner.push(Set, changes=(Change(key, value),))
        last[key] = value
        if number % 10 == 0:
            await owner.sees(Ack, lambda ack, push=push: ack.id >= push)
            owner.unseen.clear()
    return last


async def test_who_stops_reading_costs_little_and_is_brought_up_to_date() -> None:
    with running_relay() as relay:
        async with owner_client(relay.websocket) as owner:
            await invite(owner)
            await write_state(owner, 5)
            async with wire_client(relay.websocket, max_queue=1) as slow:
                await slow.hello(secret="guest")
                before = relay.rss()
                last = await write_state(owner, 50)
                grown = relay.rss() - before
                for key, value in last.items():
                    await slow.sees_value(key, value)
    assert grown < 12 * MIB


async def test_who_does_not_read_for_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SLOW_TIMEOUT", 0.5)
    async with serve(Settings(operator_token=OPERATOR_TOKEN)) as server:
        url = server.url.replace("http", "ws") + "/ws"
        async with owner_client(url) as owner:
            await invite(owner)
            async with guest_client(url) as witness, wire_client(url, max_queue=1) as slow:
                await slow.hello(secret="guest")
                writing = asyncio.create_task(write_state(owner, 500))
                await witness.sees(People, lambda people: slow.welcome.peer in people.left)
                writing.cancel()
                assert await slow.closed() == (closing.SLOW.code, "slow")


async def connect_mute(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An owner that says hello and answers no ping."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(b"k" * 16).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Protocol: cowidget.1.msgpack\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    hello = Hello(VERSION, "lab", "i", secret=OWNER_SECRET, kind="kernel", create=OPERATOR_TOKEN)
    message = codec.join([codec.encode(hello)])
    writer.write(struct.pack("!BBHI", 0x82, 0x80 | 126, len(message), 0) + message)
    return reader, writer


@pytest.mark.rule("S9")
async def test_who_does_not_answer_pings_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PING_INTERVAL", 0.2)
    monkeypatch.setattr(limits, "KERNEL_SILENCE_TIMEOUT", 0.6)
    async with serve(Settings(operator_token=OPERATOR_TOKEN)) as server:
        reader, writer = await connect_mute(server.port)
        async with asyncio.timeout(PATIENCE):
            received = await reader.readuntil(struct.pack("!H", closing.SILENT.code) + b"silent")
        writer.close()
        await writer.wait_closed()
        assert b"\x89\x00" in received


@pytest.mark.rule("S9")
async def test_a_kernel_that_cannot_answer_for_a_while_is_not_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PING_INTERVAL", 0.05)
    monkeypatch.setattr(limits, "SILENCE_TIMEOUT", 0.1)
    async with serve(Settings(operator_token=OPERATOR_TOKEN)) as server:
        reader, writer = await connect_mute(server.port)
        async with asyncio.timeout(PATIENCE):
            pings = [await reader.readuntil(b"\x89\x00") for _ in range(4)]
        writer.close()
        await writer.wait_closed()
        assert len(pings) == 4


async def test_who_answers_pings_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PING_INTERVAL", 0.2)
    monkeypatch.setattr(limits, "SILENCE_TIMEOUT", 4.0)
    async with serve(Settings(operator_token=OPERATOR_TOKEN)) as server:
        url = server.url.replace("http", "ws") + "/ws"
        async with owner_client(url) as owner:
            await invite(owner)
            async with guest_client(url) as guest:
                await asyncio.sleep(4.5)
                await guest.push(Post, body=Text(text="still here"))
                await guest.sees(Ack)


async def test_a_room_that_was_empty_for_long_is_closed_and_opened_again() -> None:
    async with serve(Settings(operator_token=OPERATOR_TOKEN, room_idle=0.05)) as server:
        url = server.url.replace("http", "ws") + "/ws"
        for number in range(20):
            async with owner_client(url) as owner:
                push = await owner.push(Set, changes=(Change("/n", number),))
                await owner.sees(Ack, lambda ack, push=push: ack.id >= push)
            await asyncio.sleep(0.01 * number)
        async with owner_client(url) as owner:
            assert isinstance(await owner.sees_value("/n", 19), KeyState)
