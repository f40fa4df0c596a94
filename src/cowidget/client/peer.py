"""A replica kept in step with its room: dials, greets, pings, and comes back until told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from cowidget.client.backoff import STEADY, delays
from cowidget.client.feeding import FEED_NEWS, Feeding
from cowidget.client.uploading import Uploading
from cowidget.core import closing as closings, codec, notes
from cowidget.core.closing import Closing, NextStep, closing_of, next_step
from cowidget.core.frames import ClientFrame, Declined, Ending, FeedNews, Ping, Pong, Pull, RelayFrame, Uploaded
from cowidget.core.notes import Effect, Note, Transmit
from cowidget.core.replica import Phase, Replica
from cowidget.errors import FrameError, RelayUnavailable
from cowidget.transports.websocket import CUT, Closed, WebSocketLink, dial

_log = logging.getLogger(__name__)

PING_INTERVAL = 4.0
# Two pings without an answer (S9).
SILENCE = 10.0
# Frames are joined up to here: a pong must not wait long behind them on a slow line.
MESSAGE_BYTES = 256 * 1024
# A guest may send 120 messages a second (S10), whatever is in them: a loop that sets values stays below.
# An owner's allowance is far above what it sends.
PACE = 0.01
# After a silence: a process that stood still wakes up with the clock run out and messages still unread.
SECOND_CHANCE = 1.0


class Stage(StrEnum):
    """Where a peer is with its room, in the words that people see."""

    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Status:
    """A peer's connection.

    Attributes:
        stage: where it is.
        latency: seconds for a frame to the relay and back, None until measured.
        closing: why the last connection ended, if the relay said so.
        failure: why the last attempt found no relay; empty when it did.
    """

    stage: Stage
    latency: float | None = None
    closing: Closing | None = None
    failure: str = ""

    def __str__(self) -> str:
        reason = self.failure or (self.closing.text if self.closing is not None else "")
        return f"{self.stage}: {reason}" if reason and self.stage is not Stage.LIVE else str(self.stage)


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """Told to the application like a note of the replica."""

    status: Status


@dataclass(frozen=True, slots=True)
class Route:
    """One way to the relay: its WebSocket address, and the operator's token if we may create rooms."""

    address: str
    create: str = ""

    def __repr__(self) -> str:
        return f"Route({self.address!r})"


FindRoute = Callable[[int], Awaitable[Route]]
"""Called before each attempt with the number of failed ones since the last success."""


class Peer:
    """Use it with `async with`; leaving the block ends the connection. All methods belong to its loop."""

    def __init__(
        self, replica: Replica, route: FindRoute, secret: str, receive: Callable[[Note | StatusChanged], None]
    ) -> None:
        self.replica = replica
        self.status = Status(Stage.CONNECTING)
        self._route = route
        self._secret = secret
        self._receive = receive
        self._frames: deque[ClientFrame] = deque()
        self._ready = asyncio.Event()
        self.feeding = Feeding(self._ready.set, time.time)
        self.uploading = Uploading(lambda frames: self.execute((Transmit(tuple(frames)),)))
        self._notes: deque[Note | StatusChanged] = deque()
        self._telling = False
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._heard = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=f"cowidget peer {self.replica.identity.room}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is None:
            raise AssertionError("__aexit__ without __aenter__")
        self._task.cancel()
        await asyncio.wait((self._task,))
        self.uploading.end()

    def execute(self, effects: Iterable[Effect]) -> None:
        """Run what the replica asked for. Frames go out in this order; notes may call this again."""
        for effect in effects:
            if isinstance(effect, Transmit):
                self._frames.extend(effect.frames)
                self._ready.set()
            else:
                self._notes.append(effect)
        self._tell()

    def retry(self) -> None:
        """Dial now instead of after the wait."""
        self._hurry.set()

    # Telling. Notes wait until the effects of the call before are all out: what the application pushes
    # because of a note gets a higher id and must follow them.

    def _tell(self) -> None:
        if self._telling:
            return
        self._telling = True
        try:
            while self._notes:
                note = self._notes.popleft()
                try:
                    self._receive(note)
                except Exception:  # noqa: BLE001 - the outermost loop: the connection outlives an error of the application
                    _log.exception("room %s: receiving %s failed", self.replica.identity.room, type(note).__name__)
        finally:
            self._telling = False

    def _set_status(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self._notes.append(StatusChanged(status))
            self._tell()

    # The life of connections.

    async def _run(self) -> None:
        failures = 0
        waits = _waits()
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._connect(failures)
            steady = self.status.stage is Stage.LIVE and asyncio.get_running_loop().time() - began >= STEADY
            self.feeding.receive_cut()
            self.uploading.receive_cut()
            self.execute(self.replica.receive_closed(code))
            closing = closing_of(code)
            if self.replica.phase is Phase.ENDED:
                self.uploading.end()
                self._set_status(Status(Stage.ENDED, closing=closing))
                return
            if steady:
                failures, waits = 0, _waits()
            failures += 1
            stage = Stage.CONNECTING if self.replica.role is None else Stage.RECONNECTING
            self._set_status(Status(stage, closing=closing, failure=self.status.failure))
            await self._wait(next(waits[next_step(code) is NextStep.RETRY_SLOWLY]))

    async def _wait(self, seconds: float) -> None:
        self._hurry.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _connect(self, failures: int) -> int:
        try:
            route = await self._route(failures)
            async with dial(route.address) as link:
                return await self._talk(link, route)
        except RelayUnavailable as error:
            _log.debug("room %s: %s", self.replica.identity.room, error)
            self._set_status(Status(self.status.stage, closing=self.status.closing, failure=str(error)))
            return CUT

    async def _talk(self, link: WebSocketLink, route: Route) -> int:
        self._frames.clear()
        self._heard = asyncio.get_running_loop().time()
        self.execute(self.replica.receive_opened(self._secret, route.create))
        async with asyncio.TaskGroup() as tasks:
            helpers = [tasks.create_task(each) for each in (self._write(link), self._ping(), self._watch(link))]
            try:
                return await self._read(link)
            finally:
                for helper in helpers:
                    helper.cancel()

    async def _read(self, link: WebSocketLink) -> int:
        while True:
            message = await link.receive()
            self._heard = asyncio.get_running_loop().time()
            if isinstance(message, Closed):
                return message.code
            try:
                ending = self._take(message)
            except FrameError as error:
                _log.warning("room %s: %s", self.replica.identity.room, error)
                await link.close(error.closing.code, error.closing.slug)
                return error.closing.code
            if ending is not None:
                return ending.code

    async def _watch(self, link: WebSocketLink) -> None:
        # Beside the messages: a timeout around each of them costs a third of what it takes to receive one.
        heard: float | None = None
        while heard != self._heard:
            heard = self._heard
            await asyncio.sleep(heard + SILENCE - asyncio.get_running_loop().time())
            if heard == self._heard:
                await asyncio.sleep(SECOND_CHANCE)
        link.cut()

    def _take(self, message: bytes) -> Ending | None:
        for frame in codec.decode_relay(message):
            if isinstance(frame, Ending):
                return frame
            if isinstance(frame, Pong):
                self._measure(frame)
            if isinstance(frame, FEED_NEWS):
                self._take_feed(frame)
                continue
            if self._take_photo(frame):
                continue
            effects = self.replica.receive(frame)
            welcomed = any(isinstance(effect, notes.Welcomed) for effect in effects)
            if welcomed:
                self._set_status(Status(Stage.LIVE))
            self.execute(effects)
            if welcomed:
                self.feeding.receive_welcome()
                self.uploading.receive_welcome()
        return None

    def _take_feed(self, frame: FeedNews) -> None:
        if self.replica.phase is not Phase.JOINED:
            raise FrameError(closings.UNEXPECTED, f"{type(frame).__name__} before the welcome")
        try:
            self.feeding.receive(frame)
        except Exception:  # noqa: BLE001 - as in `_tell`: the connection outlives an error of the application
            _log.exception("room %s: receiving rows of %s failed", self.replica.identity.room, frame.feed)

    def _take_photo(self, frame: RelayFrame) -> bool:
        """Whether this is about a photo of ours."""
        if isinstance(frame, Uploaded | Declined):
            self.uploading.receive(frame)
            return True
        return isinstance(frame, Pull) and self.uploading.receive_pull(frame)

    def _measure(self, pong: Pong) -> None:
        latency = asyncio.get_running_loop().time() - pong.sent
        self.status = Status(self.status.stage, max(latency, 0.0), self.status.closing)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_INTERVAL)
            if self.replica.phase is Phase.JOINED:
                self.execute((Transmit((Ping(asyncio.get_running_loop().time()),)),))

    async def _write(self, link: WebSocketLink) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while (message := self._next_message()) is not None:
                await link.send(message)
                if self.replica.role != "owner":
                    await asyncio.sleep(PACE)

    def _next_message(self) -> bytes | None:
        encoded: list[bytes] = []
        size = 0
        while size < MESSAGE_BYTES:
            frame = self._frames.popleft() if self._frames else self.feeding.next_frame()
            if frame is None:
                break
            following = codec.encode(frame)
            size += len(following)
            encoded.append(following)
        return codec.join(encoded) if encoded else None


def _waits() -> dict[bool, Iterator[float]]:
    return {slowly: delays(random.random, slowly=slowly) for slowly in (False, True)}
