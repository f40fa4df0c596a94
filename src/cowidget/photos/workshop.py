"""Where photos are cleaned without holding anybody up: a queue, and a process that may die of a photo."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cowidget.photos.answers import Refused
from cowidget.photos.photo import MAX_BYTES, Photo
from cowidget.photos.process import WORKER, WorkerLost, WorkerProcess, WorkshopFailed, running_worker
from cowidget.photos.refusal import PhotoRefused, Slug

log = logging.getLogger(__name__)

# Seconds for one photo; usual ones take 0.2. Longer: the others wait behind it. Shorter: a busy machine refuses.
PATIENCE = 10.0
# Seconds that a worker waits for the next photo. It holds 40 MB, and starts in 0.3 s.
IDLE = 60.0
# Of the photos that wait. More: memory. Less: two people with fifty photos each are told to come back.
MAX_WAITING_BYTES = 128_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    data: bytes
    done: asyncio.Future[Photo]

    def finish(self, photo: Photo) -> None:
        if not self.done.done():
            self.done.set_result(photo)

    def refuse(self, slug: Slug) -> None:
        self.fail(PhotoRefused(slug))

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class Workshop:
    """Cleans one photo after the other, in a process of its own that runs while there are any.

    async with Workshop() as workshop:
        photo = await workshop.clean(data)

    Belongs to one event loop, and copies no more than a part of a photo on it at a time.
    """

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE, command: Sequence[str] = WORKER) -> None:
        """Nothing is started yet.

        Args:
            patience: seconds for one photo, from when the worker begins with it; see `PATIENCE`.
            idle: seconds until a worker without photos is ended; see `IDLE`.
            command: what starts a worker.
        """
        self._patience = patience
        self._idle = idle
        self._command = command
        # None: only start a worker.
        self._queue: asyncio.Queue[_Job | None] = asyncio.Queue()
        # Those in the queue, and the one that is worked on.
        self._jobs: set[_Job] = set()
        self._waiting_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._worker: WorkerProcess | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work(), name="photo workshop")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def pid(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.pid if self._worker is not None else None

    def prepare(self) -> None:
        """Start a worker if there is none, for a photo that is on its way. Cheap, and may come again and again."""
        if self._worker is None and self._queue.empty():
            self._queue.put_nowait(None)

    async def clean(self, data: bytes) -> Photo:
        """The photo as it may be shown to others.

        Photos are cleaned in the order of their calls. Cancelling is safe: the photo is left out, or finished and
        dropped. There is no backpressure but the refusal `busy`, at `MAX_WAITING_BYTES`.

        Raises:
            PhotoRefused: tell its slug and text to the one who sent it.
            WorkshopFailed: no worker can be started, or the workshop is not open; the next call tries again.
        """
        if len(data) > MAX_BYTES:
            raise PhotoRefused(Slug.TOO_LARGE)
        if self._task is None or self._task.done():
            raise WorkshopFailed("the workshop is not open")
        if self._waiting_bytes + len(data) > MAX_WAITING_BYTES:
            raise PhotoRefused(Slug.BUSY)
        job = _Job(data, asyncio.get_running_loop().create_future())
        self._jobs.add(job)
        self._waiting_bytes += len(data)
        self._queue.put_nowait(job)
        try:
            return await job.done
        finally:
            self._jobs.discard(job)
            self._waiting_bytes -= len(data)

    async def aclose(self) -> None:
        """End the worker, and wait for it; photos that wait fail with `WorkshopFailed`."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait((self._task,))
        if not self._task.cancelled():
            # It ended before, by a mistake of ours.
            self._task.result()

    async def _work(self) -> None:
        try:
            job: _Job | None = None
            while True:
                job = job or await self._queue.get()
                job = None if job is not None and job.done.done() else await self._work_off(job)
        finally:
            # In the queue or out of it, nobody waits for what does not come.
            for job in tuple(self._jobs):
                job.fail(WorkshopFailed("the workshop is closed"))

    async def _work_off(self, job: _Job | None) -> _Job | None:
        """Start a worker, and give it photos until there are no more, or one ends it; that is for another worker."""
        try:
            async with running_worker(self._command) as self._worker:
                if job is not None and not await self._serve(self._worker, job):
                    job.refuse(Slug.TOO_SLOW)
                    return None
                while (following := await self._next()) is not None:
                    if not await self._serve(self._worker, following):
                        # The worker may have been killed while it waited, or was worn out by those before.
                        return following
        except WorkshopFailed as error:
            log.warning("%s", error)
            if job is not None:
                job.fail(error)
        finally:
            self._worker = None
        return None

    async def _next(self) -> _Job | None:
        try:
            async with asyncio.timeout(self._idle):
                while (job := await self._queue.get()) is None:
                    pass
                return job
        except TimeoutError:
            return None

    async def _serve(self, worker: WorkerProcess, job: _Job) -> bool:
        """Whether the worker lives on: for a photo that it finished, or that nobody waits for any more."""
        if job.done.done():
            return True
        try:
            async with asyncio.timeout(self._patience):
                answer = await worker.ask(job.data)
        except TimeoutError:
            log.warning("a photo of %s bytes took more than %s s; its worker is ended", len(job.data), self._patience)
            job.refuse(Slug.TOO_SLOW)
            return False
        except WorkerLost as error:
            log.warning("a photo of %s bytes ended its worker: %s", len(job.data), error)
            return False
        if isinstance(answer, Refused):
            job.refuse(answer.slug)
        else:
            job.finish(answer)
        return True
