"""What charts make of rows, computed here too: bars, resampled and rolling values, as `js/src/feeds` draws them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Resampling = Literal["last", "first", "mean", "min", "max", "sum", "count"]
Rolled = Literal["mean", "min", "max", "sum", "std"]


def bars(time: Floats, price: Floats, volume: Floats | None, every: float) -> dict[str, Floats]:
    """Open, high, low, close of each interval that has a price, and the sum of `volume`.

    Intervals begin at multiples of `every` seconds; a bar's time is where its interval begins.
    """
    there = ~np.isnan(price)
    starts, times = _intervals(time[there], every)
    prices = price[there]
    if not len(starts):
        empty = np.empty(0)
        made = {"t": empty, "open": empty, "high": empty, "low": empty, "close": empty}
        return made | ({} if volume is None else {"volume": empty})
    made = {
        "t": times,
        "open": prices[starts],
        "high": np.maximum.reduceat(prices, starts),
        "low": np.minimum.reduceat(prices, starts),
        "close": prices[_ends(starts, len(prices))],
    }
    if volume is not None:
        made["volume"] = np.add.reduceat(np.nan_to_num(volume[there]), starts)
    return made


def resampled(time: Floats, values: Floats, every: float, how: Resampling) -> tuple[Floats, Floats]:
    """One value for each interval that has any, and where these intervals begin."""
    there = ~np.isnan(values)
    starts, times = _intervals(time[there], every)
    known = values[there]
    if not len(starts):
        return np.empty(0), np.empty(0)
    ends = _ends(starts, len(known))
    counts = (ends - starts + 1).astype(np.float64)
    match how:
        case "first":
            return times, known[starts]
        case "last":
            return times, known[ends]
        case "min":
            return times, np.minimum.reduceat(known, starts)
        case "max":
            return times, np.maximum.reduceat(known, starts)
        case "sum":
            return times, np.add.reduceat(known, starts)
        case "mean":
            return times, np.add.reduceat(known, starts) / counts
        case "count":
            return times, counts


def rolling(time: Floats, values: Floats, span: float, how: Rolled) -> Floats:
    """For each row a value from those rows up to it that are less than `span` seconds older; NaN without any."""
    if not len(time):
        return np.empty(0)
    starts = np.searchsorted(time, time - span, "right")
    starts = np.minimum(starts, np.arange(len(time)))
    if how in ("min", "max"):
        return _extremes(values, starts, np.fmin if how == "min" else np.fmax)
    there = ~np.isnan(values)
    counts = _moving(there.astype(np.float64), starts)
    shift = float(values[there][0]) if there.any() else 0.0
    shifted = np.where(there, values - shift, 0.0)
    sums = _moving(shifted, starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        if how == "sum":
            made = sums + counts * shift
        elif how == "mean":
            made = sums / counts + shift
        else:
            squares = _moving(shifted * shifted, starts)
            spread = np.maximum(squares - sums * sums / counts, 0.0) / (counts - 1)
            return np.where(counts > 1, np.sqrt(spread), np.nan)
    return np.where(counts > 0, made, np.nan)


def _intervals(time: Floats, every: float) -> tuple[NDArray[np.intp], Floats]:
    buckets = np.floor(time / every)
    starts = np.flatnonzero(np.diff(buckets, prepend=-np.inf)) if len(buckets) else np.empty(0, np.intp)
    return starts, buckets[starts] * every


def _ends(starts: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    return np.append(starts[1:], count) - 1


def _moving(values: Floats, starts: NDArray[Any]) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[1:] - sums[starts])


def _extremes(values: Floats, starts: NDArray[Any], fold: Any) -> Floats:
    # Level n holds the extreme of the 2**n rows that end with each: two of them cover any window.
    found = np.array(values, np.float64)
    widths = np.arange(len(values)) - starts + 1
    level, width = found.copy(), 1
    while width < int(widths.max()):
        doubled = level.copy()
        doubled[width:] = fold(level[width:], level[:-width])
        level, width = doubled, 2 * width
        # Rows whose window has between `width` and `2 * width` rows: its end, and its beginning.
        rows = np.flatnonzero((widths >= width) & (widths < 2 * width))
        found[rows] = fold(level[rows], level[starts[rows] + width - 1])
    return found
