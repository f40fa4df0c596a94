"""The photos of one room that are being cleaned: beside all that it asks of the store, which must not wait for them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Callable

from cowidget.core.effects import CleanPhoto, Effect
from cowidget.core.photo_desk import PhotoDesk
from cowidget.core.photo_frames import Decline
from cowidget.core.values import Photo
from cowidget.photos.photo import Photo as CleanedPhoto
from cowidget.photos.process import WorkshopFailed
from cowidget.photos.refusal import PhotoRefused
from cowidget.relay.darkroom import Darkroom

log = logging.getLogger(__name__)

_FAILED = "The relay cannot prepare photos right now. Send this one again in a moment."


class PhotoWork:
    """One after the other, so that a room with many photos does not hold up the others of this relay.

    Args:
        darkroom: where they are cleaned.
        step: lets the room decide, and runs what it asks for.
    """

    def __init__(self, darkroom: Darkroom, step: Callable[[Callable[[float], list[Effect]]], None]) -> None:
        self._darkroom = darkroom
        self._step = step
        # None: only get the workshop ready.
        self._waiting: deque[tuple[PhotoDesk, CleanPhoto] | None] = deque()
        self._task: asyncio.Task[None] | None = None

    def expect(self) -> None:
        """Somebody begins to send a photo: when it is here, the workshop's process is to run already."""
        if not self._waiting:
            self._waiting.append(None)
            self._start()

    def add(self, desk: PhotoDesk, work: CleanPhoto) -> None:
        """The room asks for this."""
        self._waiting.append((desk, work))
        self._start()

    async def aclose(self) -> None:
        """Leave the rest: who sent it sends it again."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="photos of a room")

    async def _work(self) -> None:
        while self._waiting:
            asked = self._waiting.popleft()
            if asked is None:
                await self._darkroom.prepare()
                continue
            desk, work = asked
            try:
                await self._clean(desk, work)
            except PhotoRefused as refused:
                self._decline(desk, work.raw, refused.slug.value, refused.text)
            except WorkshopFailed as error:
                log.warning("%s", error)
                self._decline(desk, work.raw, "failed", _FAILED)
            except Exception:
                log.exception("a photo of %s bytes has failed", len(work.data))
                self._decline(desk, work.raw, "failed", _FAILED)

    async def _clean(self, desk: PhotoDesk, work: CleanPhoto) -> None:
        cleaned = await self._darkroom.clean(work.data)
        photo = described(cleaned)
        self._step(lambda now: desk.receive_clean(work.raw, photo, cleaned.data, cleaned.thumb, now))

    def _decline(self, desk: PhotoDesk, raw: str, slug: Decline, text: str) -> None:
        self._step(lambda now: desk.receive_unfit(raw, slug, text, now))


def described(cleaned: CleanedPhoto) -> Photo:
    """What is told of a clean photo."""
    return Photo(
        sha256=cleaned.sha256,
        thumb=hashlib.sha256(cleaned.thumb).hexdigest(),
        mime=cleaned.mime,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.data),
        placeholder=cleaned.placeholder,
        frames=cleaned.frames,
    )
