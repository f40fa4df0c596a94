"""The chat as a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cowidget.widgets.messages.backends import Backend, imported

if TYPE_CHECKING:
    from cowidget.widgets.message import Message

# Each column's type in pandas and in polars; `time` is UTC.
DTYPES: dict[str, tuple[str, str]] = {
    "number": ("int64", "Int64"),
    "time": ("datetime64[us, UTC]", "Datetime"),
    "name": ("string", "String"),
    "peer": ("string", "String"),
    "kind": ("string", "String"),
    "text": ("string", "String"),
    "reply": ("Int64", "Int64"),
    "edited": ("bool", "Boolean"),
    "erased": ("bool", "Boolean"),
    "photos": ("int64", "Int64"),
    "reactions": ("int64", "Int64"),
}


def frame_of(messages: Sequence[Message], backend: Backend) -> Any:
    """One row for each message.

    Raises:
        ShareError: the library is not installed, or this is no backend.
    """
    library = imported(backend)
    rows = [_row(message) for message in messages]
    cells = {name: [row[at] for row in rows] for at, name in enumerate(DTYPES)}
    if backend == "pandas":
        return library.DataFrame({name: library.Series(cells[name], dtype=DTYPES[name][0]) for name in DTYPES})
    schema = {name: getattr(library, dtype) for name, (_, dtype) in DTYPES.items()}
    return library.DataFrame(cells, schema=schema | {"time": library.Datetime("us", "UTC")})


def _row(message: Message) -> tuple[Any, ...]:
    return (
        message.number,
        message.time,
        message.name,
        message.peer,
        message.kind,
        message.text,
        message.reply,
        message.edited,
        message.erased,
        len(message.photos),
        sum(map(len, message.reactions.values())),
    )
