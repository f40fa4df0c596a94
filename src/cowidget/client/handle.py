"""A peer in the link thread, usable from any other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future, TimeoutError as FutureTimeoutError
from typing import TypeVar

from cowidget.client.feeding import Feeding
from cowidget.client.fetching import Fetching
from cowidget.client.link import LinkThread
from cowidget.client.peer import FindRoute, Peer, Stage, Status, StatusChanged
from cowidget.client.uploading import Uploading
from cowidget.core.closing import Closing, NextStep
from cowidget.core.frames import FeedNews, FeedWish
from cowidget.core.notes import Effect, Note
from cowidget.core.replica import Phase, Replica
from cowidget.core.values import Person
from cowidget.errors import LinkError, RelayUnavailable, RoomClosed

T = TypeVar("T")

# Seconds. A relay that must be started takes up to one; a cell that waits longer seems to hang.
JOIN_TIMEOUT = 10.0
CLOSE_TIMEOUT = 5.0

Listener = Callable[[Note | StatusChanged], Iterable[Effect] | None]
"""Called in the link's thread; may return what the replica pushed because of the note. Must not wait."""


class Handle:
    """Opens a peer and keeps it until `close`."""

    def __init__(self, thread: LinkThread, replica: Replica, route: FindRoute, secret: str) -> None:
        self.thread = thread
        self._replica = replica
        self._listeners: list[Listener] = []
        self._settled: Future[Status] = Future()
        self._drained: list[Future[bool]] = []
        self._peer = thread.ask(lambda: Peer(replica, route, secret, self._receive))
        self._fetching = Fetching(lambda sha256: self._peer.execute(replica.need_blob(sha256)))
        self._task: asyncio.Task[None] | None = None
        self._over: asyncio.Event | None = None

    def listen(self, listener: Listener) -> None:
        """Tell `listener` every note; before `open`, so that none is missed."""
        self._listeners.append(listener)

    def open(self) -> None:
        """Begin to dial."""
        self.thread.call(self._open)
        self.thread.at_exit(self, self._leave)

    @property
    def status(self) -> Status:
        """The connection, now."""
        return self._peer.status

    @property
    def people(self) -> list[Person]:
        """Who is here with a page or a notebook's panel.

        Not kernels, also those whose panel is listed for them, and not cards that show a link: nobody sits behind them.
        """
        people = self.ask(lambda replica: tuple(replica.people.values()))
        return [person for person in people if person.kind != "kernel" and person.about.get("part") != "link"]

    @property
    def feeding(self) -> Feeding:
        """The room's feeds; for use in the link's thread."""
        return self._peer.feeding

    @property
    def uploading(self) -> Uploading:
        """The photos that we bring into the room; for use in the link's thread."""
        return self._peer.uploading

    @property
    def fetching(self) -> Fetching:
        """The bytes of photos that others have brought; for use in the link's thread."""
        return self._fetching

    def on_feeds(self, listener: Callable[[FeedNews], None]) -> Callable[[], None]:
        """Tell `listener` every frame of feeds, in the link's thread, until what this returns is called."""
        forget = self.thread.ask(lambda: self._peer.feeding.listen(listener))
        return lambda: self.thread.call(forget)

    def send_feed(self, wish: FeedWish) -> None:
        """Send a frame of a feed; returns at once. Dropped while we are away: send what matters at each welcome."""
        self.thread.call(self._peer.feeding.send, (wish,))

    def push(self, make: Callable[[Replica], list[Effect]]) -> None:
        """Let the replica push something; returns at once. In the order of the calls."""
        self.thread.call(lambda: self._peer.execute(make(self._replica)))

    def ask(self, read: Callable[[Replica], T]) -> T:
        """Read the replica; what this thread pushed before is in it."""
        return self.thread.ask(lambda: read(self._replica))

    def wait_joined(self, timeout: float = JOIN_TIMEOUT) -> None:
        """Wait for the room's welcome.

        Raises:
            LinkError: the room does not let us in with this link; says why.
            RoomClosed: the room was stopped.
            RelayUnavailable: no relay answered in time; the attempts go on until `close`.
        """
        try:
            status = self._settled.result(timeout)
        except (TimeoutError, FutureTimeoutError) as error:
            reason = self.status.failure or f"The relay did not let us in within {timeout:.0f} s."
            raise RelayUnavailable(reason) from error
        if status.stage is Stage.ENDED:
            raise _ended(status.closing)

    def wait_sent(self, timeout: float) -> bool:
        """Wait until the room has every push of ours; whether it did in time, and before the session ended."""
        drained: Future[bool] = Future()
        self.thread.call(self._watch, drained)
        try:
            return drained.result(timeout)
        except (TimeoutError, FutureTimeoutError):
            return False

    def retry(self) -> None:
        """Dial now."""
        self.thread.call(self._peer.retry)

    def close(self) -> None:
        """End the connection. Waits briefly; not for the link's own thread."""
        self.thread.at_exit(self, None)
        try:
            self.thread.run(self._leave, CLOSE_TIMEOUT)
        except (TimeoutError, FutureTimeoutError):
            return  # the loop is ending it

    # In the link's thread.

    def _open(self) -> None:
        self._over = asyncio.Event()
        self._task = asyncio.ensure_future(self._keep(self._over))

    async def _keep(self, over: asyncio.Event) -> None:
        async with self._peer:
            await over.wait()

    async def _leave(self) -> None:
        if self._over is not None and self._task is not None:
            self._over.set()
            await self._task
            self._fetching.end()

    def _watch(self, drained: Future[bool]) -> None:
        self._drained.append(drained)
        self._tell_drained()

    def _receive(self, note: Note | StatusChanged) -> None:
        settles = isinstance(note, StatusChanged) and note.status.stage in (Stage.LIVE, Stage.ENDED)
        if settles and not self._settled.done():
            self._settled.set_result(self.status)
        if not isinstance(note, StatusChanged):
            self._fetching.receive(note)
        for listener in tuple(self._listeners):
            self._peer.execute(listener(note) or ())
        self._tell_drained()

    def _tell_drained(self) -> None:
        if self._replica.waiting == 0 or self._replica.phase is Phase.ENDED:
            for drained in self._drained:
                drained.set_result(self._replica.waiting == 0)
            self._drained.clear()


def _ended(closing: Closing | None) -> LinkError | RoomClosed:
    if closing is not None and closing.next_step is NextStep.ASK_FOR_LINK:
        return LinkError(closing.text)
    return RoomClosed(closing.text if closing is not None else "The room has ended.")
