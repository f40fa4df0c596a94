"""Times as people have them, in Unix seconds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowidget.errors import FeedError
from cowidget.feeds.failures import Mismatch
from cowidget.feeds.values import LATEST, check_time, time_of

Floats = NDArray[np.float64]


def unix(value: Any) -> float:
    """One time: seconds, a datetime, pandas Timestamp or np.datetime64, or a text in ISO 8601.

    Without a zone, a `datetime` is this machine's time, as for Python; everything else is UTC.

    Raises:
        FeedError: it is none of these, or milliseconds.
    """
    if isinstance(value, np.datetime64):
        return float(unix_array(np.array([value]))[0])
    if isinstance(value, datetime):  # also pandas' own
        return value.timestamp()
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    try:
        return check_time(time_of(value), "t")
    except Mismatch as error:
        raise FeedError(f"t={value!r} is no time in Unix seconds ({error}).") from error


def unix_array(values: Any) -> Floats:
    """Many times: an array of seconds or of datetime64, or a list of what `unix` takes.

    Raises:
        FeedError: one of them is no time.
    """
    array = values if isinstance(values, np.ndarray) else _array(values)
    if array.dtype.kind == "M":
        if np.isnat(array).any():
            raise FeedError("A row without a time (NaT) cannot be placed.")
        unit, count = np.datetime_data(array.dtype)
        per_second = _PER_SECOND.get(unit)
        if per_second is None or count != 1:
            array, per_second = array.astype("datetime64[us]"), 1e6
        return np.asarray(array.astype(np.int64) / per_second)
    if array.dtype.kind in "iuf":
        seconds = array.astype(np.float64)
        if not (np.abs(seconds) < LATEST).all():
            wrong = seconds[~(np.abs(seconds) < LATEST)][0]
            raise FeedError(f"t={wrong!r} is no time in Unix seconds; milliseconds are divided by 1000.")
        return seconds
    return np.array([unix(value) for value in array.tolist()], np.float64)


# A time of whole milliseconds divided so is the float that reads like it, and travels short.
_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def _array(values: Any) -> NDArray[Any]:
    listed = list(values)
    array = np.empty(len(listed), object)
    array[:] = listed
    if all(type(value) in (int, float) for value in listed):
        return np.array(listed, np.float64)
    return array
