"""The bodies of answers; connections are tested against real hosts."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from cowidget.feeds.failures import SourceFailure, SourceRefused
from cowidget.feeds.http import PIECE, pieces


def answer(*parts: bytes, encoding: str = "identity") -> httpx.Response:
    async def body() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    return httpx.Response(200, headers={"Content-Encoding": encoding}, content=body())


async def read(response: httpx.Response) -> list[bytes]:
    return [piece async for piece in pieces(response)]


async def test_a_plain_body_comes_as_it_is() -> None:
    assert await read(answer(b"ab", b"c")) == [b"ab", b"c"]


async def test_a_compressed_body_is_unpacked_also_in_pieces() -> None:
    data = gzip.compress(b"some text " * 50)
    assert b"".join(await read(answer(data[:7], data[7:20], data[20:], encoding="gzip"))) == b"some text " * 50


async def test_a_bomb_is_unpacked_a_piece_at_a_time() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < 20_000
    sizes = [len(piece) async for piece in pieces(answer(bomb, encoding="gzip"))]
    assert (max(sizes), sum(sizes)) == (PIECE, 20_000_000)


async def test_a_broken_body_is_a_failure() -> None:
    with pytest.raises(SourceFailure, match="broken answer"):
        await read(answer(b"no gzip at all", encoding="gzip"))


async def test_a_compression_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(SourceRefused, match="answers compressed as br"):
        await read(answer(b"x", encoding="br"))
