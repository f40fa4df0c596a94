"""What a kind says of messages is followed by the mirrors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cowidget.errors import NotAllowed
from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from tests.support.mirrors import Sink, mirrors
from tests.support.sample_widgets import Counter

_KIND = Kind(
    messages=True,
    sent=lambda _, content, buffers, name: (
        None if content == "private" else ([content, name("here")], [*buffers, b"!"])
    ),
    journal=lambda content: content[0] != "ping",
    admits=lambda _, content, buffers: content == "look" and list(buffers) == [b"ab"],
)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    monkeypatch.setattr(table, "_TABLE", {named(Counter): _KIND})
    monkeypatch.setattr(table, "_known", {})
    return Counter()


@pytest.fixture
def mirror(sink: Sink, counter: Counter) -> Iterator[Any]:
    with mirrors(sink) as open_mirror:
        yield open_mirror(counter, models={"here": "w/child"})


def test_a_message_is_sent_as_its_kind_tells_it(mirror: Any, sink: Sink, counter: Counter) -> None:
    counter.send("line", [b"ab"])

    (message,) = sink.messages
    assert (message.content, message.buffers, message.count) == (["line", "w/child"], [b"ab", b"!"], 1)


def test_a_message_that_is_not_for_the_room_is_not_sent(mirror: Any, sink: Sink, counter: Counter) -> None:
    counter.send("private")

    assert sink.messages == []


def test_a_guests_message_reaches_the_widget_if_its_kind_admits_it(mirror: Any, sink: Sink, counter: Counter) -> None:
    heard: list[Any] = []
    counter.on_msg(lambda _, content, buffers: heard.append(content))

    mirror.receive_message("look", [b"ab"], "peer")
    mirror.receive_message("touch", [b"ab"], "peer")

    assert heard == ["look"]
    assert [type(error) for error in sink.errors] == [NotAllowed]
