"""Bytes on the wire of a ten-row tick, beside what other libraries send for it, and bytes per value of bulk rows."""

from __future__ import annotations

import json
import math
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import comm
import numpy as np
from comm.base_comm import BaseComm

from cowidget.core import codec, columns
from cowidget.core.columns import Block
from cowidget.core.feed_frames import Rows
from tests.load.charts_pusher import sensor
from tests.load.charts_scene import scene

ROWS = 10
WINDOW = 1_000
SETUP = """
import cowidget as cw
chart = cw.chart("price", "volume:int", name="load")
room = cw.share(chart)
from tests.load.charts_wire import ticks
"""


@dataclass(frozen=True, slots=True)
class Bulk:
    """Bytes per row: of a sensor as it is told live, of integer ticks as they are kept and fetched."""

    sensor: float
    history: float


def ticks(first: int, count: int) -> dict[str, np.ndarray]:
    """Rows by their numbers: times in milliseconds about 50 ms apart, a price with two decimals, a volume."""
    chance = np.random.default_rng(first)
    times = 1_767_225_600_000 + first * 50 + np.cumsum(chance.integers(1, 100, count))
    price = np.round(65_000 + np.cumsum(chance.normal(0, 2, count).round()) / 100, 2)
    return {"t": times / 1000, "price": price, "volume": chance.integers(1, 500, count)}


def measure() -> dict[str, float]:
    """By whose they are: bytes for ten more rows where a thousand are shown; NaN for who is not installed."""
    peers: dict[str, Callable[[], float]] = {
        "bokeh": bokeh_bytes,
        "perspective": perspective_bytes,
        "plotly": plotly_bytes,
        "altair": altair_bytes,
    }
    measured = {"ours": our_bytes()}
    for name, measure_peer in peers.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some of them use their libraries as these were
            measured[name] = measure_peer() if find_spec(name) is not None else math.nan
    return measured


def our_bytes() -> float:
    """What a WebSocket brings to a watcher, the frame's header included: the largest of some ticks."""
    with scene(1, SETUP) as stage:
        stage.kernel.value(f"chart.push(ticks(0, {WINDOW}))")
        time.sleep(0.5)
        stage.watchers.collect()
        for number in range(20):
            stage.kernel.value(f"chart.push(ticks({WINDOW + number * ROWS}, {ROWS}))")
            time.sleep(0.05)
        time.sleep(0.5)
        (arrivals,) = stage.watchers.collect()
    return float(max(each.size + (2 if each.size < 126 else 4) for each in arrivals if each.size))


def bokeh_bytes() -> float:
    """The patch that a server writes for `ColumnDataSource.stream`: header, metadata, content and buffers."""
    from bokeh.document import Document
    from bokeh.models import ColumnDataSource
    from bokeh.protocol import Protocol

    source = ColumnDataSource(data=ticks(0, WINDOW))
    document = Document()
    document.add_root(source)
    sizes: list[int] = []

    def tell(event: Any) -> None:
        message = Protocol().create("PATCH-DOC", [event])
        sizes.append(
            sum(len(part.encode()) for part in (message.header_json, message.metadata_json, message.content_json))
            + sum(len(header) + len(bytes(payload)) for header, payload in _bokeh_buffers(message))
        )

    document.on_change(tell)
    source.stream(ticks(WINDOW, ROWS), rollover=WINDOW)
    return float(sum(sizes))


def plotly_bytes() -> float:
    """The messages of a FigureWidget with two traces that gets its last thousand rows anew."""
    from plotly.graph_objects import FigureWidget, Scatter

    before, after = ticks(0, WINDOW), ticks(ROWS, WINDOW)
    with _recorded() as sent:
        figure = FigureWidget([Scatter(x=before["t"], y=before[name]) for name in ("price", "volume")])
        sent.clear()
        with figure.batch_update():
            for trace, name in zip(figure.data, ("price", "volume"), strict=True):
                trace.x, trace.y = after["t"], after[name]
        return float(sum(sent))


def altair_bytes() -> float:
    """The messages of a JupyterChart whose chart is replaced by one of the last thousand rows."""
    import altair
    import pandas as pd

    def drawn(first: int) -> Any:
        return altair.Chart(pd.DataFrame(ticks(first, WINDOW))).mark_line().encode(x="t:Q", y="price:Q")

    with _recorded() as sent:
        chart = altair.JupyterChart(drawn(0))
        sent.clear()
        chart.chart = drawn(ROWS)
        return float(sum(sent))


def perspective_bytes() -> float:
    """The rows that a view of a table tells its client of, without the envelope."""
    import perspective

    server = perspective.Server()
    client = server.new_local_client()
    rows = {name: values.tolist() for name, values in ticks(0, WINDOW).items()}
    table = client.table(rows, limit=WINDOW)
    view = table.view()
    sizes: list[int] = []
    view.on_update(lambda port, delta=None: sizes.append(len(delta or b"")), mode="row")
    table.update({name: values.tolist() for name, values in ticks(WINDOW, ROWS).items()})
    table.size()
    return float(sum(sizes))


def measure_bulk() -> Bulk:
    """A live frame of a thousand rows of a sensor; a sealed chunk of integer ticks."""
    live = Block(0, dict(enumerate(sensor(0, 1_000).values())), sent=time.time())
    frame = codec.join([codec.encode(Rows("load", columns.encode(live)))])
    made = ticks(0, 16_384)
    chunk = Block(0, {0: made["t"], 1: np.round(made["price"] * 100).astype(np.int64)})
    return Bulk((len(frame) + 4) / 1_000, len(columns.encode(chunk, deflate=True)) / 16_384)


class _RecordedComm(BaseComm):
    """A line to a front end that notes how much goes over it."""

    sizes: list[int]

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        size = len(json.dumps([data, metadata], default=str).encode())
        self.sizes.append(size + sum(memoryview(each).nbytes for each in buffers or ()))


@contextmanager
def _recorded() -> Iterator[list[int]]:
    """Widgets that are made in the block tell nobody; the sizes of what they would."""
    _RecordedComm.sizes = []
    before = comm.create_comm
    comm.create_comm = _RecordedComm
    try:
        yield _RecordedComm.sizes
    finally:
        comm.create_comm = before


def _bokeh_buffers(message: Any) -> Iterator[tuple[bytes, bytes]]:
    for buffer in message.buffers:
        yield json.dumps(buffer.ref).encode(), buffer.data


if __name__ == "__main__":
    print(measure(), measure_bulk())
