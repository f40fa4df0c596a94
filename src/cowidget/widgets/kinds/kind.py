"""What the room must know of one class of widgets, beyond what its traits tell.

Classes are named, not imported (`"plotly:BaseFigureWidget"` is the class of this name anywhere in the package),
so that nothing is loaded that the user has not loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ipywidgets import Widget

Names = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A class's entry; what a subclass's entry says is added, and its functions come first.

    Attributes:
        writable: traits that guests may write without `allow=`.
        local: traits that each viewer has for themselves.
        events: traits whose assignments are messages in disguise: each counts, and none is kept (PROTOCOL.md E4).
        hidden: traits that never leave the kernel.
        listed: guests may write nothing but what is listed: its types tell nothing.
        messages: guests may send it custom messages without `allow=`.
        code: its `_esm` and `_css` for a page that has no network.
        snapshot: what a newcomer is given for these traits, where the traits' own values are stale; asked for
            after every event.
        sent: a message of the widget, content and buffers, as the room is given it; the last argument names a model
            of the share by its id in this kernel. None: nothing of it is for the room.
        journal: how a message, as the room is given it, adds up to what the widget shows: True keeps it for newcomers,
            False does not, and "clear" forgets those before it.
        admits: whether a guest's message, content and buffers, may reach the widget.
        session: the front end that a message, of either side, belongs to: what the widget says to one is not sent
            to all.
        farewell: the message that tells the widget that a session's front end has gone.
    """

    writable: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    listed: bool = False
    messages: bool = False
    code: Callable[[Widget], tuple[str, str]] | None = None
    snapshot: Callable[[Widget], Mapping[str, Any]] | None = None
    sent: Callable[[Widget, Any, Sequence[bytes], Names], tuple[Any, list[bytes]] | None] | None = None
    journal: Callable[[Any], bool | str] | None = None
    admits: Callable[[Widget, Any, Sequence[bytes]], bool] | None = None
    session: Callable[[Any], str | None] | None = None
    farewell: Callable[[str], Any] | None = None


def combined(kinds: list[Kind]) -> Kind:
    """One kind from those of a class and its bases, nearest first."""
    values: dict[str, Any] = {}
    for field in fields(Kind):
        given = [getattr(kind, field.name) for kind in kinds]
        if isinstance(field.default, frozenset):
            values[field.name] = frozenset().union(*given)
        else:
            values[field.name] = next((one for one in given if one), field.default)
    return Kind(**values)


def named(base: type) -> str:
    """How a table names this class."""
    return f"{base.__module__.partition('.')[0]}:{base.__name__}"
