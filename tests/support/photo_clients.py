"""A client that sends photos frame by frame, and gets them by HTTP.

answer = await upload(guest, data)
assert get(relay, photo_path(answer.photo.sha256, guest)).status == 200
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cowidget.core import limits
from cowidget.core.frames import Ack, Chunk, Declined, Post, Pull, Refused, Upload, Uploaded
from cowidget.core.values import Body, Photo, Photos
from tests.support.running_relay import RunningRelay
from tests.support.wire_client import WireClient


def raw_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Sent:
    """What a client was asked for, and what it sent: offsets of pulls, and bytes."""

    pulled: list[int] = field(default_factory=list)
    count: int = 0


def chunks(data: bytes, pull: Pull) -> Iterator[Chunk]:
    end = min(pull.at + pull.count, len(data))
    for at in range(pull.at, end, limits.CHUNK_BYTES):
        yield Chunk(pull.blob, at, len(data), data[at : min(at + limits.CHUNK_BYTES, end)])


async def upload(client: WireClient, data: bytes, sent: Sent | None = None) -> Uploaded | Declined:
    """Send a photo, and wait for what the relay says of it."""
    await client.send(Upload(raw_hash(data), len(data)))
    return await answer_pulls(client, data, sent)


async def answer_pulls(client: WireClient, data: bytes, sent: Sent | None = None) -> Uploaded | Declined:
    """Send what the relay asks for of these bytes, until it has answered."""
    blob, sent = raw_hash(data), sent or Sent()
    while True:
        frame = await client.sees(Pull | Uploaded | Declined, lambda frame: frame.blob == blob)  # type: ignore[arg-type]
        if isinstance(frame, Uploaded | Declined):
            return frame
        sent.pulled.append(frame.at)
        for chunk in chunks(data, frame):
            await client.send(chunk)
            sent.count += len(chunk.data)


async def uploaded(client: WireClient, data: bytes) -> Photo:
    """The photo that the relay has made of these bytes."""
    answer = await upload(client, data)
    assert isinstance(answer, Uploaded), answer
    return answer.photo


async def post(client: WireClient, body: Body) -> Refused | None:
    """Post this, and wait until the store has it; or why it does not."""
    push = await client.push(Post, body=body)
    answer = await client.sees(Ack | Refused, lambda frame: frame.id >= push)  # type: ignore[arg-type]
    return answer if isinstance(answer, Refused) else None


async def show(client: WireClient, *photos: Photo, text: str = "") -> Refused | None:
    return await post(client, Photos(photos, text))


async def pulled(client: WireClient, sha256: str) -> bytes:
    """The bytes of a photo, over the socket."""
    await client.send(Pull(sha256, 0, limits.PULL_WINDOW_BYTES))
    data = b""
    while True:
        chunk = await client.sees(Chunk, lambda chunk: chunk.blob == sha256)
        data += chunk.data
        if len(data) >= chunk.size:
            return data


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def photo_path(sha256: str, text: str, room: str, prefix: str = "") -> str:
    """Where a photo is, for who has this pass."""
    return f"{prefix}/r/{room}/photos/{sha256}?pass={text}"


def get(relay: RunningRelay, path: str, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=30)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


async def fetch(relay: RunningRelay, path: str, method: str = "GET") -> Answer:
    """The same, beside an event loop."""
    return await asyncio.to_thread(get, relay, path, method)
