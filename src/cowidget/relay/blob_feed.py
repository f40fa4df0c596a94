"""Blobs on their way to clients: a part at a time, never more than their outboxes hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from cowidget.core import closing, limits
from cowidget.core.frames import Absent, Pull
from cowidget.relay.connection import Connection
from cowidget.relay.parcel import BlobParcel, Parcel

# Pulls that wait for a connection to drain. An honest client has 1 MiB outstanding: four of them.
MAX_PULLS = 64
# Bytes of an outbox beyond which the next part waits. More: until Python 3.12 a transport copies what the line does
# not take at once, for each client. Less: a fast line idles until we notice that it has drained.
MAX_AHEAD = limits.OUTBOX_BYTES // 2


class BlobFeed:
    """The pulls of one room's connections that wait for an outbox to drain."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Pull]] = {}

    def take(self, name: str) -> Sequence[Pull]:
        """The pulls that waited for this connection, which has drained or gone."""
        return tuple(self._waiting.pop(name, ()))

    def put_off(self, connection: Connection, pull: Pull) -> None:
        """Let a pull wait until the connection reports that it has drained."""
        pulls = self._waiting.setdefault(connection.name, deque())
        pulls.append(pull)
        if len(pulls) > MAX_PULLS:
            connection.close(closing.RATE)

    def send(self, connection: Connection, pull: Pull, data: bytes | None) -> None:
        """Send what was pulled as far as the outbox holds it; the rest waits. What waits is not overtaken."""
        if connection.name in self._waiting:
            self.put_off(connection, pull)
            return
        if data is None or pull.at > len(data):
            connection.send(Parcel(Absent(pull.blob)))
            return
        at, end = pull.at, min(pull.at + pull.count, len(data))
        while True:
            if connection.backlog() + limits.CHUNK_BYTES > MAX_AHEAD:
                self.put_off(connection, Pull(pull.blob, at, max(1, end - at)))
                connection.await_drain()
                return
            stop = min(at + limits.CHUNK_BYTES, end)
            connection.send(BlobParcel(pull.blob, data, at, stop))
            at = stop
            if at >= end:
                return
