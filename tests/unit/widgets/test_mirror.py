from __future__ import annotations

import warnings
from typing import Any

import numpy
import pytest
import traitlets

from cowidget.widgets.mirror import Message, Outcome
from tests.support.mirrors import Sink
from tests.support.sample_widgets import Box, Counter, Echo, Even, Picture

with warnings.catch_warnings():  # its own, from older traitlets
    warnings.simplefilter("ignore")
    import bqplot


# From the widget.


def test_a_change_is_sent_once(opened: Any, sink: Sink) -> None:
    counter = Counter()
    opened(counter)

    counter.value = 7

    assert sink.values == [{"w/value": 7}]


def test_a_value_that_the_room_has_is_not_sent_again(opened: Any, sink: Sink) -> None:
    counter = Counter(value=7)
    opened(counter)

    counter.send_state()

    assert sink.values == []


def test_an_edit_in_place_is_sent(opened: Any, sink: Sink) -> None:
    counter = Counter(items=[1])
    opened(counter)

    counter.items.append(2)
    counter.send_state("items")

    assert sink.values == [{"w/items": [1, 2]}]


def test_a_value_that_was_not_taken_is_sent_again(opened: Any, sink: Sink) -> None:
    counter = Counter()
    mirror = opened(counter)
    counter.value = 7

    mirror.forget("value")
    counter.send_state("value")

    assert sink.values == [{"w/value": 7}, {"w/value": 7}]


def test_references_leave_with_the_rooms_names(opened: Any, sink: Sink) -> None:
    left, right = Counter(), Counter()
    box = Box(children=[left], front=right)
    models = {left.model_id: "w/children.0", right.model_id: "w/front"}

    values = opened(box, models=models).opened

    assert values == {"w/children": ["anywidget:w/children.0"], "w/front": "anywidget:w/front"}


def test_another_child_asks_for_a_new_description(opened: Any, sink: Sink) -> None:
    box = Box(children=[Counter()])
    opened(box)

    box.children = [Counter()]

    assert (sink.reshaped, sink.values) == (1, [])


def test_new_code_asks_for_a_new_description(opened: Any, sink: Sink) -> None:
    counter = Counter()
    opened(counter)

    counter._esm = "export default { render() { /* new */ } }"

    assert sink.reshaped == 1


def test_a_value_that_cannot_travel_is_reported_and_the_rest_lives_on(opened: Any, sink: Sink) -> None:
    picture = Picture()
    opened(picture)

    picture.nested = {"x": object()}
    picture.pixels = b"ab"

    assert [type(error).__name__ for error in sink.errors] == ["ShareError"]
    assert sink.values == [{"w/pixels": b"ab"}]


def test_custom_messages_go_to_all(opened: Any, sink: Sink) -> None:
    echo = Echo()
    opened(echo)

    echo.send({"a": (1,)}, [memoryview(b"xy")])

    assert sink.messages == [Message("w", {"a": [1]}, [b"xy"])]


def test_a_message_that_cannot_travel_is_reported(opened: Any, sink: Sink) -> None:
    echo = Echo()
    opened(echo)

    echo.send({"a": object()})

    assert (sink.messages, len(sink.errors)) == ([], 1)


def test_a_closed_widget_is_told(opened: Any, sink: Sink) -> None:
    counter = Counter()
    opened(counter)

    counter.close()

    assert sink.closed


# From the room.


def test_an_accepted_value_is_committed_and_not_sent(opened: Any, sink: Sink) -> None:
    counter = Counter()
    mirror = opened(counter)

    outcomes = mirror.apply({"value": 7})

    assert (counter.value, outcomes) == (7, {"value": Outcome("commit", 7)})
    assert sink.values == []


def test_a_changed_value_is_rebased(opened: Any) -> None:
    mirror = opened(Counter())

    assert mirror.apply({"value": 500}) == {"value": Outcome("rebase", 100)}


def test_a_refused_value_is_rejected_with_the_reason(opened: Any) -> None:
    even = Even(value=2)
    mirror = opened(even)

    outcomes = mirror.apply({"value": 3})

    assert (even.value, outcomes) == (2, {"value": Outcome("reject", 2, "only even numbers")})


def test_a_value_of_the_wrong_type_is_rejected(opened: Any) -> None:
    mirror = opened(Counter(value=1))

    outcome = mirror.apply({"value": "text"})["value"]

    assert (outcome.kind, outcome.value) == ("reject", 1)


def test_a_validator_that_fails_otherwise_leaves_nothing_behind(opened: Any) -> None:
    class Picky(Counter):
        @traitlets.validate("label")
        def _fail(self, proposal: Any) -> str:
            raise ValueError("no")

    picky = Picky()
    mirror = opened(picky, "label")

    outcomes = mirror.apply({"label": "x", "value": 3})

    assert (picky.label, picky.value) == ("count", 3)
    assert (outcomes["label"].kind, outcomes["value"].kind) == ("reject", "commit")


class Range(Even):
    """An even number, and limits that keep their order."""

    low = traitlets.Int(0).tag(sync=True)
    high = traitlets.Int(10).tag(sync=True)

    @traitlets.validate("low", "high")
    def _in_order(self, proposal: Any) -> int:
        low, high = ({"low": self.low, "high": self.high} | {proposal["trait"].name: proposal["value"]}).values()
        if low > high:
            raise traitlets.TraitError("low is above high")
        return int(proposal["value"])


def test_values_that_arrive_together_are_validated_together(opened: Any) -> None:
    mirror = opened(Range())

    outcomes = mirror.apply({"low": 40, "high": 50})

    assert {trait: outcome.kind for trait, outcome in outcomes.items()} == {"low": "commit", "high": "commit"}


def test_one_that_is_refused_does_not_take_those_with_it_that_belong_together(opened: Any) -> None:
    limits = Range()
    mirror = opened(limits)

    outcomes = mirror.apply({"low": 40, "high": 50, "value": 3})

    assert {trait: (outcome.kind, outcome.value, outcome.reason) for trait, outcome in outcomes.items()} == {
        "low": ("commit", 40, ""),
        "high": ("commit", 50, ""),
        "value": ("reject", 0, "only even numbers"),
    }


def test_an_observer_that_fails_is_reported_however_many_values_arrive(opened: Any, sink: Sink) -> None:
    limits = Range()
    mirror = opened(limits)
    limits.observe(lambda change: 1 / 0, "low")

    outcomes = mirror.apply({"low": 4, "value": 3})

    assert (outcomes["low"].kind, [str(error) for error in sink.errors]) == ("commit", ["division by zero"])


def test_what_comes_for_a_widget_that_was_just_closed_harms_nobody(opened: Any) -> None:
    counter = Counter()
    mirror = opened(counter)
    counter.close()

    assert mirror.apply({"value": 3})["value"].kind == "commit"


def test_a_trait_that_guests_may_not_write_is_rejected_here_too(opened: Any) -> None:
    counter = Counter()
    mirror = opened(counter)

    outcome = mirror.apply({"label": "mine"})["label"]

    assert (counter.label, outcome.kind, outcome.value) == ("count", "reject", "count")


def test_what_an_observer_changes_elsewhere_is_sent(opened: Any, sink: Sink) -> None:
    counter = Counter()
    counter.observe(lambda change: setattr(counter, "label", f"at {change['new']}"), "value")
    mirror = opened(counter)

    mirror.apply({"value": 7})

    assert sink.values == [{"w/label": "at 7"}]


def test_what_an_observer_changes_back_is_the_answer(opened: Any) -> None:
    counter = Counter()
    counter.observe(lambda change: setattr(counter, "value", 10), "value")
    mirror = opened(counter)

    assert mirror.apply({"value": 7}) == {"value": Outcome("rebase", 10)}


def test_an_observer_that_fails_is_the_hosts_to_see(opened: Any, sink: Sink) -> None:
    counter = Counter()

    def fail(_: Any) -> None:
        raise RuntimeError("observer")

    counter.observe(fail, "value")
    mirror = opened(counter)

    assert mirror.apply({"value": 7}) == {"value": Outcome("commit", 7)}
    assert [str(error) for error in sink.errors] == ["observer"]


def test_bytes_arrive_as_bytes(opened: Any) -> None:
    picture = Picture()
    mirror = opened(picture, "pixels")

    mirror.apply({"pixels": b"\x01\x02"})

    assert picture.pixels == b"\x01\x02"


def test_a_message_reaches_the_callbacks_and_its_answer_all(opened: Any, sink: Sink) -> None:
    echo = Echo()
    mirror = opened(echo, "messages")

    mirror.receive_message("hi", [b"ab"], "guest-1")

    assert echo.heard == ["hi"]
    assert sink.messages == [Message("w", {"echo": "hi"}, [b"ba"])]


def test_the_answer_to_an_invoke_goes_to_who_asked(opened: Any, sink: Sink) -> None:
    echo = Echo()
    echo.on_msg(lambda *_: echo.send({"kind": "anywidget-command-response", "id": 1}))
    mirror = opened(echo, "messages")

    mirror.receive_message({"kind": "anywidget-command", "id": 1}, [], "guest-1")

    assert [message.to for message in sink.messages if "kind" in message.content] == ["guest-1"]


def test_a_message_that_is_not_allowed_is_refused_with_the_argument(opened: Any, sink: Sink) -> None:
    echo = Echo()

    opened(echo).receive_message("hi", [], "guest-1")

    assert echo.heard == []
    assert 'allow={"messages"}' in str(sink.errors[0])


def test_a_callback_that_fails_is_reported(opened: Any, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    echo = Echo()

    def fail(*_: Any) -> None:
        raise RuntimeError("callback")

    echo.on_msg(fail)
    opened(echo, "messages").receive_message("hi", [], "guest-1")

    # ipywidgets itself keeps a callback's error from the others; it is in the log.
    assert echo.heard == ["hi"]


def test_buffers_arrive_as_jupyter_would_bring_them(opened: Any) -> None:
    picture, seen = Picture(), []
    mirror = opened(picture, "nested", "messages")
    picture.on_msg(lambda _, __, buffers: seen.append(type(buffers[0])))

    mirror.apply({"nested": {"a": [b"xy"]}})
    mirror.receive_message("hi", [b"ab"], "guest-1")

    assert type(picture.nested["a"][0]) is memoryview
    assert (picture.nested["a"][0], seen) == (b"xy", [memoryview])


def test_an_array_of_a_classic_package_travels_both_ways(opened: Any) -> None:
    lines = bqplot.Lines(
        x=numpy.array([1.0, 2.0]),
        y=numpy.array([3.0, 4.0]),
        scales={"x": bqplot.LinearScale(), "y": bqplot.LinearScale()},
    )
    mirror = opened(lines, "y")
    sent = mirror.opened["w/y"]

    outcomes = mirror.apply({"y": {**sent, "value": numpy.array([5.0, 6.0]).tobytes()}})

    assert (sent["dtype"], sent["value"]) == ("float64", numpy.array([3.0, 4.0]).tobytes())
    assert (list(lines.y), outcomes["y"].kind) == ([5.0, 6.0], "commit")
