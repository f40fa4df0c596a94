"""A room with bad luck: guests, an owner's kernel and a relay, in one thread and without a clock.

A seed decides what happens next: a frame is delivered, a line breaks, somebody edits, the store commits,
the relay dies between commit and acknowledgement, the kernel restarts. Everything that decides is the
product's own code (`Room`, `Replica`, `MemoryStore`); only lines, time and luck are made here.
"""

from __future__ import annotations

import random
from collections.abc import Coroutine
from typing import Any, TypeVar

from cowidget.core import closing, frames
from cowidget.core.access import Caller
from cowidget.core.effects import (
    Append,
    AwaitDrain,
    Close,
    DropBlobs,
    Effect,
    Entry,
    FetchBlob,
    KeepBlob,
    Ordered,
    ReadLog,
    Save,
    Send,
)
from cowidget.core.replica import Identity, Phase, Replica
from cowidget.core.room import Room
from cowidget.core.values import Kind
from cowidget.stores.memory import KeptRoom, MemoryStore
from tests.sim.clients import CUT, ROOM, Client, Guest, Host, Kernel, Line
from tests.sim.witness import Witness

T = TypeVar("T")


class World:
    """Everything, and the steps by which it moves."""

    def __init__(self, seed: int, guests: int = 3, *, talks: bool = False, manages: bool = False) -> None:
        self.rng = random.Random(seed)
        self.witness = Witness()
        self.now = 0.0
        self.unlucky = True
        self.talks = talks
        self.manages = manages
        self._kept: dict[str, KeptRoom] = {}
        self._store = MemoryStore(self._kept)
        self._room: Room | None = None
        self._fence = 0
        self._waiting: list[Entry] = []
        self._committed: list[Ordered] = []
        self._lines: dict[str, Line] = {}
        self._dialled: dict[str, Client] = {}
        self._draining: set[str] = set()
        self._names = 0
        self._values = 0
        self.kernel = Kernel(self, 0, self._new_replica("kernel"))
        self.guests = [Guest(self, n + 1, self._new_replica("guest")) for n in range(guests)]
        if manages:
            self.guests.append(Host(self, guests + 1, self._new_replica("guest")))

    @property
    def clients(self) -> list[Client]:
        """The kernel and the guests."""
        return [self.kernel, *self.guests]

    def fresh_value(self, number: int) -> int:
        """A value that nobody has used."""
        self._values += 1
        return self._values * 10 + number

    def remains(self) -> str:
        """Everything that the store and the relay hold of the log, as text."""
        room = self._kept[ROOM].log
        return repr(room) + repr(self._expect_room()._ledger.log.last(1000))

    # Steps.

    def step(self) -> None:
        """One thing happens."""
        self.now += 0.01
        move = self.rng.choices(
            (self.act, self.deliver, self.commit, self.connect, self.cut_any, self.congest, self.trouble),
            weights=(20, 50, 14, 8, 2, 3, 1.5),
        )[0]
        move()

    def act(self) -> None:
        """Somebody does something."""
        self.rng.choice(self.clients).act(self.rng)

    def deliver(self) -> None:
        """Some frames of one direction of one line arrive."""
        client = self.rng.choice(self.clients)
        count = self.rng.randrange(1, 8)
        if self.rng.random() < 0.5:
            self._deliver_up(client, count)
        else:
            self._deliver_down(client, count)

    def commit(self) -> None:
        """The store commits what waits, or tells what it has committed."""
        if self._room is None:
            self._start()
        elif self._committed:
            ordered, self._committed = self._committed, []
            self._run(self._room.receive_appended(ordered, self.now))
        elif self._waiting:
            entries, self._waiting = self._waiting, []
            if self.unlucky and self.rng.random() < 0.03:
                self._run(self._room.receive_append_failed(entries, self.now))
                return
            self._committed = drive(self._store.append(ROOM, self._fence, entries))
            self.witness.ordered(self._committed)
        self._tick()

    def connect(self) -> None:
        """Somebody who is away opens a line."""
        client = self.rng.choice(self.clients)
        if client.line is None and self._room is not None:
            self._names += 1
            line = client.line = Line(f"line {self._names}")
            self._lines[line.name] = line
            self._dialled[line.name] = client
            client.run(client.replica.receive_opened(client.secret, client.create))

    def cut_any(self) -> None:
        """A line breaks; both ends may notice it in any order."""
        self.cut(self.rng.choice(self.clients))

    def cut(self, client: Client) -> None:
        """This client's line breaks."""
        line, client.line = client.line, None
        if line is None:
            return
        if self.rng.random() < 0.5:
            self._forget(line.name)
        client.run(client.replica.receive_closed(CUT))

    def congest(self) -> None:
        """A client does not read for a while."""
        if self._room is not None and self._lines:
            name = self.rng.choice(sorted(self._lines))
            self._run(self._room.receive_congested(name, self.now))
            self._draining.add(name)

    def trouble(self) -> None:
        """Something worse."""
        match self.rng.randrange(6):
            case 0:
                self.kill()
            case 1:
                self.stop()
            case 2:
                self.restart_kernel()
            case 3:
                self.rng.choice(self.guests).reload()
            case _:
                self._hear_from_the_dead()

    def kill(self) -> None:
        """The relay dies: what was committed stays, what was not is gone."""
        self._room = None
        self._waiting.clear()
        self._committed.clear()
        self._draining.clear()
        self._store = MemoryStore(self._kept)
        self._lines.clear()
        for client in self.clients:
            self.cut(client)

    def stop(self) -> None:
        """The relay stops cleanly: it commits, saves and closes."""
        if self._room is None:
            return
        if self._committed:
            self._run(self._room.receive_appended(self._committed, self.now))
            self._committed = []
        save, keep = self._room.closing()
        self._run([save])
        drive(self._store.close_room(ROOM, self._fence, keep))
        self.kill()

    def restart_kernel(self) -> None:
        """The kernel loses everything but its code: the cell is run again."""
        self.cut(self.kernel)
        self.witness.gone(self.kernel.replica)
        executed = self.kernel.executed
        self.kernel = Kernel(self, 0, self._new_replica("kernel"))
        self.kernel.executed = executed

    def settle_down(self) -> None:
        """Luck turns: lines hold, everything is delivered, the kernel decides."""
        self.unlucky = False
        for line in self._orphans():
            self._forget(line.name)
        for _ in range(200):
            self.now += 1.0
            if self._room is None:
                self._start()
            for client in self.clients:
                while client.line is None:
                    self.connect()
            busy = any(self._pump(client) for client in self.clients)
            self.kernel.decide()
            untold = self._expect_room()._presence.deadline() is not None
            if not (busy or untold or self._waiting or self._committed or self._draining):
                return
            self.commit()
        raise AssertionError("the room does not come to rest")

    def _pump(self, client: Client) -> bool:
        moved = client.line is not None and bool(client.line.up or client.line.down)
        self._deliver_up(client, 1000)
        self._deliver_down(client, 1000)
        return moved

    # The relay's shell.

    def _start(self) -> None:
        opened = drive(self._store.create(ROOM))
        self._fence = opened.fence
        self._room = Room(ROOM, opened, b"relay key", self._make_token)

    def _run(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Append(entries=entries):
                    self._waiting.extend(entries)
                case Send(connections=connections, frame=frame):
                    if isinstance(frame, frames.Refused):
                        self._dialled[connections[0]].refused(frame)
                    for line in [self._lines[name] for name in connections if name in self._lines]:
                        line.down.append(frame)
                case Close(connection=name, closing=why) if name in self._lines:
                    self._lines.pop(name).down.append(why.code)
                case AwaitDrain(connection=name):
                    self._draining.add(name)
                case _:
                    self._ask_store(effect)

    def _ask_store(self, effect: Effect) -> None:
        match effect:
            case Save(rows=rows, removed=removed, at=at):
                drive(self._store.save(ROOM, self._fence, rows, removed, at))
            case ReadLog(connection=name, page=page):
                entries = drive(self._store.read_log(ROOM, page))
                self._run(self._expect_room().receive_log(name, page, entries, self.now))
            case KeepBlob() | DropBlobs() | FetchBlob():
                raise AssertionError("this simulation has no blobs")

    def _expect_room(self) -> Room:
        if self._room is None:
            raise AssertionError("no room is open")
        return self._room

    def _tick(self) -> None:
        if self._room is None:
            return
        for name in sorted(self._draining):
            if self.unlucky and self.rng.random() < 0.7:
                continue
            self._run(self._room.receive_drained(name, self.now))
            self._draining.discard(name)
        self._run(self._room.tick(self.now))

    def _orphans(self) -> list[Line]:
        live = {client.line.name for client in self.clients if client.line is not None}
        return [line for name, line in self._lines.items() if name not in live]

    def _hear_from_the_dead(self) -> None:
        """Frames arrive over a line that its client has given up, and then its end."""
        for line in self._orphans():
            self._receive(line, self.rng.randrange(10))
            self._forget(line.name)

    def _deliver_up(self, client: Client, count: int) -> None:
        if client.line is not None:
            self._receive(client.line, count)

    def _receive(self, line: Line, count: int) -> None:
        while self._room is not None and line.up and count and line.name in self._lines:
            frame = line.up.popleft()
            count -= 1
            if isinstance(frame, frames.Hello):
                caller = Caller(may_create=frame.create == "operator")
                self._run(self._room.receive_hello(line.name, frame, caller, self.now))
            else:
                self._run(self._room.receive(line.name, frame, self.now))

    def _deliver_down(self, client: Client, count: int) -> None:
        while client.line is not None and client.line.down and count:
            frame = client.line.down.popleft()
            count -= 1
            if isinstance(frame, int):
                self._end(client, frame)
            else:
                client.run(client.replica.receive(frame))

    def _end(self, client: Client, code: int) -> None:
        client.line = None
        if code == closing.REMOVED.code:
            client.run(client.replica.receive_closed(code))
            # The person comes with the link again, in another browser. What was on its way is not wanted any more.
            self.witness.gone(client.replica)
            client.replica = self._new_replica("guest")
            client.said.clear()
            client.written.clear()
        else:
            client.run(client.replica.receive_closed(closing.RESTARTING.code if code != CUT else code))

    def _forget(self, name: str) -> None:
        if self._lines.pop(name, None) is not None and self._room is not None:
            self._run(self._room.receive_left(name, self.now))

    def _new_replica(self, kind: Kind) -> Replica:
        return Replica(Identity(ROOM, kind, self._make_token(), name="somebody"))

    def _make_token(self) -> str:
        return f"{self.rng.getrandbits(64):016x}"


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("this store waits")


def is_at_rest(world: World) -> bool:
    """Everybody has joined and has nothing left to tell."""
    return all(client.replica.phase is Phase.JOINED and client.replica.waiting == 0 for client in world.clients)
