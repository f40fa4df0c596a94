"""The functions that a notebook calls, without a kernel."""

from __future__ import annotations

import pytest

import cowidget as cw
from cowidget.widgets import objects
from cowidget.widgets.objects import moments


class Score:
    def __init__(self) -> None:
        self.points = 1

    def _repr_html_(self) -> str:
        return f"<b>{self.points}</b>"


def test_processing_shows_things_as_they_are_though_no_guest_did_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "INTERVAL", 0.0)
    monkeypatch.setattr(moments, "REST", 0.0)
    score = Score()
    shown = objects.adapt(score)
    score.points = 2

    applied = cw.process()

    assert (applied, shown.bundle["text/html"]) == (0, "<b>2</b>")
    objects.close(shown)
