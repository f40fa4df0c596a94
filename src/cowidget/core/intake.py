"""Pushes of one peer that wait for a blob, and the blob's bytes as they come (PROTOCOL.md D9, D10)."""

from __future__ import annotations

import hashlib

from cowidget.core import closing, limits
from cowidget.core.frames import Chunk, Pull, Push
from cowidget.errors import FrameError


class Intake:
    """The order of one peer's pushes is kept: behind one that waits, all wait."""

    __slots__ = ("_asked", "_hash", "_parts", "_received", "_released", "parked", "wanted")

    def __init__(self) -> None:
        # Every connection has one of these and few ever park: an empty deque is 620 bytes, an empty list 56.
        self.parked: list[Push] = []
        self.wanted: str | None = None
        self._parts: list[bytes] = []
        self._received = 0
        # Part by part: the hash of 256 MiB at once would hold up everybody for half a second.
        self._hash: hashlib._Hash | None = None
        self._asked = 0
        # Chunks that were asked for may still be on their way when nobody waits for them any more.
        self._released: tuple[str, ...] = ()

    def park(self, push: Push) -> None:
        """Let a push wait.

        Raises:
            FrameError: more wait already than one peer may have.
        """
        if len(self.parked) >= limits.MAX_PARKED:
            raise FrameError(closing.RATE, "too many pushes wait for a blob")
        self.parked.append(push)

    def want(self, blob: str) -> Pull:
        """Begin to fetch a blob."""
        self._forget()
        self.wanted = blob
        self._asked = limits.PULL_WINDOW_BYTES
        return Pull(blob, at=0, count=limits.PULL_WINDOW_BYTES)

    def receive_chunk(self, chunk: Chunk, most: int) -> Pull | bytes | None:
        """The whole blob, or the next thing to ask for, or None while chunks are on their way or too late.

        Raises:
            FrameError: nobody asked for this chunk, it is out of order, or the blob is not what its hash says.
            ValueError: the blob is larger than `most` bytes.
        """
        if chunk.blob != self.wanted and chunk.blob in self._released:
            return None
        if chunk.blob != self.wanted or chunk.at != self._received or (not chunk.data and chunk.size):
            raise FrameError(closing.UNEXPECTED, "a chunk that was not asked for")
        if chunk.size > most:
            raise ValueError(f"{chunk.size} bytes; {most} are allowed")
        self._take(chunk.data)
        if self._received >= chunk.size:
            return self._finish()
        if self._received < self._asked:
            return None
        self._asked += limits.PULL_WINDOW_BYTES
        return Pull(chunk.blob, at=self._received, count=limits.PULL_WINDOW_BYTES)

    def _take(self, part: bytes) -> None:
        if self._hash is None:
            self._hash = hashlib.sha256()
        self._hash.update(part)
        self._parts.append(part)
        self._received += len(part)

    def _finish(self) -> bytes:
        if self._hash is None or self._hash.hexdigest() != self.wanted:
            raise FrameError(closing.UNDECODABLE, "a blob is not what its hash says")
        data = b"".join(self._parts)
        self._forget()
        return data

    def _forget(self) -> None:
        self._parts = []
        self._received = 0
        self._hash = None

    def give_up(self) -> Push:
        """The blob will not come: the push that waited for it, no longer parked."""
        self.release()
        return self.parked.pop(0)

    def release(self) -> None:
        """Nobody waits for the blob any more."""
        if self.wanted is not None:
            self._released = (*self._released[-15:], self.wanted)
        self.wanted = None
        self._forget()
