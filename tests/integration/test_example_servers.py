"""The servers among the examples, which the notebooks about live charts start."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, pairwise, takewhile
from typing import Any

import httpx
import pytest
from bokeh_sampledata import stocks
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.kernels import ROOT

RECORDED = {
    f"{price}": day
    for day, *prices in zip(*(stocks.AAPL[name] for name in ("date", "open", "high", "low", "close")), strict=True)
    for price in prices
    if day >= "2006"
}


@contextmanager
def server(name: str, *options: str) -> Iterator[str]:
    """Run an example; its address, once it listens."""
    command = [sys.executable, str(ROOT / "examples" / name), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(scope="module")
def market() -> Iterator[str]:
    with server("market_server.py", "--speed", "200") as address:
        yield address


@pytest.fixture(scope="module")
def scores() -> Iterator[str]:
    with server("score_server.py", "--speed", "2000") as address:
        yield address


def trades(url: str, count: int) -> list[dict[str, Any]]:
    with connect(url) as connection:
        return [json.loads(message) for message in islice(connection, count)]


def test_each_price_of_the_market_was_recorded(market: str) -> None:
    for trade in trades(f"{market}/ws/aapl@trade", 8):
        assert trade["s"] == "AAPL"
        assert trade["p"] in RECORDED


def test_a_day_of_the_market_has_four_prices(market: str) -> None:
    days = [trade["day"] for trade in trades(f"{market}/ws/goog@trade", 40)]
    whole = set(days) - {days[0], days[-1]}
    assert whole
    assert {days.count(day) for day in whole} == {4}


def test_all_who_listen_to_the_market_see_the_same(market: str) -> None:
    with connect(f"{market}/ws/ibm@trade") as one, connect(f"{market}/ws/ibm@trade") as other:
        some = [json.loads(message) for message in islice(other, 6)]
        # It has listened for longer, and a market that was held up tells many at the same moment.
        seen = list(takewhile(lambda trade: trade["T"] <= some[-1]["T"], map(json.loads, one)))
        assert some in [seen[at : at + 6] for at in range(len(seen))]


def test_the_market_does_not_know_every_share(market: str) -> None:
    with connect(f"{market}/ws/none@trade") as connection, pytest.raises(ConnectionClosed, match="there is no"):
        connection.recv()


def test_a_score_is_the_sum_of_the_plays(scores: str) -> None:
    with httpx.stream("GET", f"{scores}/events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        plays = list(islice(events(answer), 12))
    assert [number for number, _ in plays] == list(range(plays[0][0], plays[0][0] + 12))
    for (_, one), (_, following) in pairwise(plays):
        if one["game"] == following["game"]:
            assert following["home"] + following["away"] == one["home"] + one["away"] + int(following["text"][0])


def test_who_comes_back_to_the_game_gets_what_was_missed(scores: str) -> None:
    with httpx.stream("GET", f"{scores}/events", headers={"Last-Event-ID": "3"}) as answer:
        assert [number for number, _ in islice(events(answer), 3)] == [4, 5, 6]


def test_a_score_that_has_not_changed_is_not_sent_again() -> None:
    with server("score_server.py", "--speed", "0.001") as address:
        first = httpx.get(f"{address}/score.json")
        again = httpx.get(f"{address}/score.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.json()["home"] == 0
    assert (again.status_code, again.content) == (304, b"")


def test_the_score_moves_on(scores: str) -> None:
    with httpx.stream("GET", f"{scores}/events", headers={"Last-Event-ID": "20"}) as answer:
        next(events(answer))
    score = httpx.get(f"{scores}/score.json").json()
    assert score["game"] > 1 or score["home"] + score["away"] > 0


def test_there_is_nothing_else(scores: str) -> None:
    assert httpx.get(f"{scores}/secret").status_code == 404


def events(answer: httpx.Response) -> Iterator[tuple[int, dict[str, Any]]]:
    number = -1
    for line in answer.iter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        if line.startswith("data: "):
            yield number, json.loads(line[6:])
