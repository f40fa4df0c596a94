"""Charts of a real kernel: what a guest on the wire sees of them, and what the notebook itself shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from cowidget.core.columns import Block, decode, head
from cowidget.core.frames import Event, Fetch, Fetched, Refused, Rows, Said, Set, Watch, Watched
from cowidget.core.values import Change, Moment
from tests.support.awake_client import awake
from tests.support.kernels import CellFailed, Kernel, end_relay, running_kernel
from tests.support.wire_client import WireClient, wire_client

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("kernel")
    yield home
    end_relay(home)


@pytest.fixture(scope="module")
def kernel(home: Path) -> Iterator[Kernel]:
    with running_kernel(home, notebook="/charts.ipynb") as kernel:
        kernel.run("from ipywidgets import Output, VBox\nfrom cowidget.widgets import share as sharing")
        kernel.run("import altair as alt")
        yield kernel


@asynccontextmanager
async def comes_in(link: str) -> AsyncIterator[WireClient]:
    """Somebody with the link."""
    address, _, secret = link.partition("#k=")
    base, _, room = address.rpartition("/r/")
    async with awake(wire_client(base.replace("http", "ws", 1) + "/ws")) as client:
        await client.hello(room, secret=secret, name="Guest")
        yield client


@pytest.fixture
async def guest(kernel: Kernel) -> AsyncIterator[WireClient]:
    """In the notebook's room, which is empty again afterwards."""
    kernel.run("room = cw.room()")
    async with comes_in(kernel.value("str(room.url)")) as client:
        yield client
    kernel.run("for name in list(room._hosting.shared): room.unshare(name)")


async def watched(guest: WireClient, feed: str, end: int) -> Watched:
    """The feed, once the relay has so many rows of it."""
    while True:
        await guest.send(Watch(feed))
        frame = await guest.sees(Watched, lambda watched: watched.feed == feed)
        if frame.spec is not None and frame.end >= end:
            return frame
        await asyncio.sleep(0.05)  # a guest that asks without a pause is sent away


async def column(guest: WireClient, feed: str, at: int, first: int, last: int) -> list[float]:
    """A column of these rows."""
    await guest.send(Fetch(feed, 1, first, last))
    fetched = await guest.sees(Fetched)
    values: dict[int, float] = {}
    for data in fetched.blocks:
        block = decode(data)
        assert isinstance(block, Block)
        values |= dict(enumerate(np.asarray(block.columns[at]).tolist(), block.first))
    return [values[row] for row in range(first, last)]


def mark(**fields: object) -> dict[str, object]:
    """As a guest's page writes it."""
    empty = {"t": None, "t2": None, "y": None, "y2": None, "text": "", "color": "", "by": "Guest"}
    return {"kind": "mark", **empty, **fields}


# What guests see of a shared chart.


async def test_a_guest_sees_how_a_chart_looks_and_may_write_none_of_it(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('temp:float', window='10m', title='Room', name='temps'); room.share(c)")
    await guest.sees_value("c/window", 600.0)
    await guest.sees_value("c/title", "Room")

    push = await guest.push(Set, changes=(Change("c/window", 1.0),))

    assert (await guest.sees(Refused, lambda refused: refused.id == push)).slug == "not-writable"


async def test_rows_that_are_pushed_reach_who_watches(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('temp:float', name='pushed'); room.share(c); c.push({'t': [1, 2], 'temp': [20.5, 21]})")
    frame = await watched(guest, "pushed", 2)

    kernel.run("c.push(t=3.0, temp=21.5)")

    rows = await guest.sees(Rows, lambda rows: rows.feed == "pushed" and head(rows.block).first == 2)
    block = decode(rows.block)
    assert isinstance(block, Block)
    assert [column.name for column in frame.spec.columns] == ["temp"]
    assert (block.first, block.columns[0].tolist(), list(block.columns[1])) == (2, [3.0], [21.5])


async def test_rows_from_before_the_sharing_are_there_too(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('n:int', name='before'); c.push({'t': [1.0, 2.0, 3.0], 'n': [7, 8, 9]}); room.share(c)")

    await watched(guest, "before", 3)

    assert await column(guest, "before", 1, 0, 3) == [7, 8, 9]


async def test_two_charts_on_one_feed_are_one_feed_in_the_room(kernel: Kernel, guest: WireClient) -> None:
    kernel.run(
        "ticks = cw.Feed('ticks', ('price:float', 'size:float'))\n"
        "both = VBox([ticks.line('price'), ticks.bar('size')]); room.share(both)\n"
        "ticks.push(t=1.0, price=2.0, size=3.0)"
    )

    await watched(guest, "ticks", 1)
    kernel.run("room.share(ticks.ohlc('1m', price='price').candles(), name='bars')")

    assert kernel.value("[feed.name for feed, _ in room._hosting._charts._feeds.values()]") == ["ticks"]
    assert await column(guest, "ticks", 2, 0, 1) == [3.0]


async def test_two_feeds_of_one_name_are_an_error_that_the_host_sees(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("one, two = (cw.chart('n:float', name='same') for _ in range(2)); room.share(one, two)")

    assert "called 'same'" in kernel.value("str(room.errors[-1])")


async def test_a_cell_that_is_run_again_goes_on_with_the_rows(kernel: Kernel, guest: WireClient) -> None:
    cell = "c = cw.chart('n:float', name='again'); room.share(c); c.push(t=time.time(), n=1.0)"
    kernel.run(cell, "cell-1")
    await watched(guest, "again", 1)

    kernel.run(cell, "cell-1")

    frame = await watched(guest, "again", 2)
    assert frame.first == 0


async def test_a_chart_that_is_displayed_in_a_shared_output_is_in_the_room(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("out = Output(); room.share(out); inner = cw.chart('n:float', name='inner', title='Inner')")

    kernel.run("with out: display(inner)\ninner.push(n=1)")

    await guest.sees_value("out/outputs.0/title", "Inner")
    await watched(guest, "inner", 1)


async def test_a_chart_that_is_unshared_takes_its_marks_along(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('n:float', name='gone'); room.share(c); kept = c.threshold(5, 'limit', id='limit')")
    await guest.sees_value("/~mark/c/limit", mark(kind="line", y=5.0, text="limit", by="Host"))

    kernel.run("room.unshare(c)")
    kernel.sees("room._hosting.handle.ask(lambda replica: replica.keys('/~mark/'))", [])


async def test_a_chart_that_is_unshared_takes_its_feed_along(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('n:float', name='over'); room.share(c); c.push(n=1)")
    await watched(guest, "over", 1)

    kernel.run("room.unshare(c)")

    assert (await guest.sees(Watched, lambda news: news.feed == "over" and news.spec is None)).end == 0


# People's own charts.


async def test_who_comes_late_sees_the_rows_of_a_bound_chart(kernel: Kernel, guest: WireClient) -> None:
    kernel.run(
        "ticks = cw.Feed('bound', ('price:float',)); ticks.push(t=1.0, price=2.0)\n"
        "line = ticks.bind(alt.Chart().mark_line().encode(x='t:T', y='price:Q')); room.share(line)"
    )
    await guest.sees_value("line/debounce_wait", 10.0)

    kernel.run("ticks.push(t=2.0, price=3.0)")

    def is_second(event: Event) -> bool:
        return event.trait == "_py_to_js_updates" and len(event.content[0]["value"]) == 2

    assert (await guest.sees(Event, is_second)).content[0]["value"][1]["price"] == 3.0
    async with comes_in(kernel.value("str(room.url)")) as late:
        while "line/spec" not in late.state:
            await late._receive()
        (rows,) = late.state["line/spec"].value["datasets"].values()
    assert rows[0]["price"] == 2.0


# Marks.


async def test_a_mark_of_the_notebook_is_seen_by_guests_and_is_no_value_of_the_room(
    kernel: Kernel, guest: WireClient
) -> None:
    kernel.run("c = cw.chart('n:float', name='marked'); c.mark(5, 'kick-off', color='red', id='k'); room.share(c)")

    await guest.sees_value("/~mark/c/k", mark(t=5.0, text="kick-off", color="#ff0000", by="Host"))
    assert kernel.value("dict(room.state)") == {}


async def test_the_notebook_sees_a_guests_mark_and_removes_it(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('n:float', name='marked2'); room.share(c)")
    await guest.sees_value("c/title", "")
    await guest.push(Set, changes=(Change("/~mark/c/g", mark(t=7.0, text="look")),))
    kernel.sees("[(m.text, m.by) for m in c.marks]", [["look", "Guest"]])

    kernel.run("c.unmark('g')")

    kernel.sees("room._hosting.handle.ask(lambda replica: replica.keys('/~mark/'))", [])


async def test_a_name_of_the_rooms_own_is_no_shared_value(kernel: Kernel) -> None:
    with pytest.raises(CellFailed, match="values of its own"):
        kernel.run("cw.room().state['~mark/c/x'] = 1")


async def test_marks_survive_the_kernel(home: Path) -> None:
    with running_kernel(home, notebook="/restart.ipynb") as kernel:
        cell = "c = cw.chart('n:float', name='long'); room = cw.room().share(c)"
        kernel.run(cell)
        async with comes_in(kernel.value("str(room.url)")) as guest:
            await guest.sees_value("c/title", "")
            await guest.push(Set, changes=(Change("/~mark/c/g", mark(t=7.0, text="look")),))
            kernel.sees("[m.text for m in c.marks]", ["look"])

            kernel.restart()
            kernel.run(cell)

            kernel.sees("[m.text for m in c.marks]", ["look"])


# Moments.


async def test_a_moment_is_said_in_the_chat_and_read_there(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("c = cw.chart('n:float', name='told'); room.share(c); c.moment(10, 20, 'look here')")

    said = await guest.sees(Said, lambda said: any(isinstance(entry.body, Moment) for entry in said.entries))

    assert Moment("c", 10.0, 20.0, b"", "look here") in [entry.body for entry in said.entries]
    kernel.sees("[[said.text, said.moment.share] for said in room.chat.messages if said.moment]", [["look here", "c"]])


# Showing.


def test_a_chart_that_nobody_shared_is_shown_from_a_room_without_a_known_link(kernel: Kernel) -> None:
    kernel.run("lone = cw.chart('n:float', name='lone'); shown = lone._repr_mimebundle_()[0]", "cell-9")

    rooms = "{name: list(r._hosting.shared) for name, r in sharing._rooms.items() if 'lone' in r._hosting.shared}"
    assert list(kernel.value(rooms).values()) == [["lone"]]
    assert kernel.value("shown['text/plain']") == "<lone>"
    panel = "[d.panel for r in sharing._rooms.values() for d in r._showing.doormen if d.panel.share == 'lone'][0]"
    assert kernel.value(f"[({panel}).part, ({panel}).ticket != '', ({panel}).height]") == ["share", False, 380]


def test_a_chart_that_is_shared_is_shown_from_its_room(kernel: Kernel) -> None:
    kernel.run("own = cw.room('charts'); mine = cw.chart('n:float', name='mine'); own.share(mine)")

    kernel.run("shown = mine._repr_mimebundle_()", "cell-10")

    assert kernel.value("own._showing.doormen[-1].panel.share") == "mine"
    kernel.run("own.stop()")


def test_a_cell_without_a_variable_that_is_run_again_shows_the_same_share(kernel: Kernel) -> None:
    for _ in range(2):
        kernel.run("cw.chart('n:float', name='nameless')._repr_mimebundle_()", "cell-11")

    desk = "[r for r in sharing._rooms.values() if 'cell-cell-11' in r._hosting.shared][0]"
    assert kernel.value(f"[n for n in ({desk})._hosting.shared if n.startswith('cell-cell-11')]") == ["cell-cell-11"]


def test_the_notebooks_own_view_is_drawn_when_it_is_asked_for(kernel: Kernel) -> None:
    kernel.run(
        "from cowidget.widgets.charts.showing import drawn_natively\n"
        "n = cw.chart('n:float', name='native')\n"
        "with drawn_natively(): view = n._repr_mimebundle_()[0]"
    )

    ours = "view['application/vnd.jupyter.widget-view+json']['model_id'] == n.model_id"
    assert kernel.value(ours) is True


def test_the_notebooks_own_view_gets_rows_and_marks_through_the_kernel(kernel: Kernel) -> None:
    kernel.run("nat = cw.chart('n:float', name='nat'); nat.push({'t': [1.0, 2.0], 'n': [5.0, 6.0]})")
    kernel.run("five = nat.threshold(5)")
    comm = kernel.value("nat.comm.comm_id")

    kernel.send_comm(comm, {"feeds": "code"})
    code = kernel.comm_message(comm, lambda data: data.get("content") == {"feeds": "code"})
    kernel.send_comm(comm, {"feed": {"type": "watch", "feed": "nat"}})
    marks = kernel.comm_message(comm, lambda data: "marks" in data.get("content", {}))
    news = kernel.comm_message(comm, lambda data: data.get("content", {}).get("news", {}).get("spec") is not None)
    # The feed has only just come into the room: its rows may come after it.
    if news["content"]["news"]["end"] < 2:
        kernel.comm_message(comm, lambda data: data.get("content", {}).get("news", {}).get("type") == "rows")
    kernel.send_comm(comm, {"feed": {"type": "fetch", "feed": "nat", "id": 1, "first": 0, "last": 2}})
    fetched = kernel.comm_message(comm, lambda data: data.get("content", {}).get("news", {}).get("type") == "fetched")

    assert b"export" in code["buffers"][0]
    assert [mark["y"] for mark in marks["content"]["marks"].values()] == [5.0]
    assert news["content"]["news"]["spec"]["columns"][0]["name"] == "n"
    block = decode(fetched["buffers"][0])
    assert isinstance(block, Block)
    assert list(block.columns[1]) == [5.0, 6.0]
