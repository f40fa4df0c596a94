"""A widget that stands for an object that is none: what all kinds of them have."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from cowidget.widgets.objects.moments import Moments
from cowidget.widgets.tee import LOCK

_log = logging.getLogger("cowidget")

_MISSING = """
export default { render({ el }) {
  el.textContent = "This part of cowidget is not built. From a clone: make build.";
} };
"""


@cache
def bundle(name: str) -> str:
    """The front-end code of a kind, or code that says that it has not been built."""
    built = files("cowidget") / "static" / "objects" / f"{name}.js"
    return built.read_text("utf-8") if built.is_file() else _MISSING


class FromThing(traitlets.Any):
    """A trait that only the object's own state goes into: guests could put script into a table or a picture's place."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Refuse what does not come from the object."""
        if not obj._telling:
            raise traitlets.TraitError("Only the notebook itself changes this.")
        return value


class StandIn(anywidget.AnyWidget):
    """Shows what a thing is now, until it is closed.

    A subclass reads the thing in `_read`. What only shows a thing holds it weakly: without it nothing changes any
    more, and the last state stays. All names begin with "_", so that an object's own names are free.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    # While it is made and while it reads its thing.
    _telling = True

    def __init__(self, thing: Any, code: str, hold: bool = False, /, **traits: Any) -> None:
        self._find_thing = _reference(thing, hold=hold)
        self._last_failure = ""
        super().__init__(_esm=code, **traits)
        self._telling = False
        self._moments = Moments(self._look)

    @property
    def _shown(self) -> StandIn:
        return self

    @property
    def _thing(self) -> Any:
        """What it stands for; None if that is gone."""
        return self._find_thing()

    def _begin(self) -> None:
        # For the first time, or because the thing is shared again.
        if self._moments.here:
            self._moments.spend(self._renew)
        else:
            self._moments.soon()

    def _renew(self) -> None:
        thing = self._thing
        if thing is not None and self.comm is not None:
            self._tell(self._read(thing))

    def close(self) -> None:
        """Undo every hook, and close the widget."""
        if moments := getattr(self, "_moments", None):
            moments.close()
        self._find_thing = _nothing
        layout = self._trait_values.get("layout")
        super().close()
        if layout is not None:
            layout.close()  # nobody else's; ipywidgets would keep it for ever

    def _read(self, thing: Any) -> dict[str, Any]:
        raise NotImplementedError

    def _tell(self, values: dict[str, Any]) -> None:
        with LOCK, self._reading(), self.hold_sync():
            for name, value in values.items():
                self.set_trait(name, value)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        before, self._telling = self._telling, True
        try:
            yield
        finally:
            self._telling = before

    def _look(self) -> None:
        try:
            self._renew()
        except Exception as error:  # noqa: BLE001 - the user's object; the others go on
            if str(error) != self._last_failure:
                self._last_failure = str(error)
                _log.exception("%s cannot be shown as it is now", type(self._thing).__name__)
        else:
            self._last_failure = ""


def _nothing() -> None:
    return None


def _reference(thing: Any, *, hold: bool) -> Callable[[], Any]:
    if not hold:
        try:
            return weakref.ref(thing)
        except TypeError:
            pass  # some classes with __slots__ allow no weak reference
    return lambda: thing
