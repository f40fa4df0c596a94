"""A feed: a table that grows, which charts draw. What the user holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from cowidget.client.handle import Handle
from cowidget.client.link import link_thread
from cowidget.core.feed_values import Column, FeedError, FeedSpec, FeedStatus, Source
from cowidget.core.values import Text
from cowidget.errors import FeedError as WrongFeed
from cowidget.feeds.fields import parse_fields
from cowidget.widgets.feeds import derived, naming
from cowidget.widgets.feeds.alerts import COOLDOWN, Alert, Condition
from cowidget.widgets.feeds.derived import Derived, Rolling
from cowidget.widgets.feeds.health import Diary, Health, health_of
from cowidget.widgets.feeds.inlet import Inlet
from cowidget.widgets.feeds.intake import Intake
from cowidget.widgets.feeds.outlet import MOST_PENDING, Outlet, Overflow
from cowidget.widgets.feeds.readable import Readable
from cowidget.widgets.feeds.running import Running
from cowidget.widgets.feeds.schema import Schema
from cowidget.widgets.feeds.source import Produced
from cowidget.widgets.feeds.spans import Span, amount, seconds
from cowidget.widgets.feeds.tables import is_row, table_of
from cowidget.widgets.feeds.telling import tell_all
from cowidget.widgets.plain_errors import plain_errors

if TYPE_CHECKING:
    from cowidget.widgets.hosting import Hosting

KEEP_ROWS = 2_000_000
# Of a feed that is kept for a span of time: with two columns, 240 MB in this kernel.
MOST_ROWS = 10_000_000
_STATUS_TIMEOUT = 2.0


class Feed(Readable):
    """Rows with a time, pushed here, made by a function, or taken from a URL; in as many charts and rooms as you like.

    Its methods may be called from any thread.
    """

    def __init__(  # noqa: PLR0913 - each is a word of the user's
        self,
        name: str | None = None,
        columns: Iterable[str | Column] = (),
        *,
        keep: Span = KEEP_ROWS,
        title: str = "",
        late: Span = 0.0,
        overflow: Overflow = "block",
        source: Source | None = None,
        produce: Produced | None = None,
    ) -> None:
        if overflow not in get_args(Overflow):
            raise WrongFeed(f"overflow={overflow!r} is neither 'block' nor 'conflate'.")
        kept = amount(keep, "keep")
        chosen = naming.checked(name) if name else naming.free_name()
        self.title = title[:200]
        self._overflow = overflow
        self._diary = Diary()
        if source is not None:
            columns = columns or parse_fields(source.fields).columns
        schema = Schema(columns)
        spec = FeedSpec(schema.columns, kept.rows or MOST_ROWS, kept.seconds, self.title)
        self._intake = Intake(schema, seconds(late, "late"), time.time)
        self._inlet = None if source is None else Inlet(chosen, spec, source)
        self._outlet = Outlet(chosen, spec, self._intake, self._diary, link_thread())
        super().__init__(chosen, self._inlet or self._outlet)
        self._rows.on_status = lambda: tell_all(self._status_listeners, self._health())
        self._produced = produce
        self._running: Running | None = None
        self._is_read = False

    # What it is.

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns beside the time; pushed rows and open sources may add some."""
        return self._rows.spec.columns if self._inlet is not None else self._intake.schema.columns

    @property
    def rows(self) -> int:
        """How many rows are kept."""
        return self.status.rows

    @property
    def status(self) -> Health:
        """How the feed is doing: its state, rows, pace and errors."""
        self._watch(history=False)
        if self._inlet is not None and self._joined:
            inlet = self._inlet
            self._wait_until(lambda: inlet.known, _STATUS_TIMEOUT)
        return self._thread.ask(self._health)

    @property
    def errors(self) -> list[FeedError]:
        """What went wrong with its source lately, oldest first: `time` and `text`.

        Of what runs in this kernel the last 100; of a URL, whose errors travel to everybody, the last 20.
        """
        if self._inlet is None:
            return self._diary.errors
        self._watch(history=False)
        told = self._thread.ask(self._told_status).recent
        return sorted((*told, *self._diary.errors), key=lambda error: error.time)

    def __repr__(self) -> str:
        return f"<Feed {self.name}: {', '.join(column.name for column in self.columns) or 'no columns yet'}>"

    # Filling it.

    @plain_errors
    def push(self, rows: Any = None, /, **cells: Any) -> int:
        """Add rows; the number of the first of them.

            feed.push(price=1.5)                          # one row; its time is now, unless `t` is given
            feed.push({"t": times, "price": prices})      # columns: lists, numpy
            feed.push(frame)                              # pandas, polars, pyarrow, whatever Arrow can read

        Rows pushed within about 20 ms travel together, sorted by time. A new column is added, and NaN before.

        Args:
            rows: one row, a dict of columns, a list of rows, an array or a table.
            cells: one row. `t` is Unix seconds, a datetime, a pandas Timestamp, a datetime64, or ISO 8601.

        Raises:
            FeedError: this is no row of this feed; nothing of it is taken.
        """
        if self._inlet is not None:
            raise WrongFeed(f"{self.name} gets its rows from its URL; push to a feed of its own: cw.feed(…).")
        number = self.take(cells if rows is None else rows)
        if self._overflow == "block" and not self._outlet.has_room and not self._thread.is_current():
            self._outlet.wait_for_room()
        return number

    def take(self, rows: Any) -> int:
        """`push`, without waiting when the rooms do not keep up."""
        number = self._intake.add_known(rows) if type(rows) is dict else None
        if number is None:
            number = self._take_new(rows)
        self._outlet.stir()
        if self._intake.pending > MOST_PENDING:
            self._outlet.drain_now()
        return number

    def add_gap(self) -> None:
        """Let charts interrupt their lines after the newest row."""
        self._intake.add_gap()
        self._outlet.stir()

    @property
    def has_room(self) -> bool:
        """Whether the rooms keep up with what is pushed."""
        return self._overflow == "conflate" or self._outlet.has_room

    def clear(self) -> None:
        """Forget all rows, here and in every room."""
        self._thread.ask(self._rows.clear)

    def start(self) -> None:
        """Let the source of this feed begin; sharing or reading it does so, too."""
        if self._running is None:
            self._is_read = True
            self._run()

    def pause(self) -> None:
        """Ask the source for no more rows until `resume`. Rows that are pushed are taken as before."""
        self._set_paused(True)

    def resume(self) -> None:
        """Let the source go on."""
        self._set_paused(False)

    def stop(self) -> None:
        """End the source; the rows stay."""
        if self._inlet is not None:
            self._set_paused(True)
        elif self._running is not None:
            self._running.stop()
        else:
            self._diary.become("ended")
        self._produced = None
        self._outlet.drain_now()

    # Made of it.

    @plain_errors
    def ohlc(self, every: Span, price: str | None = None, volume: str | None = None) -> Derived:
        """Bars: open, high, low and close of a column in each span, and the sum of another one as volume.

        Raises:
            FeedError: a column is not there, or `every` is no span.
        """
        return derived.ohlc(self, every, price, volume)

    @plain_errors
    def resample(self, every: Span, how: str = "last", **column: str) -> Derived:
        """One row for each span: `feed.resample("1s", price="mean")`.

        Args:
            every: the span.
            how: last, first, mean, min, max, sum or count, of the first column.
            column: of which column, and how.

        Raises:
            FeedError: a column is not there, or this cannot be made of it.
        """
        return derived.resample(self, every, how, column)

    @plain_errors
    def rolling(self, span: Span) -> Rolling:
        """A window that moves along: `feed.rolling("30s").mean("price")`."""
        return Rolling(self, span)

    # Telling of it.

    @plain_errors
    def alert(
        self,
        *,
        to: str | Callable[[str], object] = "chat",
        cooldown: Span = COOLDOWN,
        text: str = "",
        **conditions: Condition,
    ) -> Alert:
        """Tell when conditions on new rows come true: `feed.alert(price=lambda p: p > 70_000)`.

        It is told once, and again only after they were false. It is looked after by this kernel while it runs.

        Args:
            to: "chat" of each room that shows the feed, or a function of the text.
            cooldown: nothing is told for so long after an alert.
            text: what is told before the values.
            conditions: for each column a function of its value; all of them must hold, in the same row.

        Raises:
            FeedError: a condition is no function.
        """
        if to != "chat" and not callable(to):
            raise WrongFeed(f"to={to!r} is neither 'chat' nor a function of a text.")
        tell = self._post if isinstance(to, str) else to
        alert = Alert(
            conditions, tell, self._diary.report, seconds(cooldown, "cooldown"), text or self.title or self.name
        )
        forget = self.listen(lambda block: alert.receive(self.columns, block))
        alert.on_stop(forget)
        return alert

    # For charts.

    @property
    def is_filled_elsewhere(self) -> bool:
        """Whether its rows come from a URL that the relay reads, in every room the same."""
        return self._inlet is not None

    @property
    def is_joined(self) -> bool:
        """Whether it is in a room."""
        return bool(self._joined)

    def report(self, text: str) -> None:
        """Something went wrong with what fills it: it is told in `errors`."""
        self._diary.report(text)

    # Rooms.

    def join(self, hosting: Hosting) -> Callable[[], None]:
        """Publish the feed in a room; what this returns ends that. Does not wait."""
        return self.join_handle(hosting.handle)

    def join_handle(self, handle: Handle) -> Callable[[], None]:
        """`join` for a handle of an owner. The room keeps what it has when it is left.

        A source that was started for a room ends with the last room: a cell that is run again makes another one.
        """
        self._joined[handle] = self._joined.get(handle, 0) + 1
        self._run()
        self._thread.call(self._rows.join, handle.feeding)
        left: list[bool] = []

        def leave() -> None:
            if not left:
                left.append(True)
                self._leave(handle)

        return leave

    # For the classes of this package.

    def _take_new(self, rows: Any) -> int:
        if isinstance(rows, dict) and is_row(rows):
            return self._intake.add_row(rows)
        return self._intake.add_table(table_of(rows, [column.name for column in self.columns]))

    def _of_feed(self) -> Feed:
        return self

    def _transform(self) -> Mapping[str, Any] | None:
        return None

    def _leave(self, handle: Handle) -> None:
        self._joined[handle] -= 1
        if not self._joined[handle]:
            del self._joined[handle]
            self._thread.call(self._rows.leave, handle.feeding)
        if not self._joined and not self._is_read and self._running is not None:
            self._running.stop()
            self._running = None

    def _run(self) -> None:
        if self._running is None and self._produced is not None:
            self._running = Running(self._produced, self, self._diary)
            self._running.start()

    def _set_paused(self, paused: bool) -> None:
        if self._inlet is not None:
            inlet = self._inlet
            self._thread.ask(lambda: inlet.declare(replace(inlet.source, paused=paused)))
        elif self._running is not None:
            (self._running.pause if paused else self._running.resume)()

    def _post(self, text: str) -> None:
        for handle in tuple(self._joined):
            handle.push(lambda replica: replica.post(Text(text)))

    # In the link's thread.

    def _told_status(self) -> FeedStatus:
        return self._inlet.status if self._inlet is not None else self._diary.status(self._intake.dropped)

    def _health(self) -> Health:
        if self._inlet is None:
            self._outlet.drain()
        last = self._last_time()
        lag = None if last is None else max(time.time() - last, 0.0)
        return health_of(self._told_status(), self._rows.rows, self._rows.pace.rate, lag)


@plain_errors
def feed(
    *columns: str | Column,
    name: str | None = None,
    keep: Span = KEEP_ROWS,
    title: str = "",
    late: Span = 0.0,
    overflow: Overflow = "block",
) -> Feed:
    """A feed to push rows to; charts of it are made with its methods, or with `cw.live(feed)`.

    Args:
        columns: names, or "name:float", "name:int", "name:single", "name:text". More come with what is pushed.
        name: to go on with the same rows after the kernel was restarted; default: by cell and order.
        keep: how much of it: a number of rows, or a span of time (and of that at most 10 million rows).
        title: for people.
        late: rows wait so long for older ones before they are shown. Default: those that come together are sorted.
        overflow: when a room does not keep up: "block" lets a push wait; "conflate" loses the oldest rows there.

    Raises:
        FeedError: an argument cannot be.
    """
    return Feed(name, columns, keep=keep, title=title, late=late, overflow=overflow)
