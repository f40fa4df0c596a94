"""What must hold with every ipykernel that people have: its threads and its comms changed from version to version.

A host's kernel of each version shares a slider, an output and a button; somebody else's kernel drives them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.busy import BEGUN
from tests.support.ipykernels import INSTALLED, VERSIONS, environment
from tests.support.kernels import CellFailed, Kernel, running_kernel

pytestmark = pytest.mark.integration

_SHARE = """
import asyncio, pathlib
from ipywidgets import Button, IntProgress, IntSlider, Output, VBox
slider, progress, out, button = IntSlider(), IntProgress(), Output(), Button()
fast = IntSlider()
def clicked(_):
    with out: print('clicked')
button.on_click(clicked)
box = VBox([slider, progress, out, button])
room = cw.share(box)
cw.share(fast, apply='thread')
"""
_SEEN = """
slider, progress, out, button = (room.widgets['box'].child(f'children.{n}') for n in range(4))
fast = room.widgets['fast']
"""
_IS_PENDING = "room._handle.ask(lambda r: r.state('box/children.0/value').pending)"


@pytest.fixture(scope="module")
def guest(module_home: Path) -> Iterator[Kernel]:
    with running_kernel(module_home) as kernel:
        yield kernel


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def host(module_home: Path, guest: Kernel, version: str) -> Iterator[Kernel]:
    with running_kernel(module_home, notebook=f"/lessons/{version}.ipynb", **environment(version)) as kernel:
        kernel.run(_SHARE)
        guest.run(f"room = cw.join({kernel.value('str(room.url)')!r}, name='Ana')")
        guest.sees("sorted(room.widgets)", ["box", "fast"])
        guest.run(_SEEN)
        yield kernel
        guest.run("room.leave()")


def begin(host: Kernel, folder: Path, work: str, within: str = "if True") -> str:
    """Starts a cell and waits until it is at work; what `finish` takes."""
    started = folder / "started"
    running = host.start(f"{within}:\n    pathlib.Path({str(started)!r}).touch()\n    {work}")
    while not started.exists():
        time.sleep(0.01)
    return running


@contextmanager
def busy(host: Kernel, folder: Path, work: str) -> Iterator[None]:
    """A cell that runs until this ends; `work` is what it does again and again."""
    done = folder / "done"
    running = host.begin(f"print({BEGUN!r}, flush=True)\nwhile not pathlib.Path({str(done)!r}).exists():\n    {work}")
    try:
        yield
    finally:
        done.touch()
        host.finish(running)


def test_it_is_the_version_that_is_meant(host: Kernel, version: str) -> None:
    installed = version == INSTALLED

    assert host.value("__import__('ipykernel').__version__").startswith("7." if installed else version)
    assert host.value("'.matrix' in __import__('ipykernel').__file__") is not installed


def test_an_idle_kernel_follows_its_guests(host: Kernel, guest: Kernel) -> None:
    guest.run("slider.value = 11")

    host.sees("slider.value", 11)


def test_a_click_of_a_guest_prints_into_the_output(host: Kernel, guest: Kernel) -> None:
    guest.run("button.send({'event': 'click'})")

    guest.sees("[output['text'] for output in out.outputs]", ["clicked\n"])


def test_a_write_is_pending_while_a_cell_runs_and_applied_after_it(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    with busy(host, tmp_path, "time.sleep(0.01)"):
        guest.run("slider.value = 21; slider.value = 22")
        guest.sees(_IS_PENDING, True)

    guest.sees(_IS_PENDING, False)
    host.sees("slider.value", 22)


def test_a_cell_that_awaits_follows_its_guests(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    with busy(host, tmp_path, "await asyncio.sleep(0.01)"):
        guest.run("slider.value = 31")
        guest.sees(f"[slider.value, {_IS_PENDING}]", [31, False])


def test_a_share_on_a_thread_follows_during_a_cell(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    with busy(host, tmp_path, "time.sleep(0.01)"):
        guest.run("fast.value = 41")
        guest.sees("room._handle.ask(lambda r: r.state('fast/value').pending)", False)


def test_a_cell_that_processes_follows_its_guests(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    with busy(host, tmp_path, "cw.process(); time.sleep(0.01)"):
        guest.run("slider.value = 51")
        guest.sees(f"[slider.value, {_IS_PENDING}]", [51, False])


def test_progress_goes_on_while_guests_write(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    host.run("progress.max, progress.value = 10**9, 0")
    with busy(host, tmp_path, "progress.value += 1; time.sleep(0.001)"):
        guest.run("""
steps, end = [progress.value], time.time() + 20
for n in range(60, 70):
    slider.value = n
    while progress.value == steps[-1] and time.time() < end: time.sleep(0.01)
    steps.append(progress.value)
""")
        assert guest.value("[slider.value, len(set(steps))]") == [69, 11]

    host.sees("slider.value", 69)
    guest.sees("progress.value", host.value("progress.value"))


def test_an_interrupted_output_shows_it_and_goes_on(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    running = begin(host, tmp_path, "time.sleep(60)", within="with out")
    host.interrupt()
    host.finish(running)

    guest.sees("[output.get('ename') for output in out.outputs[-1:]]", ["KeyboardInterrupt"])
    guest.run("button.send({'event': 'click'})")
    guest.sees("[output.get('text') for output in out.outputs[-1:]]", ["clicked\n"])


def test_an_interrupted_loop_leaves_the_room_alive(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    running = begin(host, tmp_path, "while True: progress.value += 1; time.sleep(0.002)")
    guest.run("slider.value = 72")
    host.interrupt()
    with pytest.raises(CellFailed, match="KeyboardInterrupt"):
        host.finish(running)

    guest.run("slider.value = 73")
    host.run("progress.value = 7")

    host.sees("slider.value", 73)
    guest.sees("progress.value", 7)


def test_a_restarted_kernel_goes_on_under_the_same_link(host: Kernel, guest: Kernel) -> None:
    guest.run("slider.value = 81")
    host.sees("slider.value", 81)

    host.restart()
    guest.run("slider.value = 82")
    host.run(_SHARE)

    host.sees("slider.value", 82)
    guest.run("slider.value = 83")
    host.sees("slider.value", 83)
