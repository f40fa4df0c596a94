"""Shares whose root is one of ipywidgets' own widgets."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import pytest

from cowidget.client.exchange import Write
from cowidget.core.packing import digest
from cowidget.core.values import Classic
from cowidget.errors import ShareError
from cowidget.widgets import capture
from cowidget.widgets.code import modules
from cowidget.widgets.code.modules import CLASSIC_MODULE, packed
from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from cowidget.widgets.shared import Shared
from tests.support.controls import every_control
from tests.support.sample_widgets import Box, Counter
from tests.support.share_sink import RecordingSink, share

_CODE = "export const openClassic = 1;"


@pytest.fixture(autouse=True)
def _built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "classic.js").write_text(_CODE)
    monkeypatch.setattr(modules, "files", lambda package: tmp_path)


@pytest.fixture
def room() -> RecordingSink:
    return RecordingSink()


def test_a_classic_widget_is_described_with_its_classes_and_brings_the_code_for_them(room: RecordingSink) -> None:
    _, declared = share(ipywidgets.IntSlider(), room)

    models = {model.path: model for model in declared.share.models}
    assert list(models) == ["", "layout", "style"]
    assert models["layout"].classic == Classic(
        "@jupyter-widgets/base", "2.0.0", "LayoutModel", "@jupyter-widgets/base", "2.0.0", "LayoutView"
    )
    assert [(module.name, module.code) for module in declared.share.modules] == [
        (CLASSIC_MODULE, digest(packed(_CODE)))
    ]
    assert declared.blobs == (packed(_CODE),)


def test_references_name_the_rooms_models_in_both_schemes(room: RecordingSink) -> None:
    inner = Counter()
    box = ipywidgets.VBox([Box(front=inner), ipywidgets.Label("x")])

    _, declared = share(box, room)

    assert declared.values["w/children"] == ["anywidget:w/children.0", "anywidget:w/children.1"]
    assert declared.values["w/children.0/front"] == "anywidget:w/children.0.front"
    assert declared.values["w/children.0/layout"] == "anywidget:w/children.0.layout"
    assert declared.values["w/children.1/style"] == "anywidget:w/children.1.style"


def test_a_classic_widget_inside_of_an_anywidget_has_its_looks_and_the_anywidget_none(room: RecordingSink) -> None:
    _, declared = share(Box(children=[ipywidgets.Label("x")]), room)

    assert [model.path for model in declared.share.models] == [
        "", "children.0", "children.0.layout", "children.0.style",
    ]  # fmt: skip


def test_a_widget_that_is_displayed_in_an_output_comes_along_under_the_rooms_name(room: RecordingSink) -> None:
    output, counter = ipywidgets.Output(), Counter(value=3)
    share(ipywidgets.VBox([output]), room)

    output.append_display_data(counter)

    ((declared, _),) = room.declared
    (shown,) = declared.values["w/children.0/outputs"]
    reference = shown["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert (reference, declared.values["w/children.0.outputs.0/value"]) == ("anywidget:w/children.0.outputs.0", 3)
    assert "anywidget" not in str(output.outputs[0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"])


def test_of_a_look_only_what_is_set_travels_and_a_change_of_the_rest_is_sent(room: RecordingSink) -> None:
    slider = ipywidgets.IntSlider(layout={"width": "50%"})
    _, declared = share(slider, room)

    slider.layout.width = None
    slider.layout.height = "2em"

    assert [key for key in declared.values if key.startswith("w/layout/")] == ["w/layout/width"]
    assert room.values == [{"w/layout/width": None}, {"w/layout/height": "2em"}]


def test_every_control_of_ipywidgets_can_be_shared_at_once(room: RecordingSink) -> None:
    controls = every_control()

    shared, declared = share(ipywidgets.VBox(list(controls.values())), room)

    shown = {model.name for model in declared.share.models if model.path.count(".") == 1}
    assert shown >= controls.keys()
    shared.close_mirrors()


def test_models_that_are_nested_too_deeply_are_refused(room: RecordingSink) -> None:
    with pytest.raises(ShareError, match="nested"):
        share(_deep(), room)


def _deep() -> ipywidgets.Box:
    box = ipywidgets.Box()
    for _ in range(60):
        box = ipywidgets.Box([box])
    return box


def test_more_models_than_one_message_can_describe_are_refused_with_what_to_do(room: RecordingSink) -> None:
    sliders = [ipywidgets.IntSlider() for _ in range(1200)]

    with pytest.raises(ShareError, match=r"'w' has 3602 models, too many to be shared at once\. Share parts of it"):
        share(ipywidgets.VBox(sliders), room)

    assert "set_state" not in vars(sliders[0])


# Models that come and go.


def test_a_child_that_was_closed_without_being_taken_out_is_left_out(room: RecordingSink) -> None:
    first, second = ipywidgets.IntSlider(), ipywidgets.IntSlider(7)
    share(ipywidgets.VBox([first, second]), room)

    first.close()

    declared, restore = room.declared[-1]
    assert declared.values["w/children"] == ["anywidget:w/children.0"]
    assert (declared.values["w/children.0/value"], restore) == (7, False)


def test_a_child_that_is_made_again_is_followed(room: RecordingSink) -> None:
    box = ipywidgets.VBox([ipywidgets.IntSlider(1)])
    share(box, room)
    old = box.children[0]

    box.children = [ipywidgets.IntSlider(2)]
    old.close()
    box.children[0].value = 3

    assert room.declared[-1][0].values["w/children.0/value"] == 2
    assert room.values == [{"w/children.0/value": 3}]
    assert room.unshared == []


def test_a_look_that_is_replaced_is_followed(room: RecordingSink) -> None:
    slider = ipywidgets.IntSlider()
    share(slider, room)

    slider.layout = ipywidgets.Layout(width="10px")
    slider.layout.width = "20px"

    assert room.declared[-1][0].values["w/layout/width"] == "10px"
    assert room.values == [{"w/layout/width": "20px"}]


def test_an_output_is_filled_in_the_kernel_while_it_is_shared(
    room: RecordingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, Any]] = []
    monkeypatch.setattr(capture, "listen", lambda output: heard.append(("listen", output)))
    monkeypatch.setattr(capture, "unlisten", lambda output: heard.append(("unlisten", output)))
    output = ipywidgets.Output()
    box = ipywidgets.VBox([output])

    shared, _ = share(box, room)
    box.children = []

    assert heard == [("listen", output), ("unlisten", output)]
    shared.close_mirrors()


# Many.


def test_a_thousand_children_that_are_closed_one_by_one_are_looked_through_seldom(
    room: RecordingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sliders = [ipywidgets.IntSlider() for _ in range(333)]
    shared, declared = share(ipywidgets.VBox(sliders), room)
    assert len(declared.share.models) == 1001
    opened: list[None] = []
    again = Shared.open
    monkeypatch.setattr(Shared, "open", lambda self: (opened.append(None), again(self))[1])

    for slider in sliders:
        slider.close()
    for act in room.waiting:
        act()

    assert len(opened) < 50
    assert [model.path for model in room.declared[-1][0].share.models] == ["", "layout"]
    shared.close_mirrors()


def test_what_waits_for_a_share_that_has_ended_does_nothing(
    room: RecordingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowidget.widgets.shared._QUICK", 0.0)
    box = ipywidgets.VBox([ipywidgets.Label("a"), ipywidgets.Label("b")])
    shared, _ = share(box, room)
    for child in box.children:
        child.close()
    declared = len(room.declared)
    shared.close_mirrors()

    for act in room.waiting:
        act()

    assert (declared, len(room.declared), len(room.waiting)) == (1, 1, 1)


def test_a_share_that_was_let_go_of_leaves_nothing_behind(room: RecordingSink) -> None:
    controls = every_control()
    before = {name: (control.comm, set(vars(control))) for name, control in controls.items()}
    shared, _ = share(ipywidgets.VBox(list(controls.values())), room)
    mirrors = [weakref.ref(mirror) for mirror in shared.mirrors.values()]

    shared.close_mirrors()

    assert {name: (control.comm, set(vars(control))) for name, control in controls.items()} == before
    room.__init__()
    gc.collect()
    assert [mirror() for mirror in mirrors] == [None] * len(mirrors)


def test_a_process_that_ends_with_a_share_open_ends_quietly() -> None:
    script = (
        "import ipywidgets; from tests.support.share_sink import RecordingSink, share; "
        "from cowidget.widgets.code import modules; modules.classic_code = lambda: 'export {}'; "
        "kept = share(ipywidgets.VBox([ipywidgets.Label('a')]), RecordingSink())"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=50)

    assert ended.stderr == ""


def test_a_closed_root_is_kept_alive_by_nothing_of_ours(room: RecordingSink) -> None:
    root, code = _root_with_file_contents()
    shared, _ = share(root(), room)

    root().close()

    assert room.unshared == ["w"]
    del shared
    room.__init__()
    gc.collect()
    assert (root(), code()) == (None, None)


def _root_with_file_contents() -> tuple[Any, Any]:
    class Code:
        """What anywidget keeps for a file."""

        def __str__(self) -> str:
            return "export default {}"

    code = Code()

    class Filed(anywidget.AnyWidget):
        _esm = "export default {}"

    widget = Filed()
    widget._trait_values["_esm"] = code
    return weakref.ref(widget), weakref.ref(code)


# What a share is told apart from.


def test_sessions_outlive_a_new_description_and_end_with_the_share(
    room: RecordingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Server(ipywidgets.VBox):
        pass

    heard: list[Any] = []
    kind = Kind(messages=True, session=lambda content: content.get("client"), farewell=lambda key: {"bye": key})
    monkeypatch.setattr(table, "_TABLE", {named(Server): kind})
    server = Server()
    server.on_msg(lambda _, content, __: heard.append(content))
    first, _ = share(server, room)
    first.receive_message("w", {"client": "c1"}, [], "ana")
    second = Shared("w", server, first._terms, 1, room)

    server.children = [ipywidgets.Label("new")]
    second.open(first)
    first.close_mirrors()
    server.send({"client": "c1", "answer": 1})
    second.receive_left(["bob"])
    second.close_mirrors()

    assert [message.to for message in room.messages] == ["ana"]
    assert heard == [{"client": "c1"}, {"bye": "c1"}]


def test_a_name_without_a_path_is_for_the_models_that_can_have_it(room: RecordingSink) -> None:
    box = ipywidgets.VBox([ipywidgets.HTML("title"), ipywidgets.IntProgress()])

    _, declared = share(box, room, allow={"value"})

    writable = {model.path: model.writable for model in declared.share.models}
    assert (writable["children.0"], writable["children.1"]) == ((), ("value",))


@pytest.mark.parametrize("name", ["value", "children.0.value"])
def test_a_name_that_none_of_the_models_can_have_is_refused(room: RecordingSink, name: str) -> None:
    with pytest.raises(ShareError, match="could run script"):
        share(ipywidgets.VBox([ipywidgets.HTML("title")]), room, allow={name})


def test_what_a_name_is_for_may_come_and_go(room: RecordingSink) -> None:
    box = ipywidgets.VBox([ipywidgets.IntProgress()])
    share(box, room, allow={"children.0.value"})

    box.children = []
    box.children = [ipywidgets.IntProgress()]

    assert room.unshared == []
    assert room.declared[-1][0].share.models[1].writable == ("value",)


def test_what_an_excluded_trait_refers_to_is_not_shared(room: RecordingSink) -> None:
    _, declared = share(Box(children=[Counter()], front=Counter()), room, exclude={"front"})

    assert [model.path for model in declared.share.models] == ["", "children.0"]


def test_a_guest_cannot_write_a_look(room: RecordingSink) -> None:
    slider = ipywidgets.IntSlider()
    shared, _ = share(slider, room)

    (settlement,) = shared.apply([Write("w/layout/width", 3, "9999px")]).settlements

    assert (settlement.outcome, slider.layout.width) == ("reject", None)
