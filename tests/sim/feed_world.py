"""A feed with bad luck: a kernel that pushes rows, viewers that draw them, and a relay that dies.

As in `world.py`, everything that decides is the product's own code (`Producer`, `Viewer`, `Room`, `MemoryStore`);
only lines, time and luck are made here. The test makes the relay's limits small, so that few rows meet all of them.
"""

from __future__ import annotations

import itertools
import random
from collections import deque
from typing import Any

import numpy as np

from cowidget.core import columns, limits
from cowidget.core.access import Caller, hash_of
from cowidget.core.columns import Block
from cowidget.core.effects import Append, AwaitDrain, Close, Effect, KeepFeeds, ReadRows, Save, SealFeed, Send
from cowidget.core.feed_values import Column, FeedSpec
from cowidget.core.feeds import ring
from cowidget.core.feeds.changes import PutRows, SealRows
from cowidget.core.feeds.producer import Producer
from cowidget.core.feeds.record import Record
from cowidget.core.feeds.viewer import Viewer
from cowidget.core.frames import Fed, Fetched, Grant, Hello, Report, Rows, Watched, Welcome
from cowidget.core.room import Room
from cowidget.core.values import Invitation
from cowidget.stores.memory import KeptRoom, MemoryStore
from tests.sim.clients import GUEST_SECRET, OWNER_SECRET, ROOM, Line
from tests.sim.world import drive

FEED = "ticks"
NEWS = Fed | Fetched | Report | Rows | Watched


class Host:
    """The kernel: a record of rows, and what sends them."""

    secret, role, create = OWNER_SECRET, "owner", "operator"

    def __init__(self, world: FeedWorld, spec: FeedSpec) -> None:
        self.world = world
        self.line: Line | None = None
        self.record = Record(1 << 32)
        self.producer = Producer(FEED, spec, self.record, itertools.count(1), window=30_000)

    def push(self, rng: random.Random) -> None:
        """Some rows more."""
        count = rng.choice((1, 1, 3, 10, 40, 200, 600))
        rows = np.arange(self.record.end, self.record.end + count)
        self.record.append({0: rows / 10.0, 1: np.random.default_rng(rows[0]).random(count), 2: rows * 7 % 1000})

    def welcomed(self) -> list[Any]:
        grant = Grant(1, Invitation("guests", "viewer", hash_of(GUEST_SECRET)))
        return [grant, *self.producer.receive_welcome()]

    def cut(self) -> None:
        self.producer.receive_cut()

    def receive(self, news: Any) -> list[Any]:
        return self.producer.receive(news) if isinstance(news, Fed | Fetched) and news.feed == FEED else []

    def more(self) -> list[Any]:
        """What there is to send by itself."""
        return list(iter(lambda: self.producer.next_rows(self.world.now), None))


class Watcher:
    """A viewer: what it holds, and whether it draws just now."""

    secret, role, create = GUEST_SECRET, "viewer", ""

    def __init__(self, world: FeedWorld) -> None:
        self.world = world
        self.line: Line | None = None
        self.viewer = Viewer(FEED, itertools.count(1))
        self.blocks: dict[int, Block] = {}
        self.drawing = True

    def welcomed(self) -> list[Any]:
        return self.viewer.receive_welcome()

    def cut(self) -> None:
        self.viewer.receive_cut()

    def receive(self, news: Any) -> list[Any]:
        seen = self.viewer.receive(news)
        if seen.void is not None:
            self.blocks.clear()
        for block in seen.blocks:
            assert block.first not in self.blocks, "rows were told twice"
            self.blocks[block.first] = block
        return list(seen.frames)

    def more(self) -> list[Any]:
        return []

    def crc(self, first: int) -> int:
        """The checksum of the rows from `first` on."""
        crc = 0
        for block in self.blocks.values():
            crc = columns.checksum(columns.slice_block(block, first, 1 << 53), crc)
        return crc


class FeedWorld:
    """Everything, and the steps by which it moves."""

    def __init__(self, seed: int, watchers: int = 3) -> None:
        self.rng = random.Random(seed)
        self.now = 0.0
        self.unlucky = True
        keep = self.rng.choice((1 << 32, 1 << 32, 1500))
        self.spec = FeedSpec((Column("price"), Column("volume", "integer")), keep_rows=keep)
        self.kept_end = 0
        self._kept: dict[str, KeptRoom] = {}
        self._store = MemoryStore(self._kept)
        self._room: Room | None = None
        self._fence = 0
        self._asked: deque[Effect] = deque()
        self._lines: dict[str, Line] = {}
        self._draining: set[str] = set()
        self._full: set[str] = set()
        self._largest = 0
        self._names = itertools.count(1)
        self.host = Host(self, self.spec)
        self.watchers = [Watcher(self) for _ in range(watchers)]

    @property
    def clients(self) -> list[Host | Watcher]:
        return [self.host, *self.watchers]

    # Steps.

    def step(self) -> None:
        """One thing happens."""
        self.now += self.rng.choice((0.001, 0.02, 0.3))
        move = self.rng.choices(
            (self.push, self.deliver, self.commit, self.connect, self.cut_any, self.change_mind, self.kill),
            weights=(15, 50, 30, 10, 2, 3, 0.7),
        )[0]
        move()

    def push(self) -> None:
        """The kernel has new rows."""
        self.host.push(self.rng)

    def deliver(self) -> None:
        """Some frames of one direction of one line arrive."""
        client = self.rng.choice(self.clients)
        if self.rng.random() < 0.5:
            self._deliver_up(client, self.rng.randrange(1, 8))
        else:
            self._deliver_down(client, self.rng.randrange(1, 8))

    def commit(self) -> None:
        """The store does the first thing that it was asked, and what can be done along."""
        if self._room is None:
            self._start()
        elif self._asked:
            self._answer(self._asked.popleft())

    def connect(self) -> None:
        """Somebody who is away opens a line."""
        client = self.rng.choice(self.clients)
        if client.line is None and self._room is not None:
            line = client.line = Line(f"line {next(self._names)}")
            self._lines[line.name] = line
            line.up.append(Hello(1, ROOM, line.name, client.secret, create=client.create))

    def cut_any(self) -> None:
        """A line breaks; both ends may notice it in any order."""
        client = self.rng.choice(self.clients)
        if client.line is not None and self.rng.random() < 0.5:
            self._forget(client.line.name)
        self.cut(client)

    def cut(self, client: Host | Watcher) -> None:
        if client.line is not None:
            client.line = None
            client.cut()

    def change_mind(self) -> None:
        """A viewer looks away, or back."""
        watcher = self.rng.choice(self.watchers)
        watcher.drawing = not watcher.drawing

    def kill(self) -> None:
        """The relay dies: what was kept stays, what was not is gone."""
        self._room = None
        self._asked.clear()
        self._draining.clear()
        self._full.clear()
        self._lines.clear()
        self._store = MemoryStore(self._kept)
        for client in self.clients:
            self.cut(client)

    def settle_down(self) -> None:
        """Luck turns: lines hold, everything is delivered, everybody draws."""
        self.unlucky = False
        for name in self._lines.keys() - {client.line.name for client in self.clients if client.line is not None}:
            self._forget(name)
        for watcher in self.watchers:
            watcher.drawing = True
        for _ in range(3000):
            self.now += 0.1
            for client in self.clients:
                if client.line is None:
                    self.connect()
                self._deliver_up(client, 1000)
                self._deliver_down(client, 1000)
            while self._asked or self._room is None:
                self.commit()
            if self.is_at_rest():
                return
        raise AssertionError("the feed does not come to rest")

    def newcomer(self) -> Watcher:
        """Somebody who comes when all is at rest, and gets everything from the store."""
        watcher = Watcher(self)
        self.watchers.append(watcher)
        self.settle_down()
        return self.watchers.pop()

    def is_at_rest(self) -> bool:
        """Everybody has joined, the store has all rows, and everybody holds them."""
        if any(client.line is None or client.line.up or client.line.down for client in self.clients):
            return False
        end = self.host.record.end
        complete = all(watcher.viewer.complete and watcher.viewer.end == end for watcher in self.watchers)
        return self.host.producer.drained and complete

    # The relay's shell.

    def _start(self) -> None:
        opened = drive(self._store.create(ROOM))
        self._fence = opened.fence
        self._room = Room(ROOM, opened, b"relay key", lambda: f"{self.rng.getrandbits(64):016x}")

    def _run(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(connections=names, frame=frame):
                    self._check_kept(frame)
                    for name in names:
                        self._send(name, frame)
                case Close(connection=name, closing=why) if name in self._lines:
                    self._lines.pop(name).down.append(why.code)
                case AwaitDrain(connection=name):
                    self._draining.add(name)
                case Save() | Close():
                    continue
                case _:
                    self._asked.append(effect)

    def _send(self, name: str, frame: Any) -> None:
        if (line := self._lines.get(name)) is None:
            return
        line.down.append(frame)
        self._largest = max(self._largest, _size(frame))
        if _bytes_in(line) > limits.OUTBOX_BYTES and name not in self._full and self._room is not None:
            self._full.add(name)
            self._run(self._room.receive_congested(name, self.now))
        most = 2 * limits.OUTBOX_BYTES + 2 * self._largest
        assert _bytes_in(line) <= most, "a slow viewer takes memory"

    def _check_kept(self, frame: Any) -> None:
        """Nothing is shown that the store does not hold."""
        blocks = [frame.block] if isinstance(frame, Rows) else frame.blocks if isinstance(frame, Fetched) else ()
        for head in map(columns.head, blocks):
            assert head.first + head.count <= self.kept_end, "rows were shown that the store does not have"

    def _answer(self, asked: Effect) -> None:
        room, fails = self._opened(), self.unlucky and self.rng.random() < 0.03
        match asked:
            case Append(entries=entries):
                self._run(room.receive_appended(drive(self._store.append(ROOM, self._fence, entries)), self.now))
            case KeepFeeds(changes=changes):
                together = list(changes)
                while self._asked and isinstance(self._asked[0], KeepFeeds) and (fails or self.rng.random() < 0.7):
                    together += self._asked.popleft().changes
                if fails:
                    rest = [each for each in self._asked if isinstance(each, KeepFeeds)]
                    self._asked = deque(each for each in self._asked if not isinstance(each, KeepFeeds))
                    lost = [*together, *(change for each in rest for change in each.changes)]
                    self._run(room.receive_feeds_lost(lost, self.now))
                    return
                drive(self._store.keep_feeds(ROOM, self._fence, together))
                ends = [change.block.end for change in together if isinstance(change, PutRows)]
                self.kept_end = max([self.kept_end, *ends])
                if self.unlucky and self.rng.random() < 0.01:
                    self.kill()  # between commit and acknowledgement
                    return
                self._run(room.receive_feeds_kept(together, self.now))
            case SealFeed(feed=feed, blocks=blocks, rows=rows):
                chunks = () if fails else ring.seal(blocks, rows)
                if chunks:
                    sealed = SealRows(feed, blocks[0].first, blocks[-1].end, chunks)
                    drive(self._store.keep_feeds(ROOM, self._fence, [sealed]))
                self._run(room.receive_sealed(asked, chunks, self.now))
            case ReadRows() if fails:
                self._run(room.receive_unread(asked, self.now))
            case ReadRows(feed=feed, first=first, last=last):
                read = drive(self._store.read_rows(ROOM, feed, first, last, 10_000))
                self._run(room.receive_rows(asked, read, self.now))
            case _:
                raise AssertionError(f"this simulation has no {asked}")

    def _opened(self) -> Room:
        assert self._room is not None
        return self._room

    # Lines.

    def _deliver_up(self, client: Host | Watcher, count: int) -> None:
        line = client.line
        while self._room is not None and line is not None and line.name in self._lines and line.up and count:
            count -= 1
            frame = line.up.popleft()
            if isinstance(frame, Hello):
                caller = Caller(may_create=frame.create == "operator")
                self._run(self._room.receive_hello(line.name, frame, caller, self.now))
            else:
                self._run(self._room.receive(line.name, frame, self.now))

    def _deliver_down(self, client: Host | Watcher, count: int) -> None:
        looks = not isinstance(client, Watcher) or client.drawing
        while looks and (line := client.line) is not None and line.down and count:
            count -= 1
            frame = line.down.popleft()
            if isinstance(frame, int):
                self.cut(client)
                return
            if isinstance(frame, Welcome):
                line.up.extend(client.welcomed())
            elif isinstance(frame, NEWS):
                line.up.extend(client.receive(frame))
            self._note_drained(line)
        if client.line is not None:
            client.line.up.extend(client.more())

    def _note_drained(self, line: Line) -> None:
        waiting = self._full | self._draining
        if self._room is None or line.name not in self._lines or line.name not in waiting or _bytes_in(line) > 1000:
            return
        self._full.discard(line.name)
        self._draining.discard(line.name)
        self._run(self._room.receive_drained(line.name, self.now))

    def _forget(self, name: str) -> None:
        if self._lines.pop(name, None) is not None and self._room is not None:
            self._run(self._room.receive_left(name, self.now))


def _bytes_in(line: Line) -> int:
    return sum(_size(frame) for frame in line.down)


def _size(frame: Any) -> int:
    match frame:
        case Rows(block=block):
            return len(block)
        case Fetched(blocks=blocks):
            return sum(map(len, blocks))
        case Watched(overview=overview):
            return sum(map(len, overview))
    return 50
