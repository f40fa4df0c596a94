from __future__ import annotations

from types import SimpleNamespace

import pytest
from IPython.core.events import EventManager, available_events
from IPython.core.interactiveshell import ExecutionResult

from cowidget.widgets import main_thread
from cowidget.widgets.main_thread import Once


def test_what_two_threads_are_asked_for_is_done_by_the_first() -> None:
    done: list[int] = []
    once = Once(lambda: done.append(1))

    once()
    once()

    assert done == [1]


def test_a_cell_that_was_interrupted_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    events, told = EventManager(None, available_events), list[str]()
    monkeypatch.setattr(main_thread, "get_ipython", lambda: SimpleNamespace(events=events))
    words = ("begun", "ended", "interrupted")
    undo = main_thread.on_cells(*(lambda word=word: told.append(word) for word in words))

    for error in (KeyboardInterrupt(), ZeroDivisionError()):
        result = ExecutionResult(None)
        result.error_in_exec = error
        events.trigger("pre_run_cell", None)
        events.trigger("post_run_cell", result)
    undo()
    events.trigger("pre_run_cell", None)

    assert told == ["begun", "interrupted", "ended", "begun", "ended"]
