"""Messages of a chat that are acknowledged when the store has them for good, from people who write all at once.

The peer is what a simple server does: each message in a transaction of its own, on the same disk.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from cowidget.core import codec
from cowidget.core.frames import Ack, Post
from cowidget.core.values import Text
from tests.load.deliveries import GUEST, ROOM, greet_owner
from tests.load.servers import Server, running_relay
from tests.load.swarm import Listener, hello, open_swarm

PEOPLE = 50
PER_SECOND = 5_000
SECONDS = 4.0
ROUNDS = 3
PEER_MESSAGES = 1_000
# Seconds between two looks at what is due.
PAUSE = 0.001
# Seconds until the last acknowledgement, on a machine that is busy with other things.
PATIENCE = 60.0
# How an acknowledgement begins, the last frame of a message.
_ACK = codec.encode(Ack(0))[:10]
Figures = TypeVar("Figures", "Posts", "Commits")


@dataclass(frozen=True, slots=True)
class Posts:
    """What became of the messages.

    Attributes:
        per_second: how many of them were acknowledged in a second.
        p50: milliseconds from the sending to the acknowledgement.
        p99: the same.
        relay: per cent of a core.
        cost: microseconds of the relay's processor time for each, its delivery to everybody included.
        ours: the same of this process, which writes and reads for all people.
        others: per cent of this machine that was taken by processes which are none of these.
    """

    per_second: float
    p50: float
    p99: float
    relay: float
    cost: float
    ours: float
    others: float


@dataclass(frozen=True, slots=True)
class Commits:
    """Transactions of one message each: how many a second, and the milliseconds of one."""

    per_second: float
    p50: float
    p99: float


class Writer(Listener):
    """One person: notes when each post was sent and when it was acknowledged."""

    def __init__(self, host: str, path: str, greeting: bytes) -> None:
        super().__init__(host, path, greeting)
        self.sent: list[float] = []
        self.waits: list[float] = []
        self.lost = False

    def post(self, text: str) -> None:
        """Write a message."""
        self.sent.append(time.perf_counter())
        self.send(codec.join([codec.encode(Post(len(self.sent), Text(text)))]))

    def receive(self, data: bytes, start: int, end: int) -> None:
        super().receive(data, start, end)
        # What others write is not looked at: that is the work of pages, not of the relay.
        at = data.rfind(_ACK, start, end)
        if at < 0:
            return
        now = time.perf_counter()
        for frame in codec.decode_relay(b"\x91" + data[at:end]):
            if isinstance(frame, Ack):
                self.waits += [now - sent for sent in self.sent[len(self.waits) : frame.id]]

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.lost = True


def measure(rounds: int = ROUNDS) -> tuple[Posts, Commits]:
    """One room on a file, and the peer on another, in turn; medians."""
    posts, commits = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            commits.append(_commit_each(Path(folder) / "peer.db"))
            with running_relay(f"sqlite:///{Path(folder) / 'rooms.db'}") as relay:
                posts.append(asyncio.run(_measure(relay)))
    return _middle(posts), _middle(commits)


async def _measure(relay: Server) -> Posts:
    async with await greet_owner(relay.port) as owner:
        writers = await open_swarm(relay.port, "/ws", [hello(ROOM, GUEST, n) for n in range(PEOPLE)], Writer)
        reading = asyncio.create_task(_drain(owner))
        await asyncio.sleep(1.0)  # joins and presence are over
        cpu, own, all_busy, begun = relay.cpu(), time.process_time(), busy(), time.perf_counter()
        total = round(PER_SECOND * SECONDS)
        async with asyncio.timeout(SECONDS + PATIENCE):
            await _write(writers, total, begun)
        took = time.perf_counter() - begun
        spent, ours = relay.cpu() - cpu, time.process_time() - own
        others = (busy() - all_busy - spent - ours) / took / (os.cpu_count() or 1)
        reading.cancel()
        for writer in writers:
            writer.close()
    waits = sorted(1e3 * wait for writer in writers for wait in writer.waits)
    cuts = waits[total // 2], waits[total * 99 // 100]
    return Posts(total / took, *cuts, 100 * spent / took, 1e6 * spent / total, 1e6 * ours / total, 100 * others)


def busy() -> float:
    """Seconds for which the processors of this machine have worked so far, for whomever."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


async def _write(writers: Sequence[Writer], total: int, begun: float) -> None:
    sent = 0
    while (acknowledged := sum(len(writer.waits) for writer in writers)) < total:
        if any(writer.lost for writer in writers):
            raise ConnectionError(f"the relay has closed somebody's line after {acknowledged} acknowledgements")
        due = min(total, round((time.perf_counter() - begun) * PER_SECOND))
        for n in range(sent, due):
            writers[n % len(writers)].post(f"message {n} of somebody who writes a usual line of text")
        sent = max(sent, due)
        await asyncio.sleep(PAUSE)


def _commit_each(path: Path) -> Commits:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE log (at INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        waits = []
        for n in range(PEER_MESSAGES):
            begun = time.perf_counter()
            connection.execute("INSERT INTO log (text) VALUES (?)", (f"message {n} of somebody who writes a line",))
            waits.append(1e3 * (time.perf_counter() - begun))
    connection.close()
    taken = sorted(waits)
    return Commits(1e3 * len(taken) / sum(taken), taken[len(taken) // 2], taken[len(taken) * 99 // 100])


def _middle(rounds: Sequence[Figures]) -> Figures:
    kind = type(rounds[0])
    return kind(*(statistics.median(getattr(each, name) for each in rounds) for name in kind.__slots__))


async def _drain(connection: object) -> None:
    async for _ in connection:  # type: ignore[attr-defined]
        pass


if __name__ == "__main__":
    print(*measure(), sep="\n")
