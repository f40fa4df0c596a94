"""A client's own values that the room has not confirmed; they are shown over the room's (D8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final


class Deleted(Enum):
    """The type of `DELETED`."""

    DELETED = "deleted"


DELETED: Final = Deleted.DELETED


@dataclass(frozen=True, slots=True)
class Own:
    """A value of ours and the push that carries it."""

    id: int
    value: Any


class Overlay:
    """Own values per key, oldest first; the last one is shown."""

    def __init__(self) -> None:
        self._own: dict[str, list[Own]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._own

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def shown(self, key: str) -> Any:
        """The newest own value. Raises KeyError when there is none."""
        return self._own[key][-1].value

    def put(self, id: int, values: Mapping[str, Any]) -> None:
        """Show these values of push `id`; a value that the same push had before is replaced."""
        for key, value in values.items():
            own = self._own.setdefault(key, [])
            if own and own[-1].id == id:
                own.pop()
            own.append(Own(id, value))

    def release(self, up_to: int) -> dict[str, Any]:
        """Forget the values of pushes up to an id: the keys that nothing covers any more, with the last value."""
        return self._drop(list(self._own), lambda own: own.id <= up_to)

    def withdraw(self, id: int, keys: Iterable[str] = ()) -> dict[str, Any]:
        """Forget what push `id` had for `keys` (default: all): the keys whose shown value changed by it."""
        names = list(keys) or list(self._own)
        before = {key: self._own[key][-1] for key in names if key in self._own}
        self._drop(names, lambda own: own.id == id)
        return {key: own.value for key, own in before.items() if own.id == id}

    def renumber(self, ids: Mapping[int, int]) -> None:
        """Follow the outbox when ids change."""
        for own in self._own.values():
            own[:] = [replace(value, id=ids.get(value.id, value.id)) for value in own]

    def _drop(self, keys: Iterable[str], which: Callable[[Own], bool]) -> dict[str, Any]:
        uncovered = {}
        for key in keys:
            own = self._own.get(key, [])
            kept = [value for value in own if not which(value)]
            if own and not kept:
                uncovered[key] = own[-1].value
                del self._own[key]
            elif own:
                self._own[key] = kept
        return uncovered
