from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from cowidget.widgets.objects import moments
from cowidget.widgets.objects.moments import Moments


class Looks:
    """Counts, and remembers on which thread."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def __call__(self) -> None:
        self.threads.append(threading.current_thread())

    @property
    def count(self) -> int:
        return len(self.threads)


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only entry."""
    now = [100.0]
    monkeypatch.setattr(moments.time, "monotonic", lambda: now[0])
    return now


def test_it_looks_after_each_cell(looks: Looks, shell: InteractiveShell) -> None:
    watching = Moments(looks)

    shell.run_cell("1")
    shell.run_cell("2")

    assert looks.count == 2
    watching.close()


def test_what_is_closed_never_looks_again(looks: Looks, shell: InteractiveShell) -> None:
    registered = [list(callbacks) for callbacks in shell.events.callbacks.values()]
    watching = Moments(looks)

    watching.close()
    shell.run_cell("1")
    watching.now()

    assert looks.count == 0
    assert [list(callbacks) for callbacks in shell.events.callbacks.values()] == registered


async def test_soon_looks_once_however_often_it_is_asked(looks: Looks) -> None:
    watching = Moments(looks)

    watching.soon()
    watching.soon()
    await _turns()

    assert looks.count == 1
    watching.close()


async def test_a_look_from_another_thread_is_taken_on_the_main_one(looks: Looks) -> None:
    watching = Moments(looks)

    await asyncio.to_thread(watching.now)
    await _turns()

    assert looks.threads == [threading.main_thread()]
    watching.close()


def test_without_a_loop_no_other_thread_looks(looks: Looks) -> None:
    watching = Moments(looks)

    thread = threading.Thread(target=watching.now)
    thread.start()
    thread.join()

    assert looks.count == 0
    watching.close()


async def test_a_message_of_a_front_end_is_a_moment(looks: Looks, shell: InteractiveShell) -> None:
    watching = Moments(looks)

    shell.events.trigger("post_execute")
    await _turns()

    assert looks.count == 1
    watching.close()


def test_what_takes_long_is_looked_at_less_often(clock: list[float]) -> None:
    seen: list[float] = []

    def look() -> None:
        seen.append(clock[0])
        clock[0] += 0.2

    watching = Moments(look)
    for _ in range(20):
        watching.if_due()
        clock[0] += 0.1

    assert seen == pytest.approx([100.0, 101.0, 102.0], abs=0.25)
    watching.close()


def test_one_look_that_took_very_long_does_not_hold_up_the_next(clock: list[float]) -> None:
    looked: list[float] = []

    def look() -> None:
        looked.append(clock[0])
        clock[0] += 3.0  # as long as a slow machine needs to load its fonts

    watching = Moments(look)
    watching.now()
    clock[0] += moments.MAX_REST
    watching.if_due()

    assert looked == [100.0, 104.0]
    watching.close()


def test_a_look_that_fails_counts_as_well(clock: list[float]) -> None:
    def look() -> Any:
        clock[0] += 1.0
        raise ValueError("no")

    watching = Moments(look)
    with pytest.raises(ValueError, match="no"):
        watching.now()

    watching.if_due()
    watching.close()


async def _turns() -> None:
    """Let the loop do what is due, timers of zero seconds among it."""
    for _ in range(5):
        await asyncio.sleep(0)
