"""Times as people have them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cowidget.errors import FeedError
from cowidget.widgets.feeds.times import unix, unix_array

MOMENT = 1_700_000_000.25
UTC_TIME = datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        MOMENT,
        np.float64(MOMENT),
        UTC_TIME,
        UTC_TIME.astimezone(timezone(timedelta(hours=-5))),
        pd.Timestamp(UTC_TIME),
        pd.Timestamp(UTC_TIME).tz_localize(None),
        np.datetime64("2023-11-14T22:13:20.250"),
        "2023-11-14T22:13:20.250Z",
        "2023-11-14 22:13:20.250",
    ],
)
def test_one_moment_can_be_written_in_many_ways(written: Any) -> None:
    assert unix(written) == MOMENT


def test_a_datetime_without_a_zone_is_this_machines_time() -> None:
    naive = UTC_TIME.replace(tzinfo=None)
    assert unix(naive) == naive.timestamp()


def test_a_day_begins_at_midnight() -> None:
    assert unix(date(1970, 1, 2)) == 86400.0


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_numpy_keep_their_unit(unit: str) -> None:
    moments = np.array(["2023-11-14T22:13:20", "1969-12-31T23:59:59"], f"datetime64[{unit}]")
    assert unix_array(moments).tolist() == [1_700_000_000.0, -1.0]


def test_a_list_may_hold_all_kinds_of_times() -> None:
    assert unix_array([UTC_TIME, "2023-11-14T22:13:20.25Z", MOMENT]).tolist() == [MOMENT] * 3


@pytest.mark.parametrize("written", ["yesterday", 1_700_000_000_000, float("nan"), float("inf"), None, [1]])
def test_what_is_no_time_is_refused(written: Any) -> None:
    with pytest.raises(FeedError):
        unix(written)


@pytest.mark.parametrize("written", [np.array([1.7e12]), np.array([np.nan]), np.array(["NaT"], "datetime64[ns]")])
def test_what_is_no_time_is_refused_in_arrays_too(written: Any) -> None:
    with pytest.raises(FeedError):
        unix_array(written)
