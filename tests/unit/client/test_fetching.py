"""Bytes of the room that somebody waits for."""

from __future__ import annotations

import asyncio

import pytest

from cowidget.client.fetching import Fetching
from cowidget.core.notes import BlobArrived, BlobMissing, Ended, Note
from cowidget.core.phase import ending_of
from cowidget.errors import RoomClosed

A, B = "a" * 64, "b" * 64


async def fetched(note: Note, *hashes: str) -> tuple[list[bytes | BaseException | None], list[str]]:
    asked: list[str] = []
    fetching = Fetching(asked.append)
    tasks = [asyncio.create_task(fetching.fetch(each)) for each in hashes]
    await asyncio.sleep(0)
    fetching.receive(note)
    return await asyncio.gather(*tasks, return_exceptions=True), asked


@pytest.mark.rule("U9")
async def test_bytes_come_once_for_all_who_wait() -> None:
    assert await fetched(BlobArrived(A, b"cat"), A, A) == ([b"cat", b"cat"], [A])


@pytest.mark.rule("U9")
async def test_what_the_room_does_not_have_is_none() -> None:
    assert await fetched(BlobMissing(A), A) == ([None], [A])


async def test_the_end_of_the_session_is_an_error() -> None:
    answers, _ = await fetched(Ended(ending_of(4504)), A, B)
    assert [type(each) for each in answers] == [RoomClosed, RoomClosed]


async def test_after_the_end_nobody_waits() -> None:
    fetching = Fetching(lambda sha256: None)
    fetching.end()
    with pytest.raises(RoomClosed):
        await fetching.fetch(A)


async def test_bytes_may_be_here_already() -> None:
    fetching = Fetching(lambda sha256: (fetching.receive(BlobArrived(sha256, b"cat")), None)[1])
    assert await fetching.fetch(A) == b"cat"


async def test_who_gives_up_does_not_disturb_the_others() -> None:
    fetching = Fetching(lambda sha256: None)
    tasks = [asyncio.create_task(fetching.fetch(A)) for _ in range(2)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    fetching.receive(BlobArrived(A, b"cat"))
    assert await tasks[1] == b"cat"
