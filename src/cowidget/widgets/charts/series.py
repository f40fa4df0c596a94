"""What a chart draws of a feed: one series, as its front end is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from cowidget.errors import ShareError
from cowidget.widgets.charts.colors import checked_color
from cowidget.widgets.charts.options import ChartOptions

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed

SeriesKind = Literal["line", "step", "area", "bar", "scatter", "candle", "gauge", "spark", "value"]
EVERY_COLUMN = "*"
"""Each column of numbers that a feed has, also those that it gains."""

MAX_LABEL = 100
MAX_DECIMALS = 12
MAX_WIDTH = 20.0


class Look(TypedDict, total=False):
    """How a series looks.

    Attributes:
        label: its name in the legend.
        color: a name or #rrggbb; default: the next one of the palette, which fits light and dark.
        axis: "left" or "right".
        dash: a dashed line.
        width: of the line, in pixels; default: a thin one where rows are dense, which is drawn many times faster.
        decimals: how many are shown; default: as many as the values have.
        min: where a gauge begins.
        max: where it ends.
    """

    label: str
    color: str
    axis: Literal["left", "right"]
    dash: bool
    width: float
    decimals: int | None
    min: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One series. `columns` has the parts of a candle, all others have a `column`."""

    feed: Feed
    kind: SeriesKind
    column: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    transform: Mapping[str, Any] | None = None
    look: Look = field(default_factory=Look)

    def described(self) -> list[dict[str, Any]]:
        """As the front end is told: one, or one for each column of numbers that the feed has by now."""
        known = [column.name for column in self.feed.columns if column.type != "text"]
        if self.column != EVERY_COLUMN or not known:
            return [self._described()]
        return [replace(self, column=name)._described() for name in known]

    def _described(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {"columns": dict(self.columns)} if self.columns else {"column": self.column}
        return {
            "feed": self.feed.name,
            **drawn,
            "kind": self.kind,
            "label": self.look.get("label", self._own_label()),
            "color": checked_color(self.look.get("color", "")),
            "axis": self.look.get("axis", "left"),
            "dash": self.look.get("dash", False),
            "width": self.look.get("width", 0.0),
            "decimals": self.look.get("decimals"),
            "transform": None if self.transform is None else dict(self.transform),
            "min": self.look.get("min"),
            "max": self.look.get("max"),
        }

    def _own_label(self) -> str:
        if self.column == EVERY_COLUMN:
            return ""
        if self.columns:
            source = (self.transform or {}).get("price") or self.feed.title or self.feed.name
            return str(source)
        match self.transform:
            case {"op": "rolling", "how": how, "span": span}:
                return f"{self.column} ({how} of {span:g} s)"
            case {"op": "resample", "how": how, "every": every}:
                return f"{self.column} ({how} per {every:g} s)"
            case {"op": "ohlc", "price": price}:
                return f"{price} {self.column}"
        return self.column


def checked_look(look: Look) -> Look:
    """The look, if a chart can have it.

    Raises:
        ShareError: something of it cannot be; says what can.
    """
    if unknown := look.keys() - Look.__annotations__.keys():
        known = ", ".join(Look.__annotations__)
        chart = ", ".join(ChartOptions.__annotations__)
        raise ShareError(f"A series has no {min(unknown)!r}. It has: {known}; and its chart: {chart}.")
    if look.get("axis", "left") not in ("left", "right"):
        raise ShareError(f"axis={look.get('axis')!r} is none of: 'left', 'right'.")
    checked_color(look.get("color", ""))
    if len(str(look.get("label", ""))) > MAX_LABEL:
        raise ShareError(f"A label has at most {MAX_LABEL} characters.")
    if not 0 < look.get("width", 1.0) <= MAX_WIDTH:
        raise ShareError(f"width={look.get('width')!r} is no width of a line: above 0, at most {MAX_WIDTH:g} pixels.")
    decimals = look.get("decimals")
    if decimals is not None and decimals not in range(MAX_DECIMALS + 1):
        raise ShareError(f"decimals={decimals!r} is not a number from 0 to {MAX_DECIMALS}.")
    low, high = look.get("min"), look.get("max")
    if not all(end is None or math.isfinite(end) for end in (low, high)):
        raise ShareError("min= and max= are numbers, or None.")
    if low is not None and high is not None and not low < high:
        raise ShareError(f"min={low:g} is not below max={high:g}.")
    return look
