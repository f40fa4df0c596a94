"""A room that remembers what a share sent to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cowidget.client.owner import Declared
from cowidget.widgets.mirror import Message
from cowidget.widgets.registry import Terms
from cowidget.widgets.shared import Shared


class RecordingSink:
    """What a share sent; what it asked to be called for later waits in `waiting`."""

    def __init__(self) -> None:
        self.values: list[Mapping[str, Any]] = []
        self.declared: list[tuple[Declared, bool]] = []
        self.unshared: list[str] = []
        self.errors: list[Exception] = []
        self.messages: list[Message] = []
        self.waiting: list[Callable[[], None]] = []

    def send_values(self, values: Mapping[str, Any]) -> None:
        self.values.append(values)

    def send_message(self, message: Message) -> None:
        self.messages.append(message)

    def later(self, wait: float, act: Callable[[], None]) -> None:
        self.waiting.append(act)

    def declare(self, declared: Declared, *, restore: bool) -> None:
        self.declared.append((declared, restore))

    def unshare(self, name: str) -> None:
        self.unshared.append(name)

    def report(self, error: Exception) -> None:
        self.errors.append(error)


def share(root: Any, room: RecordingSink, *, name: str = "w", **terms: set[str]) -> tuple[Shared, Declared]:
    """A share of `root`, open, and how it would be declared."""
    words = [terms.get(word, set()) for word in ("allow", "exclude", "local")]
    shared = Shared(name, root, Terms.of(*words), 1, room)
    return shared, shared.open()
