"""How many photos each person brings in an hour (PROTOCOL.md U7)."""

from __future__ import annotations

from collections import deque

from cowidget.core import limits

_HOUR = 3600.0


class PhotoQuota:
    """What each peer has brought within the last hour."""

    def __init__(self) -> None:
        self._brought: dict[str, deque[tuple[float, int]]] = {}

    def wait(self, peer: str, size: int, now: float) -> float:
        """Seconds until this person may bring so many bytes more; 0 is now."""
        brought = self._brought.get(peer)
        if brought is None:
            return 0.0
        while brought and now - brought[0][0] >= _HOUR:
            brought.popleft()
        count, total, since = len(brought), sum(each for _, each in brought) + size, now - _HOUR
        for at, each in brought:
            if count < limits.PHOTOS_PER_HOUR and total <= limits.PHOTO_BYTES_PER_HOUR:
                break
            count, total, since = count - 1, total - each, at
        return since + _HOUR - now

    def take(self, peer: str, size: int, now: float) -> None:
        """This person brings so many bytes."""
        self._brought.setdefault(peer, deque()).append((now, size))

    def give_back(self, peer: str, size: int) -> None:
        """It came to nothing, by no fault of this person."""
        brought = self._brought.get(peer, deque())
        last = next((each for each in reversed(brought) if each[1] == size), None)
        if last is not None:
            brought.remove(last)

    def sweep(self, now: float) -> None:
        """Forget those who have brought nothing for an hour."""
        since = now - _HOUR
        self._brought = {peer: each for peer, each in self._brought.items() if each and each[-1][0] > since}
