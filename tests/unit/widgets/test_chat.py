from __future__ import annotations

from cowidget.core import values
from cowidget.core.values import LogEntry
from cowidget.widgets.chat import Moment, _message


def entry(body: values.Body) -> LogEntry:
    return LogEntry(3, "p1", 1, "Ana", "#ff0000", 1_700_000_000.0, body)


def test_a_text_has_no_moment() -> None:
    message = _message(entry(values.Text("hello")))

    assert (message.number, message.name, message.text, message.moment) == (3, "Ana", "hello", None)


def test_a_moment_is_a_span_of_a_chart_with_a_text() -> None:
    message = _message(entry(values.Moment("price", 10.0, 20.0, b"png", "look")))

    assert (message.text, message.moment) == ("look", Moment("price", 10.0, 20.0, b"png"))


def test_a_picture_does_not_fill_the_notebook() -> None:
    assert "png" not in repr(Moment("price", 10.0, 20.0, b"png" * 1000))
