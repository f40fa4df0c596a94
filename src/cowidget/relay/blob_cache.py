"""The blobs that clients have pulled or sent lately, so that the store reads each once for all of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from cowidget.core import limits

# A class of thirty opens a room at once, or redraws a large chart together: what it pulls should fit. More costs
# memory on the host's laptop, less reads a blob from the disk again for every part of it.
MAX_BYTES = 64 * limits.MIB


class BlobCache:
    """Bytes by their hash, for all rooms of a relay. Who may have them is the room's decision, not made here."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, blob: str) -> bytes | None:
        """The bytes, if they are here."""
        if (data := self._blobs.get(blob)) is not None:
            self._blobs.move_to_end(blob)
        return data

    def put(self, blob: str, data: bytes) -> None:
        """Keep bytes; those that nobody has asked for the longest make room. The last ones stay, however large."""
        self.drop((blob,))
        self._blobs[blob] = data
        self._bytes += len(data)
        while self._bytes > self._max_bytes and len(self._blobs) > 1:
            _, oldest = self._blobs.popitem(last=False)
            self._bytes -= len(oldest)

    def drop(self, blobs: Iterable[str]) -> None:
        """Forget these."""
        for blob in blobs:
            self._bytes -= len(self._blobs.pop(blob, b""))
