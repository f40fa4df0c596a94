"""All rooms of this relay: brings each frame to its room, and owns the tasks of the rooms."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import replace

from cowidget.core import closing
from cowidget.core.frames import Challenge, ClientFrame, Hello, Proof
from cowidget.core.photo_pass import PhotoPass
from cowidget.errors import AccessDenied, StoreError
from cowidget.relay.assets import Assets
from cowidget.relay.blob_cache import BlobCache
from cowidget.relay.connection import Connection
from cowidget.relay.darkroom import Darkroom
from cowidget.relay.keeping import Keeping
from cowidget.relay.parcel import Mailing, Parcel
from cowidget.relay.running_room import FeedProcess, Greeting, RunningRoom
from cowidget.relay.settings import Settings
from cowidget.stores.base import Store


class Hub:
    """The rooms that are open here.

    Attributes:
        feeder: is told which of them have feeds with a source; None if this relay runs no sources.
    """

    def __init__(self, store: Store, relay_key: bytes, settings: Settings) -> None:
        self._store = store
        self._assets = Assets(settings.static)
        self._cache = BlobCache()
        self._darkroom = Darkroom()
        self._relay_key = relay_key
        self._settings = settings
        self._rooms: dict[str, RunningRoom] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._to_flush: list[Connection] = []
        self._stopping = False
        self.feeder: FeedProcess | None = None

    @property
    def rooms(self) -> int:
        """How many are open."""
        return len(self._rooms)

    def receive(self, connection: Connection, frames: Sequence[ClientFrame], size: int) -> None:
        """Frames that the connection's session allows, in order, and the bytes that they came in."""
        for frame in frames:
            match frame:
                case Hello():
                    connection.room = frame.room
                    feeds = self._is_feeder(frame)
                    caller = replace(connection.caller, may_create=self._may_create(frame), feeds=feeds)
                    self._greet(Greeting(connection, frame, caller))
                case Challenge() if connection.room is None:
                    connection.send(Parcel(self._prove(frame)))
                case _:
                    if (room := self._room_of(connection)) is not None:
                        room.receive(connection, frame)
        if (room := self._room_of(connection)) is not None:
            room.bound_inflow(connection, size)

    def congested(self, connection: Connection) -> None:
        """The connection's outbox is full."""
        if (room := self._room_of(connection)) is not None:
            room.congested(connection)

    def drained(self, connection: Connection) -> None:
        """The connection's outbox has drained."""
        if (room := self._room_of(connection)) is not None:
            room.drained(connection)

    def left(self, connection: Connection) -> None:
        """The connection is not open any more."""
        if (room := self._room_of(connection)) is not None:
            room.left(connection)

    def to_flush(self, connection: Connection) -> None:
        """Let the connection write at the end of this turn of the event loop, all of them together."""
        if not self._to_flush:
            asyncio.get_running_loop().call_soon(self._flush)
        self._to_flush.append(connection)

    async def photo(self, room: str, sha256: str, text: str) -> tuple[str, bytes] | None:
        """See `RunningRoom.photo`. A room that is not open is opened for a pass that we gave out."""
        if PhotoPass.read(text, room, self._relay_key) is None:
            raise AccessDenied(closing.WRONG_LINK)
        if self._stopping:
            raise StoreError("the relay is ending")
        if room not in self._rooms:
            self._open(room)
        return await self._rooms[room].photo(sha256, text)

    async def aclose(self) -> None:
        """Do what is left to do in every room, save it and close it."""
        self._stopping = True
        for room in self._rooms.values():
            room.stop()
        await asyncio.gather(*self._tasks.values())
        await self._darkroom.aclose()

    def _greet(self, greeting: Greeting) -> None:
        name = greeting.hello.room
        room = self._rooms.get(name)
        if room is not None:
            room.greet(greeting)
        elif greeting.caller.feeds:
            # It is there only while somebody else is (F9).
            greeting.connection.close(closing.UNKNOWN_ROOM)
        elif not self._stopping:
            self._open(name, greeting)

    def _open(self, name: str, *greetings: Greeting) -> None:
        keeping = Keeping(self._store, self._cache, name, self._assets)
        room = RunningRoom(name, keeping, self._relay_key, self._settings.room_idle, self._darkroom, self.feeder)
        for greeting in greetings:
            room.greet(greeting)
        self._rooms[name] = room
        self._tasks[name] = asyncio.create_task(self._keep(name, room), name=f"room {name}")

    async def _keep(self, name: str, room: RunningRoom) -> None:
        await room.run()
        del self._rooms[name], self._tasks[name]
        if self._stopping:
            return
        # They came while it was being closed; for the feed process alone it is not opened.
        if any(not greeting.caller.feeds for greeting in room.waiting):
            self._open(name, *room.waiting)
        else:
            for greeting in room.waiting:
                greeting.connection.close(closing.UNKNOWN_ROOM)

    def _room_of(self, connection: Connection) -> RunningRoom | None:
        return None if connection.room is None else self._rooms.get(connection.room)

    def _prove(self, challenge: Challenge) -> Proof:
        # A ticket lives only while the session that granted it does, so its room is open.
        proofs = (room.prove(challenge) for room in self._rooms.values())
        return next((proof for proof in proofs if proof is not None), Proof(""))

    def _may_create(self, hello: Hello) -> bool:
        token = self._settings.operator_token
        return bool(token) and hmac.compare_digest(hello.create.encode(), token.encode())

    def _is_feeder(self, hello: Hello) -> bool:
        token = self._settings.feeder_secret
        return hello.kind == "feeder" and hmac.compare_digest(hello.secret.encode(), token.encode())

    def _flush(self) -> None:
        connections, self._to_flush = self._to_flush, []
        mailing = Mailing()
        for connection in connections:
            connection.flush(mailing)
