"""What the figures of charts are made of."""

from __future__ import annotations

import math

import pytest

from tests.load.charts_arrivals import delays_of, delivery, spread
from tests.load.charts_watchers import Arrival


def test_a_push_has_arrived_when_its_last_row_has() -> None:
    arrivals = [Arrival(1.02, 0, 50, 400), Arrival(1.03, 50, 200, 400)]

    assert delays_of([(100, 1.0), (200, 1.01)], arrivals) == pytest.approx([30, 20])


def test_a_push_that_was_skipped_has_no_delay() -> None:
    arrivals = [Arrival(1.0, 0, 100, 400), Arrival(2.0, 200, 300, 400)]

    assert len(delays_of([(100, 0.9), (200, 1.0), (300, 1.9)], arrivals)) == 2


def test_pushes_that_should_have_been_count_as_missing() -> None:
    arrivals = [[Arrival(1.0, 0, 100, 400)], [Arrival(1.0, 0, 100, 600)]]

    got = delivery([(100, 0.9)], arrivals, seconds=2, expected=4)

    assert (got.points, got.arrived, got.size) == (100, 0.25, 5)


def test_of_too_few_there_is_no_spread() -> None:
    assert math.isnan(spread([1.0]).p95)
