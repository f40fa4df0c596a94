"""Real kernels that share ipywidgets' own widgets, and guests who speak frames."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cowidget.client import links
from cowidget.core.frames import Chunk, Declare, Emit, Event, Failed, Patch, People, Pull, Refused, Set, Unshare
from cowidget.core.values import Change, Model, Share
from tests.support.awake_client import awake
from tests.support.kernels import Kernel, end_relay, running_kernel
from tests.support.wire_client import WireClient, guest_client, wire_client

pytestmark = pytest.mark.integration

_PRELUDE = """
import ipywidgets, traitlets
from tests.support.controls import every_control
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    home: Path = tmp_path_factory.mktemp("home")
    with running_kernel(home, notebook="/lessons/classic.ipynb") as kernel:
        kernel.run(_PRELUDE)
        yield kernel
    end_relay(home)


@pytest.fixture
def room(host: Kernel, request: pytest.FixtureRequest) -> Iterator[Kernel]:
    """The host with a room of its own for the test."""
    host.run(f"room = cw.room({request.node.name!r})")
    yield host
    host.run("room.stop()")


@asynccontextmanager
async def joined(host: Kernel) -> AsyncIterator[WireClient]:
    link = links.parse(host.value("str(room.url)"))
    async with awake(guest_client(link.socket, link.secret, link.room)) as guest:
        yield guest


async def sees_share(guest: WireClient, name: str) -> Share:
    patch = await guest.sees(Patch, lambda patch: any(share.name == name for share in patch.shares))
    return next(share for share in patch.shares if share.name == name)


async def set_values(guest: WireClient, **values: Any) -> int:
    return await guest.push(Set, changes=tuple(Change(key, value) for key, value in values.items()))


async def test_every_control_is_shared_and_driven_at_once(room: Kernel) -> None:
    room.run(
        "controls = every_control(); clicks = []; controls['Button'].on_click(clicks.append)\n"
        "names = list(controls); box = ipywidgets.VBox(list(controls.values())); room.share(box)"
    )
    paths = {name: f"box/children.{at}" for at, name in enumerate(room.value("names"))}
    wishes = {
        "IntSlider/value": 7, "FloatText/value": 2.5, "Text/value": "hi", "Dropdown/index": 1, "Checkbox/value": True,
        "SelectMultiple/index": [0, 2], "ColorPicker/value": "#ff0000", "TagsInput/value": ["a"], "Play/value": 3,
        "DatePicker/value": {"year": 2026, "month": 10, "date": 4}, "IntRangeSlider/value": [20, 30],
    }  # fmt: skip
    keys = {f"{paths[wish.partition('/')[0]]}/{wish.partition('/')[2]}": value for wish, value in wishes.items()}

    async with joined(room) as guest:
        share = await sees_share(guest, "box")
        await set_values(guest, **keys)
        await guest.push(Emit, model=paths["Button"], content={"event": "click"})

        room.sees("len(clicks)", 1)
        for key, value in keys.items():
            await guest.sees_value(key, value)
        assert not [frame for frame in guest.unseen if isinstance(frame, Refused)]

    assert {model.name for model in share.models if model.path.count(".") == 1} >= set(paths)
    assert [module.name for module in share.modules] == ["@jupyter-widgets/base"]
    held = "[c['IntSlider'].value, c['Dropdown'].value, str(c['DatePicker'].value), list(c['SelectMultiple'].value)]"
    assert room.value(held.replace("c[", "controls[")) == [7, "b", "2026-11-04", ["a", "c"]]
    assert room.value("[str(e) for e in room.errors]") == []


async def test_what_a_control_makes_of_a_value_is_everybodys_and_the_sender_is_told_of_a_refusal(room: Kernel) -> None:
    room.run(
        "slider = ipywidgets.IntSlider(max=10); choice = ipywidgets.Dropdown(options=['a', 'b'])\n"
        "room.share(slider, choice)"
    )

    async with joined(room) as guest, joined(room) as other:
        await set_values(guest, **{"slider/value": 50})
        await set_values(guest, **{"choice/index": 7})

        refused = await guest.sees(Refused)
        await other.sees_value("slider/value", 10)
        await other.sees_value("choice/index", 0)

    assert (refused.slug, refused.text) == ("rejected", "Invalid selection: index out of bounds")


async def test_clicks_and_values_reach_a_cell_that_asks_for_them(room: Kernel) -> None:
    room.run(
        "slider = ipywidgets.IntSlider(); button = ipywidgets.Button(); seen = []\n"
        "button.on_click(lambda _: seen.append(slider.value)); room.share(slider, button)"
    )

    async with joined(room) as guest:
        await sees_share(guest, "button")
        busy = room.start(
            "end = time.time() + 20\nwhile not seen and time.time() < end: time.sleep(0.02); cw.process()"
        )
        await set_values(guest, **{"slider/value": 5})
        await guest.push(Emit, model="button", content={"event": "click"})
        room.finish(busy)

    assert room.value("seen") == [5]


async def test_with_apply_on_a_thread_clicks_are_handled_during_any_cell(room: Kernel) -> None:
    room.run(
        "button = ipywidgets.Button(); clicks = []; button.on_click(clicks.append); room.share(button, apply='thread')"
    )

    async with joined(room) as guest:
        await sees_share(guest, "button")
        busy = room.start(
            "end = time.time() + 20\nwhile not clicks and time.time() < end: time.sleep(0.02)\nprint(len(clicks))"
        )
        await guest.push(Emit, model="button", content={"event": "click"})

        assert room.finish(busy) == "1\n"


async def test_a_click_during_a_cell_waits_for_its_end_and_everybody_knows(room: Kernel, tmp_path: Path) -> None:
    room.run(
        "button = ipywidgets.Button(); clicks = []; button.on_click(clicks.append)\n"
        "bar = ipywidgets.IntProgress(); room.share(button, bar)"
    )
    done = tmp_path / "done"

    async with joined(room) as guest:
        cell = f"import pathlib; bar.value = 1\nwhile not pathlib.Path({str(done)!r}).exists(): time.sleep(0.02)\n"
        busy = room.start(cell + "print(len(clicks))")
        await guest.sees_value("bar/value", 1)
        await guest.push(Emit, model="button", content={"event": "click"})
        await guest.sees(People, lambda people: any(moved.about.get("waiting") == 1 for moved in people.moved))
        done.touch()

        assert room.finish(busy) == "0\n"
        room.sees("len(clicks)", 1)


_HOSTILE = """
class Fixed(ipywidgets.DOMWidget):
    fixed = traitlets.Int(0, read_only=True).tag(sync=True)
    _view_name = traitlets.Unicode('FixedView').tag(sync=True)
    _view_module = traitlets.Unicode('bqplot').tag(sync=True)
    _model_module = traitlets.Unicode('bqplot').tag(sync=True)
slider, markup, fixed = ipywidgets.IntSlider(), ipywidgets.HTML('<b>hi</b>'), Fixed()
secret = ipywidgets.IntSlider()
box = ipywidgets.VBox([slider, markup, fixed, Counter()])
room.share(box)
def everything():
    return [repr(w.get_state()) for w in (box, slider, markup, fixed, secret, slider.layout, box.children[3])]
before = everything()
"""


async def test_nothing_that_a_hostile_guest_writes_changes_anything(room: Kernel) -> None:
    room.run(_HOSTILE)
    keys = [
        "box/children.0/_model_name", "box/children.0/_view_module", "box/children.3/_esm", "box/children.3/_css",
        "box/children.1/value", "box/children.0/description_allow_html", "box/children.0/description",
        "box/children.0/layout", "box/children.0.layout/width", "box/children", "box/children.2/fixed",
        "box/nothing/value", "box/children.0/nothing", "secret/value", "box/$events", "links/0/target",
    ]  # fmt: skip

    async with joined(room) as guest:
        await sees_share(guest, "box")
        for key in keys:
            push = await set_values(guest, **{key: "<img src=x onerror=alert(1)>"})
            refused = await guest.sees(Refused)
            assert (refused.id, refused.slug, refused.keys) == (push, "not-writable", (key,))
        for push in (
            await guest.push(Declare, share=Share("box", (Model("", "Evil", ("value",)),)), changes=()),
            await guest.push(Unshare, share="box"),
        ):
            assert (await guest.sees(Refused)).id == push
        await set_values(guest, **{"box/children.0/value": "not a number"})
        assert (await guest.sees(Refused)).slug == "rejected"
        await guest.push(Set, changes=(Change("box/children.0/value", blob="0" * 64, size=64 << 20),))
        await guest.sees(Pull)
        await guest.send(Chunk("0" * 64, 0, 64 << 20, bytes(1 << 18)))
        assert (await guest.sees(Refused)).slug == "too-large"

    told = " ".join(room.value("[str(e) for e in room.errors]"))
    assert room.value("everything() == before")
    assert [key for key in keys[:11] if f"tried to change {key}." not in told] == []


async def test_a_widget_whose_code_throws_at_a_guest_is_told_once(room: Kernel) -> None:
    room.run("slider = ipywidgets.IntSlider(); room.share(slider)")

    async with joined(room) as guest:
        await sees_share(guest, "slider")
        for _ in range(2):
            await guest.send(Failed("slider", "render", "no such\nelement"))
        await guest.send(Failed("nothing", "render", "no such model"))
        text = "IntSlider 'slider' failed in a viewer's page: render: no such element"
        room.sees("[str(e) for e in room.errors]", [text])

    assert room.value("[type(e).__name__ for e in room.errors]") == ["WidgetFailed"]


async def test_what_an_interaction_displays_is_shared_and_driven_like_the_rest(room: Kernel) -> None:
    room.run(
        "from IPython.display import display\n"
        "made = []\n"
        "def show(n):\n"
        "    made.append(ipywidgets.IntSlider(n)); display(made[-1])\n"
        "panel = ipywidgets.interactive(show, n=(0, 10)); room.share(panel); panel.update()"
    )
    path = "panel/children.1.outputs.0"

    async with joined(room) as guest:
        await guest.sees_value(f"{path}/value", 5)
        await set_values(guest, **{"panel/children.0/value": 7})
        await guest.sees_value(f"{path}/value", 7)
        await set_values(guest, **{f"{path}/value": 8})
        room.sees("made[-1].value", 8)
        (shown,) = guest.state["panel/children.1/outputs"].value

    assert shown["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == f"anywidget:{path}"
    assert room.value("[str(e) for e in room.errors]") == []


async def test_links_in_the_browser_are_a_hidden_share_and_follow_the_cells(room: Kernel) -> None:
    room.run("a, bar = ipywidgets.IntSlider(), ipywidgets.IntProgress(); room.share(a, bar)")

    async with joined(room) as guest:
        room.run("link = ipywidgets.jsdlink((a, 'value'), (bar, 'value'))")
        share = await sees_share(guest, "links")
        await guest.sees_value("links/0/target", ["anywidget:bar", "value"])
        await set_values(guest, **{"a/value": 3, "bar/value": 3})
        room.sees("[a.value, bar.value]", [3, 3])

        room.run("link.unlink()")
        await guest.sees(Patch, lambda patch: "links" in patch.gone)

    assert share.hidden


async def test_links_in_the_browser_are_kept_by_the_kernel_too(room: Kernel) -> None:
    room.run(
        "a, b = ipywidgets.IntSlider(), ipywidgets.IntSlider(); link = ipywidgets.jslink((a, 'value'), (b, 'value'))\n"
        "room.share(a, b)"
    )

    async with joined(room) as guest:
        await sees_share(guest, "links")
        room.run("a.value = 4")
        await guest.sees_value("b/value", 4)

        # As a kernel that has joined, whose link nobody keeps.
        await set_values(guest, **{"b/value": 6})
        await guest.sees_value("a/value", 6)

    assert room.value("[a.value, b.value]") == [6, 6]


async def test_the_links_of_a_kernel_that_has_died_are_taken_away(room: Kernel) -> None:
    secret = room.value("__import__('cowidget.client.links').client.links.owner_key().owner_secret(room.name)")
    link = links.parse(room.value("str(room.url)"))
    # It takes them away whenever it looks, which may be before we do.
    room.run(
        "told = []\n"
        "def hear(note): told.extend(getattr(note, 'names', ()))\n"
        "room._hosting.thread.ask(lambda: room._hosting.handle.listen(hear))"
    )

    async with joined(room) as guest:
        async with wire_client(link.socket) as died:
            await died.hello(link.room, secret=secret, kind="kernel")
            await died.push(Declare, share=Share("links", (), hidden=True), changes=())
            await sees_share(guest, "links")
        room.sees("'links' in told", True)
        room.sees(f"{died.welcome.peer!r} in room._hosting.handle.ask(lambda replica: list(replica.people))", False)

        room.run("slider = ipywidgets.IntSlider(); room.share(slider)")

        await guest.sees(Patch, lambda patch: "links" in patch.gone)


async def test_what_is_set_under_hold_sync_arrives_in_one_patch(room: Kernel) -> None:
    room.run("slider = ipywidgets.IntSlider(); room.share(slider)")

    async with joined(room) as guest:
        await sees_share(guest, "slider")
        room.run("with slider.hold_sync():\n    slider.max = 500; time.sleep(0.1); slider.value = 300")
        patch = await guest.sees(Patch, lambda patch: any(state.key == "slider/max" for state in patch.keys))

    assert {state.key: state.value for state in patch.keys} == {"slider/max": 500, "slider/value": 300}


async def test_plotlys_messages_arrive_one_by_one_and_a_newcomer_sees_their_sum(room: Kernel) -> None:
    room.run(
        "import plotly.graph_objects as go\n"
        "fig = go.FigureWidget(data=[{'y': [1, 2]}]); room.share(fig)\n"
        "key = [key for key in room._hosting.shared][0]"
    )
    name = room.value("key")

    async with joined(room) as guest:
        await sees_share(guest, name)
        room.run("fig.add_scatter(y=[3]); fig.update_layout(title='now')")
        events = [await guest.sees(Event) for _ in (1, 2)]
        await guest.sees_value(f"{name}/$events", room.value("room._hosting.shared[key].mirrors[key].past.tally.count"))
        async with joined(room) as late:
            await late.sees_value(f"{name}/$events", guest.state[f"{name}/$events"].value)
            data = late.state[f"{name}/_widget_data"].value
            layout = late.state[f"{name}/_widget_layout"].value

    assert [event.count for event in events] == [1, 2]
    assert all(event.trait.startswith("_py2js_") for event in events)
    assert (len(data), layout["title"]["text"]) == (2, "now")


async def test_a_thousand_models_that_were_shared_and_closed_leave_nothing_behind(room: Kernel) -> None:
    room.run(
        "import gc, weakref\n"
        "def count():\n"
        "    gc.collect()\n"
        "    kinds = ('Mirror', 'Tee', '_TeedComm', 'Shared', 'Past', 'IntSlider', 'Layout', 'SliderStyle', 'Comm')\n"
        "    names = [type(thing).__name__ for thing in gc.get_objects()]\n"
        "    return {kind: names.count(kind) for kind in kinds}\n"
        "def many():\n"
        "    box = ipywidgets.VBox([ipywidgets.IntSlider() for _ in range(333)])\n"
        "    begun = time.process_time(); room.share(box, name='many'); took = time.process_time() - begun\n"
        "    for slider in box.children: slider.layout.close(); slider.style.close(); slider.close()\n"
        "    box.layout.close(); box.close()\n"
        "    return took\n"
        "took = many(); before = count(); took = many()"
    )

    async with joined(room) as guest:
        room.sees("list(room.widgets)", [])
        room.sees("{kind: number for kind, number in count().items() if number > before[kind]}", {})
        assert not [key for key in guest.state if key.startswith("many/")]

    assert room.value("took") < 1
