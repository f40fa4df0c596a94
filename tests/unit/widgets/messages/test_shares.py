from __future__ import annotations

from typing import Any

import pytest
from ipywidgets import IntSlider

from cowidget.core.bodies import fault_of
from cowidget.core.frames import Patch, Welcome
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import KeyState, Model, Position, Share
from cowidget.errors import ShareError
from cowidget.widgets.messages.part import Part
from cowidget.widgets.messages.shares import shown_of

SLIDER = Share(
    "slider",
    (Model("", "Slider", ("value", "_view", "label", "html"), ("value", "html")), Model("children.0", "Dot", ("x",))),
)
WHOLE = Part("slider", "slider/")


class Held:
    """A replica with a share, and a way to read it."""

    def __init__(self, **values: Any) -> None:
        self._replica = Replica(Identity("lab", "kernel", "i"))
        self._replica.receive_opened("secret")
        position = Position("e1", 0)
        self._replica.receive(Welcome("p1", "proof", "owner", 0, position, position, (), 1.0))
        keys = tuple(KeyState(f"slider/{key.replace('__', '/')}", 1, "p1", value) for key, value in values.items())
        self._replica.receive(Patch(1, keys, (SLIDER,)))

    def __call__(self, read: Any) -> Any:
        return read(self._replica)


def values(held: Held, part: Part = WHOLE) -> dict[str, Any]:
    snapshot: Any = shown_of(IntSlider(), part, held)
    assert fault_of(snapshot) == ""
    return dict(snapshot.values)


def test_a_snapshot_holds_the_values_without_what_is_not_state() -> None:
    found = values(Held(value=3, label="a", _view="v", **{"$events": 3}))

    assert found == {"slider/value": 3, "slider/label": "a"}


def test_of_a_part_it_holds_what_is_below_it() -> None:
    held = Held(value=3, **{"children.0__x": 0.5})

    assert values(held, Part("slider", "slider/children.0/")) == {"slider/children.0/x": 0.5}


def test_what_people_may_write_comes_first_and_the_rest_as_far_as_it_fits() -> None:
    found = values(Held(value="x" * 40_000, label="y" * 40_000, html="z"))

    assert list(found) == ["slider/value", "slider/html"]


def test_a_state_that_does_not_fit_is_said() -> None:
    with pytest.raises(ShareError, match="more than 64 KiB"):
        values(Held(value="x" * 70_000))


def test_a_share_without_state_is_said() -> None:
    with pytest.raises(ShareError, match="no state"):
        values(Held())


def test_a_share_that_the_room_does_not_have_yet_is_said() -> None:
    with pytest.raises(ShareError, match="not in the room yet"):
        values(Held(), Part("other", "other/"))


def test_a_widget_that_is_not_in_the_room_is_said() -> None:
    with pytest.raises(ShareError, match=r"IntSlider is not in this room. Share it first: room\.share"):
        shown_of(IntSlider(), None, Held())


def test_what_is_no_widget_may_be_shown_otherwise() -> None:
    assert shown_of({"a": 1}, None, Held()) is None
