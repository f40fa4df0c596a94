from __future__ import annotations

import pytest

from cowidget.core.feed_values import Source
from cowidget.feeds.scrubbing import Scrubber


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Source("ws://host", headers={"X-Key": "s3cret"}), "they said s3cret"),
        (Source("ws://host", headers={"Authorization": "Bearer s3cretword"}), "they said s3cretword"),
        (Source("ws://me:s3cret@host"), "they said s3cret"),
        (Source("ws://me:s3%21cret@host"), "they said s3!cret"),
        (Source("ws://host/?token=s3cret&x=1"), "they said s3cret"),
        (Source("ws://host", backfill="https://host/?key=s3cret&since={since}"), "they said s3cret"),
        (Source("ws://host", subscribe=('{"auth": "s3cret-that-is-long"}',)), "they said s3cret-that-is-long"),
    ],
)
def test_a_secret_is_not_in_a_text(source: Source, text: str) -> None:
    assert Scrubber(source).clean(text) == "they said •••"


def test_the_host_of_a_source_is_named_to_nobody() -> None:
    source = Source("ws://grafana.lab.test:3000/", backfill="https://history.lab.test/?from={since}")
    text = "certificate is not valid for 'grafana.lab.test' or 'history.lab.test'"
    assert Scrubber(source).clean(text) == "certificate is not valid for '•••' or '•••'"


def test_short_values_and_names_of_channels_stay_readable() -> None:
    source = Source("ws://host/?n=1", headers={"A": "no"}, subscribe=('{"channel": "trades"}',))
    assert Scrubber(source).clean("trades: no row in 1 s") == "trades: no row in 1 s"


def test_a_secret_within_another_does_not_leave_the_rest() -> None:
    source = Source("ws://host", headers={"A": "abcd", "B": "abcdefgh"})
    assert Scrubber(source).clean("abcdefgh abcd") == "••• •••"


def test_a_long_text_is_cut() -> None:
    assert len(Scrubber(Source("ws://host")).clean("x" * 9999)) == 500
