from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cowidget.errors import LinkError
from cowidget.widgets.invitation import Invitation, SecretUrl, checked_role, lifetime


@pytest.mark.parametrize(
    ("expires", "seconds"),
    [
        ("30m", 1800),
        ("2h", 7200),
        ("7d", 604800),
        (" 1.5 h ", 5400),
        (90, 90),
        (timedelta(days=1), 86400),
        (None, None),
    ],
)
def test_times(expires: str | float | timedelta | None, seconds: float | None) -> None:
    assert lifetime(expires) == seconds


@pytest.mark.parametrize("expires", ["soon", "7", "", 0, -5, "0m", timedelta(0), float("nan")])
def test_what_is_no_time_to_come_is_refused(expires: str | float | timedelta) -> None:
    with pytest.raises(LinkError):
        lifetime(expires)


def test_no_link_makes_an_owner() -> None:
    with pytest.raises(LinkError, match="viewer, participant, host"):
        checked_role("owner")


def test_a_link_is_a_text_whose_repr_leaves_the_secret_out() -> None:
    url = SecretUrl("http://host/r/room#k=s3cret")

    assert f"{url}" == "http://host/r/room#k=s3cret"
    assert repr(url) == "<link http://host/r/room#k=…>"
    assert "s3cret" not in repr([url])


def test_an_invitation_says_what_it_grants() -> None:
    until = datetime(2026, 11, 23, 12, 0).astimezone()

    assert repr(Invitation("viewers", "viewer", until, lambda: SecretUrl("x"))) == (
        "<Invitation viewers: viewer until 2026-11-23 12:00>"
    )
