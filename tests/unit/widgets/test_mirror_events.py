"""Events that add up (PROTOCOL.md E4), and sessions."""

from __future__ import annotations

from typing import Any

import anywidget
import pytest
import traitlets

from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from tests.support.mirrors import Sink


class Signal(anywidget.AnyWidget):
    """Draws what it is told, and keeps no state of it."""

    _esm = "export default { render() {} };"
    signal = traitlets.Any(None, allow_none=True).tag(sync=True)
    shown = traitlets.List().tag(sync=True)
    level = traitlets.Int(0).tag(sync=True)


@pytest.fixture
def signal(monkeypatch: pytest.MonkeyPatch) -> Signal:
    kind = Kind(
        events=frozenset({"signal"}),
        snapshot=lambda widget: {"shown": [*widget.drawn]},
        journal=lambda content: content != "ping",
    )
    monkeypatch.setattr(table, "_TABLE", {named(Signal): kind})
    widget = Signal()
    widget.drawn = []
    return widget


def test_each_assignment_of_an_event_trait_is_told_once_and_in_order(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)

    signal.signal = {"a": (1,)}
    signal.signal = None
    signal.signal = {"a": (1,)}
    signal.signal = {"b": b"xy"}

    told = [(message.trait, message.content, message.count) for message in sink.messages]
    assert told == [("signal", {"a": [1]}, 1), ("signal", {"a": [1]}, 2), ("signal", {"b": b"xy"}, 3)]
    assert sink.values == []


def test_an_event_trait_has_no_value_in_the_room(opened: Any, signal: Signal) -> None:
    signal.signal = "set before"

    assert opened(signal).opened.keys() == {"w/shown", "w/level", "w/$events", "w/$journal"}


def test_a_newcomer_is_given_a_snapshot_in_place_of_what_is_stale(opened: Any, signal: Signal) -> None:
    signal.drawn = [1, 2]

    assert opened(signal).opened["w/shown"] == [1, 2]


def test_values_that_include_the_events_follow_them_together(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)
    for number in (1, 2):
        signal.drawn.append(number)
        signal.signal = number
    signal.send("line", [b"ab"])

    (refresh,) = sink.waiting
    refresh()

    assert sink.values == [{"w/shown": [1, 2], "w/$events": 3, "w/$journal": [["line", [b"ab"]]]}]
    assert [message.count for message in sink.messages] == [1, 2, 3]


def test_after_values_were_sent_the_next_event_asks_for_new_ones(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)
    signal.signal = 1
    sink.waiting.pop()()

    signal.signal = 2

    assert len(sink.waiting) == 1


def test_a_stale_trait_that_is_set_is_told_by_the_next_snapshot(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)

    signal.shown = ["what the widget believes"]

    assert sink.values == []
    assert len(sink.waiting) == 1


def test_an_event_is_told_whatever_changes_with_it(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)

    with signal.hold_sync():
        signal._esm = "export default { render() { /* new */ } }"
        signal.signal = 1

    assert ([message.content for message in sink.messages], sink.reshaped) == ([1], 1)


def test_what_only_travels_in_another_form_is_sent_at_once(
    opened: Any, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_TABLE", {named(Signal): Kind(snapshot=lambda widget: {"shown": [*widget.shown, "!"]})})
    widget = Signal()
    values = opened(widget).opened

    with widget.hold_sync():
        widget.shown = [1]
        widget.level = 5

    assert (values["w/shown"], "w/$events" in values) == (["!"], False)
    assert sink.values == [{"w/shown": [1, "!"], "w/level": 5}]


def test_a_message_that_does_not_draw_is_not_counted(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)

    signal.send("ping")

    assert [(message.content, message.count) for message in sink.messages] == [("ping", 0)]


def test_an_event_that_is_too_large_to_travel_is_left_to_the_values(opened: Any, sink: Sink, signal: Signal) -> None:
    opened(signal)

    signal.signal = bytes(1 << 20)
    signal.signal = "small"

    assert [(message.content, message.count) for message in sink.messages] == [("small", 2)]
    assert len(sink.waiting) == 1


def test_an_event_that_cannot_travel_is_reported_and_the_next_one_is_told(
    opened: Any, sink: Sink, signal: Signal
) -> None:
    opened(signal)

    signal.signal = object()
    signal.signal = 1

    assert [(message.content, message.count) for message in sink.messages] == [(1, 1)]
    assert "Signal.signal" in str(sink.errors[0])


def test_nothing_is_sent_after_the_end(opened: Any, sink: Sink, signal: Signal) -> None:
    mirror = opened(signal)
    signal.signal = 1
    mirror.close()

    sink.waiting.pop()()

    assert sink.values == []


def test_a_snapshot_that_fails_is_the_hosts_to_see(opened: Any, sink: Sink, signal: Signal) -> None:
    del signal.drawn

    assert opened(signal).opened["w/shown"] == []
    assert "drawn" in str(sink.errors[0])


# Sessions.


class Server(anywidget.AnyWidget):
    """Answers each client under its name."""

    _esm = "export default { render() {} };"

    def __init__(self) -> None:
        super().__init__()
        self.on_msg(lambda _, content, __: self.send({**content, "answer": True}))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    kind = Kind(messages=True, session=lambda content: content.get("client"))
    monkeypatch.setattr(table, "_TABLE", {named(Server): kind})
    return Server()


def test_an_answer_goes_to_the_peer_whose_session_it_is(opened: Any, sink: Sink, server: Server) -> None:
    mirror = opened(server)

    mirror.receive_message({"client": "c1"}, [], "ana")
    mirror.receive_message({"client": "c2"}, [], "bob")

    assert [(message.content["client"], message.to) for message in sink.messages] == [("c1", "ana"), ("c2", "bob")]


def test_what_the_widget_says_to_the_hosts_own_view_stays_there(opened: Any, sink: Sink, server: Server) -> None:
    opened(server)

    server.send({"client": "in JupyterLab", "answer": True})

    assert sink.messages == []


def test_who_speaks_for_somebody_elses_session_is_not_heard(
    opened: Any, sink: Sink, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    mirror = opened(server)
    mirror.receive_message({"client": "c1"}, [], "ana")

    mirror.receive_message({"client": "c1"}, [], "bob")

    assert [message.to for message in sink.messages] == ["ana"]
    assert "somebody else's session" in str(sink.errors[0])
