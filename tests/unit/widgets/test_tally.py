from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from cowidget.widgets import tally
from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from cowidget.widgets.tally import PAUSE, Tally


def tallied(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> Tally:
    class Widget(ipywidgets.DOMWidget):
        pass

    monkeypatch.setattr(table, "_TABLE", {named(Widget): kind})
    return Tally(Widget())


def verdict(content: Any) -> bool | str:
    return content if isinstance(content, str) and content == "clear" else content != "ping"


def test_a_widget_whose_events_add_up_to_nothing_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tallied(monkeypatch, Kind(events=frozenset({"signal"})))

    assert (plain.receive_assignment(), plain.receive_message("draw", []), plain.values()) == (0, 0, {})


def test_assignments_are_counted_from_one_where_a_snapshot_includes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = tallied(monkeypatch, Kind(events=frozenset({"signal"}), snapshot=lambda widget: {"shown": [1, (2,)]}))

    assert [stale.receive_assignment(), stale.receive_assignment()] == [1, 2]
    assert (stale.values(), stale.snapshot()) == ({"$events": 2}, {"shown": [1, [2]]})


def test_messages_that_draw_are_kept_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = tallied(monkeypatch, Kind(journal=verdict))

    counts = [canvas.receive_message("line", [b"ab"]), canvas.receive_message("ping", [])]

    assert counts == [1, 0]
    assert canvas.values() == {"$events": 1, "$journal": [["line", [b"ab"]]]}


def test_a_message_that_clears_forgets_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = tallied(monkeypatch, Kind(journal=verdict))
    canvas.receive_message("line", [])

    assert canvas.receive_message("clear", []) == 2
    assert canvas.values() == {"$events": 2, "$journal": [["clear", []]]}


def test_a_journal_that_is_too_long_loses_its_oldest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MAX_JOURNAL_MESSAGES", 2)
    canvas = tallied(monkeypatch, Kind(journal=verdict))

    for content in ("a", "b", "c"):
        canvas.receive_message(content, [])

    assert canvas.values() == {"$events": 3, "$journal": [["b", []], ["c", []]]}


def test_a_journal_that_is_too_large_loses_its_oldest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MAX_JOURNAL_BYTES", 1000)
    canvas = tallied(monkeypatch, Kind(journal=verdict))

    for content in ("a", "b"):
        canvas.receive_message(content, [bytes(600)])

    assert canvas.values()["$journal"] == [["b", [bytes(600)]]]


def test_what_takes_long_is_taken_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.5])
    monkeypatch.setattr("cowidget.widgets.tally.time.perf_counter", lambda: next(clock))
    stale = tallied(monkeypatch, Kind(snapshot=lambda widget: {}))
    before = stale.pause

    stale.snapshot()

    assert (before, stale.pause) == (PAUSE, 10.0)
