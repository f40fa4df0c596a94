"""One room's life in this relay: opened through the store, fed with frames, closed when nobody is there.

The room decides at once, in the event loop; what it asks of the store is done by one task, in order.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from cowidget.core import closing, limits
from cowidget.core.access import Caller
from cowidget.core.closing import Closing
from cowidget.core.effects import Append, AwaitDrain, CleanPhoto, Close, Effect, Send
from cowidget.core.frames import Challenge, ClientFrame, Hello, Proof, Pull, Upload, Welcome
from cowidget.core.room import Room
from cowidget.errors import AccessDenied, Fenced, PeerError, RoomFailure, StoreError
from cowidget.relay.connection import Connection
from cowidget.relay.darkroom import Darkroom
from cowidget.relay.keeping import Keeping
from cowidget.relay.parcel import Parcel
from cowidget.relay.photo_work import PhotoWork
from cowidget.relay.store_work import StoreWork

log = logging.getLogger(__name__)

# Bytes that may wait for a store that is behind. More: memory, when a disk stalls. Less: a kernel that shares
# large values waits for the disk more often.
MAX_INFLOW = 32 << 20


@dataclass(frozen=True, slots=True)
class Greeting:
    """A hello that waits for the room to be opened."""

    connection: Connection
    hello: Hello
    caller: Caller


class FeedProcess(Protocol):
    """Who fills the feeds that have a source. Both calls are cheap, and may come again and again."""

    def want(self, room: str) -> None:
        """This room has a feed with a source, and is open."""

    def leave(self, room: str) -> None:
        """It has none any more, or is closed."""


class RunningRoom:
    """A room and the task that does its work with the store.

    Args:
        name: the room's name.
        keeping: where it is kept.
        relay_key: see `Room`.
        idle: seconds that it stays open when nobody is there.
        darkroom: where its photos are cleaned.
        feeder: is told whether the room has work for it; None if this relay runs no sources.
    """

    def __init__(  # noqa: PLR0913 - all of them live as long as the relay
        self,
        name: str,
        keeping: Keeping,
        relay_key: bytes,
        idle: float,
        darkroom: Darkroom,
        feeder: FeedProcess | None = None,
    ) -> None:
        self.name = name
        self._keeping = keeping
        self._relay_key = relay_key
        self._idle = idle
        self._feeder = feeder
        self._wants_feeder = False
        self._room: Room | None = None
        self._connections: dict[str, Connection] = {}
        self._greetings: list[Greeting] = []
        self._work = StoreWork(keeping, self._connections, self._step)
        self._photos = PhotoWork(darkroom, self._step)
        # Opened, or found not to be there.
        self._looked_up = asyncio.Event()
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
        if isinstance(frame, Upload):
            self._photos.expect()

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
        self._work.left(connection)
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
        self._work.drained(connection)
        self._wake.set()
        if self._room is not None:
            room = self._room
            self._step(lambda now: room.receive_drained(connection.name, now))

    async def photo(self, sha256: str, text: str) -> tuple[str, bytes] | None:
        """The media type and the bytes of a photo or a thumbnail, for who shows this pass (U8); None: there is none.

        Raises:
            AccessDenied: the pass does not let in.
            StoreError: it cannot be read, or the room cannot be opened now.
        """
        await self._looked_up.wait()
        if self._room is None:
            raise StoreError(f"{self.name} is not open")
        if not self._room.photos.admits(text, time.time()):
            raise AccessDenied(closing.WRONG_LINK)
        mime = self._room.photos.mime_of(sha256)
        data = None if mime is None else await self._keeping.get_blob(sha256)
        return None if mime is None or data is None else (mime, data)

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
            self._looked_up.set()
            await self._photos.aclose()
            self._stop_timer()
            self._release_all()
            self._tell_feeder(wanted=False)

    async def _open(self) -> bool:
        opened = await self._keeping.open(create=any(each.caller.may_create for each in self._greetings))
        greetings, self._greetings = self._greetings, []
        if opened is None:
            for greeting in greetings:
                greeting.connection.close(closing.UNKNOWN_ROOM)
            return False
        make_token = partial(secrets.token_urlsafe, 12)
        self._room = Room(self.name, opened, self._relay_key, make_token, runs_sources=self._feeder is not None)
        self._looked_up.set()
        log.info("%s is open", self.name)
        for greeting in greetings:
            self.greet(greeting)
        return True

    async def _work_until_idle(self) -> None:
        while True:
            if self._failure is not None:
                raise RoomFailure(self.name) from self._failure
            if self._work:
                await self._work.do_next(self._opened())
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
        self._tell_feeder(wanted=False)
        for connection in list(self._connections.values()):
            connection.close(closing.STOPPED)  # the feed process; it is told when it is wanted again
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
        now = time.time()
        try:
            effects = decide(now)
            for effect in effects:
                self._run(effect)
        except Exception as error:  # noqa: BLE001 - the task raises it again and logs it
            self._failure = error
            self._wake.set()
            return
        # What the store is to order changes nothing here before it has. Where many write, to look each time is a
        # quarter of the work.
        if effects and all(isinstance(effect, Append) for effect in effects):
            return
        # Nothing that is new is due before the next tick, which looks at all of it. Where many move, to look each time
        # is a tenth of the work.
        if not effects and self._due is not None and self._due <= now + limits.PRESENCE_INTERVAL:
            return
        self._set_timer()
        self._note_presence()
        self._tell_feeder(wanted=self._room is not None and self._room.wants_feeder and not self._stopping)

    def _run(self, effect: Effect) -> None:
        match effect:
            case Send(connections=names, frame=frame):
                self._send(names, Parcel(frame))
                if isinstance(frame, Welcome):
                    self._connections[names[0]].joined(frame.role)
                elif isinstance(frame, Pull) and names[0] in self._connections:
                    self._connections[names[0]].session.expect(frame.count)
            case AwaitDrain(connection=name):
                if (connection := self._connections.get(name)) is not None:
                    connection.await_drain()
            case Close(connection=name, closing=why):
                if (connection := self._connections.pop(name, None)) is not None:
                    connection.close(why)
            case CleanPhoto():
                self._photos.add(self._opened().photos, effect)
            case _:
                self._work.add(effect)
                self._wake.set()

    def _send(self, names: tuple[str, ...], parcel: Parcel) -> None:
        connections = self._connections
        for name in names:
            if (connection := connections.get(name)) is not None:
                connection.send(parcel)

    def _note_presence(self) -> None:
        if self._room is not None and self._room.connections:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = time.monotonic()
            self._wake.set()

    def _tell_feeder(self, *, wanted: bool) -> None:
        if self._feeder is not None and wanted != self._wants_feeder:
            self._wants_feeder = wanted
            (self._feeder.want if wanted else self._feeder.leave)(self.name)

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

    def _opened(self) -> Room:
        if self._room is None:
            raise AssertionError("work comes from an open room")
        return self._room
