"""How often a connection is written to for what can wait."""

from __future__ import annotations

import asyncio

import pytest

from cowidget.relay.pace import Pace


class Flushes:
    """Counts, and has written."""

    def __init__(self) -> None:
        self.count = 0
        self.called = asyncio.Event()
        self.pace = Pace(self)

    def __call__(self) -> None:
        self.count += 1
        self.called.set()
        self.pace.written()


async def test_without_an_interval_nothing_waits() -> None:
    flushes = Flushes()
    flushes.pace.written()

    assert not flushes.pace.holds()


async def test_what_comes_after_a_rest_does_not_wait() -> None:
    flushes = Flushes()
    flushes.pace.keep(60.0)

    assert not flushes.pace.holds()


@pytest.mark.rule("S11")
async def test_what_comes_soon_after_waits_and_is_written_once() -> None:
    flushes = Flushes()
    flushes.pace.keep(0.01)
    flushes.pace.written()

    assert [flushes.pace.holds() for _ in range(3)] == [True] * 3
    await asyncio.wait_for(flushes.called.wait(), 5)
    assert flushes.count == 1


async def test_what_cannot_wait_takes_the_rest_along() -> None:
    flushes = Flushes()
    flushes.pace.keep(0.01)
    flushes.pace.written()
    held = flushes.pace.holds()
    flushes.pace.written()
    await asyncio.sleep(0.03)

    assert held
    assert flushes.count == 0


async def test_who_has_left_is_not_written_to() -> None:
    flushes = Flushes()
    flushes.pace.keep(0.01)
    flushes.pace.written()
    flushes.pace.holds()
    flushes.pace.stop()
    await asyncio.sleep(0.03)

    assert flushes.count == 0
