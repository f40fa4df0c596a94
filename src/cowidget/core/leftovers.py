"""Blobs that no key, share or push names any more, until they are old enough to be dropped."""

from __future__ import annotations

from collections.abc import Iterable

from cowidget.core import limits


class Leftovers:
    """Since when each blob has been of no use."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def sweep(self, unneeded: Iterable[str], now: float) -> tuple[str, ...]:
        """Take note of what is of no use at this moment; what has been so for long enough is to be dropped."""
        self._since = {blob: self._since.get(blob, now) for blob in unneeded}
        dropped = tuple(blob for blob, since in self._since.items() if now - since >= limits.BLOB_GRACE)
        for blob in dropped:
            del self._since[blob]
        return dropped

    def deadline(self) -> float | None:
        """When the oldest of them is old enough, or None when there are none."""
        since = min(self._since.values(), default=None)
        return None if since is None else since + limits.BLOB_GRACE
