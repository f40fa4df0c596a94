"""The workshop with real workers: they are slow, crash, are killed, and lose their parents."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from cowidget.photos import workshop as workshop_module
from cowidget.photos.cleaning import clean
from cowidget.photos.photo import MAX_BYTES
from cowidget.photos.process import WorkshopFailed
from cowidget.photos.refusal import PhotoRefused, Slug
from cowidget.photos.worker import MEMORY_BYTES, NICENESS
from cowidget.photos.workshop import Workshop
from tests.support.photos import camera, corners, empty_png, encoded, noise, scene

SMALL = encoded(corners(), "JPEG", exif=camera(6))
# 150 MB of pixels.
HEAVY = empty_png(10_000, 5_000)
SLOW_MACHINE = 30.0

# A worker with two photos that Pillow's next fault may look like.
FAULTS = """
import os, time
from cowidget.photos import worker
faults = {b"slow": lambda: time.sleep(60), b"crash": os.abort}
clean = worker.clean
worker.clean = lambda data: faults[data]() if data in faults else clean(data)
worker.main()
"""
FAULTY = (sys.executable, "-P", "-c", FAULTS)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SLOW_MACHINE):
        while not condition():  # noqa: ASYNC110 - it watches processes from outside
            await asyncio.sleep(0.01)


async def gone(pid: int) -> None:
    """Wait until there is no such process; a zombie, which nobody has fetched, is none."""

    def ended() -> bool:
        try:
            return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return True

    await until(ended)


def children() -> set[int]:
    """The processes that this one has started; other tests' are among them."""
    return {process.pid for process in psutil.Process().children()}


async def refusal(workshop: Workshop, data: bytes) -> Slug:
    with pytest.raises(PhotoRefused) as refused:
        await workshop.clean(data)
    return refused.value.slug


async def test_photos_come_back_as_if_cleaned_here_one_process_cleans_many_and_none_runs_before() -> None:
    photos = [encoded(noise((40, 40), seed), "PNG") for seed in range(12)]
    async with Workshop() as workshop:
        assert workshop.pid is None
        assert await workshop.clean(SMALL) == clean(SMALL)
        pid = workshop.pid
        # Together.
        cleaned = await asyncio.gather(*(workshop.clean(data) for data in photos))
        assert [photo.sha256 for photo in cleaned] == [clean(data).sha256 for data in photos]
        with pytest.raises(PhotoRefused, match="Send a screenshot of the page that matters"):
            await workshop.clean(b"%PDF-1.7")
        assert workshop.pid == pid
    assert workshop.pid is None
    assert pid is not None
    assert not psutil.pid_exists(pid)
    with pytest.raises(WorkshopFailed, match="not open"):
        await workshop.clean(SMALL)


async def test_a_worker_that_was_prepared_cleans_the_first_photo() -> None:
    async with Workshop() as workshop:
        workshop.prepare()
        workshop.prepare()
        await until(lambda: workshop.pid is not None)
        prepared = workshop.pid
        assert await workshop.clean(SMALL) == clean(SMALL)
        assert workshop.pid == prepared


async def test_a_worker_that_was_prepared_for_nothing_ends_and_the_next_photo_gets_another() -> None:
    async with Workshop(idle=0.05) as workshop:
        workshop.prepare()
        await until(lambda: workshop.pid is not None)
        await until(lambda: workshop.pid is None)
        assert await workshop.clean(SMALL) == clean(SMALL)


async def test_a_photo_that_takes_too_long_is_refused_its_worker_is_ended_and_the_next_one_is_cleaned() -> None:
    # Longer than a busy machine stops a process: that would be the photo's fault.
    async with Workshop(patience=5.0, command=FAULTY) as workshop:
        await workshop.clean(SMALL)
        pid = workshop.pid
        assert await refusal(workshop, b"slow") is Slug.TOO_SLOW
        assert pid is not None
        await gone(pid)
        assert await workshop.clean(SMALL) == clean(SMALL)


async def test_a_photo_that_crashes_its_worker_is_refused_and_the_next_one_is_not() -> None:
    async with Workshop(command=FAULTY) as workshop:
        assert await refusal(workshop, b"crash") is Slug.TOO_SLOW
        assert await workshop.clean(SMALL) == clean(SMALL)


async def test_a_worker_that_dies_between_photos_costs_none() -> None:
    async with Workshop() as workshop:
        await workshop.clean(SMALL)
        assert workshop.pid is not None
        psutil.Process(workshop.pid).kill()
        await gone(workshop.pid)
        assert await workshop.clean(SMALL) == clean(SMALL)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's addresses")
async def test_a_photo_that_takes_too_much_memory_is_refused() -> None:
    tight = (
        "from cowidget.photos import worker\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        "worker.MEMORY_BYTES = used + (64 << 20)\n"
        "worker.main()\n"
    )
    async with Workshop(command=(sys.executable, "-P", "-c", tight)) as workshop:
        assert await refusal(workshop, HEAVY) is Slug.TOO_SLOW
        assert await workshop.clean(SMALL) == clean(SMALL)


@pytest.mark.parametrize(
    "nonsense",
    ["b'\\xff\\xff\\xff\\xff'", "b'\\0\\0\\0\\3abc'", "b'\\0\\0\\0'", "encode(Ready())"],
    ids=["too long", "no answer", "cut off", "nothing of the photo"],
)
async def test_a_worker_that_answers_nonsense_is_not_believed(nonsense: str) -> None:
    raving = (
        "import sys\n"
        "from cowidget.photos.answers import Ready, encode\n"
        "sys.stdout.buffer.write(encode(Ready())); sys.stdout.flush()\n"
        "sys.stdin.buffer.read(4)\n"
        f"sys.stdout.buffer.write({nonsense})\n"
    )
    async with Workshop(command=(sys.executable, "-P", "-c", raving)) as workshop:
        assert await refusal(workshop, SMALL) is Slug.TOO_SLOW


@pytest.mark.parametrize(
    "command",
    [
        ("/no/such/program",),
        (sys.executable, "-c", "raise SystemExit(3)"),
        (sys.executable, "-P", "-c", "print('hello there, I am something else')"),
    ],
    ids=["missing", "ends", "another program"],
)
async def test_a_worker_that_does_not_start_is_not_the_photos_fault(command: tuple[str, ...]) -> None:
    async with Workshop(command=command) as workshop:
        for _ in range(2):
            with pytest.raises(WorkshopFailed):
                await workshop.clean(SMALL)


async def test_a_worker_without_photos_is_ended_and_started_again() -> None:
    before = children()
    async with Workshop(idle=0.1) as workshop:
        await workshop.clean(SMALL)
        await until(lambda: workshop.pid is None)
        assert children() <= before
        assert await workshop.clean(SMALL) == clean(SMALL)


@pytest.mark.parametrize("moment", [0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4])
async def test_a_workshop_can_be_closed_at_any_moment(moment: float) -> None:
    before = children()
    async with Workshop(command=FAULTY) as workshop:
        slow = asyncio.create_task(workshop.clean(b"slow"))
        await asyncio.sleep(moment)
    assert children() <= before
    with pytest.raises(WorkshopFailed):
        await slow


async def test_photos_that_wait_are_told_when_the_workshop_closes() -> None:
    async with Workshop() as workshop:
        waiting = [asyncio.create_task(workshop.clean(HEAVY)) for _ in range(3)]
        await asyncio.sleep(0)
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [WorkshopFailed] * 3


async def test_who_gives_up_waiting_disturbs_nobody() -> None:
    async with Workshop() as workshop:
        first = asyncio.create_task(workshop.clean(HEAVY))
        second = asyncio.create_task(workshop.clean(HEAVY))
        third = asyncio.create_task(workshop.clean(SMALL))
        await asyncio.sleep(0.05)
        second.cancel()
        first.cancel()
        assert await third == clean(SMALL)


async def test_too_many_photos_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop_module, "MAX_WAITING_BYTES", len(SMALL) * 2)
    async with Workshop() as workshop:
        kept = [asyncio.create_task(workshop.clean(SMALL)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await refusal(workshop, SMALL) is Slug.BUSY
        await asyncio.gather(*kept)
        assert await workshop.clean(SMALL) == clean(SMALL)


async def test_too_many_bytes_are_refused_without_a_process() -> None:
    async with Workshop() as workshop:
        assert await refusal(workshop, bytes(MAX_BYTES + 1)) is Slug.TOO_LARGE
        assert workshop.pid is None


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
async def test_no_worker_outlives_a_killed_parent(busy: bool, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(SMALL)
    parent = (
        "import asyncio, pathlib\n"
        "from cowidget.photos.workshop import Workshop\n"
        "async def main():\n"
        f"    async with Workshop(command={FAULTY!r}) as workshop:\n"
        "        await workshop.clean(pathlib.Path('photo').read_bytes())\n"
        f"        work = asyncio.gather(*[workshop.clean(b'slow')] * {int(busy)}, asyncio.sleep(60))\n"
        "        await asyncio.sleep(0.1)\n"
        "        print(workshop.pid, flush=True)\n"
        "        await work\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", parent), cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    worker = int(await process.stdout.readline())
    assert psutil.pid_exists(worker)
    process.kill()
    await gone(worker)
    await process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of this to be read")
async def test_a_worker_gives_way_and_is_bounded_and_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_KEY", "nobody's business")
    async with Workshop() as workshop:
        await workshop.clean(SMALL)
        worker = psutil.Process(workshop.pid)
        assert worker.nice() >= NICENESS
        assert worker.rlimit(psutil.RLIMIT_AS)[0] == MEMORY_BYTES
        assert "COWIDGET_KEY" not in worker.environ()


async def longest_pauses(work: Awaitable[object]) -> tuple[float, float]:
    """Between two turns of the loop while this is done: seconds by the clock, and of this thread's own work."""
    pauses = []

    async def tick() -> None:
        while True:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            pauses.append((time.perf_counter() - began, time.thread_time() - worked))

    ticking = asyncio.create_task(tick())
    await work
    ticking.cancel()
    return max(by_clock for by_clock, _ in pauses), max(own for _, own in pauses)


async def test_the_loop_goes_on_while_a_large_photo_is_cleaned() -> None:
    data = encoded(scene((4032, 3024)), "JPEG", quality=92)
    async with Workshop() as workshop:
        await workshop.clean(SMALL)
        runs = [await longest_pauses(workshop.clean(data)) for _ in range(3)]
    # Neighbours on the machine and the collector of garbage hold us up, too, but not each time.
    assert min(by_clock for by_clock, _ in runs) < 0.1
    assert min(own for _, own in runs) < 0.02
