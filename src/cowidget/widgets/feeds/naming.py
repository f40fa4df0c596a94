"""Names for feeds that were given none."""

from __future__ import annotations

import hashlib

from cowidget.errors import FeedError
from cowidget.widgets import main_thread

MOST_CHARACTERS = 64

_run = ""
_made = 0


def checked(name: str) -> str:
    """`name`, if a feed can be called that.

    Raises:
        FeedError: it cannot.
    """
    if not 0 < len(name) <= MOST_CHARACTERS or not name.isprintable() or name != name.strip():
        raise FeedError(f"{name!r} cannot name a feed: 1 to {MOST_CHARACTERS} printable characters.")
    return name


def free_name() -> str:
    """The same for the same call of a cell that is run again, also after a restart; else by order."""
    global _run, _made
    run, cell = main_thread.execution(), main_thread.cell()
    if cell and run != _run:
        _run, _made = run, 0
    _made += 1
    if not cell:
        return f"feed-{_made}"
    return f"feed-{hashlib.sha256(cell.encode()).hexdigest()[:8]}-{_made}"
