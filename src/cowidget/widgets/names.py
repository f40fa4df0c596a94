"""What a shared widget is called (DESIGN §5): its given name, the caller's variable, or class and ordinal."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from types import FrameType
from typing import Any

from cowidget.errors import ShareError

MAX_LENGTH = 64
# Who speaks when the kernel writes in the chat or marks a chart. The name of the user or the machine would be a leak.
HOST = "Host"
# The share of links between a room's widgets.
LINKS = "links"
_OWN_PACKAGE = __name__.partition(".")[0]


def share_name(widget: object, given: str | None, taken: Collection[str], scopes: Collection[Mapping[str, Any]]) -> str:
    """The name for `widget`.

    Args:
        widget: what is shared.
        given: the caller's `name=`.
        taken: names that other widgets of the room have.
        scopes: where to look for the caller's variable, the nearest first.

    Raises:
        ShareError: the given name cannot be one.
    """
    if given is not None:
        return checked(given)
    for scope in scopes:
        if (found := variable(widget, scope)) is not None:
            return found
    kind = type(widget).__name__.lower()[: MAX_LENGTH - 6]
    ordinal = 1
    while (name := f"{kind}-{ordinal}") in taken:
        ordinal += 1
    return name


def checked(name: str) -> str:
    """`name`, if it can be a share's."""
    if not name or len(name) > MAX_LENGTH or "/" in name or name != name.strip() or not name.isprintable():
        raise ShareError(f"{name!r} cannot name a share: 1 to {MAX_LENGTH} printable characters without “/”.")
    if name == LINKS:
        raise ShareError(f"{name!r} cannot name a share: the room keeps the links between widgets under this name.")
    return name


def caller_scopes() -> list[Mapping[str, Any]]:
    """The variables of whoever called into cowidget: their locals, then their globals."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_own(frame):
        frame = frame.f_back
    return [frame.f_locals, frame.f_globals] if frame is not None else []


def variable(widget: object, scope: Mapping[str, Any]) -> str | None:
    """The name that a widget has among these variables."""
    return next(iter(_variables(widget, scope)), None)


def _is_own(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == _OWN_PACKAGE


def _variables(widget: object, scope: Mapping[str, Any]) -> Iterator[str]:
    for name, value in list(scope.items()):
        # IPython keeps results as _, __, _12; none of them is the caller's word for it.
        if value is widget and not name.startswith("_") and name != LINKS and re.fullmatch(r"[^\W\d]\w{0,63}", name):
            yield name
