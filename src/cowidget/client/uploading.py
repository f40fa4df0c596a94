"""Photos on their way from this process into its room. Belongs to the link's thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cowidget.core import limits
from cowidget.core.frames import Absent, Chunk, ClientFrame, Declined, Pull, Upload, Uploaded
from cowidget.core.packing import digest
from cowidget.core.values import Photo
from cowidget.errors import PhotoDeclined, RoomClosed

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Gets how many bytes the relay has, and how many there are. Called in the link's thread; must not wait."""

# Seconds before what will pass is tried again (U3).
_AGAIN = (2.0, 4.0, 8.0)
_PASSING = frozenset({"busy", "failed"})


@dataclass(slots=True, eq=False)
class _Sending:
    """The bytes of one photo, and all who wait for what becomes of them."""

    blob: str
    data: bytes
    answer: asyncio.Future[Photo]
    listeners: list[Progress] = field(default_factory=list)
    waiting: int = 0

    def tell(self, sent: int) -> None:
        for listener in self.listeners:
            try:
                listener(sent, len(self.data))
            except Exception:  # noqa: BLE001 - the connection outlives an error of the application
                _log.exception("telling how far a photo is failed")


class Uploading:
    """Offers photos to the room, as often as it takes, and answers its pulls.

    Args:
        send: sends frames, in their order; what is sent while we are away may be lost.
    """

    def __init__(self, send: Callable[[Sequence[ClientFrame]], None]) -> None:
        self._send = send
        self._joined = False
        self._ended = False
        self._sendings: dict[str, _Sending] = {}
        # More would wait in the relay (U7).
        self._turns = asyncio.Semaphore(limits.UPLOADS_AT_ONCE)

    async def upload(self, data: bytes, progress: Progress | None = None) -> Photo:
        """Bring a photo into the room: as a file, in any format that browsers show. Then it can be posted.

        While the relay is away, this waits; what has come before is not sent again. Cancelling gives the photo up,
        unless somebody else waits for the same.

        Args:
            data: the file.
            progress: is told how far it is.

        Raises:
            PhotoDeclined: the room does not take it; says why, and what to do.
            RoomClosed: the session has ended.
        """
        async with self._turns:
            for wait in _AGAIN:
                try:
                    return await self._try(data, progress)
                except PhotoDeclined as declined:
                    if declined.slug not in _PASSING:
                        raise
                await asyncio.sleep(wait)
            return await self._try(data, progress)

    async def _try(self, data: bytes, progress: Progress | None) -> Photo:
        blob = await asyncio.to_thread(digest, data)
        if self._ended:
            raise RoomClosed(_OVER)
        sending = self._sendings.get(blob) or self._begin(blob, data)
        if progress is not None:
            sending.listeners.append(progress)
        sending.waiting += 1
        try:
            return await asyncio.shield(sending.answer)
        finally:
            sending.waiting -= 1
            if not sending.waiting:
                self._give_up(sending)

    # What the connection reports.

    def receive_welcome(self) -> None:
        """The room let us in: offer again what it has not answered (U2)."""
        self._joined = True
        self._send([Upload(each.blob, len(each.data)) for each in self._sendings.values()])

    def receive_cut(self) -> None:
        """The connection is gone."""
        self._joined = False

    def receive_pull(self, pull: Pull) -> bool:
        """Answer a pull of the room, if it is about a photo of ours."""
        sending = self._sendings.get(pull.blob)
        if sending is None:
            return False
        data, size = sending.data, len(sending.data)
        end = min(pull.at + pull.count, size)
        starts = range(pull.at, end, limits.CHUNK_BYTES)
        self._send([Chunk(pull.blob, at, size, data[at : min(at + limits.CHUNK_BYTES, end)]) for at in starts])
        sending.tell(pull.at)
        return True

    def receive(self, answer: Uploaded | Declined) -> None:
        """The room has a photo, or does not take it."""
        sending = self._sendings.get(answer.blob)
        if sending is None or sending.answer.done():
            return
        if isinstance(answer, Uploaded):
            sending.tell(len(sending.data))
            sending.answer.set_result(answer.photo)
        else:
            sending.answer.set_exception(PhotoDeclined(answer.slug, answer.text))
        del self._sendings[answer.blob]

    def end(self) -> None:
        """The session has ended: nobody waits any longer."""
        self._ended = True
        sendings, self._sendings = tuple(self._sendings.values()), {}
        for sending in sendings:
            sending.answer.set_exception(RoomClosed(_OVER))

    def _begin(self, blob: str, data: bytes) -> _Sending:
        sending = _Sending(blob, data, asyncio.get_running_loop().create_future())
        self._sendings[blob] = sending
        if self._joined:
            self._send([Upload(blob, len(data))])
        return sending

    def _give_up(self, sending: _Sending) -> None:
        if self._sendings.get(sending.blob) is sending:
            del self._sendings[sending.blob]
            sending.answer.cancel()
            if self._joined:
                self._send([Absent(sending.blob)])


_OVER = "The session has ended before the photo was there."
