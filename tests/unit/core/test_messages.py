"""Messages as acts make them; `tests/wire/scenarios/acts*.json` hold the rest, for both languages."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core.messages import Messages, made
from cowidget.core.values import Body, Edit, Erase, Erased, LogEntry, Moment, React, Snapshot, Table, TableColumn, Text

MOMENT = Moment("chart", 1.0, 2.0, b"", "look")


def entry(at: int, body: Body, by: str = "ada") -> LogEntry:
    return LogEntry(at, by, at, by, "#008080", 1.5, body)


def test_a_message_without_acts_is_its_entry() -> None:
    message = made(entry(3, Text("hi", reply=2)))
    assert (message.text, message.reply, message.edited, message.erased, message.reactions) == (
        "hi",
        2,
        False,
        False,
        {},
    )


@pytest.mark.rule("L6")
def test_an_edit_of_a_moment_keeps_its_range() -> None:
    message = made(entry(3, MOMENT), [("ada", Edit(3, "look here"))])
    assert message.entry.body == Moment("chart", 1.0, 2.0, b"", "look here")


@pytest.mark.rule("L10", "L11")
@pytest.mark.parametrize(
    "body",
    [
        Table((TableColumn("a", "int64"),), ((1,),), 9, 1, text="look", reply=2),
        Snapshot("slider", {"slider/value": 1}, b"", "look", reply=2),
    ],
)
def test_an_edit_changes_the_text_of_what_is_shown_and_nothing_else(body: Table | Snapshot) -> None:
    messages = Messages()
    messages.add([entry(3, body), entry(4, Edit(3, "look here"), by="ada")])
    (message,) = messages.shown("ada", ())
    assert (message.entry.body, message.reply) == (replace(body, text="look here"), 2)


@pytest.mark.rule("L6")
def test_an_edit_keeps_what_a_text_answers() -> None:
    assert made(entry(3, Text("hi", reply=2)), [("ada", Edit(3, "ho"))]).reply == 2


@pytest.mark.rule("L8")
def test_an_erased_message_has_no_text_no_reply_and_no_reactions() -> None:
    acts: list[tuple[str, Edit | Erase | React]] = [("bob", React(3, "👍")), ("ada", Edit(3, "x")), ("ada", Erase(3))]
    message = made(entry(3, Text("hi", reply=2)), acts)
    assert message.entry == entry(3, Erased())
    assert (message.text, message.reply, message.edited, message.reactions) == ("", 0, False, {})


@pytest.mark.rule("L8")
def test_what_an_erase_leaves_nothing_of_is_told_once() -> None:
    messages = Messages()
    messages.add([entry(1, Text("a")), entry(2, Edit(1, "quadrille")), entry(3, React(1, "👍"))])
    assert messages.add([entry(4, Erase(1))]) == [1, 2]
    assert "quadrille" not in repr(vars(messages)["_acts"])


@pytest.mark.rule("L6")
def test_own_acts_are_shown_and_not_kept() -> None:
    messages = Messages()
    messages.add([entry(1, Text("a")), entry(2, Text("b"))])
    shown = messages.shown("ada", [Edit(1, "c"), React(2, "👍"), Erase(9)])
    assert [(message.text, dict(message.reactions)) for message in shown] == [("c", {}), ("b", {"👍": ("ada",)})]
    assert [message.text for message in messages.shown("ada", [])] == ["a", "b"]
