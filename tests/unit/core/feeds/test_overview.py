"""What a newcomer sees first."""

from __future__ import annotations

import numpy as np
import pytest

from cowidget.core import columns, limits
from cowidget.core.columns import Bins, Block
from cowidget.core.feed_values import Column
from cowidget.core.feeds.overview import overview
from cowidget.core.feeds.pyramid import FACTOR, Pyramid


def bins_of(count: int, first: int = 0, width: int = 1) -> Bins:
    pyramid = Pyramid(tuple(Column(f"c{number}") for number in range(width)))
    values = np.random.default_rng(1).random(count)
    pyramid.add(Block(first, {0: np.arange(float(count)), **{number + 1: values for number in range(width)}}))
    (data,) = overview(pyramid, first, first + count, width)
    assert len(data) <= limits.OVERVIEW_BYTES
    bins = columns.decode(data)
    assert isinstance(bins, Bins)
    return bins


@pytest.mark.parametrize("count", [1, 15, 16, 1000, 38_000, 39_000, 600_000, 1_000_000])
def test_an_overview_has_as_many_bins_as_are_drawn(count: int) -> None:
    bins = bins_of(count)
    assert limits.OVERVIEW_BINS // FACTOR - 2 <= bins.count <= limits.OVERVIEW_BINS or bins.level == 1
    assert bins.first == 0
    assert bins.count * FACTOR**bins.level >= count


def test_an_overview_begins_where_the_rows_begin() -> None:
    bins = bins_of(100_000, first=1_000_003)
    assert bins.first <= 1_000_003 < bins.first + FACTOR**bins.level


def test_wide_feeds_have_fewer_bins() -> None:
    assert bins_of(100_000, width=60).level > bins_of(100_000).level


def test_without_rows_there_is_no_overview() -> None:
    assert overview(Pyramid(()), 5, 5, 0) == ()
