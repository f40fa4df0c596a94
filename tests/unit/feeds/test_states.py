from __future__ import annotations

import pytest

from cowidget.feeds.states import Event, after


def test_a_new_connection_does_not_make_a_stale_source_live() -> None:
    assert after("stale", Event.OPENED) == "stale"
    assert after("stale", Event.HEARD) == "live"


@pytest.mark.parametrize("state", ["connecting", "live", "stale", "retrying", "failed"])
def test_every_source_that_is_followed_may_end_or_be_refused(state: str) -> None:
    assert after(state, Event.OVER) == "ended"  # type: ignore[arg-type]
    assert after(state, Event.REFUSED) == "failed"  # type: ignore[arg-type]


def test_what_cannot_happen_is_an_error() -> None:
    with pytest.raises(AssertionError, match="heard in the state ended"):
        after("ended", Event.HEARD)
