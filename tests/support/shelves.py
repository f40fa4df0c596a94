"""Stores for the contract tests: the same one opened again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cowidget.stores.base import Store

Open = Callable[[], Awaitable[Store]]


class Shelf:
    """Opens the same store again and again, as relays that follow one another do."""

    def __init__(self, open_store: Open) -> None:
        self._open_store = open_store
        self._stores: list[Store] = []

    async def opened(self) -> Store:
        """A store; the one before it must be closed."""
        store = await self._open_store()
        self._stores.append(store)
        return store

    async def reopened(self) -> Store:
        """The store of the next relay: what is not saved in it by now is lost."""
        await self.aclose()
        return await self.opened()

    async def aclose(self) -> None:
        while self._stores:
            await self._stores.pop().aclose()
