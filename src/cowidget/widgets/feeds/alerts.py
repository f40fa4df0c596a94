"""Alerts: a condition on new rows, told when it comes true."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cowidget.client.link import source_thread
from cowidget.core.columns import Block, Values
from cowidget.core.feed_values import Column
from cowidget.errors import FeedError
from cowidget.widgets.feeds.running import sentence

Condition = Callable[[Any], Any]
# Seconds after an alert in which the same one is not told again: a price that trembles around its threshold.
COOLDOWN = 10.0


class Alert:
    """Tells when all of its conditions come true, and again when they were false in between.

    The conditions are called in the loop for sources, so that a slow one holds up no room.

    Attributes:
        count: how often it was told.
    """

    def __init__(
        self,
        conditions: Mapping[str, Condition],
        tell: Callable[[str], object],
        report: Callable[[str], None],
        cooldown: float = COOLDOWN,
        text: str = "",
    ) -> None:
        for name, condition in conditions.items():
            if not callable(condition):
                raise FeedError(f"alert({name}=…) needs a function of a value, such as lambda {name}: {name} > 10.")
        if not conditions:
            raise FeedError("alert() needs a condition, such as price=lambda p: p > 70_000.")
        self.count = 0
        self._conditions = dict(conditions)
        self._tell = tell
        self._report = report
        self._cooldown = cooldown
        self._text = text
        self._was_true = False
        self._told_at = -math.inf
        self._stopped = False
        self._forget: Callable[[], None] = lambda: None

    def __repr__(self) -> str:
        told = "once" if self.count == 1 else f"{self.count} times"
        names = ", ".join(self._conditions)
        return f"<Alert on {names}: told {told}{', stopped' if self._stopped else ''}>"

    def stop(self) -> None:
        """Tell nothing more."""
        self._stopped = True
        self._forget()

    def on_stop(self, forget: Callable[[], None]) -> None:
        """What `stop` calls, too."""
        self._forget = forget

    def receive(self, columns: tuple[Column, ...], block: Block) -> None:
        """Look at new rows. In the link's thread; the conditions are called elsewhere."""
        source_thread().call(self._look, columns, block)

    def _look(self, columns: tuple[Column, ...], block: Block) -> None:
        if self._stopped:
            return
        by_name = {column.name: block.columns.get(at) for at, column in enumerate(columns, 1)}
        values = {name: by_name.get(name) for name in self._conditions}
        if any(each is None for each in values.values()):
            return  # a gap, or rows from before the column was there
        try:
            truth = np.logical_and.reduce(
                [_truth(condition, values[name], block.count) for name, condition in self._conditions.items()]
            )
        except Exception as error:  # noqa: BLE001 - the user's code; the error is told in `feed.errors`
            self._report(f"alert: {sentence(error)}")
            return
        rises = np.flatnonzero(truth & ~np.concatenate([[self._was_true], truth[:-1]]))
        self._was_true = bool(truth[-1])
        if len(rises):
            self._fire({name: each[int(rises[-1])] for name, each in values.items() if each is not None})

    def _fire(self, values: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if now - self._told_at < self._cooldown:
            return
        self._told_at = now
        self.count += 1
        shown = ", ".join(f"{name} = {_shown(value)}" for name, value in values.items())
        try:
            self._tell(f"{self._text}: {shown}" if self._text else shown)
        except Exception as error:  # noqa: BLE001 - the user's code; the error is told in `feed.errors`
            self._report(f"alert: {sentence(error)}")


def _truth(condition: Condition, values: Values | None, count: int) -> Any:
    """Where the condition holds. Most work on a whole array; those with `and`, `or`, `in` do not."""
    if isinstance(values, np.ndarray):
        try:
            found = np.asarray(condition(values))
            if found.dtype == np.bool_ and found.shape == (count,):
                return found
        except Exception:  # noqa: BLE001, S110 - tried value by value below, where an error is told
            pass
        values = values.tolist()
    return np.array([bool(condition(value)) for value in values or ()])


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else f"{float(value):.10g}"
