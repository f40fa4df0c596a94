"""Links between kernels: a trait here follows one in somebody's room, and the other way round."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, Self

from cowidget.errors import CowidgetError
from cowidget.widgets.ends import REFUSALS, End, end_of
from cowidget.widgets.plain_errors import plain_errors
from cowidget.widgets.values import same

_log = logging.getLogger("cowidget")

Transform = Callable[[Any], Any]

# A change goes to the other end (0); what that makes of it comes back (1); and what this makes of that goes
# over once more (2). Ends that cannot agree stay as they are then, instead of driving each other for ever.
_DEEPEST = 2
# Of two kernels whose widgets cannot agree, each takes the other's correction for a change. After so many in a
# row without anybody else's, a link follows and corrects no more. Fewer: a script's loop of values that this
# end cannot take is given up too soon.
_MOST_VOLLEYS = 8


class Side:
    """An end, and what the link knows of it."""

    def __init__(self, end: End, onward: Transform) -> None:
        self.end = end
        self.onward = onward
        self.seen: Any = None
        # How far from somebody's change the value is that was written here last.
        self.depth = 0


class Link:
    """Keeps two ends at the same value. Made by `cw.link` and `cw.dlink`; end it with `unlink`, or a `with` block.

    It lives on while the room or one of its kernels is away: when both ends are there again, the room's value
    counts. A value that an end does not take is put back where it came from.
    """

    def __init__(self, source: End, target: End, transform: tuple[Transform, Transform] | None, *, back: bool) -> None:
        to, back_again = transform or (_same, _same)
        self._source = Side(source, to)
        self._target = Side(target, back_again)
        self._both = back
        self._unfollow: list[Callable[[], None]] = []
        self._error: Exception | None = None
        self._volleys = 0
        self._guard = threading.Lock()
        self._changed: list[Side] = []
        self._working = False

    @property
    def error(self) -> Exception | None:
        """What went wrong with the last change; None when nothing did."""
        return self._error

    @property
    def linked(self) -> bool:
        """Whether it still follows its ends."""
        return bool(self._unfollow)

    def unlink(self) -> None:
        """Stop following; both ends keep what they have."""
        for unfollow in self._unfollow:
            unfollow()
        self._unfollow.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unlink()

    def __repr__(self) -> str:
        arrow = "<->" if self._both else "->"
        state = "" if self.linked else ", unlinked"
        return f"<link {self._source.end.name} {arrow} {self._target.end.name}{state}>"

    def _open(self) -> None:
        self._target.end.check_writable()
        if self._both:
            self._source.end.check_writable()
        if (reading := self._source.end.read()) is not None:
            # Raises here what would be logged later: nothing is linked that cannot be.
            wanted = self._source.onward(reading.value)
            if (there := self._target.end.read()) is None or not same(there.value, wanted):
                self._target.end.write(wanted)
            self._source.seen, self._target.seen = reading.value, wanted
        sides = (self._source, self._target) if self._both else (self._source,)
        self._unfollow = [side.end.follow(partial(self._receive, side)) for side in sides]
        # What the target has made of it, and what has happened meanwhile.
        for side in reversed(sides):
            self._receive(side)

    # One thread at a time passes values on; others, and what it causes itself, leave word with it.

    def _receive(self, side: Side) -> None:
        with self._guard:
            self._changed.append(side)
            if self._working:
                return
            self._working = True
        while (changed := self._next()) is not None:
            try:
                self._take(changed)
            except Exception as error:  # noqa: BLE001 - a transformation is the user's; the link goes on
                self._report(error)
            except BaseException:
                # A cell was interrupted.
                with self._guard:
                    self._changed.clear()
                    self._working = False
                raise

    def _next(self) -> Side | None:
        with self._guard:
            self._working = bool(self._changed)
            return self._changed.pop(0) if self._changed else None

    def _take(self, side: Side) -> None:
        reading = side.end.read()
        if reading is None or not self.linked or same(reading.value, side.seen):
            return
        side.seen, self._error = reading.value, None
        self._volleys = self._volleys + 1 if reading.automatic else 0
        depth = side.depth + 1 if reading.answer else 0
        self._pass_on(side, reading.value, _DEEPEST if self._volleys > _MOST_VOLLEYS else depth)

    def _pass_on(self, side: Side, value: Any, depth: int) -> None:
        while depth <= _DEEPEST and (self._both or side is self._source):
            other = self._target if side is self._source else self._source
            wanted = side.onward(value)
            held = self._write(other, wanted, depth)
            if same(held, wanted):
                return
            side, value, depth = other, held, depth + 1

    def _write(self, side: Side, wanted: Any, depth: int) -> Any:
        if same(wanted, side.seen):
            return side.seen
        side.depth = depth
        try:
            side.seen = side.end.write(wanted)
        except REFUSALS as error:
            self._report(error)
            reading = side.end.read()
            side.seen = reading.value if reading is not None else wanted
        return side.seen

    def _report(self, error: Exception) -> None:
        self._error = error
        _log.warning("%r: %s", self, error)


@plain_errors
def link(source: Any, target: Any, transform: tuple[Transform, Transform] | None = None) -> Link:
    """Keep two values the same, both ways; they begin with the source's.

        room = cw.join(url)
        cw.link((room, "slider.value"), (mine, "value"))
        cw.link((room, "slider.value"), (mine, "value"), transform=(lambda c: c * 1.8 + 32, lambda f: (f - 32) / 1.8))

    What one end makes of a value, by its limits for instance, is what both have. While a cell runs, what comes
    from the room waits, and the newest counts.

    Args:
        source: a pair of an object and a name: a room with "share.trait", "share.children.0.trait" or "/name" of
            its state; a widget of a room, or any object with traits, with the trait's name. In a room of yours a
            share's name means the widget that has it now.
        target: another one.
        transform: functions from the source's value to the target's, and back.

    Raises:
        ShareError: there is no such thing; says what there is.
        NotAllowed: the host does not let guests set one of them; says which argument would.
        TraitError: the target cannot take the source's value.
    """
    return _opened(Link(end_of(source), end_of(target), transform, back=True))


@plain_errors
def dlink(source: Any, target: Any, transform: Transform | None = None) -> Link:
    """Let the target follow the source, one way; see `link`.

    Args:
        source: what is followed; it need not be writable.
        target: what follows.
        transform: from the source's value to the target's.

    Raises:
        ShareError: there is no such thing; says what there is.
        NotAllowed: the host does not let guests set the target.
        TraitError: the target cannot take the source's value.
    """
    both = None if transform is None else (transform, _same)
    return _opened(Link(end_of(source), end_of(target), both, back=False))


def _opened(made: Link) -> Link:
    try:
        made._open()
    except CowidgetError:
        made.unlink()
        raise
    return made


def _same(value: Any) -> Any:
    return value
