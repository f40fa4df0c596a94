from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from cowidget.widgets.busy import PATIENCE, Busy


class Main:
    """A main thread that answers when the test says so."""

    def __init__(self) -> None:
        self.waiting = 0
        self.told: list[Mapping[str, Any]] = []
        self._knocks: list[Callable[[], None]] = []
        self.busy = Busy(asyncio.get_running_loop(), self._knocks.append, lambda: self.waiting, self.told.append)

    async def answers(self) -> None:
        for knock in self._knocks:
            knock()
        self._knocks.clear()
        await asyncio.sleep(0)

    @property
    def knocked(self) -> int:
        return len(self._knocks)


async def test_a_main_thread_that_answers_is_not_busy() -> None:
    main = Main()

    main.busy.expect()
    await main.answers()

    assert main.told == []


async def test_one_that_does_not_is_told_with_what_waits() -> None:
    main = Main()
    main.waiting = 3

    main.busy.expect()
    await asyncio.sleep(PATIENCE * 1.5)

    assert main.told == [{"busy": True, "waiting": 3}]


async def test_it_is_asked_once_however_much_waits() -> None:
    main = Main()

    main.busy.expect()
    main.busy.expect()

    assert main.knocked == 1


async def test_its_answer_ends_it() -> None:
    main = Main()
    main.busy.expect()
    await asyncio.sleep(PATIENCE * 1.5)

    await main.answers()

    assert main.told[-1] == {"busy": None, "waiting": None}
