"""`@cw.source`: what makes rows."""

import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cowidget.errors import FeedError
from cowidget.widgets.feeds.source import Produced, produced, source


async def ticks() -> AsyncIterator[dict[str, float]]:
    yield {"price": 1.5}


def steps() -> Iterator[dict[str, float]]:
    yield {"price": 1.5}


async def ask() -> dict[str, float]:
    return {"price": 1.5}


def look() -> dict[str, float]:
    return {"price": 1.5}


class Looker:
    def __call__(self) -> dict[str, float]:
        return {"price": 1.5}


class Ticker:
    async def __call__(self) -> AsyncIterator[dict[str, float]]:
        yield {"price": 1.5}


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (ticks, "async iterator"),
        (steps, "iterator"),
        (ask, "async poll"),
        (look, "poll"),
        (Looker(), "poll"),
        (Ticker(), "async iterator"),
        (functools.partial(ticks), "async iterator"),
        (lambda: 1, "poll"),
    ],
)
def test_a_function_is_run_by_what_it_is(function: Any, kind: str) -> None:
    assert source(function).kind == kind


def test_the_decorator_takes_words_or_none() -> None:
    @source(every="2s", on_error="stop", stale_after="1m", name="score")
    def poll() -> None: ...

    assert (poll.every, poll.on_error, poll.stale_after, poll.name) == (2.0, "stop", 60.0, "score")


def test_a_source_is_still_the_function() -> None:
    assert source(look)() == {"price": 1.5}


def test_a_running_generator_is_followed_to_its_end() -> None:
    made = produced(steps())
    assert (made.kind, made.on_error) == ("iterator", "stop")


def test_a_source_is_one_already() -> None:
    made = source(look)
    assert produced(made) is made


@pytest.mark.parametrize("thing", [42, None, {"price": 1}])
def test_what_makes_no_rows_is_refused(thing: Any) -> None:
    with pytest.raises(FeedError, match="makes no rows"):
        produced(thing)


@pytest.mark.parametrize(
    "words", [{"where": "nowhere"}, {"on_error": "panic"}, {"every": "soon"}, {"stale_after": "never"}]
)
def test_words_that_cannot_be_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        source(**words)(look)


def test_a_generator_waits_by_itself() -> None:
    with pytest.raises(FeedError, match="a generator waits by itself"):
        source(every=1)(steps)


def test_only_functions_are_decorated() -> None:
    with pytest.raises(FeedError, match="for functions"):
        source(every=1)(42)  # type: ignore[arg-type]


def test_a_source_is_a_value() -> None:
    assert isinstance(source(look), Produced)
