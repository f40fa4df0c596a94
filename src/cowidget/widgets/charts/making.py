"""`cw.live` and `cw.chart`: what a notebook calls for a chart."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from cowidget.core.feed_values import Source
from cowidget.errors import ShareError
from cowidget.widgets.charts.chart import Chart
from cowidget.widgets.charts.drawing import Drawable
from cowidget.widgets.charts.on_error import obey
from cowidget.widgets.charts.options import ChartOptions
from cowidget.widgets.charts.series import EVERY_COLUMN, Series
from cowidget.widgets.feeds.feed import Feed
from cowidget.widgets.feeds.source import OnError, Produced, produced, source
from cowidget.widgets.feeds.spans import Span, seconds
from cowidget.widgets.plain_errors import plain_errors

KEEP = "24h"
# Seconds that a source's rows may come out of order; see `Source`.
DEFAULT_LATE = 2.0
_FOR_FUNCTIONS = frozenset({"every", "stale_after", "on_error", "backfill"})
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAX_HOST = 48


class FeedOptions(TypedDict, total=False):
    """What a chart's own feed is like.

    Attributes:
        name: the feed's name in the room; the same name goes on with the same rows.
        keep: how much it keeps: "24h", or a number of rows.
        late: rows that come out of order are put in order within this time.
    """

    name: str
    keep: Span
    late: Span


class SourceOptions(TypedDict, total=False):
    """How an address is read.

    Attributes:
        every: it is asked so often ("2s"); default: what tells by itself is listened to.
        headers: sent with the request. They stay with the relay; no guest sees them.
        subscribe: what a WebSocket is sent once it is open: a text, something that becomes JSON, or a list of these.
        records: the path to the list of rows in a message.
        stale_after: without rows for so long, the source is stale; default: three times the usual interval.
        backfill: the address of what was missed while the source was away, with "{since}" (Unix seconds) or
            "{since_ms}" in it; of a function: another one, that is given the last row's time and returns rows.
        parse: a function of each message (text or bytes) that returns a row, a list of rows, or None. The source then
            runs in the kernel, beside its cells.
        on_error: what follows an error: "retry" (default), "stop", or a function of the error that returns one of
            these.
        fields: like the keyword arguments, for columns whose names are those of other arguments.
    """

    every: Span
    headers: Mapping[str, str]
    subscribe: Any
    records: str
    stale_after: Span
    backfill: str | Callable[[float], Any]
    parse: Callable[[str | bytes], Any]
    on_error: OnError
    fields: Mapping[str, str]


_WORDS = [*ChartOptions.__annotations__, *FeedOptions.__annotations__, *SourceOptions.__annotations__]
# How much a column may be like one of these words before it seems a slip.
_ALIKE = 0.85


class ChartAndFeedOptions(ChartOptions, FeedOptions, total=False):
    """Both."""


@plain_errors
def chart(*columns: str, **options: Unpack[ChartAndFeedOptions]) -> Chart:
    """A chart with a feed of its own, that a notebook pushes rows to.

        c = cw.chart("temp", "humidity", window="10m")
        c.push(temp=21.4, humidity=40)                  # now
        c.push({"t": times, "temp": a, "humidity": b})  # many rows; a DataFrame is fine, too

    Args:
        columns: names, with a type if the first values do not tell: "city:text", "count:int". More come with
            the rows that have them.
        options: `window`, `title`, `left`, `right` and so on, see `ChartOptions`; `name`, `keep`, `late`, see
            `FeedOptions`.

    Raises:
        FeedError: a column or a span cannot be; says what to write.
        ShareError: there is no such option.
    """
    rest: dict[str, Any] = dict(options)
    own = _taken(rest, FeedOptions)
    feed = Feed(
        own.get("name"),
        columns,
        keep=own.get("keep", KEEP),
        late=own.get("late", 0),
        title=str(options.get("title", "")),
    )
    return Chart([Series(feed, "line", EVERY_COLUMN)], **rest)


@plain_errors
def live(*things: object, **options: Any) -> Chart:
    """A chart that follows whatever tells of itself: addresses, functions, feeds.

        cw.live("wss://host/trades", t="T:ms", price="p:float", window="5m")
        cw.live("https://host/score.json", every="2s")
        cw.live(ticks)                                  # an async generator, or a function made by @cw.source

    An address (wss, https, sse+https, and https with newline-delimited JSON) is read beside the relay, and goes on
    while the kernel is busy, interrupted or restarted. Functions and generators run in the kernel, beside its cells.

    Args:
        things: addresses; functions, generators and iterators of rows; feeds; other charts, whose series are joined.
        options: a column's name with its path in a message, `price="p:float"`, and `t=` for the time, for addresses;
            see `SourceOptions` for how these are read. `name`, `keep`, `late`: see `FeedOptions`. `window`, `title`,
            `left`, `right` and so on: see `ChartOptions`.

    Raises:
        FeedError: an address, a field or a span cannot be; says what to write.
        ShareError: one of the things can be no source.
    """
    if not things:
        raise ShareError("live() needs an address, a function, a generator or a feed. To push rows: cw.chart().")
    rest: dict[str, Any] = dict(options)
    look, own, reading = (_taken(rest, words) for words in (ChartOptions, FeedOptions, SourceOptions))
    reading["fields"] = _fields(rest, reading.get("fields", {}))
    if "name" in own and len(things) > 1:
        raise ShareError("name= is for one source; make each with its own, and put the charts together with |.")
    for_addresses = [word for word in reading if reading[word] and word not in _FOR_FUNCTIONS]
    if for_addresses and not any(isinstance(thing, str) for thing in things):
        raise ShareError(f"{for_addresses[0]}= says how an address is read, and {_called(things[0])} is none.")
    return Chart([series for thing in things for series in _followed(thing, own, reading)], **look)


def _followed(thing: object, own: Mapping[str, Any], reading: Mapping[str, Any]) -> Sequence[Series]:
    if isinstance(thing, str):
        return [Series(_feed_of_address(thing, own, reading), "line", EVERY_COLUMN)]
    if isinstance(thing, Chart):
        return thing._series_of
    if isinstance(thing, Drawable):
        return thing._drawn_by_itself()
    made = _produced(thing, {word: value for word, value in reading.items() if word in _FOR_FUNCTIONS})
    feed = Feed(own.get("name") or (made.name if made.name.isidentifier() else None), produce=made, **_kept(own))
    return [Series(feed, "line", EVERY_COLUMN)]


def _produced(thing: Any, reading: Mapping[str, Any]) -> Produced:
    if not reading:
        return produced(thing)
    if not callable(thing):
        raise ShareError(f"{min(reading)}= is for addresses and functions; {_called(thing)} makes its rows by itself.")
    if isinstance(thing, Produced):
        raise ShareError(f"{thing.name} is a source already: say {min(reading)}= where it is made, @cw.source(…).")
    return source(**reading)(thing)


def _feed_of_address(url: str, own: Mapping[str, Any], reading: Mapping[str, Any]) -> Feed:
    read = _source(url, own, reading)
    name = own.get("name") or _name_of(read)
    on_error = reading.get("on_error", "retry")
    if (parse := reading.get("parse")) is not None:
        from cowidget.widgets.charts.parsed import parsed  # the same

        made = parsed(read, parse, lambda text: feed.report(text))
        backfill = reading.get("backfill") or None
        feed = Feed(name, produce=replace(made, backfill=backfill, on_error=on_error), **_kept(own))
        return feed
    feed = Feed(name, source=read, **_kept(own))
    if on_error != "retry":
        obey(feed, on_error)
    return feed


def _source(url: str, own: Mapping[str, Any], reading: Mapping[str, Any]) -> Source:
    if not _ADDRESS.match(url):
        raise ShareError(f"{url!r} is no address. It begins with its scheme, as in wss://host/trades.")
    backfill = reading.get("backfill", "")
    if isinstance(backfill, str) != (reading.get("parse") is None) and backfill:
        raise ShareError("backfill= is an address, or with parse=, which reads in the kernel, a function.")
    source = Source(
        url=url,
        fields=dict(reading["fields"]),
        headers=dict(reading.get("headers", {})),
        subscribe=_messages(reading.get("subscribe", ())),
        records=reading.get("records", ""),
        every=seconds(reading.get("every", 0), "every"),
        stale_after=seconds(reading.get("stale_after", 0), "stale_after"),
        late=seconds(own.get("late", DEFAULT_LATE), "late"),
        backfill=backfill if isinstance(backfill, str) else "",
    )
    from cowidget.feeds.sources import check_source  # with all that reads the network, which few notebooks need

    check_source(source)
    return source


def _kept(own: Mapping[str, Any]) -> dict[str, Any]:
    return {"keep": own.get("keep", KEEP)} | ({"late": own["late"]} if "late" in own else {})


def _name_of(source: Source) -> str:
    """The same for the same source in every kernel: so it goes on with its rows."""
    parts = urlsplit(source.url)
    content = repr((source.url, sorted(source.fields.items()), source.subscribe, source.records))
    return f"{(parts.hostname or parts.scheme)[:_MAX_HOST]} {hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _messages(subscribe: Any) -> tuple[str, ...]:
    messages = subscribe if isinstance(subscribe, (list, tuple)) else (subscribe,)
    return tuple(message if isinstance(message, str) else json.dumps(message) for message in messages)


def _fields(rest: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    for name, path in rest.items():
        if meant := get_close_matches(name, _WORDS, 1, _ALIKE):
            raise ShareError(f"{name}=: do you mean {meant[0]}=? A column of this name: fields={{{name!r}: {path!r}}}.")
        if not isinstance(path, str):
            raise ShareError(f"{name}={path!r}: a column is a path in a message, such as {name}='data.price:float'.")
    return {**given, **rest}


def _taken(rest: dict[str, Any], words: type) -> dict[str, Any]:
    return {word: rest.pop(word) for word in words.__annotations__ if word in rest}


def _called(thing: object) -> str:
    return str(getattr(thing, "__name__", type(thing).__name__))
