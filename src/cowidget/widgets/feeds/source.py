"""`@cw.source`: functions and generators whose rows become a feed."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, overload

from cowidget.errors import FeedError
from cowidget.widgets.feeds.spans import Span, seconds

Where = Literal["thread", "kernel"]
OnError = Literal["retry", "stop"] | Callable[[Exception], Any]
Kind = Literal["async iterator", "iterator", "async poll", "poll"]

# What a function without `every=` is asked at.
_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Produced:
    """Code that makes rows, and how it is run. Still callable as the function that it was.

    Attributes:
        function: makes an iterator or an asynchronous one, or returns rows when it is called.
        kind: which of these.
        every: seconds between two calls of a function that returns rows.
        where: "thread": beside the cells, also while one runs. "kernel": on the main thread, between cells.
        backfill: given the time of the last row, returns rows that were missed.
        on_error: "retry" with growing pauses, "stop", or a function of the error that returns one of the two.
        stale_after: seconds without rows; 0: three times the usual interval, at least 5 s.
        name: for a feed.
    """

    function: Callable[..., Any]
    kind: Kind
    every: float = _EVERY
    where: Where = "thread"
    backfill: Callable[[float], Any] | None = None
    on_error: OnError = "retry"
    stale_after: float = 0.0
    name: str = ""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """What the function returns."""
        return self.function(*arguments, **options)


@overload
def source(function: Callable[..., Any], /) -> Produced: ...
@overload
def source(
    function: None = None,
    /,
    *,
    every: Span | None = None,
    where: Where = "thread",
    backfill: Callable[[float], Any] | None = None,
    on_error: OnError = "retry",
    stale_after: Span = 0.0,
    name: str = "",
) -> Callable[[Callable[..., Any]], Produced]: ...
def source(  # noqa: PLR0913 - each is a word of the decorator's own
    function: Callable[..., Any] | None = None,
    /,
    *,
    every: Span | None = None,
    where: Where = "thread",
    backfill: Callable[[float], Any] | None = None,
    on_error: OnError = "retry",
    stale_after: Span = 0.0,
    name: str = "",
) -> Produced | Callable[[Callable[..., Any]], Produced]:
    """Make a source of a function: `cw.live(function)` follows it.

        @cw.source(every="1s")
        def score():                      # called in a thread of its own; returns a dict, a list of dicts, a table
            return requests.get(URL, timeout=5).json()

        @cw.source                        # runs beside the cells, also while one is busy
        async def ticks():
            async for message in exchange():
                yield {"t": message.time, "price": message.price}

    What it raises is kept in `feed.errors`, and it is run again after a pause of 0.5 to 30 s that grows.

    Args:
        function: a function, a generator or an asynchronous generator; without arguments.
        every: for a function that returns rows: how often it is called. Default: 1 s.
        where: "kernel" for code that needs the main thread; it stands still while a cell runs.
        backfill: called with the time of the last row after an interruption, returns the rows in between. Without
            it, the chart shows a gap there.
        on_error: "retry", "stop", or a function of the error that returns one of these.
        stale_after: without rows for so long it is shown as stale. Default: three times the usual interval, at
            least 5 s.
        name: of the feed; default: the function's.

    Raises:
        FeedError: an argument cannot be.
    """
    if where not in ("thread", "kernel"):
        raise FeedError(f"where={where!r} is neither 'thread' nor 'kernel'.")
    if on_error not in ("retry", "stop") and not callable(on_error):
        raise FeedError(f"on_error={on_error!r} is neither 'retry', 'stop' nor a function.")
    pause = _EVERY if every is None else seconds(every, "every")

    def decorate(function: Callable[..., Any]) -> Produced:
        if not callable(function):
            raise FeedError(f"@cw.source is for functions, not for a {type(function).__name__}.")
        kind = _kind_of(function)
        if every is not None and kind in ("iterator", "async iterator"):
            raise FeedError("every= is for a function that returns rows; a generator waits by itself.")
        called = name or getattr(function, "__name__", "")
        idle = seconds(stale_after, "stale_after")
        return Produced(function, kind, pause, where, backfill, on_error, idle, called)

    return decorate if function is None else decorate(function)


def produced(thing: Any) -> Produced:
    """A source of whatever makes rows: one, a function, an iterator, a generator.

    Raises:
        FeedError: it makes no rows.
    """
    if isinstance(thing, Produced):
        return thing
    if isinstance(thing, AsyncIterator):
        return Produced(lambda: thing, "async iterator", name=getattr(thing, "__name__", ""), on_error="stop")
    if isinstance(thing, Iterator):
        return Produced(lambda: thing, "iterator", name=getattr(thing, "__name__", ""), on_error="stop")
    if callable(thing):
        return source(thing)
    raise FeedError(f"A {type(thing).__name__} makes no rows. Give a URL, a function or a generator.")


def _kind_of(function: Callable[..., Any]) -> Kind:
    plain = inspect.unwrap(function)
    # An object with `__call__` is what that is.
    codes = (plain, getattr(plain, "__call__", plain))  # noqa: B004 - its code is looked at, not whether there is any
    if any(map(inspect.isasyncgenfunction, codes)):
        return "async iterator"
    if any(map(inspect.isgeneratorfunction, codes)):
        return "iterator"
    return "async poll" if any(map(inspect.iscoroutinefunction, codes)) else "poll"
