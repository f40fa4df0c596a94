"""What the room tells its owner about guests: each once, as errors for `room.errors`."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Widget

from cowidget.core.frames import Notice
from cowidget.errors import NotAllowed, WidgetFailed
from cowidget.widgets.registry import is_never

# Of one model. A widget that fails fails alike for everybody; whoever is in the room can say that it does, and
# must not push everything else out of `room.errors`.
MOST_FAILURES = 5


class Notices:
    """The notices of one room.

    Args:
        find: the shared widget of a model key.
        report: takes the errors.
    """

    def __init__(self, find: Callable[[str], Widget | None], report: Callable[[Exception], None]) -> None:
        self._find = find
        self._report = report
        self._told: set[tuple[str, str]] = set()
        self._failures: dict[str, set[str]] = {}

    def receive(self, notice: Notice) -> None:
        """Report it, if it is news about something that is shared: guests can name as much else as they like."""
        if notice.slug == "failed":
            self._receive_failure(notice.key, " ".join(notice.text.split()))
            return
        model, trait = (notice.key, "") if notice.slug == "messages" else _split(notice.key)
        widget = self._find(model)
        if widget is None or (trait and not widget.has_trait(trait)) or (notice.slug, notice.key) in self._told:
            return
        self._told.add((notice.slug, notice.key))
        never = bool(trait) and is_never(trait, widget)
        hint = "" if never or not notice.allow else f" To let them: cw.share(…, {notice.allow})."
        self._report(NotAllowed(notice.text + hint))

    def _receive_failure(self, key: str, text: str) -> None:
        widget = self._find(key)
        if widget is None:
            return
        known = self._failures.setdefault(key, set())
        if text not in known and len(known) < MOST_FAILURES:
            known.add(text)
            self._report(WidgetFailed(f"{type(widget).__name__} {key!r} failed in a viewer's page: {text}"))


def _split(key: str) -> tuple[str, str]:
    model, _, trait = key.rpartition("/")
    return model, trait
