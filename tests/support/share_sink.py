"""A room that remembers what a share sent to it."""

from __future__ import annotations

from typing import Any

from cowidget.client.owner import Declared
from cowidget.widgets.registry import Terms
from cowidget.widgets.shared import Shared
from tests.support.mirrors import Remembered


class RecordingSink(Remembered):
    """What a share sent."""

    def __init__(self) -> None:
        super().__init__()
        self.declared: list[tuple[Declared, bool]] = []
        self.unshared: list[str] = []

    def declare(self, declared: Declared, *, restore: bool) -> None:
        self.declared.append((declared, restore))

    def unshare(self, name: str) -> None:
        self.unshared.append(name)


def share(root: Any, room: RecordingSink, *, name: str = "w", **terms: set[str]) -> tuple[Shared, Declared]:
    """A share of `root`, open, and how it would be declared."""
    words = [terms.get(word, set()) for word in ("allow", "exclude", "local")]
    shared = Shared(name, root, Terms.of(*words), 1, room)
    return shared, shared.open()
