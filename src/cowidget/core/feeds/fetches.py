"""What clients have asked for and do not have yet: one answer at a time for each, the last wish first (F10)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cowidget.core import limits


@dataclass(slots=True)
class Wish:
    """What is left of one fetch: the rows `[at, last)`."""

    feed: str
    id: int
    at: int
    last: int
    level: int


@dataclass(slots=True)
class _Line:
    """One connection.

    Attributes:
        wishes: the last one is answered first.
        busy: an answer is on its way.
        full: its outbox is full.
    """

    wishes: list[Wish] = field(default_factory=list)
    busy: bool = False
    full: bool = False


class Fetches:
    """The wishes of a room's connections."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def add(self, connection: str, wish: Wish) -> None:
        """Somebody asks. What it asked for too long ago is forgotten: it asks for other things now."""
        line = self._lines.setdefault(connection, _Line())
        line.wishes.append(wish)
        del line.wishes[: -limits.MAX_FETCHES]

    def put_back(self, connection: str, wish: Wish) -> None:
        """There is more of what is being answered; what was asked meanwhile comes first."""
        self._lines[connection].wishes.append(wish)

    def next(self, connection: str) -> Wish | None:
        """What to answer now, if anything; nothing else is until `drained`."""
        line = self._lines.get(connection)
        if line is None or line.busy or line.full or not line.wishes:
            return None
        line.busy = True
        return line.wishes.pop()

    def is_held(self, connection: str) -> bool:
        """Whether something that was sent has still to go out."""
        line = self._lines.get(connection)
        return line is not None and (line.busy or line.full)

    def hold(self, connection: str) -> None:
        """The connection's outbox is full."""
        self._lines.setdefault(connection, _Line()).full = True

    def drained(self, connection: str, *, answered: bool) -> None:
        """What was sent has gone out; `answered` if the store has not still to read what is asked for."""
        if (line := self._lines.get(connection)) is not None:
            line.busy, line.full = line.busy and not answered, False

    def remove(self, connection: str) -> None:
        """The connection has ended."""
        self._lines.pop(connection, None)
