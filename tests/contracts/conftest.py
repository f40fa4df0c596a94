"""A fixture for each implementation of a store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cowidget.stores.base import Store
from cowidget.stores.memory import KeptRoom, MemoryStore
from cowidget.stores.sqlite import SqliteStore
from tests.support.shelves import Shelf

MIB = 1 << 20


@pytest.fixture(params=["memory", "sqlite"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    rooms: dict[str, KeptRoom] = {}

    async def memory() -> Store:
        return MemoryStore(rooms, max_bytes=4 * MIB)

    async def sqlite() -> Store:
        return await SqliteStore.connect(tmp_path / "rooms.sqlite", max_bytes=4 * MIB)

    shelf = Shelf({"memory": memory, "sqlite": sqlite}[request.param])
    yield shelf
    await shelf.aclose()


@pytest.fixture
async def store(shelf: Shelf) -> Store:
    return await shelf.opened()
