from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, cast

import pytest
from traitlets import Bunch

from cowidget.client.handle import Handle
from cowidget.core.frames import Patch, Set
from cowidget.core.notes import Effect, Transmit
from cowidget.core.replica import Replica
from cowidget.core.values import Change, KeyState, Model, Share
from cowidget.errors import NotAllowed, ShareError
from cowidget.widgets.ends import Reading, RemoteEnd
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.remote import RemoteWidget, RemoteWidgets
from tests.support import replicas
from tests.support.replicas import key

BOX = Share(
    "box",
    (
        Model("", "VBox", ("children", "layout", "title_html")),
        Model("children.0", "IntSlider", ("value", "max", "style"), ("value",)),
        Model("layout", "Layout", ("width",)),
    ),
    order=2,
    by="p2",
)
_SHOWN = ("value", "zoom", "$events", "$journal")
PICTURE = Share("picture", (Model("", "Image", _SHOWN, ("zoom",), ("zoom",), events=("flash",)),), order=1)
LINKS = Share("links", (Model("", "Link", ("source",)),), hidden=True)
STATE = (
    key("box/children", ["anywidget:box/children.0", "anywidget:other"]),
    key("box/layout", "anywidget:box/layout"),
    key("box/title_html", "<b>"),
    key("box/children.0/value", 3),
    key("box/children.0/max", 10),
    key("box/children.0/style", None),
    key("box/layout/width", "50%"),
    key("picture/value", b"\x00\xff"),
    key("picture/zoom", 1.0),
    key("picture/$events", 3),
    key("picture/$journal", []),
)


class Here:
    """Main thread and link's thread in one: everything happens at once, in the test's."""

    def __init__(self, **welcome: Any) -> None:
        self.replica: Replica = replicas.joined(
            Patch(1, reset=True, keys=STATE, shares=(BOX, PICTURE, LINKS)), **welcome
        )
        self.sent: list[Any] = []
        self._listeners: list[Callable[[Any], Any]] = []

    def call(self, act: Callable[[], object]) -> None:
        act()

    def listen(self, listener: Callable[[Any], Any]) -> None:
        self._listeners.append(listener)

    def ask(self, read: Callable[[Replica], Any]) -> Any:
        return read(self.replica)

    def push(self, make: Callable[[Replica], list[Effect]]) -> None:
        self.execute(make(self.replica))

    def receive(self, patch: Patch) -> None:
        self.execute(self.replica.receive(patch))

    def execute(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Transmit):
                self.sent += effect.frames
            else:
                for listener in tuple(self._listeners):
                    listener(effect)


def widgets(here: Here) -> RemoteWidgets:
    return RemoteWidgets(cast(Handle, here), cast(MainThread, here), lambda _: None)


def slider_of(here: Here) -> RemoteWidget:
    return widgets(here)["box"].child("children.0")


def test_widgets_are_listed_in_the_rooms_order_without_what_has_nothing_to_show() -> None:
    assert list(widgets(Here())) == ["picture", "box"]


def test_a_trait_that_refers_to_widgets_gives_them() -> None:
    box = widgets(Here())["box"]

    first, other = box.children

    assert first is box.child("children.0")
    assert first.value == 3
    assert other == "anywidget:other"  # nothing of this name is shared
    assert box.layout.width == "50%"


def test_bytes_are_bytes() -> None:
    assert widgets(Here())["picture"].value == b"\x00\xff"


def test_the_repr_tells_what_can_be_set() -> None:
    room = widgets(Here())

    assert repr(room["box"].child("children.0")) == "<IntSlider box.children.0 value=3>"
    assert repr(room["picture"]) == "<Image picture zoom=1.0>"


def test_traits_lists_all_values_that_there_are() -> None:
    assert slider_of(Here()).traits == {"value": 3, "max": 10, "style": None}


def test_the_rooms_account_of_events_is_no_trait() -> None:
    picture = widgets(Here())["picture"]

    assert picture.traits == {"value": b"\x00\xff", "zoom": 1.0}
    with pytest.raises(AttributeError, match=r"has no trait '\$journal'. It has: value, zoom."):
        getattr(picture, "$journal")


def test_no_observer_hears_of_the_rooms_account_of_events() -> None:
    here, heard = Here(), list[str]()
    widgets(here)["picture"].observe(lambda change: heard.append(change.name))

    here.receive(Patch(2, keys=(key("picture/$events", 4, version=2), key("picture/value", b"", version=2))))

    assert heard == ["value"]


def test_setting_a_trait_shows_it_at_once_and_sends_it() -> None:
    here = Here()
    slider = slider_of(here)

    slider.value = 7

    assert slider.value == 7
    assert here.sent == [Set(1, (Change("box/children.0/value", 7),))]


@pytest.mark.parametrize(
    ("trait", "text"),
    [
        ("max", r'box.children.0.max cannot .*\. The host can allow it: cw.share\(box, allow=\{"children.0.max"\}\)\.'),
        ("style", r"box.children.0.style cannot be changed by guests. No argument of the host's allows that."),
    ],
)
def test_what_guests_may_not_set_names_the_argument_that_would_allow_it(trait: str, text: str) -> None:
    here = Here()

    with pytest.raises(NotAllowed, match=text):
        slider_of(here).set(**{trait: 5})

    assert here.sent == []


def test_a_viewers_link_sets_nothing() -> None:
    with pytest.raises(NotAllowed, match="This link is for looking only"):
        slider_of(Here(role="viewer")).value = 7


def test_a_wrong_trait_tells_which_there_are() -> None:
    slider = slider_of(Here())

    with pytest.raises(AttributeError, match=r"box.children.0 has no trait 'speed'. It has: value, max, style."):
        slider.speed  # noqa: B018
    with pytest.raises(AttributeError, match="has no trait 'speed'"):
        slider.speed = 3


def test_a_trait_that_only_happens_has_no_value() -> None:
    with pytest.raises(AttributeError, match="picture has no trait 'flash'"):
        widgets(Here())["picture"].flash  # noqa: B018


def test_a_value_that_cannot_travel_says_so() -> None:
    with pytest.raises(ShareError, match="A value of type object cannot travel"):
        slider_of(Here()).value = object()


def test_there_is_no_child_where_there_is_none() -> None:
    with pytest.raises(KeyError, match=r"children\.7"):
        widgets(Here())["box"].child("children.7")


def test_observers_are_told_what_others_set() -> None:
    here = Here()
    told: list[Bunch] = []
    slider_of(here).observe(told.append, "value")

    here.receive(Patch(2, keys=(key("box/children.0/value", 9, version=2), key("box/children.0/max", 20, version=2))))

    assert [(change.name, change.old, change.new) for change in told] == [("value", 3, 9)]


def test_a_widget_that_went_says_so_and_lives_again_when_it_comes_back() -> None:
    here = Here()
    slider = slider_of(here)

    here.receive(Patch(2, gone=("box", *(state.key for state in STATE if state.key.startswith("box/")))))
    gone = repr(slider)
    with pytest.raises(AttributeError, match=r"box\.children\.0 is not shared any more"):
        slider.value  # noqa: B018
    here.receive(Patch(3, keys=STATE[:7], shares=(BOX,)))

    assert gone == "<box.children.0, which is not shared any more>"
    assert slider.value == 3


def test_a_value_whose_bytes_are_still_on_their_way_is_not_there_for_a_link() -> None:
    here = Here()
    picture = widgets(here)["picture"]
    here.receive(Patch(2, gone=("picture/value",)))

    here.receive(Patch(3, keys=(KeyState("picture/value", 3, "p2", blob="0" * 64, size=70_000),)))

    assert RemoteEnd(picture, "value").read() is None
    assert RemoteEnd(picture, "zoom").read() == Reading(1.0)


def test_it_can_be_looked_at_by_copy() -> None:
    assert copy.copy(slider_of(Here())).value == 3
