"""Photos over HTTP: each is fetched from its room, and handed out when it is there (PROTOCOL.md U8)."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

from websockets.http11 import Response

from cowidget.errors import AccessDenied, StoreError
from cowidget.relay.connection import Connection
from cowidget.relay.hub import Hub
from cowidget.relay.site import PhotoRequest, photo_refusal, photo_response

log = logging.getLogger(__name__)

# Seconds for a store that is behind; the connection is cut then, as one that never says hello is.
PATIENCE = 4.0


class PhotoCounter:
    """Where photos are asked for. Each request has a task, which ends with its answer."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, connection: Connection, asked: PhotoRequest) -> None:
        """The connection waits for this photo."""
        task = asyncio.create_task(self._serve(connection, asked), name="a photo")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Let those who wait go without."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _serve(self, connection: Connection, asked: PhotoRequest) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                connection.respond(await self._respond(asked))
        except TimeoutError:
            connection.respond(photo_refusal(HTTPStatus.SERVICE_UNAVAILABLE))
        except Exception:
            log.exception("a photo of %s could not be handed out", asked.room)
            connection.cut()

    async def _respond(self, asked: PhotoRequest) -> Response:
        try:
            found = await self._hub.photo(asked.room, asked.sha256, asked.text)
        except AccessDenied:
            return photo_refusal(HTTPStatus.FORBIDDEN)
        except StoreError as error:
            log.warning("%s: a photo cannot be read: %s", asked.room, error)
            return photo_refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return photo_refusal(HTTPStatus.NOT_FOUND) if found is None else photo_response(asked, *found)
