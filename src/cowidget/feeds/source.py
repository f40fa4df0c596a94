"""What every kind of source is: something to follow."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """Who is told what a source says."""

    def opened(self) -> None:
        """The host has accepted us."""

    def alive(self) -> None:
        """The host is there, and has nothing new."""

    async def receive(self, message: bytes | str) -> None:
        """A message. Waits while its rows cannot be taken, so that the host is not read faster than that."""

    def refuse(self, text: str) -> None:
        """A message cannot be taken; the rest goes on."""


class Followed(Protocol):
    """A source by URL. One object lives as long as the feed, so it may know where it stood."""

    reconnects: bool
    """Whether a silent connection is better cut and opened anew."""

    async def follow(self, watcher: Watcher) -> None:
        """Connect, and tell the watcher everything until the source has ended, and then return.

        Cancelling is safe and closes the connection.

        Raises:
            SourceError: it cannot work as it is described.
            SourceRefused: the host says no.
            SourceFailure: there is no connection, or it has ended; another attempt may work.
        """
