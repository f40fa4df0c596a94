from __future__ import annotations

import asyncio

import pytest

from cowidget.feeds import reach
from cowidget.feeds.reach import connect_to_one


async def test_the_first_address_that_takes_the_connection_is_used() -> None:
    tried = []

    async def attempt(address: str) -> str:
        tried.append(address)
        if address != "b":
            raise ConnectionRefusedError
        return address

    assert await connect_to_one(["a", "b", "c"], attempt) == "b"
    assert tried == ["a", "b"]


async def test_an_address_that_does_not_answer_is_left_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "ADDRESS_TIMEOUT", 0.01)

    async def attempt(address: str) -> str:
        if address == "a":
            await asyncio.Event().wait()
        return address

    assert await connect_to_one(["a", "b"], attempt) == "b"


async def test_what_goes_wrong_with_the_last_address_is_told() -> None:
    async def attempt(address: str) -> str:
        raise OSError(address)

    with pytest.raises(OSError, match="b"):
        await connect_to_one(["a", "b"], attempt)
