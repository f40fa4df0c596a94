"""A client's blobs: what it offers until the room has it, what it pulls, what it keeps (D9, D10)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, field

from cowidget.core.frames import Absent, Chunk, Pull
from cowidget.core.limits import CHUNK_BYTES, PULL_WINDOW_BYTES
from cowidget.core.packing import digest

KEPT = 64 << 20
"""The cache: more lets a page with many pictures eat a phone's memory, less pulls them again."""


@dataclass(slots=True)
class Download:
    """One blob on its way. `size` is unknown until its first chunk."""

    size: int | None = None
    asked: int = 0
    pieces: list[bytes] = field(default_factory=list)
    received: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a chunk completed: `data` is None if the bytes were not those of the hash."""

    sha256: str
    data: bytes | None


class Blobs:
    """Offered, kept and arriving bytes by SHA-256. Chunks of one connection arrive in the order of the pulls."""

    def __init__(self, kept: int = KEPT) -> None:
        self._limit = kept
        self._offered: dict[str, bytes] = {}
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._downloads: dict[str, Download] = {}

    @property
    def offered(self) -> Mapping[str, bytes]:
        """What pushes of ours name."""
        return self._offered

    def get(self, sha256: str) -> bytes | None:
        """The bytes, if they are here."""
        if (data := self._offered.get(sha256)) is not None:
            return data
        if (data := self._kept.get(sha256)) is not None:
            self._kept.move_to_end(sha256)
        return data

    # What we offer.

    def offer(self, blobs: Mapping[str, bytes]) -> None:
        """Hold these until `settle` says that nobody needs them from us."""
        self._offered.update(blobs)

    def settle(self, needed: set[str]) -> None:
        """Offer only what is still needed; the rest may stay in the cache."""
        for sha256 in [name for name in self._offered if name not in needed]:
            self._keep(sha256, self._offered.pop(sha256))

    def receive_pull(self, pull: Pull) -> tuple[Chunk | Absent, ...]:
        """The answer to a pull of the relay."""
        data = self.get(pull.blob)
        if data is None or pull.at > len(data):
            return (Absent(pull.blob),)
        end = min(pull.at + pull.count, len(data))
        starts = range(pull.at, end, CHUNK_BYTES) or (pull.at,)
        return tuple(Chunk(pull.blob, at, len(data), data[at : min(at + CHUNK_BYTES, end)]) for at in starts)

    # What we pull.

    def want(self, sha256: str) -> None:
        """Begin to pull; `pulls` says what to send."""
        self._downloads.setdefault(sha256, Download())

    def wanted(self, sha256: str) -> bool:
        """Whether it is on its way."""
        return sha256 in self._downloads

    def forget(self, sha256: str) -> None:
        """Stop pulling; chunks that still come are ignored."""
        self._downloads.pop(sha256, None)

    def want_only(self, needed: AbstractSet[str]) -> None:
        """Stop pulling what is not needed any more."""
        for sha256 in [name for name in self._downloads if name not in needed]:
            self.forget(sha256)

    def cut(self) -> None:
        """The connection has ended: what was asked for does not come. What is here stays."""
        for download in self._downloads.values():
            download.asked = download.received

    def pulls(self) -> tuple[Pull, ...]:
        """The pulls that fit into what may be outstanding, oldest download first."""
        return tuple(self._pulls())

    def receive_chunk(self, chunk: Chunk) -> Arrived | None:
        """Take bytes; what they completed."""
        download = self._downloads.get(chunk.blob)
        if download is None or chunk.at != download.received:
            return None
        download.size = chunk.size
        download.pieces.append(chunk.data)
        download.received += len(chunk.data)
        if download.received < chunk.size and chunk.data and chunk.size <= self._limit:
            return None
        self.forget(chunk.blob)
        data = b"".join(download.pieces)
        if digest(data) != chunk.blob:
            return Arrived(chunk.blob, None)
        self._keep(chunk.blob, data)
        return Arrived(chunk.blob, data)

    def _pulls(self) -> Iterator[Pull]:
        free = PULL_WINDOW_BYTES - sum(download.asked - download.received for download in self._downloads.values())
        for sha256, download in self._downloads.items():
            while free >= CHUNK_BYTES and self._open(download):
                yield Pull(sha256, download.asked, CHUNK_BYTES)
                count = CHUNK_BYTES if download.size is None else min(CHUNK_BYTES, download.size - download.asked)
                download.asked += count
                free -= count

    def _open(self, download: Download) -> bool:
        if download.size is None:
            return download.asked == 0
        return download.asked < download.size

    def _keep(self, sha256: str, data: bytes) -> None:
        if sha256 in self._kept or len(data) > self._limit:
            return
        self._kept[sha256] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)
