"""When what many people write at once goes to the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from cowidget.core.effects import Append, Entry, Ordered
from cowidget.core.frames import Post
from cowidget.core.values import Text
from cowidget.relay import store_work
from cowidget.relay.store_work import MANY, StoreWork


class Keeping:
    """Orders at once; remembers how many entries came together."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def append(self, entries: Sequence[Entry]) -> list[Ordered]:
        self.batches.append(len(entries))
        return [Ordered(entry, at) for at, entry in enumerate(entries, 1)]


class Room:
    """The work of a room; its waits last one turn of the loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float] = []
        self._sleep = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", self._wait)
        self.keeping = Keeping()
        self.work = StoreWork(self.keeping, {}, lambda decide: None)  # type: ignore[arg-type]

    def add(self, *ids: int) -> None:
        for id in ids:
            self.work.add(Append((Entry("ada", id, "viewer", 1.0, Post(id, Text("hello"))),)))

    async def do_all(self) -> None:
        while self.work:
            await self.work.do_next(None)  # type: ignore[arg-type]

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.arrive()
        await self._sleep(0)

    def arrive(self) -> None:
        """What comes while the room waits."""


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


async def test_entries_that_wait_share_a_transaction(room: Room) -> None:
    room.add(1, 2, 3)
    await room.do_all()
    assert room.keeping.batches == [3]


async def test_after_few_entries_the_next_one_waits_for_nothing(room: Room) -> None:
    for id in (1, 2):
        room.add(id)
        await room.do_all()
    assert (room.keeping.batches, room.waits) == ([1, 1], [])


async def test_after_many_entries_the_next_ones_are_gathered(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_work, "GATHER", 60.0)
    monkeypatch.setattr(room, "arrive", lambda: room.add(MANY + 2))
    room.add(*range(MANY))
    await room.do_all()
    room.add(MANY + 1)
    await room.do_all()
    assert room.keeping.batches == [MANY, 2]
    assert [0 < wait <= 60.0 for wait in room.waits] == [True]
