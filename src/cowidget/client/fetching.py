"""Bytes of the room that somebody waits for, such as those of a photo (U9). Belongs to the link's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from cowidget.core.notes import BlobArrived, BlobMissing, Effect, Ended, Note
from cowidget.errors import RoomClosed


class Fetching:
    """Asks the room for bytes, once for all who want the same.

    Args:
        ask: lets the replica pull the bytes of a hash, and runs what it asks for.
    """

    def __init__(self, ask: Callable[[str], None]) -> None:
        self._ask = ask
        self._ended = False
        self._answers: dict[str, asyncio.Future[bytes | None]] = {}

    async def fetch(self, sha256: str) -> bytes | None:
        """The bytes of a photo or a thumbnail; None if the room does not have them any more.

        While the relay is away, this waits. Cancelling is safe.

        Raises:
            RoomClosed: the session has ended.
        """
        if self._ended:
            raise RoomClosed(_OVER)
        answer = self._answers.get(sha256)
        if answer is None:
            answer = self._answers[sha256] = asyncio.get_running_loop().create_future()
            self._ask(sha256)
        return await asyncio.shield(answer)

    def receive(self, note: Note) -> Iterable[Effect]:
        """A note of the replica."""
        match note:
            case BlobArrived(sha256=sha256, data=data):
                self._settle(sha256, data)
            case BlobMissing(sha256=sha256):
                self._settle(sha256, None)
            case Ended():
                self.end()
        return ()

    def end(self) -> None:
        """The session has ended: nobody waits any longer."""
        self._ended = True
        answers, self._answers = tuple(self._answers.values()), {}
        for answer in answers:
            answer.set_exception(RoomClosed(_OVER))
            answer.exception()  # seen, also when whoever asked is gone

    def _settle(self, sha256: str, data: bytes | None) -> None:
        if (answer := self._answers.pop(sha256, None)) is not None:
            answer.set_result(data)


_OVER = "The session has ended."
