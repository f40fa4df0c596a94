"""Sources in the kernel: their rows, their failures, their ends."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import numpy as np
import pytest

from cowidget.widgets.feeds import running
from cowidget.widgets.feeds.feed import Feed
from cowidget.widgets.feeds.source import produced, source
from tests.support.wireless_room import WirelessRoom

PATIENCE = 10.0


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(running, "_LOOK", 0.02)


@pytest.fixture
def follow() -> Iterator[Callable[[Any], Feed]]:
    feeds: list[Feed] = []

    def follow(thing: Any) -> Feed:
        feed = Feed("ticks", produce=produced(thing))
        feeds.append(feed)
        feed.start()
        return feed

    yield follow
    for feed in feeds:
        feed.stop()


def becomes(feed: Feed, state: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while feed.status.state != state:
        assert time.monotonic() < deadline, f"{feed.status}, not {state}"
        time.sleep(0.01)


def prices(feed: Feed) -> list[float]:
    return np.asarray(feed.tail()["price"]).tolist()


def test_the_rows_of_an_asynchronous_generator_are_the_feeds(follow: Callable[[Any], Feed]) -> None:
    async def ticks() -> AsyncIterator[dict[str, float]]:
        for number in range(5):
            yield {"t": number, "price": number}
            await asyncio.sleep(0)

    feed = follow(ticks)
    becomes(feed, "ended")
    assert prices(feed) == [0, 1, 2, 3, 4]


def test_the_rows_of_a_generator_are_the_feeds_while_it_blocks(follow: Callable[[Any], Feed]) -> None:
    go_on = threading.Event()

    def ticks() -> Iterator[dict[str, float]]:
        yield {"t": 1, "price": 1}
        go_on.wait(PATIENCE)
        yield {"t": 2, "price": 2}

    feed = follow(ticks)
    assert feed.wait(rows=1, timeout=PATIENCE)
    becomes(feed, "live")
    go_on.set()
    becomes(feed, "ended")
    assert prices(feed) == [1, 2]


def test_no_row_of_a_fast_generator_is_lost(follow: Callable[[Any], Feed]) -> None:
    feed = follow({"t": number, "price": number} for number in range(20_000))
    becomes(feed, "ended")
    assert prices(feed) == list(range(20_000))


def test_a_function_is_polled(follow: Callable[[Any], Feed]) -> None:
    @source(every=0.01)
    def look() -> list[dict[str, float]]:
        return [{"price": 1.0}, {"price": 2.0}]

    assert follow(look).wait(rows=6, timeout=PATIENCE)


def test_an_asynchronous_function_is_polled(follow: Callable[[Any], Feed]) -> None:
    @source(every=0.01)
    async def look() -> dict[str, float]:
        await asyncio.sleep(0)
        return {"price": 1.0}

    assert follow(look).wait(rows=3, timeout=PATIENCE)


def test_a_poll_without_news_returns_nothing(follow: Callable[[Any], Feed]) -> None:
    calls: list[int] = []

    @source(every=0.01)
    def look() -> dict[str, float] | None:
        calls.append(1)
        return {"price": 1.0} if len(calls) == 3 else None

    feed = follow(look)
    assert feed.wait(rows=1, timeout=PATIENCE)
    assert len(calls) >= 3
    assert feed.errors == []


def test_code_for_the_main_thread_is_run_where_that_is(follow: Callable[[Any], Feed]) -> None:
    @source(every=0.01, where="kernel")
    def look() -> dict[str, Any]:
        return {"price": 1.0, "thread": threading.current_thread().name}

    feed = follow(look)
    assert feed.wait(rows=1, timeout=PATIENCE)
    assert "cowidget-apply" in feed.tail()["thread"][0]  # outside of IPython there is no better one


def test_a_generator_runs_on_the_main_thread_too(follow: Callable[[Any], Feed]) -> None:
    @source(where="kernel")
    def ticks() -> Iterator[dict[str, float]]:
        yield {"price": 1.0}
        yield {"price": 2.0}

    feed = follow(ticks)
    becomes(feed, "ended")
    assert prices(feed) == [1.0, 2.0]


def test_a_source_that_failed_is_run_again_after_a_gap(follow: Callable[[Any], Feed]) -> None:
    runs: list[int] = []

    async def ticks() -> AsyncIterator[dict[str, float]]:
        runs.append(1)
        yield {"t": len(runs), "price": len(runs)}
        if len(runs) == 1:
            raise OSError("the line is cut")

    feed = follow(ticks)
    becomes(feed, "ended")
    first, gap, second = prices(feed)
    assert (first, np.isnan(gap), second) == (1, True, 2)
    assert [error.text for error in feed.errors] == ["OSError: the line is cut"]


def test_what_was_missed_is_filled_in_instead_of_a_gap(follow: Callable[[Any], Feed]) -> None:
    runs: list[int] = []

    def missed(last: float) -> list[dict[str, float]]:
        return [{"t": last + 1, "price": 77.0}]

    @source(backfill=missed)
    async def ticks() -> AsyncIterator[dict[str, float]]:
        runs.append(1)
        yield {"t": 10.0 * len(runs), "price": 1.0}
        if len(runs) == 1:
            raise OSError("the line is cut")

    feed = follow(ticks)
    becomes(feed, "ended")
    assert prices(feed) == [1.0, 77.0, 1.0]


def test_a_backfill_that_fails_leaves_a_gap(follow: Callable[[Any], Feed]) -> None:
    runs: list[int] = []

    def missed(last: float) -> None:
        raise OSError("no such table")

    @source(backfill=missed)
    async def ticks() -> AsyncIterator[dict[str, float]]:
        runs.append(1)
        yield {"t": 10.0 * len(runs), "price": 1.0}
        if len(runs) == 1:
            raise OSError("the line is cut")

    feed = follow(ticks)
    becomes(feed, "ended")
    assert np.isnan(prices(feed)).tolist() == [False, True, False]
    assert feed.errors[-1].text == "backfill: OSError: no such table"


def test_a_source_stops_at_its_first_failure_if_it_should(follow: Callable[[Any], Feed]) -> None:
    @source(every=0.01, on_error="stop")
    def look() -> None:
        raise OSError("no such host")

    feed = follow(look)
    becomes(feed, "failed")
    assert feed.status.text == "OSError: no such host"


def test_a_function_decides_what_follows_a_failure(follow: Callable[[Any], Feed]) -> None:
    asked: list[Exception] = []

    def decide(error: Exception) -> str:
        asked.append(error)
        return "stop" if len(asked) == 3 else "retry"

    @source(every=0.01, on_error=decide)
    def look() -> None:
        raise OSError("no such host")

    becomes(follow(look), "failed")
    assert len(asked) == 3


def test_a_source_that_fails_again_and_again_tells_when_it_tries_next(
    follow: Callable[[Any], Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE", 1000.0)
    monkeypatch.setattr(running, "LONGEST_PAUSE", 1000.0)

    async def ticks() -> AsyncIterator[dict[str, float]]:
        raise OSError("no such host")
        yield {}

    feed = follow(ticks)
    becomes(feed, "retrying")
    assert (feed.status.attempts, feed.status.retry_at > time.time()) == (1, True)


def test_a_row_that_does_not_fit_is_an_error_and_nothing_else(follow: Callable[[Any], Feed]) -> None:
    async def ticks() -> AsyncIterator[Any]:
        yield {"t": 1, "price": 1.0}
        yield {"t": 2, "price": "much"}
        yield 42
        yield {"t": 3, "price": 3.0}

    feed = follow(ticks)
    becomes(feed, "ended")
    assert prices(feed) == [1.0, 3.0]
    assert len(feed.errors) == 2


def test_a_silent_source_is_stale_until_it_speaks(follow: Callable[[Any], Feed]) -> None:
    go_on = threading.Event()

    @source(stale_after=0.05)
    def ticks() -> Iterator[dict[str, float]]:
        yield {"price": 1.0}
        go_on.wait(PATIENCE)
        yield {"price": 2.0}
        go_on.clear()
        go_on.wait(0.5)

    feed = follow(ticks)
    becomes(feed, "stale")
    go_on.set()
    becomes(feed, "live")


def test_a_paused_source_is_asked_for_nothing(follow: Callable[[Any], Feed]) -> None:
    calls: list[int] = []

    @source(every=0.01)
    def look() -> dict[str, float]:
        calls.append(1)
        return {"price": 1.0}

    feed = follow(look)
    assert feed.wait(rows=1, timeout=PATIENCE)
    feed.pause()
    time.sleep(0.1)
    before = len(calls)
    time.sleep(0.1)
    assert len(calls) == before
    feed.resume()
    assert feed.wait(rows=before + 2, timeout=PATIENCE)


def test_a_stopped_source_has_ended(follow: Callable[[Any], Feed]) -> None:
    closed = threading.Event()

    async def ticks() -> AsyncIterator[dict[str, float]]:
        try:
            while True:
                yield {"price": 1.0}
                await asyncio.sleep(0.01)
        finally:
            closed.set()

    feed = follow(ticks)
    assert feed.wait(rows=1, timeout=PATIENCE)
    feed.stop()
    assert closed.wait(PATIENCE)
    becomes(feed, "ended")


def test_a_source_that_was_started_for_a_room_ends_with_it() -> None:
    closed = threading.Event()

    async def ticks() -> AsyncIterator[dict[str, float]]:
        try:
            while True:
                yield {"price": 1.0}
                await asyncio.sleep(0.01)
        finally:
            closed.set()

    feed, room = Feed("ticks", produce=produced(ticks)), WirelessRoom()
    leave = feed.join_handle(room)  # type: ignore[arg-type]
    room.welcome()
    assert room.has(2)
    leave()
    assert closed.wait(PATIENCE)
    closed.clear()
    again = feed.join_handle(room)  # type: ignore[arg-type]
    assert room.has(room.rows + 1)
    again()
