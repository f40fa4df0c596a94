from __future__ import annotations

from typing import Any

import pytest

from cowidget.core.feed_values import Source
from cowidget.feeds.events import EventSource
from cowidget.feeds.failures import FieldError, SourceError
from cowidget.feeds.lines import LineSource
from cowidget.feeds.networks import Networks
from cowidget.feeds.polled import PolledSource
from cowidget.feeds.reach import Reach
from cowidget.feeds.sources import backfill_url, check_source, open_source
from cowidget.feeds.websocket import WebSocketSource

REACH = Reach(Networks())


@pytest.mark.parametrize(
    ("scheme", "kind"),
    [
        ("ws", WebSocketSource),
        ("wss", WebSocketSource),
        ("sse+http", EventSource),
        ("sse+https", EventSource),
        ("ndjson+http", LineSource),
        ("ndjson+https", LineSource),
        ("http", PolledSource),
        ("https", PolledSource),
    ],
)
def test_the_address_says_which_kind_it_is(scheme: str, kind: type) -> None:
    assert isinstance(open_source(Source(f"{scheme}://feeds.test/a", {"p": "p"}), REACH), kind)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://feeds.test/", "begins with ftp://; use one of ws://, wss://"),
        ("feeds.test/a", "begins with nothing"),
        ("wss:///a", "it looks like wss://host/path"),
        ("wss://feeds.test:0/", "it looks like wss://host/path"),
        ("wss://feeds.test:70000/", "is none"),
        ("wss://feeds.test/a b", "it looks like"),
        ("wss://feeds.test/a\nX: y", "it looks like"),
        ("wss://[::1/", "is none"),
    ],
)
def test_an_address_that_is_none_is_said(url: str, said: str) -> None:
    with pytest.raises(SourceError) as failed:
        check_source(Source(url, {"p": "p"}))
    assert said in str(failed.value)


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X-Key": "a\r\nHost: evil"}},
        {"headers": {"X Key": "a"}},
        {"headers": {"": "a"}},
        {"headers": {"X-Key": "schlüssel"}},
    ],
)
def test_headers_that_cannot_be_sent_are_said_without_their_values(options: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="cannot be sent") as failed:
        check_source(Source("ws://feeds.test/", {"p": "p"}, **options))
    assert "evil" not in str(failed.value)


def test_a_field_that_is_not_understood_is_said() -> None:
    with pytest.raises(FieldError, match="p='p:nothing'"):
        check_source(Source("ws://feeds.test/", {"p": "p:nothing"}))
    with pytest.raises(FieldError, match=r"records: 'a\.\.b' is no path"):
        check_source(Source("ws://feeds.test/", {"p": "p"}, records="a..b"))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("https://feeds.test/history", "says nowhere since when"),
        ("wss://feeds.test/{since}", "backfill begins with wss://"),
    ],
)
def test_a_backfill_that_cannot_work_is_said(template: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        check_source(Source("ws://feeds.test/", {"p": "p"}, backfill=template))


def test_the_time_since_which_rows_are_missing_goes_into_the_backfill() -> None:
    assert backfill_url("https://feeds.test/{since}/{since_ms}", 1700000000.25) == (
        "https://feeds.test/1700000000.25/1700000000250"
    )
    assert backfill_url("https://feeds.test/{since}", 1700000000.0) == "https://feeds.test/1700000000"
