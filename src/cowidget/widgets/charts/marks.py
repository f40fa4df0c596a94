"""Marks, bands and thresholds: what people see on a chart beside its rows, and how a room keeps them.

They are values of the room without an owner, under `/~mark/<share>/<id>`, so that guests may add, move and remove
them.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from cowidget.errors import ShareError
from cowidget.widgets.charts.colors import checked_color

MarkKind = Literal["mark", "band", "line"]
MAX_TEXT = 200
PREFIX = "/~mark/"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBERS = ("t", "t2", "y", "y2")


@dataclass(frozen=True, slots=True)
class Mark:
    """One of them.

    Attributes:
        id: its name among the chart's marks.
        kind: "mark" is a moment, "band" a span of time or of values, "line" a threshold.
        t: the moment, or where a span of time begins; Unix seconds.
        t2: where the span of time ends.
        y: the threshold, or the lower end of a span of values.
        y2: its upper end.
        text: what it says.
        color: #rrggbb, empty for the page's.
        by: the name of who put it there.
    """

    id: str
    kind: MarkKind
    t: float | None = None
    t2: float | None = None
    y: float | None = None
    y2: float | None = None
    text: str = ""
    color: str = ""
    by: str = ""

    def value(self) -> dict[str, Any]:
        """As the room keeps it."""
        fields = asdict(self)
        del fields["id"]
        return fields


def key_of(share: str, identity: str = "") -> str:
    """Where a room keeps a mark of this share; without an id, how the keys of all of them begin."""
    return f"{PREFIX}{share}/{identity}"


def made(kind: MarkKind, identity: str | None, **fields: Any) -> Mark:
    """A mark of ours. Without an id of its own, the same one has the same id when the cell is run again.

    Raises:
        ShareError: a field cannot be.
    """
    text = str(fields.get("text", ""))
    if len(text) > MAX_TEXT:
        raise ShareError(f"The text of a mark has at most {MAX_TEXT} characters.")
    fields["color"] = checked_color(fields.get("color", ""))
    for name in _NUMBERS:
        if (value := fields.get(name)) is not None and not math.isfinite(value):
            raise ShareError(f"A mark cannot be at {value}.")
    mark = Mark("", kind, **fields)
    return Mark(_checked_id(identity) if identity is not None else _own_id(mark), **mark.value())


def read(identity: str, value: Any) -> Mark | None:
    """What somebody has put into the room, or None if that is no mark: guests may write anything."""
    if not isinstance(value, Mapping) or not _ID.fullmatch(identity):
        return None
    numbers = {name: value.get(name) for name in _NUMBERS}
    texts = {name: value.get(name, "") for name in ("text", "color", "by")}
    if value.get("kind") not in get_args(MarkKind) or not all(map(_is_place, numbers.values())):
        return None
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in texts.values()):
        return None
    fields: dict[str, Any] = {name: None if number is None else float(number) for name, number in numbers.items()}
    return Mark(identity, value["kind"], **fields, **texts)


def _is_place(number: Any) -> bool:
    if number is None:
        return True
    return isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)


def _own_id(mark: Mark) -> str:
    content = repr((mark.kind, mark.t, mark.t2, mark.y, mark.y2, mark.text))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _checked_id(identity: str) -> str:
    if not _ID.fullmatch(str(identity)):
        raise ShareError(f"{identity!r} cannot name a mark: 1 to 64 letters, digits, “_” and “-”.")
    return identity
