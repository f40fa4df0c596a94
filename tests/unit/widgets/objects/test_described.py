from __future__ import annotations

import asyncio
import dataclasses
import gc
import weakref
from pathlib import Path
from typing import Any, ClassVar, Literal

import anywidget
import msgspec
import pydantic
import pytest
import traitlets
from anywidget.experimental import MimeBundleDescriptor, command, dataclass as anywidget_dataclass
from IPython.core.interactiveshell import InteractiveShell

from cowidget.errors import ShareError
from cowidget.widgets import objects
from cowidget.widgets.registry import Terms, rights

ESM = "export default { render() {} };\n"


@anywidget_dataclass(esm=ESM, css=".a {}\n")
class Evented:
    value: int = 1
    items: list[int] = dataclasses.field(default_factory=list)


class Checked(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(validate_assignment=True)
    value: int = pydantic.Field(1, le=10)
    weight: float = 1
    mode: Literal["slow", "fast"] = "slow"
    name: str = "x"
    on: bool = True
    _repr_mimebundle_: ClassVar = MimeBundleDescriptor(_esm=ESM)


class Unannotated(pydantic.BaseModel):
    value: int = 1
    _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)


class Struct(msgspec.Struct):
    value: int = 1
    _repr_mimebundle_: ClassVar = MimeBundleDescriptor(_esm=ESM)


@dataclasses.dataclass
class Silent:
    value: int = 1
    _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM, unit="cm")


class Traits(traitlets.HasTraits):
    value = traitlets.Int(1).tag(sync=True)
    level = traitlets.Float(1).tag(sync=True)
    mode = traitlets.Enum(["slow", "fast"], "slow").tag(sync=True)
    hidden = traitlets.Int(1)
    _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)


class Own:
    """Tells anywidget its state itself."""

    def __init__(self) -> None:
        self.inner = 1

    def _get_anywidget_state(self, include: Any) -> dict[str, Any]:
        return {"value": self.inner}

    def _set_anywidget_state(self, state: dict[str, Any]) -> None:
        self.inner = min(state["value"], 100)

    _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)


KINDS = [Evented, Checked, Unannotated, Struct, Silent, Traits, Own]


def value_of(thing: Any) -> Any:
    return thing.inner if isinstance(thing, Own) else thing.value


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_an_anywidget_with_the_code_and_the_state_of_the_object(kind: Any) -> None:
    widget = objects.adapt(kind())

    assert isinstance(widget, anywidget.AnyWidget)
    assert (widget._esm, widget.value, type(widget).__name__) == (ESM, 1, kind.__name__)


@pytest.mark.parametrize("kind", KINDS)
def test_what_guests_write_is_set_on_the_object(kind: Any) -> None:
    thing = kind()
    widget = objects.adapt(thing)

    widget.set_trait("value", 5)

    assert (value_of(thing), widget.value) == (5, 5)


@pytest.mark.parametrize("kind", [Evented, Traits])
def test_what_the_object_tells_is_seen_at_once(kind: Any) -> None:
    thing = kind()
    widget = objects.adapt(thing)

    thing.value = 7

    assert widget.value == 7


@pytest.mark.parametrize("kind", [Checked, Unannotated, Struct, Silent])
def test_an_object_that_cannot_tell_is_looked_at_after_the_cell(kind: Any, shell: InteractiveShell) -> None:
    shell.user_ns["thing"] = thing = kind()
    widget = objects.adapt(thing)

    shell.run_cell("thing.value = 7")

    assert widget.value == 7


def test_an_edit_in_place_is_seen_after_the_cell(shell: InteractiveShell) -> None:
    shell.user_ns["thing"] = thing = Evented()
    widget = objects.adapt(thing)

    shell.run_cell("thing.items.append(3)")

    assert widget.items == [3]


def test_the_objects_own_word_is_the_last() -> None:
    thing = Own()
    widget = objects.adapt(thing)

    widget.set_trait("value", 500)

    assert widget.value == 100


def test_a_refusal_has_the_objects_reason_and_changes_nothing() -> None:
    thing = Checked()
    widget = objects.adapt(thing)

    with pytest.raises(traitlets.TraitError) as refused:
        widget.set_trait("value", 11)

    assert str(refused.value) == "Input should be less than or equal to 10"
    assert (thing.value, widget.value) == (1, 1)


def test_a_value_of_another_type_does_not_reach_the_object() -> None:
    thing = Silent()
    widget = objects.adapt(thing)

    with pytest.raises(traitlets.TraitError):
        widget.set_trait("value", "<script>")

    assert thing.value == 1


def test_other_values_that_change_with_a_write_are_seen() -> None:
    class Square(traitlets.HasTraits):
        side = traitlets.Int(1).tag(sync=True)
        area = traitlets.Int(1).tag(sync=True)
        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

        @traitlets.observe("side")
        def _grow(self, change: Any) -> None:
            self.area = self.side**2

    widget = objects.adapt(Square())

    widget.set_trait("side", 3)

    assert widget.area == 9


def test_guests_may_write_numbers_truth_values_and_choices_unless_allowed_more() -> None:
    assert rights(objects.adapt(Checked()), "", Terms()).writable == ("mode", "on", "value", "weight")
    assert rights(objects.adapt(Traits()), "", Terms()).writable == ("level", "mode", "value")


def test_a_whole_number_in_a_float_field_may_become_a_fraction() -> None:
    thing = Checked()

    objects.adapt(thing).set_trait("weight", 0.5)

    assert thing.weight == 0.5


def test_a_field_may_take_another_type_later(shell: InteractiveShell) -> None:
    shell.user_ns["thing"] = thing = Silent()
    widget = objects.adapt(thing)

    shell.run_cell("thing.value = None")

    assert widget.value is None


def test_the_css_and_other_extras_travel_and_stay() -> None:
    assert objects.adapt(Evented())._css == ".a {}\n"
    widget = objects.adapt(Silent())
    assert widget.unit == "cm"
    with pytest.raises(traitlets.TraitError):
        widget.set_trait("unit", "m")


def test_commands_of_the_objects_class_answer() -> None:
    class Adder:
        def __init__(self) -> None:
            self.value = 1

        def _get_anywidget_state(self, include: Any) -> dict[str, Any]:
            return {"value": self.value}

        @command
        def add(self, by: int, buffers: list[bytes]) -> tuple[int, list[bytes]]:
            return self.value + by, buffers

        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    widget = objects.adapt(Adder())
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))

    widget._handle_custom_msg({"kind": "anywidget-command", "id": "1", "name": "add", "msg": 4}, [b"x"])

    assert sent == [({"id": "1", "kind": "anywidget-command-response", "response": 5}, [b"x"])]


def test_code_that_is_a_file_is_reloaded_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "index.js"
    file.write_text(ESM)

    class Filed:
        def _get_anywidget_state(self, include: Any) -> dict[str, Any]:
            return {"value": 1}

        _repr_mimebundle_ = MimeBundleDescriptor(_esm=file)

    widget = objects.adapt(Filed())
    contents: Any = Filed._repr_mimebundle_._extra_state["_esm"]

    contents.changed.emit("export default {};\n")

    assert widget._esm == "export default {};\n"


def test_another_such_object_in_its_state_is_a_reference_to_its_stand_in() -> None:
    inner = Own()

    class Outer(traitlets.HasTraits):
        child = traitlets.Any(inner).tag(sync=True)
        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    widget = objects.adapt(Outer())

    assert widget.child == f"anywidget:{objects.adapt(inner).model_id}"


def test_a_closed_one_takes_those_inside_of_it_along() -> None:
    inner = Own()

    class Outer(traitlets.HasTraits):
        child = traitlets.Any(inner).tag(sync=True)
        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    widget = objects.adapt(Outer())
    child = objects.adapt(inner)

    objects.close(widget)

    assert child.comm is None


@pytest.mark.filterwarnings("ignore:Could not find a notifier")
def test_the_objects_own_view_in_the_notebook_stays_in_step() -> None:
    thing = Silent()
    own = thing._repr_mimebundle_._comm
    own.kernel, sent = object(), []
    own.send = lambda data, buffers: sent.append(data["state"])

    objects.adapt(thing).set_trait("value", 5)

    assert sent == [{"value": 5}]


@pytest.mark.filterwarnings("ignore:Could not find a notifier")
async def test_what_its_own_view_writes_is_seen_when_the_message_has_been_handled(shell: InteractiveShell) -> None:
    thing = Silent()
    widget = objects.adapt(thing)
    update = {"content": {"data": {"method": "update", "state": {"value": 8}}}}

    seen = asyncio.Event()
    widget.observe(lambda _: seen.set(), "value")
    thing._repr_mimebundle_._handle_msg(update)
    shell.events.trigger("post_execute")
    async with asyncio.timeout(5):
        await seen.wait()

    assert widget.value == 8


def test_an_object_that_is_not_displayed_in_the_notebook_opens_nothing_there() -> None:
    thing = Evented()

    objects.adapt(thing).set_trait("value", 5)

    assert "_repr_mimebundle_" not in vars(thing)


def test_a_name_that_widgets_use_themselves_is_refused_by_name() -> None:
    @dataclasses.dataclass
    class Candle:
        open: float = 1.0
        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    with pytest.raises(ShareError, match=r"Candle\.open cannot be shared.*Rename it"):
        objects.adapt(Candle())


@pytest.mark.parametrize("name", ["thing", "refresh", "moments", "value", "table"])
def test_other_names_are_free(name: str) -> None:
    kind = dataclasses.make_dataclass("Named", [(name, int, 1)])
    kind._repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    assert getattr(objects.adapt(kind()), name) == 1


def test_a_value_that_cannot_travel_is_named() -> None:
    @dataclasses.dataclass
    class Odd:
        thing: Any = dataclasses.field(default_factory=lambda: len)
        _repr_mimebundle_ = MimeBundleDescriptor(_esm=ESM)

    with pytest.raises(ShareError, match="builtin_function_or_method cannot travel"):
        objects.adapt(Odd())


@pytest.mark.parametrize("kind", [Evented, Unannotated, Traits, Own])
def test_an_object_that_nobody_else_holds_is_still_driven(kind: Any) -> None:
    widget = objects.adapt(kind())
    gc.collect()

    widget.set_trait("value", 6)

    assert value_of(widget._thing) == 6


@pytest.mark.parametrize("kind", [Evented, Unannotated, Silent, Traits, Own])
def test_nothing_stays_of_a_closed_one(kind: Any) -> None:
    thing = kind()
    widget = objects.adapt(thing)
    gone = weakref.ref(widget), weakref.ref(thing)

    objects.close(widget)
    del widget, thing
    gc.collect()

    assert [one() for one in gone] == [None, None]
