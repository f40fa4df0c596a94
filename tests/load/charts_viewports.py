"""Viewports of a long feed per second: each a fetch of the bins that a chart of some width shows."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass

from cowidget.core import codec
from cowidget.core.feed_frames import Fetch, Fetched
from cowidget.core.frames import Welcome
from tests.load.charts_scene import FEED
from tests.load.drag import bench_kernel, place_of
from tests.load.servers import Server, running_relay
from tests.load.swarm import Listener, hello, open_swarm

ROWS = 2_000_000
SECONDS = 5.0
CONNECTIONS = 40
# A guest may send 120 messages a second; several questions share one.
TOGETHER = 2
PAUSE = TOGETHER / 100
BINS = 1_500
SETUP = f"""
import cowidget as cw
from tests.load.charts_pusher import sensor
chart = cw.chart("v:single", name="load", keep=4_000_000)
room = cw.share(chart)
for first in range(0, {ROWS}, 50_000):
    chart.push(sensor(first, 50_000))
"""


@dataclass(frozen=True, slots=True)
class Queries:
    """Answers per second, microseconds of the relay's processor time for each, and kilobytes."""

    per_second: float
    cost: float
    size: float

    @property
    def capacity(self) -> float:
        """Answers per second of a core that does nothing else."""
        return 1e6 / self.cost


class Asker(Listener):
    """Asks for one viewport after the other."""

    def __init__(self, host: str, path: str, greeting: bytes) -> None:
        super().__init__(host, path, greeting)
        self.answers = 0
        self.bytes = 0
        self._asked = 0
        self._chance = random.Random(greeting)
        self._welcomed = False

    def receive(self, data: bytes, start: int, end: int) -> None:
        for each in codec.decode_relay(data[start:end]):
            if isinstance(each, Welcome):
                asyncio.get_running_loop().call_later(1.0, self._ask)
            elif isinstance(each, Fetched) and not each.more:
                self.answers += 1
                self.bytes += end - start
                if self.answers == self._asked:
                    asyncio.get_running_loop().call_later(PAUSE, self._ask)

    def _ask(self) -> None:
        questions = [codec.encode(self._question(self._asked + n + 1)) for n in range(TOGETHER)]
        self._asked += TOGETHER
        self.send(codec.join(questions))

    def _question(self, number: int) -> Fetch:
        wide = self._chance.randrange(50_000, ROWS)
        first = self._chance.randrange(0, ROWS - wide + 1)
        level = next(level for level in range(1, 7) if wide / 16**level <= BINS)
        return Fetch(FEED, number, first, first + wide, level)


def measure(seconds: float = SECONDS) -> Queries:
    """By viewers who all look around at once."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel:
        time.sleep(1.0)
        return asyncio.run(_measure(relay, kernel.value("room.url"), seconds))


async def _measure(relay: Server, link: str, seconds: float) -> Queries:
    room, secret = place_of(link)
    swarm = await open_swarm(relay.port, "/ws", [hello(room, secret, n) for n in range(CONNECTIONS)], Asker)
    await asyncio.sleep(2.0)
    before, cpu, begun = _answers(swarm), relay.cpu(), time.monotonic()
    await asyncio.sleep(seconds)
    answers, size = (late - early for late, early in zip(_answers(swarm), before, strict=True))
    elapsed, spent = time.monotonic() - begun, relay.cpu() - cpu
    for asker in swarm:
        asker.close()
    return Queries(answers / elapsed, spent / answers * 1e6, size / answers / 1000)


def _answers(swarm: list[Asker]) -> tuple[int, int]:
    return sum(asker.answers for asker in swarm), sum(asker.bytes for asker in swarm)


if __name__ == "__main__":
    print(measure())
