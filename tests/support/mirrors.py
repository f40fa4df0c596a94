"""A mirror outside of any share, and a sink that remembers what it sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cowidget.widgets.code.modules import code_of
from cowidget.widgets.mirror import Message, Mirror, Past
from cowidget.widgets.registry import Terms, rights
from cowidget.widgets.tree import Node, serialised


class Remembered:
    """What mirrors and shares send alike; what they asked to be called for later waits in `waiting`."""

    def __init__(self) -> None:
        self.values: list[Mapping[str, Any]] = []
        self.messages: list[Message] = []
        self.waiting: list[Callable[[], None]] = []
        self.errors: list[Exception] = []

    def send_values(self, values: Mapping[str, Any]) -> None:
        self.values.append(values)

    def send_message(self, message: Message) -> None:
        self.messages.append(message)

    def later(self, wait: float, act: Callable[[], None]) -> None:
        self.waiting.append(act)

    def report(self, error: Exception) -> None:
        self.errors.append(error)


class Sink(Remembered):
    """A share that remembers what its mirrors sent."""

    def __init__(self) -> None:
        super().__init__()
        self.reshaped = 0
        self.closed = False

    def reshape(self) -> None:
        self.reshaped += 1

    def close(self, widget: Any) -> None:
        self.closed = True


@contextmanager
def mirrors(sink: Sink) -> Iterator[Callable[..., Any]]:
    """Opens mirrors with the key `w`, whose `opened` are the values they began with; closes them at the end."""
    open_mirrors: list[Mirror] = []

    def open_mirror(widget: Any, *allow: str, models: Mapping[str, str] | None = None) -> Any:
        granted = rights(widget, "", Terms.of(allow, (), ()))
        mirror: Any = Mirror(widget, "w", granted, Past(widget), sink)
        open_mirrors.append(mirror)
        keys = dict(models or {})
        node = Node("", widget, granted, serialised(widget, granted.traits))
        mirror.opened = mirror.open(
            node, keys.get, {key: identity for identity, key in keys.items()}.get, code_of(widget)
        )
        return mirror

    yield open_mirror
    for mirror in open_mirrors:
        mirror.close()
