"""A store that fails or is slow at the worst moments: nothing is lost, nothing is kept twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from cowidget.core import closing, limits
from cowidget.core.effects import Entry, Opened, Ordered, Row
from cowidget.core.frames import Ack, Page, Ping, Pong, Post, Said, Set
from cowidget.core.values import Change, Text
from cowidget.errors import Fenced, StoreError
from cowidget.relay import running_room
from cowidget.relay.server import serve_store
from cowidget.relay.settings import Settings
from cowidget.stores.base import Store
from cowidget.stores.memory import KeptRoom, MemoryStore
from tests.support.running_relay import OPERATOR_TOKEN
from tests.support.wire_client import PATIENCE, WireClient, guest_client, invite, owner_client

KEY = b"k" * 32


class ShakyStore:
    """A memory store whose appends can be held back, and whose calls can fail."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.failures: dict[str, Exception] = {}
        self.batches: list[int] = []
        self.saves = 0
        self.is_held = False
        self.passing = asyncio.Event()
        self.passing.set()

    async def append(self, room: str, fence: int, entries: Sequence[Entry]) -> list[Ordered]:
        self.is_held = not self.passing.is_set()
        await self.passing.wait()
        self._fail("append")
        self.batches.append(len(entries))
        return await self._store.append(room, fence, entries)

    async def save(self, room: str, fence: int, rows: Sequence[Row], removed: Sequence[str], at: int) -> None:
        self._fail("save")
        await self._store.save(room, fence, rows, removed, at)
        self.saves += 1

    async def open(self, room: str) -> Opened | None:
        self._fail("open")
        return await self._store.open(room)

    async def create(self, room: str) -> Opened:
        return await self._store.create(room)

    async def read_log(self, room: str, page: Page) -> list[Ordered]:
        self._fail("read_log")
        return await self._store.read_log(room, page)

    async def put_blob(self, room: str, blob: str, data: bytes) -> None:
        self._fail("put_blob")
        await self._store.put_blob(room, blob, data)

    async def get_blob(self, room: str, blob: str) -> bytes | None:
        self._fail("get_blob")
        return await self._store.get_blob(room, blob)

    async def drop_blobs(self, room: str, fence: int, blobs: Sequence[str]) -> None:
        self._fail("drop_blobs")
        await self._store.drop_blobs(room, fence, blobs)

    async def close_room(self, room: str, fence: int, keep: frozenset[str]) -> None:
        await self._store.close_room(room, fence, keep)

    async def aclose(self) -> None:
        await self._store.aclose()

    def _fail(self, call: str) -> None:
        if (error := self.failures.pop(call, None)) is not None:
            raise error


@pytest.fixture
def store() -> ShakyStore:
    return ShakyStore(MemoryStore())


@asynccontextmanager
async def relay_on(store: Store, room_idle: float = 30.0) -> AsyncIterator[str]:
    settings = Settings(operator_token=OPERATOR_TOKEN, room_idle=room_idle)
    async with serve_store(store, KEY, settings) as server:
        yield server.url.replace("http", "ws") + "/ws"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - it watches from outside what the relay does with its store
            await asyncio.sleep(0.01)


async def has_read_all(client: WireClient) -> None:
    """Wait until the relay has read what the client has sent."""
    await client.send(Ping(sent=1.0))
    await client.sees(Pong)


async def texts_of_the_log(client: WireClient) -> list[str]:
    return [entry.body.text for entry in (await client.sees(Said)).entries]


async def test_pushes_behind_a_failed_append_are_not_kept_either(store: ShakyStore) -> None:
    # Kept, they would make the failed ones duplicates for ever: lost, and acknowledged.
    async with relay_on(store) as url, owner_client(url) as owner:
        await invite(owner)
        async with guest_client(url) as ada:
            store.passing.clear()
            await ada.push(Post, body=Text(text="one"))
            await until(lambda: store.is_held)
            await ada.push(Post, body=Text(text="two"))
            await ada.push(Post, body=Text(text="three"))
            await has_read_all(ada)
            store.failures["append"] = StoreError("the disk is full")
            store.passing.set()
            assert await ada.closed() == (closing.STORE_FAILED.code, "store-failed")
        async with guest_client(url, secret="", peer=ada.welcome.peer, proof=ada.welcome.proof) as ada:
            assert ada.welcome.acked == 0
            assert await texts_of_the_log(ada) == []
            for text in ("one", "two", "three"):
                push = await ada.push(Post, body=Text(text=text))
            await ada.sees(Ack, lambda ack: ack.id == push)
        async with guest_client(url) as bob:
            assert await texts_of_the_log(bob) == ["one", "two", "three"]


async def test_a_failed_append_closes_its_authors_alone(store: ShakyStore) -> None:
    async with relay_on(store) as url, owner_client(url) as owner:
        await invite(owner)
        async with guest_client(url) as ada, guest_client(url) as bob:
            store.failures["append"] = StoreError("the disk is full")
            await ada.push(Post, body=Text(text="lost"))
            assert await ada.closed() == (closing.STORE_FAILED.code, "store-failed")
            push = await bob.push(Post, body=Text(text="kept"))
            await bob.sees(Ack, lambda ack: ack.id == push)
            said = [entry.body.text for said in bob.unseen if isinstance(said, Said) for entry in said.entries]
            assert said == ["kept"]


async def test_frames_that_arrive_while_the_store_is_busy_share_the_next_append(store: ShakyStore) -> None:
    async with relay_on(store) as url, owner_client(url) as owner:
        store.passing.clear()
        await owner.push(Set, changes=(Change("/n", 0),))
        await until(lambda: store.is_held)
        for number in range(1, 40):
            await owner.push(Set, changes=(Change("/n", number),))
        await has_read_all(owner)
        store.batches.clear()
        store.passing.set()
        await owner.sees(Ack, lambda ack: ack.id == 40)
        assert store.batches == [1, 39]


async def test_a_store_that_stalls_holds_the_writers_back(store: ShakyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_room, "MAX_INFLOW", 1 << 20)
    monkeypatch.setattr(limits, "SILENCE_TIMEOUT", 1.0)
    async with relay_on(store) as url, owner_client(url) as owner:
        store.passing.clear()

        async def write() -> int:
            for _ in range(50):
                push = await owner.push(Set, changes=(Change("/n", b"x" * 60_000), Change("/m", b"x" * 900_000)))
            return push

        writing = asyncio.create_task(write())
        await asyncio.sleep(2)
        assert not writing.done()
        store.passing.set()
        push = await writing
        await owner.sees(Ack, lambda ack: ack.id == push)


async def test_rows_of_a_failed_save_are_saved_with_the_next(store: ShakyStore) -> None:
    rooms: dict[str, KeptRoom] = {}
    store = ShakyStore(MemoryStore(rooms))
    async with relay_on(store) as url, owner_client(url) as owner:
        store.failures["save"] = StoreError("the disk is full")
        await owner.push(Set, changes=(Change("/early", 1),))
        await until(lambda: "save" not in store.failures)
        saves = store.saves
        await owner.push(Set, changes=(Change("/late", 2),))
        await until(lambda: store.saves > saves)
    store = ShakyStore(MemoryStore(rooms))
    async with relay_on(store) as url, owner_client(url) as owner:
        await owner.sees_value("/late", 2)
        await owner.sees_value("/early", 1)


async def test_a_last_save_that_fails_leaves_the_journal(store: ShakyStore) -> None:
    rooms: dict[str, KeptRoom] = {}
    store = ShakyStore(MemoryStore(rooms))
    async with relay_on(store) as url, owner_client(url) as owner:
        push = await owner.push(Set, changes=(Change("/n", 1),))
        await owner.sees(Ack, lambda ack: ack.id == push)
        store.failures["save"] = StoreError("the disk is full")
    async with relay_on(MemoryStore(rooms)) as url, owner_client(url) as owner:
        await owner.sees_value("/n", 1)


@pytest.mark.parametrize("error", [Fenced("another relay has it"), RuntimeError("a bug")], ids=["fenced", "a bug"])
async def test_a_room_that_fails_sends_everybody_back_and_opens_again(store: ShakyStore, error: Exception) -> None:
    async with relay_on(store) as url:
        async with owner_client(url) as owner:
            await invite(owner)
            async with guest_client(url) as ada:
                store.failures["append"] = error
                await ada.push(Post, body=Text(text="again"))
                for client in (owner, ada):
                    assert await client.closed() == (closing.FAILED.code, "failed")
        async with guest_client(url, secret="", peer=ada.welcome.peer, proof=ada.welcome.proof) as ada:
            assert ada.welcome.acked == 0
            assert await texts_of_the_log(ada) == []


async def test_a_room_that_cannot_be_opened_is_told_to_who_wants_in(store: ShakyStore) -> None:
    async with relay_on(store) as url:
        store.failures["open"] = StoreError("the disk is gone")
        with pytest.raises(Exception, match="store-failed"):
            async with owner_client(url):
                pass
        async with owner_client(url) as owner:
            assert owner.welcome.role == "owner"


async def test_a_page_that_cannot_be_read_is_told_to_who_asked(store: ShakyStore) -> None:
    async with relay_on(store) as url, owner_client(url) as owner:
        for number in range(300):
            await owner.push(Post, body=Text(text=str(number)))
        await owner.sees(Ack, lambda ack: ack.id == 300)
        store.failures["read_log"] = StoreError("the disk is gone")
        await owner.send(Page(before=50))
        assert await owner.closed() == (closing.STORE_FAILED.code, "store-failed")


async def test_a_stop_keeps_what_was_on_its_way_to_the_store(store: ShakyStore) -> None:
    rooms: dict[str, KeptRoom] = {}
    store = ShakyStore(MemoryStore(rooms))
    async with relay_on(store) as url:
        async with owner_client(url) as owner:
            store.passing.clear()
            await owner.push(Set, changes=(Change("/n", 1),))
            await owner.push(Post, body=Text(text="last words"))
            await has_read_all(owner)
        asyncio.get_running_loop().call_later(0.1, store.passing.set)
    async with relay_on(MemoryStore(rooms)) as url, owner_client(url) as owner:
        assert await texts_of_the_log(owner) == ["last words"]
        await owner.sees_value("/n", 1)


async def test_who_comes_while_a_room_is_being_closed_gets_in() -> None:
    rooms: dict[str, KeptRoom] = {}

    class SlowToClose(ShakyStore):
        async def close_room(self, room: str, fence: int, keep: frozenset[str]) -> None:
            await asyncio.sleep(0.2)
            await super().close_room(room, fence, keep)

    async with relay_on(SlowToClose(MemoryStore(rooms)), room_idle=0.05) as url:
        async with owner_client(url) as owner:
            epoch = owner.welcome.state.epoch
        await asyncio.sleep(0.15)
        async with owner_client(url) as owner:
            assert owner.welcome.state.epoch == epoch
