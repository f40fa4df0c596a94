"""The figures of live charts, each printed beside what is to be reached; `bench.py` runs them."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.util import find_spec

from tests.load import (
    charts_bokeh,
    charts_busy,
    charts_cut,
    charts_fanout,
    charts_frames,
    charts_ingest,
    charts_join,
    charts_soak,
    charts_stalled,
    charts_viewports,
    charts_wire,
)

# Milliseconds until the first paint, and until all rows are there.
_TO_JOIN = {"loopback": "150 and 500", "10 Mbit/s, 50 ms": "300 and 1500"}


def show_fanout() -> None:
    """Points per second to many."""
    fanout = charts_fanout.measure()
    got = fanout.delivery
    print(f"  {got.points / 1e6:.1f} M points/s (to reach: 5), {100 * got.arrived:.0f} % of what was to be pushed")
    print(f"  p50 {got.delay.p50:.1f} ms, p95 {got.delay.p95:.1f} ms (to reach: 50)")
    print(f"  relay {fanout.relay:.0f} % of a core, kernel {fanout.kernel:.0f} %, watchers {fanout.watchers:.0f} %")
    if find_spec("bokeh") is not None:
        peer = charts_bokeh.measure(charts_fanout.VIEWERS, charts_fanout.ROWS, charts_fanout.PER_SECOND)
        print(f"  bokeh server, asked for the same: {peer.points / 1e6:.1f} M points/s, {peer.server:.0f} % of a core")


def show_wire() -> None:
    """Bytes on the wire."""
    for name, size in charts_wire.measure().items():
        told = "not installed: pip install -e '.[bench]'" if math.isnan(size) else f"{size:,.0f} B"
        print(f"  {name}: {told}" + (" (to reach: 150)" if name == "ours" else ""))
    bulk = charts_wire.measure_bulk()
    print(f"  a sensor, live: {bulk.sensor:.2f} B a row (to reach: 4.2)")
    print(f"  history of integer ticks: {bulk.history:.2f} B a row, its time included (to reach: 1.5)")


def show_join() -> None:
    """From the watch to all rows."""
    for line, join in charts_join.measure().items():
        print(f"  {line}: painted {join.painted:.0f} ms, all {join.complete:.0f} ms (to reach: {_TO_JOIN[line]})")


def show_frames() -> None:
    """Frames per second in Chromium without a graphics card."""
    frames = charts_frames.measure()
    print(f"  {frames.fps:.0f} frames/s of the page (to reach: 55), {frames.painted:.0f} of them drawn by the chart")
    print(f"  {frames.script:.1f} ms of script in each of those (to reach: 4); {frames.cpu:.1f} ms CPU of all scripts")
    print(f"  longest {frames.longest:.0f} ms, {frames.long} longer than 50 ms (to reach: 0)")


def show_busy() -> None:
    """Frames from a kernel in a loop."""
    for name, got in (("pushed", charts_busy.measure_push()), ("a source by URL", charts_busy.measure_source())):
        delay = f"p50 {got.delay.p50:.1f} ms, p95 {got.delay.p95:.1f} ms (to reach: 50)"
        print(f"  {name}: {100 * got.arrived:.0f} % arrived (to reach: 95), {delay}")


def show_stalled() -> None:
    """A viewer that reads nothing."""
    stalled = charts_stalled.measure()
    more = (stalled.grown_after - stalled.grown_before) / (1 << 20)
    print(f"  relay {more:+.2f} MiB more than without (to reach: 1)")
    before, after = stalled.before, stalled.after
    print(f"  the others: p50 {before.p50:.1f} ms, p95 {before.p95:.1f} ms")
    told = f"{100 * (stalled.slower - 1):+.0f} % (to reach: ±10), the middle of {charts_stalled.ROUNDS} rounds"
    print(
        f"  then: p50 {after.p50:.1f} ms, p95 {after.p95:.1f} ms, {told}, the middle of {charts_stalled.ROUNDS} rounds"
    )


def show_ingest() -> None:
    """Rows per second into a kernel, and into the store."""
    ingest = charts_ingest.measure()
    print(f"  single pushes: {ingest.single / 1e3:.0f} k/s, shared {ingest.shared / 1e3:.0f} k/s (to reach: 100)")
    print(
        f"  batched: {ingest.batched / 1e6:.1f} M rows/s (to reach: 5), with a relay {ingest.kept / 1e6:.1f} M rows/s"
    )


def show_cut() -> None:
    """Rows after a cut and a restart."""
    cut = charts_cut.measure()
    wrong = sum(viewer != cut.host for viewer in cut.viewers)
    print(f"  {cut.host[0]:,} rows, {wrong} viewers whose rows differ from the host's (to reach: 0)")
    print(f"  all rows {cut.cut:.0f} ms after the new line (to reach: 300)")
    print(f"  after a restart {cut.restart:.0f} ms, until the kernel has come back, too")


def show_soak() -> None:
    """Heaps before and after."""
    soak = charts_soak.measure()
    print(f"  {soak.sent:,} frames sent, {soak.told:,} told to the page (a day at 23 Hz is 2,000,000)")
    for name, (before, after) in (("page", soak.heap), ("relay", soak.relay)):
        print(f"  {name}: {before:.1f} MiB, then {after:.1f} MiB: {100 * (after / before - 1):+.1f} % (to reach: ±10)")


def show_viewports() -> None:
    """Viewports per second."""
    queries = charts_viewports.measure()
    print(f"  {queries.per_second:.0f} answers/s of {queries.size:.1f} kB by what the clients asked")
    print(f"  {queries.cost:.0f} µs CPU of the relay each: {queries.capacity:.0f}/s of a core (to reach: 2000)")


FIGURES: dict[str, tuple[str, Callable[[], None]]] = {
    "charts-fanout": (f"points of one feed to {charts_fanout.VIEWERS} viewers", show_fanout),
    "charts-wire": (f"{charts_wire.ROWS} new rows where {charts_wire.WINDOW:,} are shown", show_wire),
    "charts-join": (f"a newcomer gets {charts_join.ROWS:,} rows", show_join),
    "charts-frames": (
        f"{len(charts_frames.SERIES)} × {charts_frames.ROWS:,} points in view, live at {charts_frames.PER_SECOND} Hz",
        show_frames,
    ),
    "charts-busy": (f"{charts_busy.VIEWERS} viewers while the kernel runs a pure-Python loop", show_busy),
    "charts-stalled": (f"one of {charts_stalled.VIEWERS} viewers reads nothing more", show_stalled),
    "charts-ingest": ("rows into a kernel", show_ingest),
    "charts-cut": (f"a viewer is cut off for {charts_cut.AWAY:.0f} s; the relay is killed", show_cut),
    "charts-soak": (f"small frames as fast as they go, for {charts_soak.SECONDS:.0f} s", show_soak),
    "charts-viewports": (f"viewports of {charts_viewports.ROWS:,} rows", show_viewports),
}
