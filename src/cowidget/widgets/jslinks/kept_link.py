"""One `jslink` or `jsdlink` in the kernel, where nobody keeps it while no notebook page is open.

A page that sets one end sets the other one as well: what comes from pages is only looked at when they have been
quiet for a while. If their writes were answered one by one, each answer would be older than what the person who
drags a slider has written since.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ipywidgets import Widget

from cowidget.widgets.tee import LOCK, Tee
from cowidget.widgets.tree import received, serialised
from cowidget.widgets.values import same

# Seconds. Less, and a page on a slow line is not finished; more, and a widget lags that another kernel has set.
PAUSE = 0.3

End = tuple[Widget, str]


class KeptLink:
    """Keeps a link model's ends at the same value, beginning with the source's, until `close`.

    A value that the target makes another one of goes back once, if the link goes both ways. Then they stay as
    they are, whether they agree or not.

    Args:
        link: the model.
        may_pass: whether the second end may follow the first.
        later: calls a method in so many seconds.
        report: takes what an end raises, each text once in a row.
    """

    def __init__(
        self,
        link: Any,
        may_pass: Callable[[End, End], bool],
        later: Callable[[float, Callable[[], None]], None],
        report: Callable[[Exception], None],
    ) -> None:
        self.ends: tuple[End, End] = (tuple(link.source), tuple(link.target))
        self._link = link
        self._both = link._model_name == "LinkModel"
        self._may_pass, self._later, self._report = may_pass, later, report
        # The target has changed last.
        self._backwards = False
        self._passing = False
        self._changes = 0
        self._awaited = 0
        self._failure: str | None = None

    def open(self) -> None:
        """Begin to follow."""
        with LOCK:
            for widget, trait in self.ends[: 1 + self._both]:
                widget.observe(self._observe, trait)
            self._pass_on()

    def close(self) -> None:
        """Follow no more; the widgets keep what they have."""
        with LOCK:
            self._awaited = 0
            for widget, trait in self.ends[: 1 + self._both]:
                with suppress(ValueError):  # somebody has called its `unobserve_all`
                    widget.unobserve(self._observe, trait)

    def _observe(self, change: Any) -> None:
        with LOCK:
            if self._passing:
                return
            (source, trait), _ = self.ends
            self._backwards = change["owner"] is not source or change["name"] != trait
            if not Tee.receives(change["owner"], change["name"]):
                self._pass_on()
                return
            self._changes += 1
            if not self._awaited:
                self._wait()

    def _wait(self) -> None:
        self._awaited = self._changes
        self._later(PAUSE, self._look)

    def _look(self) -> None:
        with LOCK:
            if self._awaited and self._awaited != self._changes:
                self._wait()
            elif self._awaited:
                self._awaited = 0
                self._pass_on()

    def _pass_on(self) -> None:
        source, target = reversed(self.ends) if self._backwards else self.ends
        self._passing = True
        try:
            if self._set(source, target) and self._both:
                self._set(target, source)
        except Exception as error:  # noqa: BLE001 - the widgets' own code, and the observers of whoever uses them
            if str(error) != self._failure:
                self._failure = str(error)
                self._report(error)
        else:
            self._failure = None
        finally:
            self._passing = False

    def _set(self, source: End, target: End) -> bool:
        """Whether there was something to set."""
        (origin, trait), (widget, follows) = source, target
        if None in (self._link.comm, origin.comm, widget.comm) or not self._may_pass(source, target):
            return False
        value = serialised(origin, (trait,))[trait]
        if same(value, serialised(widget, (follows,))[follows]):
            return False
        widget.set_trait(follows, received(widget, follows, value))
        return True
