"""A room on a bench: the real `Room` on the real `MemoryStore`, without sockets and without a clock.

    bench = RoomBench()
    ada = bench.join("participant")
    ada.set({"/volume": 3})
    assert bench.owner.sees(Patch)[-1].keys[0].value == 3

What the room asks of the store is done at once, in order, unless the test holds it (`bench.hold()`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cowidget.core import limits
from cowidget.core.access import Caller, hash_of
from cowidget.core.closing import Closing
from cowidget.core.effects import (
    Append,
    AwaitDrain,
    CleanPhoto,
    Close,
    DropBlobs,
    DropPhotos,
    Effect,
    Entry,
    FetchBlob,
    KeepBlob,
    KeepFeeds,
    KeepPhoto,
    Opened,
    ReadLog,
    ReadRows,
    Save,
    SealFeed,
    SearchLog,
    Send,
)
from cowidget.core.frames import (
    Chunk,
    ClientFrame,
    Declare,
    Emit,
    Event,
    Grant,
    Hello,
    Patch,
    Post,
    RelayFrame,
    Said,
    Set,
    Settle,
    Welcome,
)
from cowidget.core.room import Room
from cowidget.core.values import Body, Change, Invitation, KeyState, LogEntry, Model, Position, Settlement, Share, Text
from cowidget.stores.memory import KeptRoom, MemoryStore
from tests.support.room_answers import NAME as NAME, answer_feeds, answer_photos, drive as drive

RELAY_KEY = b"the relay's own key"
LINKS = ("viewer", "participant", "host")

F = TypeVar("F")

AskedOfPhotos = CleanPhoto | KeepPhoto | DropPhotos
AskedOfFeeds = KeepFeeds | SealFeed | ReadRows
Asked = Append | KeepBlob | ReadLog | SearchLog | AwaitDrain | AskedOfFeeds | AskedOfPhotos


def secret_of(name: str) -> str:
    """The secret of a link, or of the owner."""
    return f"secret of {name}"


def invitation(name: str, role: str = "participant", **fields: Any) -> Invitation:
    """An invitation whose secret is `secret_of(name)`."""
    return Invitation(**{"name": name, "role": role, "hash": hash_of(secret_of(name)), **fields})


def share(name: str = "slider", *, writable: tuple[str, ...] = ("value",), **fields: Any) -> Share:
    """A share of one model with two traits, of which people may write one."""
    return Share(name, (Model("", name.title(), ("value", "label"), writable=writable, **fields),))


def changes(values: Mapping[str, Any]) -> tuple[Change, ...]:
    """New values, inline."""
    return tuple(Change(key, value) for key, value in values.items())


def entry(author: str, push: Any, role: str = "participant") -> Entry:
    """A push on its way to the store."""
    return Entry(author, push.id, role, 0.0, push)


@dataclass(eq=False)
class Peer:
    """One connection, and what the test does with it."""

    bench: RoomBench
    connection: str
    hello: Hello
    frames: list[RelayFrame] = field(default_factory=list)
    closing: Closing | None = None
    slow: bool = False
    last_id: int = 0

    @property
    def welcome(self) -> Welcome:
        """What the room said first."""
        return self.sees(Welcome)[0]

    @property
    def name(self) -> str:
        """The peer that the relay made of it."""
        return self.welcome.peer

    def sees(self, kind: type[F]) -> list[F]:
        """Every frame of this kind since the last `forget`."""
        return [frame for frame in self.frames if isinstance(frame, kind)]

    def forget(self) -> None:
        """Look only at what comes from now on; the welcome stays."""
        self.frames[:] = self.sees(Welcome)

    def holds(self) -> dict[str, KeyState]:
        """The state, as its patches tell it."""
        held: dict[str, KeyState] = {}
        for patch in self.sees(Patch):
            held = {} if patch.reset else held
            for name in patch.gone:
                held = {key: state for key, state in held.items() if name not in (key, key.partition("/")[0])}
            held.update({state.key: state for state in patch.keys})
        return held

    def values(self) -> dict[str, Any]:
        """The state, values only."""
        return {key: state.value for key, state in self.holds().items()}

    def stands(self) -> dict[str, Position]:
        """Where it is in the sequences, for the hello of a return."""
        at, log_at = 0, 0
        for frame in self.frames:
            match frame:
                case Patch(at=reached) | Event(at=reached):
                    at = reached
                case Said(entries=(*_, last)):
                    log_at = last.at
        state, log = self.welcome.state, self.welcome.log
        return {"state": Position(state.epoch, at), "log": Position(log.epoch, log_at)}

    def texts(self) -> list[str]:
        """The chat, as it was told."""
        return [entry.body.text for entry in self.said() if isinstance(entry.body, Text)]

    def said(self) -> list[LogEntry]:
        """The log, as it was told."""
        return [entry for frame in self.sees(Said) for entry in frame.entries]

    # What it does.

    def send(self, frame: ClientFrame) -> None:
        """Any frame."""
        self.bench.run(self.bench.room.receive(self.connection, frame, self.bench.now))

    def push(self, kind: Callable[..., ClientFrame], **fields: Any) -> int:
        """A push with the next id; returns the id."""
        self.last_id += 1
        self.send(kind(id=self.last_id, **fields))
        return self.last_id

    def set(self, values: Mapping[str, Any]) -> int:
        """New values, inline."""
        return self.push(Set, changes=changes(values))

    def post(self, text: str) -> int:
        """A line for the chat."""
        return self.act(Text(text))

    def act(self, body: Body) -> int:
        """Any entry for the log."""
        return self.push(Post, body=body)

    def emit(self, model: str, content: Any = None, **fields: Any) -> int:
        """A message of a model, or to one."""
        return self.push(Emit, model=model, content=content, **fields)

    def declare(self, shared: Share, values: Mapping[str, Any], *, restore: bool = True) -> int:
        """Share a widget."""
        return self.push(Declare, share=shared, changes=changes(values), restore=restore)

    def settle(self, key: str, version: int, outcome: str, **fields: Any) -> int:
        """Decide about a pending write."""
        return self.push(Settle, settlements=(Settlement(key, version, outcome, **fields),))

    def send_blob(self, blob: str, data: bytes, at: int = 0) -> None:
        """A blob from `at` on, in chunks, as far as one pull goes."""
        for start in range(at, min(len(data), at + limits.PULL_WINDOW_BYTES), limits.CHUNK_BYTES):
            self.send(Chunk(blob, start, len(data), data[start : start + limits.CHUNK_BYTES]))

    def leave(self) -> None:
        """The line ends."""
        self.bench.run(self.bench.room.receive_left(self.connection, self.bench.now))

    def congest(self) -> None:
        """Its outbox in the relay is full."""
        self.slow = True
        self.bench.run(self.bench.room.receive_congested(self.connection, self.bench.now))

    def drain(self) -> None:
        """Its outbox has drained."""
        self.slow = False
        self.bench.run(self.bench.room.receive_drained(self.connection, self.bench.now))


class RoomBench:
    """A room with an owner who has given out a link per role."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.fetched: list[FetchBlob] = []
        self.dropped: list[str] = []
        self._kept: dict[str, KeptRoom] = {}
        self._peers: dict[str, Peer] = {}
        self._tokens = self._lines = 0
        self._asked: deque[Asked] = deque()
        self._holding = self.failing = self._running = False
        self.store = MemoryStore(self._kept)
        self._open(drive(self.store.create(NAME)))
        self.owner = self.join("owner", caller=Caller(may_create=True))
        for name in LINKS:
            self.owner.push(Grant, invitation=invitation(name, name))
        self.owner.forget()

    def share_slider(self) -> None:
        """The owner shares a slider that takes messages."""
        self.owner.declare(share(messages=True), {"slider/value": 10, "slider/label": "volume"})

    # Coming and going.

    def join(self, link: str = "participant", *, caller: Caller | None = None, **fields: Any) -> Peer:
        """Somebody comes with a link, or with what the fields of the hello say."""
        self._lines += 1
        defaults: dict[str, Any] = {
            "version": 1,
            "room": NAME,
            "instance": f"instance {self._lines}",
            "secret": secret_of(link),
            "name": f"name {self._lines}",
        }
        peer = Peer(self, f"line {self._lines}", Hello(**(defaults | fields)))
        self._peers[peer.connection] = peer
        self.run(self.room.receive_hello(peer.connection, peer.hello, caller or Caller(), self.now))
        return peer

    def comes_back(self, before: Peer, **fields: Any) -> Peer:
        """A peer opens another connection, with its proof instead of a secret."""
        known: dict[str, Any] = {
            "instance": before.hello.instance,
            "secret": "",
            "peer": before.name,
            "proof": before.welcome.proof,
            "name": before.hello.name,
            **before.stands(),
        }
        after = self.join("", **(known | fields))
        after.last_id = before.last_id
        return after

    # Time, store and relay.

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds
        self.run(self.room.tick(self.now))

    def hold(self) -> None:
        """The store does not answer until `go_on`."""
        self._holding = True

    def go_on(self, *, fail: bool = False) -> None:
        """The store answers; with `fail`, what it was asked meanwhile has failed."""
        self._holding, self.failing = False, fail
        self.run([])
        self.failing = False

    def restart(self, *, clean: bool = True) -> None:
        """Another relay takes the room from what the store holds; everybody's line ends."""
        if clean:
            save, blobs = self.room.closing()
            drive(self.store.save(NAME, self.fence, save.rows, save.removed, save.at))
            drive(self.store.close_room(NAME, self.fence, blobs))
        self._peers.clear()
        self.store = MemoryStore(self._kept)
        opened = drive(self.store.open(NAME))
        if opened is None:
            raise AssertionError("the store has lost the room")
        self._open(opened)

    def picture(self) -> tuple[dict[str, KeyState], tuple[Share, ...]]:
        """The state, as a newcomer is told it."""
        newcomer = self.join("viewer")
        shares = {shared.name: shared for patch in newcomer.sees(Patch) for shared in patch.shares}
        newcomer.leave()
        return newcomer.holds(), tuple(shares[name] for name in sorted(shares))

    def run(self, effects: list[Effect]) -> None:
        """Do what the room asks; what the store answers comes after that."""
        for effect in effects:
            self._do(effect)
        if self._running:
            return
        self._running = True
        while self._asked and not self._holding:
            self.run(self._answer(self._asked.popleft()))
        self._running = False

    def _open(self, opened: Opened) -> None:
        self.fence = opened.fence
        self.room = Room(NAME, opened, RELAY_KEY, self._make_token)

    def _make_token(self) -> str:
        self._tokens += 1
        return f"peer {self._tokens}"

    def _do(self, effect: Effect) -> None:
        match effect:
            case Save(rows=rows, removed=removed, at=at):
                drive(self.store.save(NAME, self.fence, rows, removed, at))
            case DropBlobs(blobs=blobs):
                self.dropped += blobs
                drive(self.store.drop_blobs(NAME, self.fence, blobs))
            case FetchBlob():
                self.fetched.append(effect)
            case Send(connections=connections, frame=frame):
                for connection in connections:
                    if connection in self._peers:
                        self._peers[connection].frames.append(frame)
            case Close(connection=connection, closing=closing):
                self._peers[connection].closing = closing
            case _:
                self._asked.append(effect)

    def _answer(self, asked: Asked) -> list[Effect]:
        match asked:
            case Append(entries=entries):
                return self._append(list(entries))
            case KeepBlob(blob=blob) if self.failing:
                return self.room.receive_keep_failed(blob, self.now)
            case KeepBlob(blob=blob, data=data):
                drive(self.store.put_blob(NAME, blob, data))
                return self.room.receive_kept(blob, self.now)
            case ReadLog(connection=connection, page=page):
                return self.room.receive_log(connection, page, drive(self.store.read_log(NAME, page)), self.now)
            case SearchLog(connection=connection, search=search):
                return self.room.receive_found(connection, search, drive(self.store.search_log(NAME, search)), self.now)
            case AwaitDrain(connection=connection):
                slow = self._peers[connection].slow
                return [] if slow else self.room.receive_drained(connection, self.now)
            case CleanPhoto() | KeepPhoto() | DropPhotos():
                return answer_photos(self, asked)
            case _:
                return answer_feeds(self, asked)

    def _append(self, entries: list[Entry]) -> list[Effect]:
        """What was pushed meanwhile goes into the same batch, as in the relay."""
        while self._asked and isinstance(following := self._asked[0], Append):
            self._asked.popleft()
            entries += following.entries
        if self.failing:
            return self.room.receive_append_failed(entries, self.now)
        return self.room.receive_appended(drive(self.store.append(NAME, self.fence, entries)), self.now)
