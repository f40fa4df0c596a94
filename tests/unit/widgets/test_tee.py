from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pytest
import traitlets
from ipywidgets import Image

from cowidget.widgets.tee import Tee
from tests.support.sample_widgets import Counter, Echo


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.traits: list[set[str]] = []
        self.sent: list[Any] = []
        self.gone = False

    def receive_traits(self, names: Collection[str]) -> None:
        self.traits.append(set(names))

    def receive_sent(self, content: Any, buffers: Sequence[Any]) -> None:
        self.sent.append(content)

    def receive_gone(self) -> None:
        self.gone = True


@pytest.fixture
def counter() -> Iterator[Counter]:
    widget = Counter()
    yield widget
    widget.close()


@pytest.fixture
def ear(counter: Counter) -> Iterator[Ear]:
    listener = Ear()
    Tee.listen(counter, listener)
    yield listener
    Tee.unlisten(counter, listener)


def from_a_front_end(widget: Any, **state: Any) -> None:
    widget.comm.handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


def test_an_assignment_is_told_once(counter: Counter, ear: Ear) -> None:
    counter.value = 7

    assert ear.traits == [{"value"}]


def test_an_edit_in_place_is_told_when_it_is_sent(counter: Counter, ear: Ear) -> None:
    counter.items.append(1)

    counter.send_state("items")

    assert ear.traits == [{"items"}]


def test_a_front_ends_change_is_told_after_validation(counter: Counter, ear: Ear) -> None:
    held: list[int] = []
    ear.receive_traits = lambda names: held.append(counter.value)  # type: ignore[method-assign]

    from_a_front_end(counter, value=500)

    assert set(held) == {100}


def test_a_front_ends_change_is_told_where_no_echo_is_sent(
    counter: Counter, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipywidgets.widgets.widget.JUPYTER_WIDGETS_ECHO", False)

    from_a_front_end(counter, value=5)

    assert {"value"} in ear.traits


def test_observers_can_tell_what_comes_from_a_page(counter: Counter, ear: Ear) -> None:
    came: list[bool] = []
    counter.observe(lambda change: came.append(Tee.receives(counter, "value")), "value")

    from_a_front_end(counter, value=3)
    counter.value = 4

    assert came == [True, False]


def test_what_the_widget_sends_is_told() -> None:
    echo, ear = Echo(), Ear()
    Tee.listen(echo, ear)

    echo.send({"hello": 1})

    assert ear.sent == [{"hello": 1}]
    Tee.unlisten(echo, ear)


def test_two_listeners_hear_the_same(counter: Counter, ear: Ear) -> None:
    second = Ear()
    Tee.listen(counter, second)

    counter.value = 1

    assert ear.traits == second.traits == [{"value"}]
    Tee.unlisten(counter, second)


def test_the_last_one_leaves_the_widget_as_it_was() -> None:
    counter, ear = Counter(), Ear()
    comm, attributes = counter.comm, set(vars(counter))
    Tee.listen(counter, ear)

    Tee.unlisten(counter, ear)
    counter.value = 9

    assert counter.comm is comm
    assert set(vars(counter)) == attributes
    assert ear.traits == []


def test_what_is_set_under_hold_sync_is_told_together(counter: Counter, ear: Ear) -> None:
    seen: list[tuple[int, str]] = []
    told = threading.Event()

    def look() -> None:
        # Somebody else's thread, which sends what has been told so far.
        told.wait(0.05)
        seen.append((counter.value, counter.label) if ear.traits else (0, "count"))

    with counter.hold_sync():
        counter.value = 7
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        counter.label = "seven"

    assert seen == [(0, "count")]
    assert ear.traits == [{"value", "label"}]


def test_bytes_that_are_set_under_hold_sync_are_told() -> None:
    image, ear = Image(), Ear()
    Tee.listen(image, ear)
    with image.hold_sync():
        image.value = b"\x89PNG"  # it travels in a buffer, and is not in the message's state

    assert ear.traits == [{"value"}]
    image.close()


def test_what_is_taken_back_under_hold_sync_is_told_too(counter: Counter, ear: Ear) -> None:
    with counter.hold_sync():
        counter.value = 7
        counter.value = 0

    assert ear.traits == [{"value"}]


def test_a_closed_widget_can_be_let_go_of_once_more(counter: Counter, ear: Ear) -> None:
    counter.close()

    Tee.unlisten(counter, ear)

    assert not Tee.listens_to(counter)


def test_a_widget_opened_again_after_its_close_is_not_listened_to(counter: Counter, ear: Ear) -> None:
    counter.close()
    counter.open()

    counter.value = 3

    assert (ear.gone, ear.traits) == (True, [])


def test_closing_the_widget_is_told() -> None:
    counter, ear = Counter(), Ear()
    Tee.listen(counter, ear)

    counter.close()

    assert ear.gone
    assert counter.comm is None


def test_two_threads_that_set_one_widget_lose_no_notification(counter: Counter, ear: Ear) -> None:
    class Many(Counter):
        other = traitlets.Int(0).tag(sync=True)

    many, calls = Many(), {"value": 0, "other": 0}
    listener = Ear()
    Tee.listen(many, listener)
    many.observe(lambda change: calls.__setitem__(change["name"], calls[change["name"]] + 1), ["value", "other"])

    def front_end() -> None:
        for number in range(1, 301):
            from_a_front_end(many, other=number)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        thread = threading.Thread(target=front_end)
        thread.start()
        for number in range(1, 301):
            many.value = number % 100 + 1
        thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert calls == {"value": 300, "other": 300}
    Tee.unlisten(many, listener)
