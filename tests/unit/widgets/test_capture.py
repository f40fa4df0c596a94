"""Taking what a kernel publishes for an open output context; with ipykernels in tests/integration."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ipywidgets import Output
from jupyter_client.session import Session

from cowidget.widgets import capture
from cowidget.widgets.capture import listen, unlisten
from cowidget.widgets.outputs import Outputs

STREAM = {"name": "stdout", "text": "a\n"}


class Kernel:
    """A session that keeps what it would publish, as the kernel's messages name their parents."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.published: list[str] = []
        self.session = Session()
        kept = self.published

        def send(self: Session, stream: Any, message: Any, *rest: Any, **more: Any) -> Any:
            kept.append(message if isinstance(message, str) else message["msg_type"])
            return message

        monkeypatch.setattr(Session, "send", send)
        monkeypatch.setattr(capture, "get_ipython", lambda: SimpleNamespace(kernel=self))

    def publish(self, kind: str, content: dict[str, Any], parent: str = "cell 1") -> None:
        self.session.send(None, self.session.msg(kind, content, parent={"msg_id": parent}))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    return Kernel(monkeypatch)


@pytest.fixture
def out(kernel: Kernel) -> Iterator[Output]:
    output = Output()
    listen(output)
    yield output
    unlisten(output)


def texts(output: Output) -> list[str]:
    return [shown["text"] for shown in output.outputs]


def sees(output: Output, expected: list[str]) -> None:
    deadline = time.monotonic() + 5
    while texts(output) != expected:
        assert time.monotonic() < deadline, f"{texts(output)} are not {expected}"
        time.sleep(0.01)


def test_what_belongs_to_the_open_context_is_taken(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"
    kernel.publish("stream", STREAM)
    out.msg_id = ""

    assert texts(out) == ["a\n"]
    assert kernel.published == []


def test_what_belongs_elsewhere_is_published(kernel: Kernel, out: Output) -> None:
    kernel.publish("stream", STREAM)
    out.msg_id = "cell 1"
    kernel.publish("stream", STREAM, parent="cell 2")
    kernel.publish("status", {})
    out.msg_id = ""
    kernel.publish("stream", STREAM)

    assert texts(out) == []
    assert kernel.published == ["stream", "stream", "status", "stream"]


def test_a_message_that_is_made_while_sending_is_taken_too(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"
    error = {"ename": "E", "evalue": "", "traceback": []}

    kernel.session.send(None, "error", error, {"msg_id": "cell 1"}, ident=b"topic")
    kernel.session.send(None, "stream", content=STREAM, parent={"header": {"msg_id": "cell 1"}})
    out.msg_id = ""

    assert [shown["output_type"] for shown in out.outputs] == ["error", "stream"]
    assert kernel.published == []


def test_it_is_shown_before_the_context_ends(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"

    kernel.publish("stream", STREAM)

    sees(out, ["a\n"])


def test_large_outputs_are_sent_less_often(kernel: Kernel, out: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_PER_INTERVAL", 1)
    out.msg_id = "cell 1"
    kernel.publish("stream", {"name": "stdout", "text": "x" * 100})
    sees(out, ["x" * 100])

    kernel.publish("stream", STREAM)
    time.sleep(3 * capture.INTERVAL)

    assert texts(out) == ["x" * 100]


def test_an_updated_display_is_published_too_because_it_may_be_elsewhere(kernel: Kernel, out: Output) -> None:
    shown = {"data": {"text/plain": "1"}, "metadata": {}, "transient": {"display_id": "d"}}
    out.msg_id = "cell 1"

    kernel.publish("display_data", shown)
    kernel.publish("update_display_data", {**shown, "data": {"text/plain": "2"}})
    out.msg_id = ""

    assert out.outputs[0]["data"] == {"text/plain": "2"}
    assert kernel.published == ["update_display_data"]


def test_outputs_that_others_append_stay_between(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"
    kernel.publish("stream", STREAM)
    out.append_stderr("b")
    kernel.publish("stream", STREAM)
    out.msg_id = ""

    assert texts(out) == ["a\n", "b", "a\n"]


def test_outputs_that_others_replace_are_gone(kernel: Kernel, out: Output) -> None:
    out.append_stdout("old")
    out.msg_id = "cell 1"
    kernel.publish("stream", STREAM)

    out.outputs = ()
    kernel.publish("stream", STREAM)
    out.msg_id = ""

    assert texts(out) == ["a\n"]


def test_the_session_is_as_it_was_between_contexts(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"
    assert "send" in vars(kernel.session)

    out.msg_id = ""

    assert "send" not in vars(kernel.session)


def test_a_session_that_others_had_changed_is_given_back_so(kernel: Kernel, out: Output) -> None:
    theirs = kernel.session.send = lambda *message: kernel.published.append("theirs")
    out.msg_id = "cell 1"
    kernel.publish("status", {})

    out.msg_id = ""

    assert kernel.session.send is theirs
    assert kernel.published == ["theirs"]


def test_a_session_that_others_have_changed_since_is_left_to_them(kernel: Kernel, out: Output) -> None:
    out.msg_id = "cell 1"
    ours = kernel.session.send
    theirs = kernel.session.send = lambda *message: ours(*message)

    out.msg_id = ""
    kernel.publish("stream", STREAM)

    assert kernel.session.send is theirs
    assert kernel.published == ["stream"]


def test_a_child_process_sends_as_before(kernel: Kernel, out: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    out.msg_id = "cell 1"
    monkeypatch.setattr(os, "getpid", lambda: -1)

    kernel.publish("stream", STREAM)

    assert kernel.published == ["stream"]


def test_outside_of_a_kernel_nothing_is_taken(out: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "get_ipython", lambda: None)

    out.msg_id = "cell 1"
    out.append_stdout("a")
    out.msg_id = ""

    assert texts(out) == ["a"]


def test_what_nobody_listens_to_is_let_go_twice_without_harm(kernel: Kernel) -> None:
    output = Output()
    listen(output)

    unlisten(output)
    unlisten(output)
    output.msg_id = "cell 1"
    kernel.publish("stream", STREAM)

    assert kernel.published == ["stream"]


def test_outputs_know_about_how_large_they_are() -> None:
    area = Outputs()
    area.receive("stream", {"name": "stdout", "text": "x" * 1000})

    assert 1000 <= area.size < 1100
