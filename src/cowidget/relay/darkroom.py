"""Where the photos of all rooms of a relay are made clean."""

from __future__ import annotations

from contextlib import AsyncExitStack

from cowidget.photos.photo import Photo
from cowidget.photos.workshop import Workshop


class Darkroom:
    """A workshop that is opened for the first photo: most relays never see one."""

    def __init__(self) -> None:
        self._open = AsyncExitStack()
        self._workshop: Workshop | None = None

    async def prepare(self) -> None:
        """See `Workshop.prepare`."""
        (await self._opened()).prepare()

    async def clean(self, data: bytes) -> Photo:
        """See `Workshop.clean`."""
        return await (await self._opened()).clean(data)

    async def _opened(self) -> Workshop:
        if self._workshop is None:
            self._workshop = await self._open.enter_async_context(Workshop())
        return self._workshop

    async def aclose(self) -> None:
        """End the workshop's process, if there is one, and wait for it."""
        await self._open.aclose()
