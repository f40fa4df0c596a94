"""One feed of a room while its source runs: between `feeds.run` and the connection to the relay."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from itertools import chain

from msgspec.structs import replace

from cowidget.core.columns import Block, decode
from cowidget.core.feed_values import Column, FeedSpec, FeedStatus, Source
from cowidget.core.frames import ClientFrame, Fed, Feed, Fetch, Fetched, Report, Rows
from cowidget.feeder.outgoing import Outgoing
from cowidget.feeds.blocks import blocks_of, gap_at
from cowidget.feeds.fields import Row
from cowidget.feeds.reach import Reach
from cowidget.feeds.run import Resumed, run_feed

_log = logging.getLogger(__name__)

# Seconds for the relay to tell the last row that it has. Without it, the feed goes on after a gap.
FETCH_TIMEOUT = 3.0
_FETCH_ID = 1


class RunningFeed:
    """Runs the source of one feed, and says what is to be sent for it. It outlives connections.

    Attributes:
        placed: the relay has told on this connection where the feed stands, so that frames may be sent.
    """

    def __init__(self, name: str, spec: FeedSpec, source: Source, on_frames: Callable[[], None]) -> None:
        self.name = name
        self.source = source
        self.placed = False
        self._spec = spec
        self._on_frames = on_frames
        self._outgoing = Outgoing()
        self._status: FeedStatus | None = None
        self._told_status: FeedStatus | None = None
        self._told_columns = len(spec.columns)
        self._asks = False
        self._end = 0
        self._last: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()

    async def run(self, reach: Reach) -> None:
        """Run the source until cancelled. Its trouble is a report, and no other feed's."""
        try:
            await run_feed(self.source, self._spec.columns, self, reach, await self._resumed())
        except Exception:  # noqa: BLE001 - the outermost loop of this feed
            _log.exception("feed %s failed", self.name)
            self.send_report(FeedStatus("failed", "The source failed; the relay's log says how.", time.time()))

    # What the relay says.

    def continues(self, feed: Feed) -> bool:
        """Whether this goes on for what the relay now says of the feed; else it is another one."""
        if feed.spec is None or feed.source != self.source:
            return False
        ours, theirs = self._spec.columns, feed.spec.columns
        return ours[: len(theirs)] == theirs

    def receive_place(self, feed: Feed) -> None:
        """Where the feed stands, on a new connection or after a change."""
        if feed.spec is None:
            raise AssertionError("a feed that is over has no place")
        if not self._end:
            self._end = feed.end
        self._told_columns = len(feed.spec.columns)
        self._told_status = None
        self.placed = True
        self._outgoing.receive_place(feed.end)
        self._on_frames()

    def receive_fed(self, fed: Fed) -> None:
        """The relay has rows."""
        self._outgoing.receive_fed(fed.epoch, fed.end)
        self._on_frames()

    def receive_fetched(self, fetched: Fetched) -> None:
        """The last rows before ours."""
        times = [block.time for block in map(decode, fetched.blocks) if isinstance(block, Block) and block.count]
        if not self._last.done():
            self._last.set_result(float(times[-1][-1]) if times else None)

    def take_frames(self) -> list[ClientFrame]:
        """What is to be sent now, in order."""
        frames: list[ClientFrame] = []
        if self._asks:
            self._asks = False
            frames.append(Fetch(self.name, _FETCH_ID, self._end - 1, self._end))
        if len(self._spec.columns) > self._told_columns:
            self._told_columns = len(self._spec.columns)
            frames.append(Feed(self.name, self._spec))
        frames += (Rows(self.name, data) for data in self._outgoing.take())
        if self._status is not None and self._status != self._told_status:
            self._told_status = self._status
            frames.append(Report(self.name, self._status))
        return frames

    # What the source gives (`feeds.run.Outlet`).

    async def ready(self) -> None:
        """Wait until rows can be taken."""
        await self._outgoing.ready.wait()

    def send_rows(self, columns: Sequence[Column], rows: Sequence[Row], *, gap: bool) -> None:
        """Rows on their way; the feed may have gained columns."""
        if len(columns) > len(self._spec.columns):
            self._spec = replace(self._spec, columns=tuple(columns))
        now = time.time()
        blocks = blocks_of(columns, rows, now)
        self._outgoing.push(chain([gap_at(rows[0].time)], blocks) if gap else blocks)
        self._on_frames()

    def send_report(self, status: FeedStatus) -> None:
        """How the source is doing; the newest is what counts."""
        self._status = status
        self._on_frames()

    async def _resumed(self) -> Resumed | None:
        if not self._end:
            return None
        self._asks = True
        self._on_frames()
        try:
            async with asyncio.timeout(FETCH_TIMEOUT):
                return Resumed(await self._last)
        except TimeoutError:
            return Resumed(None)
