"""A document that takes entries one position after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowidget.core.document import Applied, Document
from cowidget.core.effects import Entry
from cowidget.core.frames import Declare, Patch, Set, Settle, Unshare
from cowidget.core.values import Change, KeyState, Settlement, Share
from tests.support.rooms import changes, entry, share


class Paper:
    """A document and its sequence: each entry takes the next position."""

    def __init__(self) -> None:
        self.document = Document()
        self.at = 0

    def apply(self, pushed: Entry) -> Applied:
        self.at += 1
        return self.document.apply(self.at, pushed)

    def set(self, author: str, values: Mapping[str, Any]) -> Applied:
        return self.change(author, *changes(values))

    def change(self, author: str, *changed: Change) -> Applied:
        role = "owner" if author == "kernel" else "participant"
        return self.apply(entry(author, Set(self.at + 1, changed), role))

    def declare(
        self, values: Mapping[str, Any], shared: Share | None = None, *, restore: bool = True, by: str = "kernel"
    ) -> Applied:
        push = Declare(self.at + 1, shared or share(), changes(values), restore)
        return self.apply(entry(by, push, "owner"))

    def settle(self, key: str, version: int, outcome: str, value: Any = None, **fields: Any) -> Applied:
        settlement = Settlement(key, version, outcome, value, **fields)
        return self.apply(entry("kernel", Settle(self.at + 1, (settlement,)), "owner"))

    def unshare(self, name: str) -> Applied:
        return self.apply(entry("kernel", Unshare(self.at + 1, name), "owner"))

    def state(self, key: str) -> KeyState | None:
        return next(iter(self.document.patch(self.at, [key]).keys), None)

    def value(self, key: str) -> Any:
        state = self.state(key)
        return None if state is None else state.value


def whole(document: Document, at: int) -> Patch:
    return document.page(0, at, reset=True)
