"""The bucket, and what the sizes owe each other."""

from __future__ import annotations

from typing import get_args

import pytest

from cowidget.core import limits
from cowidget.core.limits import Bucket
from cowidget.core.values import Role


def test_a_full_bucket_gives_its_burst_at_once() -> None:
    bucket = Bucket(rate=1, burst=3, now=0)

    assert [bucket.take(1, 0) for _ in range(4)] == [True, True, True, False]


def test_a_bucket_refills_with_time() -> None:
    bucket = Bucket(rate=2, burst=2, now=0)
    bucket.take(2, 0)

    assert (bucket.take(1, 0.4), bucket.take(1, 0.5)) == (False, True)


def test_a_bucket_holds_no_more_than_its_burst() -> None:
    bucket = Bucket(rate=1, burst=2, now=0)

    assert (bucket.take(2, 1000), bucket.take(1, 1000)) == (True, False)


def test_a_refused_take_costs_nothing() -> None:
    bucket = Bucket(rate=1, burst=2, now=0)
    bucket.take(3, 0)

    assert bucket.take(2, 0)


def test_a_clock_that_steps_back_gives_nothing_and_takes_nothing() -> None:
    bucket = Bucket(rate=1, burst=2, now=100)
    bucket.take(1, 100)

    assert (bucket.take(1, 50), bucket.take(1, 50)) == (True, False)


def test_every_role_has_an_allowance() -> None:
    assert set(limits.ALLOWANCES) == set(get_args(Role))


@pytest.mark.rule("M5")
def test_the_sizes_are_those_of_the_protocol() -> None:
    assert limits.MAX_GREETING_BYTES == 8 << 10
    assert limits.MAX_MESSAGE_BYTES == 1 << 20
    assert limits.MAX_INLINE_BYTES == 64 << 10
    assert limits.MAX_EMIT_BYTES == 720 << 10


@pytest.mark.rule("D10")
def test_a_pull_is_a_whole_number_of_chunks() -> None:
    assert limits.CHUNK_BYTES == 256 << 10
    assert limits.PULL_WINDOW_BYTES == 1 << 20


def test_a_session_is_gone_within_ten_seconds_of_its_last_sign() -> None:
    assert 2 * limits.PING_INTERVAL < limits.SILENCE_TIMEOUT < 10
