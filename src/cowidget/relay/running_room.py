"""One room's life in this relay: opened through the store, fed with frames, closed when nobody is there.

The room decides at once, in the event loop; what it asks of the store is done by one task, in order.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from cowidget.core import closing
from cowidget.core.access import Caller
from cowidget.core.closing import Closing
from cowidget.core.effects import (
    Append,
    AwaitDrain,
    Close,
    DropBlobs,
    Effect,
    Entry,
    FetchBlob,
    KeepBlob,
    ReadLog,
    Save,
    Send,
)
from cowidget.core.frames import Challenge, ClientFrame, Hello, Proof, Welcome
from cowidget.core.room import Room
from cowidget.errors import Fenced, PeerError, RoomFailure, StoreError
from cowidget.relay.blob_feed import BlobFeed
from cowidget.relay.connection import Connection
from cowidget.relay.keeping import Keeping
from cowidget.relay.parcel import Parcel

log = logging.getLogger(__name__)

Work = Append | Save | ReadLog | KeepBlob | DropBlobs | FetchBlob
# Bytes that may wait for a store that is behind. More: memory, when a disk stalls. Less: a kernel that shares
# large values waits for the disk more often.
MAX_INFLOW = 32 << 20
# Entries of one transaction: more delays the first of them, fewer cost more commits.
MAX_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Greeting:
    """A hello that waits for the room to be opened."""

    connection: Connection
    hello: Hello
    caller: Caller


class RunningRoom:
    """A room and the task that does its work with the store.

    Args:
        name: the room's name.
        keeping: where it is kept.
        relay_key: see `Room`.
        idle: seconds that it stays open when it is empty.
    """

    def __init__(self, name: str, keeping: Keeping, relay_key: bytes, idle: float) -> None:
        self.name = name
        self._keeping = keeping
        self._relay_key = relay_key
        self._idle = idle
        self._room: Room | None = None
        self._connections: dict[str, Connection] = {}
        self._greetings: list[Greeting] = []
        self._work: deque[Work] = deque()
        self._feed = BlobFeed()
        self._inflow = 0
        self._held: list[Connection] = []
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        self._empty_since: float | None = time.monotonic()
        self._stopping = False
        self._failure: BaseException | None = None

    # What the hub tells it.

    @property
    def waiting(self) -> list[Greeting]:
        """The hellos that came too late for this run of the room."""
        return self._greetings

    def greet(self, greeting: Greeting) -> None:
        """Somebody wants to come in."""
        if self._room is None or self._stopping:
            self._greetings.append(greeting)
            return
        room, name = self._room, greeting.connection.name
        self._connections[name] = greeting.connection
        self._step(lambda now: room.receive_hello(name, greeting.hello, greeting.caller, now))

    def prove(self, challenge: Challenge) -> Proof | None:
        """The answer to a challenge, if the ticket is one of this room's."""
        if self._room is None:
            return None
        for effect in self._room.receive("", challenge, time.time()):
            if isinstance(effect, Send) and isinstance(effect.frame, Proof) and effect.frame.mac:
                return effect.frame
        return None

    def receive(self, connection: Connection, frame: ClientFrame) -> None:
        """A joined connection has sent a frame."""
        room = self._room
        if room is None or connection.name not in self._connections:
            return

        def decide(now: float) -> list[Effect]:
            try:
                return room.receive(connection.name, frame, now)
            except PeerError as error:
                log.debug("%s in %s: %s", connection.name, self.name, error)
                connection.close(error.closing)
                return []

        self._step(decide)

    def bound_inflow(self, connection: Connection, size: int) -> None:
        """While the store is behind, count what comes in; beyond the limit, read no more of it."""
        if not self._work:
            return
        self._inflow += size
        if self._inflow > MAX_INFLOW:
            connection.hold()
            self._held.append(connection)

    def left(self, connection: Connection) -> None:
        """A connection has ended."""
        self._greetings = [each for each in self._greetings if each.connection is not connection]
        self._feed.take(connection.name)
        if self._connections.pop(connection.name, None) is not None and self._room is not None:
            room = self._room
            self._step(lambda now: room.receive_left(connection.name, now))

    def congested(self, connection: Connection) -> None:
        """A connection's outbox is full."""
        if self._room is not None:
            room = self._room
            self._step(lambda now: room.receive_congested(connection.name, now))

    def drained(self, connection: Connection) -> None:
        """A connection's outbox has drained."""
        # Before what was pulled later and is on its way: clients take a blob's parts in their order.
        self._work.extendleft(FetchBlob(connection.name, pull) for pull in reversed(self._feed.take(connection.name)))
        self._wake.set()
        if self._room is not None:
            room = self._room
            self._step(lambda now: room.receive_drained(connection.name, now))

    def stop(self) -> None:
        """Do what is left to do, save, and end."""
        self._stopping = True
        self._wake.set()

    # The task.

    async def run(self) -> None:
        """Open the room, work until it is empty or stopped, close it. Raises nothing but its cancellation."""
        try:
            if await self._open():
                await self._work_until_idle()
                await self._close()
        except Fenced:
            log.warning("%s has been opened by another relay", self.name)
            self._dismiss(closing.FAILED)
        except StoreError as error:
            log.warning("%s: %s", self.name, error)
            self._dismiss(closing.STORE_FAILED)
        except Exception:
            log.exception("%s has failed", self.name)
            self._dismiss(closing.FAILED)
        finally:
            self._stopping = True
            self._room = None
            self._stop_timer()
            self._release_all()

    async def _open(self) -> bool:
        opened = await self._keeping.open(create=any(each.caller.may_create for each in self._greetings))
        greetings, self._greetings = self._greetings, []
        if opened is None:
            for greeting in greetings:
                greeting.connection.close(closing.UNKNOWN_ROOM)
            return False
        self._room = Room(self.name, opened, self._relay_key, partial(secrets.token_urlsafe, 12))
        log.info("%s is open", self.name)
        for greeting in greetings:
            self.greet(greeting)
        return True

    async def _work_until_idle(self) -> None:
        while True:
            if self._failure is not None:
                raise RoomFailure(self.name) from self._failure
            if self._work:
                await self._perform(self._work.popleft())
                continue
            self._release_all()
            if self._stopping or self._is_idle():
                return
            self._wake.clear()
            try:
                async with asyncio.timeout(self._idle if self._empty_since is not None else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _close(self) -> None:
        self._stopping = True
        if self._room is None:
            raise AssertionError("only an open room is closed")
        self._stop_timer()
        save, keep = self._room.closing()
        await self._keeping.close(save, keep)
        log.info("%s is closed", self.name)

    def _release_all(self) -> None:
        self._inflow = 0
        while self._held:
            self._held.pop().release()

    def _is_idle(self) -> bool:
        return self._empty_since is not None and time.monotonic() - self._empty_since >= self._idle

    def _dismiss(self, why: Closing) -> None:
        self._stopping = True
        for connection in [*self._connections.values(), *(greeting.connection for greeting in self._greetings)]:
            connection.close(why)
        self._connections.clear()
        self._greetings.clear()

    # The room decides.

    def _step(self, decide: Callable[[float], list[Effect]]) -> None:
        """One call of the room, and what it asks for. Its errors end the room, not the relay."""
        if self._failure is not None:
            return
        try:
            for effect in decide(time.time()):
                self._run(effect)
        except Exception as error:  # noqa: BLE001 - the task raises it again and logs it
            self._failure = error
            self._wake.set()
            return
        self._set_timer()
        self._note_presence()

    def _run(self, effect: Effect) -> None:
        match effect:
            case Send(connections=names, frame=frame):
                self._send(names, Parcel(frame))
                if isinstance(frame, Welcome):
                    self._connections[names[0]].joined(frame.role)
            case AwaitDrain(connection=name):
                if (connection := self._connections.get(name)) is not None:
                    connection.await_drain()
            case Close(connection=name, closing=why):
                if (connection := self._connections.pop(name, None)) is not None:
                    connection.close(why)
            case _:
                self._enqueue(effect)

    def _send(self, names: tuple[str, ...], parcel: Parcel) -> None:
        connections = self._connections
        for name in names:
            if (connection := connections.get(name)) is not None:
                connection.send(parcel)

    def _enqueue(self, work: Work) -> None:
        self._work.append(work)
        self._wake.set()

    def _note_presence(self) -> None:
        if self._connections:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = time.monotonic()
            self._wake.set()

    def _set_timer(self) -> None:
        due = self._room.deadline() if self._room is not None else None
        if due == self._due or (due is not None and self._due is not None and self._due <= due):
            return  # a timer that is early asks again
        self._stop_timer()
        self._due = due
        if due is not None:
            delay = max(0.001, due - time.time())
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due = self._timer = None

    def _tick(self) -> None:
        self._due = self._timer = None
        if self._room is not None:
            self._step(self._room.tick)

    # The store keeps.

    async def _perform(self, work: Work) -> None:
        match work:
            case Append():
                await self._append(work)
            case Save():
                await self._keeping.save(work)
            case ReadLog():
                await self._read_log(work)
            case KeepBlob():
                await self._keep_blob(work)
            case DropBlobs(blobs=blobs):
                await self._keeping.drop_blobs(blobs)
            case FetchBlob():
                await self._fetch_blob(work)
            case _:
                assert_never(work)

    async def _append(self, append: Append) -> None:
        room = self._opened()
        entries = list(append.entries)
        while self._work and isinstance(following := self._work[0], Append) and len(entries) < MAX_BATCH:
            entries += following.entries
            self._work.popleft()
        try:
            ordered = await self._keeping.append(entries)
        except Fenced:
            raise
        except StoreError as error:
            log.warning("%s: %s", self.name, error)
            failed = entries + self._take_appends()
            self._step(lambda now: room.receive_append_failed(failed, now))
            return
        self._step(lambda now: room.receive_appended(ordered, now))

    def _take_appends(self) -> list[Entry]:
        """The appends that wait.

        A later push of an author must not be kept when an earlier one was not: its id would make the
        earlier one a duplicate for ever.
        """
        entries = [entry for work in self._work if isinstance(work, Append) for entry in work.entries]
        self._work = deque(work for work in self._work if not isinstance(work, Append))
        return entries

    async def _read_log(self, read: ReadLog) -> None:
        room = self._opened()
        try:
            entries = await self._keeping.read_log(read.page)
        except StoreError as error:
            self._turn_away(read.connection, error)
            return
        self._step(lambda now: room.receive_log(read.connection, read.page, entries, now))

    async def _keep_blob(self, keep: KeepBlob) -> None:
        room = self._opened()
        try:
            await self._keeping.put_blob(keep.blob, keep.data)
        except StoreError as error:
            log.warning("%s: %s", self.name, error)
            self._step(lambda now: room.receive_keep_failed(keep.blob, now))
            return
        self._step(lambda now: room.receive_kept(keep.blob, now))

    async def _fetch_blob(self, fetch: FetchBlob) -> None:
        connection = self._connections.get(fetch.connection)
        if connection is None:
            return
        if connection.is_congested:
            self._feed.put_off(connection, fetch.pull)
            return
        try:
            data = await self._keeping.get_blob(fetch.pull.blob)
        except StoreError as error:
            self._turn_away(fetch.connection, error)
            return
        self._feed.send(connection, fetch.pull, data)

    def _turn_away(self, name: str, error: StoreError) -> None:
        log.warning("%s: %s", self.name, error)
        if (connection := self._connections.get(name)) is not None:
            connection.close(closing.STORE_FAILED)

    def _opened(self) -> Room:
        if self._room is None:
            raise AssertionError("work comes from an open room")
        return self._room
