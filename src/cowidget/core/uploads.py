"""Photos on their way into a room: whose turn it is, what has come, what a break leaves (PROTOCOL.md U1, U2, U7)."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from cowidget.core import closing, limits
from cowidget.core.frames import Chunk, Pull
from cowidget.errors import FrameError

# Uploads that have ended and whose last chunks may still be on their way.
_MOST_ENDED = 256


class Stage(StrEnum):
    """Where an upload is."""

    WAITING = "waiting"
    COMING = "coming"
    CLEANING = "cleaning"
    LEFT = "left"  # its person is away


class Happening(StrEnum):
    """What can happen to an upload."""

    ASKED = "asked"
    TURN = "turn"
    COMPLETE = "complete"
    CUT = "cut"


TRANSITIONS: dict[tuple[Stage, Happening], Stage] = {
    (Stage.WAITING, Happening.TURN): Stage.COMING,
    (Stage.WAITING, Happening.CUT): Stage.LEFT,
    (Stage.WAITING, Happening.ASKED): Stage.WAITING,
    (Stage.COMING, Happening.COMPLETE): Stage.CLEANING,
    (Stage.COMING, Happening.CUT): Stage.LEFT,
    (Stage.COMING, Happening.ASKED): Stage.COMING,
    (Stage.CLEANING, Happening.CUT): Stage.CLEANING,
    (Stage.CLEANING, Happening.ASKED): Stage.CLEANING,
    (Stage.LEFT, Happening.ASKED): Stage.WAITING,
    # Its person came back, and left before asking for it.
    (Stage.LEFT, Happening.CUT): Stage.LEFT,
}


@dataclass(slots=True)
class Upload:
    """One photo of one person.

    Attributes:
        asked: how far it has been pulled; `since` when it was last.
        step: how many bytes the next pull asks for: what its line brings in about half a second.
        left_at: since when its person is away.
    """

    peer: str
    blob: str
    size: int
    stage: Stage = Stage.WAITING
    received: int = 0
    asked: int = 0
    since: float = 0.0
    step: int = limits.FIRST_PULL_BYTES
    left_at: float = 0.0
    _parts: list[bytes] = field(default_factory=list)
    # Part by part: of ten megabytes at once, it would hold up everybody.
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def move(self, happening: Happening) -> None:
        """Go on to the next stage."""
        self.stage = TRANSITIONS[self.stage, happening]

    @property
    def held(self) -> int:
        """Bytes of memory that are set aside for it."""
        return self.size if self.stage in (Stage.COMING, Stage.CLEANING) else self.received

    @property
    def genuine(self) -> bool:
        """Whether what has come is what its hash says."""
        return self._hash.hexdigest() == self.blob

    def pull(self, now: float) -> Pull:
        """Ask for what comes next."""
        count = min(self.step, self.size - self.received)
        self.asked, self.since = self.received + count, now
        return Pull(self.blob, self.received, count)

    def take(self, chunk: Chunk, now: float) -> None:
        """Take what was pulled.

        Raises:
            FrameError: it was not.
        """
        end = chunk.at + len(chunk.data)
        if chunk.size != self.size or not self.received < end <= self.asked:
            raise FrameError(closing.UNEXPECTED, "a part of a photo that was not asked for")
        self._parts.append(chunk.data)
        self._hash.update(chunk.data)
        self.received = end
        if end == self.asked:
            self._keep_pace(now - self.since)

    def take_all(self) -> bytes:
        """What has come; it is held elsewhere now."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data

    def forget_parts(self) -> None:
        """Begin anew, whenever it is asked for again."""
        self._parts.clear()
        self._hash = hashlib.sha256()
        self.received = 0

    def _keep_pace(self, seconds: float) -> None:
        quick, slow = limits.PULL_SECONDS
        if seconds < quick:
            self.step = min(2 * self.step, limits.PULL_WINDOW_BYTES)
        elif seconds > slow:
            self.step = max(self.step // 2, limits.LEAST_PULL_BYTES)


class Uploads:
    """All of a room, in the order in which they were asked for. One person's are told apart by their hashes."""

    def __init__(self) -> None:
        self._uploads: dict[tuple[str, str], Upload] = {}
        self._ended: deque[tuple[str, str]] = deque(maxlen=_MOST_ENDED)

    def knows(self, peer: str, blob: str) -> bool:
        """Whether this is an upload, or has just been one."""
        return (peer, blob) in self._uploads or (peer, blob) in self._ended

    def is_under_way(self, peer: str, blob: str) -> bool:
        """Whether it has been asked for and not been answered."""
        return (peer, blob) in self._uploads

    @property
    def are_waiting(self) -> bool:
        """Whether anybody waits for their turn."""
        return any(upload.stage is Stage.WAITING for upload in self._uploads.values())

    def waiting(self, peer: str) -> int:
        """How many of a person wait for their turn."""
        return sum(upload.stage is Stage.WAITING for upload in self._of(peer))

    def ask(self, peer: str, blob: str, size: int) -> None:
        """Somebody wants to send a photo, or to go on with it; `turns` tells what to pull."""
        upload = self._uploads.setdefault((peer, blob), Upload(peer, blob, size))
        upload.move(Happening.ASKED)

    def turns(self, now: float) -> list[tuple[str, Pull]]:
        """Begin with those whose turn it is: peers, and what to ask them for."""
        pulls = []
        for upload in tuple(self._uploads.values()):
            if upload.stage is not Stage.WAITING or self._under_way(upload.peer) >= limits.UPLOADS_AT_ONCE:
                continue
            if not self._make_room(upload):
                break  # nobody overtakes it, or a large one would never come
            upload.move(Happening.TURN)
            pulls.append((upload.peer, upload.pull(now)))
        return pulls

    def receive_chunk(self, peer: str, chunk: Chunk, now: float) -> Upload | Pull | None:
        """What to ask for next; or the upload, which is complete and may be `genuine`. None: more is on its way.

        Raises:
            FrameError: nobody asked for this.
        """
        upload = self._uploads.get((peer, chunk.blob))
        # What was pulled before it was given up may come after it was asked for again.
        if upload is None or upload.stage is not Stage.COMING or chunk.at != upload.received:
            return None
        upload.take(chunk, now)
        if upload.received == upload.size:
            return upload
        return upload.pull(now) if upload.received == upload.asked else None

    def complete(self, upload: Upload) -> bytes | None:
        """It is there: its bytes, or None if others have sent the same and it is being cleaned already."""
        others = any(each.stage is Stage.CLEANING and each.blob == upload.blob for each in self._uploads.values())
        upload.move(Happening.COMPLETE)
        data = upload.take_all()
        return None if others else data

    def end(self, peer: str, blob: str) -> None:
        """It has been given up, or answered."""
        if self._uploads.pop((peer, blob), None) is not None:
            self._ended.append((peer, blob))

    def end_all(self, blob: str) -> list[Upload]:
        """What these bytes are is known: all uploads of them."""
        same = [upload for upload in self._uploads.values() if upload.blob == blob]
        for upload in same:
            self.end(upload.peer, blob)
        return same

    def leave(self, peer: str, now: float) -> None:
        """Somebody is away; what has come of their photos is kept for a while."""
        for upload in self._of(peer):
            if upload.stage is not Stage.LEFT:
                upload.left_at = now
            upload.move(Happening.CUT)

    def sweep(self, now: float) -> None:
        """Forget what those have left who did not come back."""
        for upload in self._left():
            if now - upload.left_at >= limits.UPLOAD_GRACE:
                del self._uploads[upload.peer, upload.blob]

    def deadline(self) -> float | None:
        """When there is something to sweep."""
        since = min((upload.left_at for upload in self._left()), default=None)
        return None if since is None else since + limits.UPLOAD_GRACE

    def _of(self, peer: str) -> Iterator[Upload]:
        return (upload for upload in self._uploads.values() if upload.peer == peer)

    def _left(self) -> list[Upload]:
        return [upload for upload in self._uploads.values() if upload.stage is Stage.LEFT]

    def _under_way(self, peer: str) -> int:
        return sum(upload.stage in (Stage.COMING, Stage.CLEANING) for upload in self._of(peer))

    def _make_room(self, upload: Upload) -> bool:
        """Whether there is memory for it; if need be, that of what others have left for the longest."""
        left = sorted((each for each in self._left() if each.held), key=lambda each: each.left_at)
        free = limits.UPLOAD_BYTES - sum(each.held for each in self._uploads.values()) + upload.held
        for each in left:
            if free >= upload.size:
                break
            free += each.held
            each.forget_parts()
        return free >= upload.size
