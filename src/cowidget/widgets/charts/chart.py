"""A chart that follows feeds: the widget that people see and that a notebook holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import anywidget
import traitlets

from cowidget.client.link import link_thread
from cowidget.core.notes import Effect
from cowidget.core.replica import Replica
from cowidget.core.values import Moment
from cowidget.errors import ShareError
from cowidget.widgets.charts import showing
from cowidget.widgets.charts.drawing import Drawable
from cowidget.widgets.charts.fed import Fed
from cowidget.widgets.charts.mark_book import MarkBook
from cowidget.widgets.charts.marked import Marked
from cowidget.widgets.charts.native import NativeViews
from cowidget.widgets.charts.options import MAX_TEXT, ChartOptions, checked_axis, checked_zone
from cowidget.widgets.charts.series import EVERY_COLUMN, Series
from cowidget.widgets.charts.showing import Display
from cowidget.widgets.feeds.spans import Amount, amount
from cowidget.widgets.feeds.times import unix
from cowidget.widgets.objects.stand_in import bundle
from cowidget.widgets.tee import LOCK

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed
    from cowidget.widgets.hosting import Hosting

DEFAULT_HEIGHT = 320
_LOOKS = ("title", "height", "zone", "window", "window_rows", "axes", "group")


class Chart(Drawable, Fed, Marked, anywidget.AnyWidget):
    """Series of one or several feeds on one screen. Made by `cw.live`, `cw.chart`, and the feeds' `.line()` and so on.

    Display it or share it. Zooming, holding and hiding series is each viewer's own; the traits are what all begin
    with (the other side is `js/src/chart`).
    """

    _esm = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(DEFAULT_HEIGHT, min=40, max=4000).tag(sync=True)
    zone = traitlets.Unicode().tag(sync=True)
    window = traitlets.Float(0.0, min=0.0).tag(sync=True)
    window_rows = traitlets.Int(0, min=0).tag(sync=True)
    following = traitlets.Bool(True).tag(sync=True)
    paused = traitlets.Bool(False).tag(sync=True)
    series: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    axes = traitlets.Dict().tag(sync=True)
    group = traitlets.Unicode().tag(sync=True)

    def __init__(self, series: Sequence[Series], **options: Unpack[ChartOptions]) -> None:
        if unknown := options.keys() - ChartOptions.__annotations__.keys():
            raise ShareError(f"A chart has no {min(unknown)!r}. It has: {', '.join(ChartOptions.__annotations__)}.")
        self._series_of = tuple(series)
        self._feeds = tuple({id(one.feed): one.feed for one in self._series_of}.values())
        self._book = MarkBook()
        # Where it is: rooms of ours, by the room's object and the share's name.
        self._places: dict[tuple[int, str], Hosting] = {}
        much = amount(options.get("window"), "window")
        super().__init__(
            _esm=bundle("chart"),
            title=str(options.get("title", ""))[:MAX_TEXT],
            height=options.get("height", DEFAULT_HEIGHT),
            zone=checked_zone(options.get("zone", "")),
            window=much.seconds,
            window_rows=much.rows,
            series=self._described(),
            axes={
                "left": checked_axis("left", options.get("left", {})),
                "right": checked_axis("right", options.get("right", {})),
            },
            group=options.get("group", ""),
        )
        self._views = NativeViews(self, lambda: showing.session_of(self))
        if any(one.column == EVERY_COLUMN for one in self._series_of):
            self._follow_columns()

    def __repr__(self) -> str:
        drawn = ", ".join(dict.fromkeys(str(one["label"] or one["feed"]) for one in self.series))
        return f"<Chart of {drawn}>"

    def __or__(self, other: object) -> Chart:
        """One chart with the series of both. What this one does not say, such as a window, is the other's."""
        if not isinstance(other, Chart):
            return NotImplemented
        joined = Chart((*self._series_of, *other._series_of))
        for name in _LOOKS:
            mine = getattr(self, name)
            joined.set_trait(name, getattr(other, name) if mine == getattr(joined, name) else mine)
        return joined

    # What everybody sees.

    @property
    def follow(self) -> bool:
        """Whether it moves on with new rows; each viewer may hold it for themselves."""
        return bool(self.following)

    @follow.setter
    def follow(self, follow: bool) -> None:
        self.following = bool(follow)

    def pause(self) -> None:
        """Hold the picture for everybody. Rows come in all the same."""
        self.paused = True

    def resume(self) -> None:
        """Go on, with all that has come meanwhile."""
        self.paused = False

    def moment(self, start: Any, end: Any, text: str = "") -> None:
        """Show a span of time in the chat of each room that this chart is in: who clicks there sees it.

        Args:
            start: Unix seconds, a datetime, or a text such as "2026-05-01T14:05".
            end: where it ends.
            text: markdown.

        Raises:
            ShareError: it is in no room, or ends before it begins.
        """
        begin, stop = unix(start), unix(end)
        if stop < begin:
            raise ShareError("This moment ends before it begins: exchange its two ends.")
        if not self._places:
            raise ShareError("This chart is in no room yet, so there is no chat. Share it: cw.share(chart).")
        for (_, share), hosting in tuple(self._places.items()):
            hosting.handle.push(partial(_post, Moment(share, begin, stop, b"", text)))

    # Showing.

    def close(self) -> None:
        """Take it out of every room, and let go of it; its feeds go on."""
        if views := getattr(self, "_views", None):
            views.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # Through the relay it moves also while a cell runs.
        panel = showing.panel_of(self)
        return super()._repr_mimebundle_(**kwargs) if panel is None else panel._repr_mimebundle_(**kwargs)

    def show(self, display: Display = "auto") -> None:
        """Show it in the running cell.

        Args:
            display: "auto": as guests see it, in a protected frame, live also while a cell runs. "native": as the
                front end draws widgets anyhow, live between cells; for front ends that forbid frames.

        Raises:
            ShareError: `display` is neither.
            RelayUnavailable: no relay can be started or reached; says why.
        """
        showing.show(self, display)

    # Its series, as its feeds gain columns.

    def _described(self) -> list[dict[str, Any]]:
        return [described for one in self._series_of for described in one.described()]

    def _follow_columns(self) -> None:
        for feed in self.feeds:
            # In the link's thread, which must not wait for whoever holds a widget.
            feed.on_columns(lambda columns: link_thread().apply(self._redescribe))

    def _redescribe(self) -> None:
        with LOCK:
            if self.comm is not None:
                self.series = self._described()

    # For the rooms that it is in.

    def _enter(self, hosting: Hosting, share: str) -> None:
        self._places[id(hosting), share] = hosting

    def _leave(self, hosting: Hosting, share: str) -> None:
        self._places.pop((id(hosting), share), None)

    # For `Drawable`: what is drawn of its feed makes another chart.

    def _of_feed(self) -> Feed:
        return self.feed

    def _rows_of(self) -> Feed:
        return self.feed

    def _shown(self) -> Amount:
        return Amount(self.window, self.window_rows)

    def _begun_as(self) -> ChartOptions:
        return ChartOptions(
            title=self.title,
            window=self.window_rows or self.window or None,
            zone=self.zone,
            left=self.axes["left"],
            right=self.axes["right"],
            group=self.group,
        )


def _post(moment: Moment, replica: Replica) -> list[Effect]:
    return replica.post(moment)
