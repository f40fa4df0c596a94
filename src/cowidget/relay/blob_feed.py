"""Blobs on their way to clients: a part at a time, never more than their outboxes hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from cowidget.core import closing, limits
from cowidget.core.frames import Absent, Chunk, Pull
from cowidget.relay.connection import Connection
from cowidget.relay.parcel import Parcel

# Pulls that wait for a connection to drain. An honest client has 1 MiB outstanding: four of them.
MAX_PULLS = 64


class BlobFeed:
    """The pulls of one room's connections that wait for an outbox to drain."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Pull]] = {}

    def take(self, name: str) -> Iterable[Pull]:
        """The pulls that waited for this connection, which has drained or gone."""
        return self._waiting.pop(name, ())

    def put_off(self, connection: Connection, pull: Pull) -> None:
        """Let a pull wait until the connection reports that it has drained."""
        pulls = self._waiting.setdefault(connection.name, deque())
        pulls.append(pull)
        if len(pulls) > MAX_PULLS:
            connection.close(closing.RATE)

    def send(self, connection: Connection, pull: Pull, data: bytes | None) -> None:
        """Send what was pulled as far as the outbox holds it; the rest waits."""
        if data is None or pull.at > len(data):
            connection.send(Parcel(Absent(pull.blob)))
            return
        at, end = pull.at, min(pull.at + pull.count, len(data))
        while True:
            if connection.backlog() + limits.CHUNK_BYTES > limits.OUTBOX_BYTES:
                self.put_off(connection, Pull(pull.blob, at, max(1, end - at)))
                connection.await_drain()
                return
            part = data[at : min(at + limits.CHUNK_BYTES, end)]
            connection.send(Parcel(Chunk(pull.blob, at, len(data), part)))
            at += len(part)
            if at >= end:
                return
