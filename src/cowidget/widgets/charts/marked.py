"""Marks, bands and thresholds of a chart, from Python."""

from __future__ import annotations

from typing import Any

from cowidget.errors import ShareError
from cowidget.widgets.charts.mark_book import MarkBook
from cowidget.widgets.charts.marks import Mark, MarkKind, made
from cowidget.widgets.feeds.times import unix
from cowidget.widgets.names import HOST


class Marked:
    """What everybody sees on a chart beside its rows. Guests may add, move and remove it as well.

    Each method returns an id. Without `id=`, it follows from what is marked: a cell that is run again marks nothing
    twice. What a chart was given before it is shared comes along.
    """

    _book: MarkBook

    @property
    def marks(self) -> list[Mark]:
        """All of them, guests' too, in the order in which they came."""
        return list(self._book.snapshot.values())

    def mark(self, t: Any, text: str = "", *, color: str = "", id: str | None = None) -> str:
        """Mark a moment.

        Args:
            t: Unix seconds, a datetime, or a text such as "2026-05-01T14:05".
            text: what it says.
            color: a name of CSS, or #rrggbb.
            id: to change or remove it by.

        Raises:
            ShareError: something of it cannot be.
        """
        return self._put("mark", id, t=unix(t), text=text, color=color)

    def band(
        self,
        t: Any = None,
        t2: Any = None,
        *,
        lo: float | None = None,
        hi: float | None = None,
        **options: str,
    ) -> str:
        """Shade a span of time (`c.band(t, t2)`), or of values (`c.band(lo=20, hi=25)`).

        Args:
            t: where the span of time begins.
            t2: where it ends.
            lo: the lower end of a span of values; None: no end.
            hi: its upper end.
            options: `text`, `color` and `id`, as of a mark.

        Raises:
            ShareError: it has no end at all, or ends before it begins.
        """
        if unknown := options.keys() - {"text", "color", "id"}:
            raise ShareError(f"A band has no {min(unknown)!r}. It has: t, t2, lo, hi, text, color, id.")
        if t is None and t2 is None and lo is None and hi is None:
            raise ShareError("A band has a span of time, band(t, t2), or of values, band(lo=20, hi=25).")
        start, end = (None if time is None else unix(time) for time in (t, t2))
        if (start is not None and end is not None and end < start) or (lo is not None and hi is not None and hi < lo):
            raise ShareError("This band ends before it begins: exchange its two ends.")
        words = {"text": options.get("text", ""), "color": options.get("color", "")}
        return self._put("band", options.get("id"), t=start, t2=end, y=_number(lo), y2=_number(hi), **words)

    def threshold(self, y: float, text: str = "", *, color: str = "", id: str | None = None) -> str:
        """Draw a line at a value.

        Raises:
            ShareError: it is no number.
        """
        return self._put("line", id, y=_number(y), text=text, color=color)

    def unmark(self, id: str | None = None) -> None:
        """Remove a mark, band or threshold, whoever put it there; None: all.

        Raises:
            ShareError: there is none with this id.
        """
        known = self._book.snapshot
        if id is not None and id not in known:
            raise ShareError(f"This chart has no mark {id!r}. It has: {', '.join(known) or 'none'}.")
        self._book.change(dict.fromkeys(known if id is None else (id,)))

    def _put(self, kind: MarkKind, id: str | None, **fields: Any) -> str:
        mark = made(kind, id, by=HOST, **fields)
        self._book.change({mark.id: mark})
        return mark.id


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, (str, bool)) or not hasattr(value, "__float__"):
        raise ShareError(f"{value!r} is no value of an axis. Write a number.")
    return float(value)
