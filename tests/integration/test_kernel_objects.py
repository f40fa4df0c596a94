"""A real kernel that shares what is no widget, and a guest on the wire."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from cowidget.core.frames import Emit, Event, Refused, Set
from cowidget.core.values import Change
from tests.support.awake_client import awake
from tests.support.kernels import CellFailed, Kernel, end_relay, running_kernel
from tests.support.wire_client import WireClient, wire_client

pytestmark = pytest.mark.integration

_PRELUDE = """
import dataclasses
import matplotlib.pyplot as plt, pandas as pd, pydantic
from typing import ClassVar
from anywidget.experimental import MimeBundleDescriptor
from IPython.display import HTML, clear_output, display

class Oven(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(validate_assignment=True)
    heat: int = pydantic.Field(20, le=250)
    minutes: int = pydantic.Field(30, le=60)
    recipe: str = "bread"
    _repr_mimebundle_: ClassVar = MimeBundleDescriptor(_esm="export default { render() {} };\\n")

class Score:
    points = 1
    def _repr_html_(self):
        return f"<b>{self.points}</b>"
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    home: Path = tmp_path_factory.mktemp("kernel")
    with running_kernel(home, notebook="/objects.ipynb") as kernel:
        kernel.run(_PRELUDE)
        yield kernel
    end_relay(home)


@pytest.fixture
async def guest(kernel: Kernel) -> AsyncIterator[WireClient]:
    """In the notebook's room, which is empty again afterwards."""
    kernel.run("room = cw.room()")
    link = kernel.value("str(room.url)")
    address, _, secret = link.partition("#k=")
    base, _, room = address.rpartition("/r/")
    async with awake(wire_client(base.replace("http", "ws", 1) + "/ws")) as client:
        await client.hello(room, secret=secret, name="Guest")
        yield client
    kernel.run("for name in list(room._hosting.shared): room.unshare(name)")


def size(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


async def test_a_figure_is_a_picture_that_follows_the_cells(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("fig, ax = plt.subplots(figsize=(4, 3), dpi=50); ax.plot([1, 2]); room.share(fig)")
    await guest.sees_value("fig/alt", "Figure")

    kernel.run("ax.set_title('Growth')")

    await guest.sees_value("fig/alt", "Figure: Growth")
    assert size(guest.state["fig/png"].value) == (400, 300)


async def test_a_figure_that_a_loop_shows_again_and_again_moves_while_the_loop_runs(
    kernel: Kernel, guest: WireClient, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    running = kernel.start(
        "import pathlib; fig, ax = plt.subplots(figsize=(2, 1), dpi=50); room.share(fig)\n"
        f"while not pathlib.Path({str(seen)!r}).exists():\n"
        "    ax.set_title('step'); clear_output(wait=True); display(fig); time.sleep(0.1)\n"
    )

    await guest.sees_value("fig/alt", "Figure: step")

    seen.touch()
    kernel.finish(running)


async def test_a_closed_figure_keeps_its_picture(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("fig = plt.figure(figsize=(4, 3), dpi=50); fig.suptitle('Last'); room.share(fig)")

    kernel.run("plt.close(fig); del fig")

    await guest.sees_value("fig/alt", "Figure: Last")
    assert size(guest.state["fig/png"].value) == (400, 300)


async def test_a_table_follows_its_frame(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("df = pd.DataFrame({'x': [1, 2]}); room.share(df)")

    kernel.run("df.loc[0, 'x'] = 9")

    column = {"name": "x", "dtype": "int64", "kind": "integer"}
    index = [{"name": "", "dtype": "int64", "kind": "integer", "values": [0, 1]}]
    await guest.sees_value(
        "df/table", {"index": index, "columns": [{**column, "values": [9, 2]}], "rows": 2, "width": 1}
    )


async def test_a_rich_object_follows_its_repr(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("score = Score(); room.share(score, name='score')")

    kernel.run("score.points = 2")

    while guest.state.get("score/bundle") is None or "<b>2</b>" not in guest.state["score/bundle"].value.values():
        await guest._receive()


async def test_what_a_guest_writes_is_set_on_the_object_and_refused_in_its_words(
    kernel: Kernel, guest: WireClient
) -> None:
    kernel.run("oven = Oven(); room.share(oven)")
    await guest.sees_value("oven/heat", 20)

    await guest.push(Set, changes=(Change("oven/heat", 200),))
    kernel.sees("oven.heat", 200)
    refused = await guest.push(Set, changes=(Change("oven/heat", 300),))

    why = await guest.sees(Refused, lambda frame: frame.id == refused)
    assert "less than or equal to 250" in why.text
    await guest.sees_value("oven/heat", 200)


async def test_of_values_that_come_together_the_object_takes_those_that_it_accepts(
    kernel: Kernel, guest: WireClient
) -> None:
    kernel.run("oven = Oven(); room.share(oven)")
    await guest.sees_value("oven/heat", 20)

    push = await guest.push(Set, changes=(Change("oven/heat", 100), Change("oven/minutes", 90)))

    why = await guest.sees(Refused, lambda frame: frame.id == push)
    assert tuple(why.keys) == ("oven/minutes",)
    await guest.sees_value("oven/heat", 100)
    await guest.sees_value("oven/minutes", 30)
    assert kernel.value("[oven.heat, oven.minutes]") == [100, 30]


async def test_a_guest_calls_a_command_of_the_object(kernel: Kernel, guest: WireClient) -> None:
    kernel.run(
        "from anywidget.experimental import command\n"
        "class Adder(Oven):\n"
        "    @command\n"
        "    def add(self, by, buffers):\n"
        "        return self.heat + by, []\n"
        "adder = Adder(); room.share(adder, allow={'messages'})"
    )
    await guest.sees_value("adder/heat", 20)

    content = {"kind": "anywidget-command", "id": "1", "name": "add", "msg": 5}
    await guest.push(Emit, model="adder", content=content)

    answer = await guest.sees(Event, lambda event: event.model == "adder")
    assert answer.content == {"id": "1", "kind": "anywidget-command-response", "response": 25}


async def test_guests_write_no_pictures_tables_or_pages(kernel: Kernel, guest: WireClient) -> None:
    kernel.run("room.share(HTML('<i>mine</i>'), name='page', allow={'bundle'})")
    await guest.sees_value("page/metadata", {})

    push = await guest.push(Set, changes=(Change("page/bundle", {"text/html": "<script>"}),))

    why = await guest.sees(Refused, lambda frame: frame.id == push)
    assert "Only the notebook itself changes this." in why.text


def test_what_cannot_be_shown_says_so(kernel: Kernel) -> None:
    with pytest.raises(CellFailed, match=r"int has no way to be shown.*room\.state"):
        kernel.run("cw.room().share(7)")


def test_unsharing_leaves_no_hook(kernel: Kernel) -> None:
    kernel.run("fig = plt.figure(); before = fig.stale_callback; room = cw.room(); room.share(fig)")
    kernel.run("room.unshare(fig)")

    assert kernel.value("fig.stale_callback is before and 'draw_event' not in fig.canvas.callbacks.callbacks") is True
