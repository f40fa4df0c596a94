from __future__ import annotations

import gc
import weakref
from typing import Any

import pandas as pd
import pytest
import traitlets
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import HTML, Markdown, display
from ipywidgets import IntSlider
from PIL import Image

from cowidget.widgets import objects


class Score:
    def __init__(self) -> None:
        self.points = 1

    def _repr_html_(self) -> str:
        return f"<b>{self.points}</b>"


def test_it_brings_all_representations() -> None:
    assert objects.adapt(HTML("<i>x</i>")).bundle["text/html"] == "<i>x</i>"
    assert objects.adapt(Markdown("*x*")).bundle["text/markdown"] == "*x*"


def test_a_picture_comes_as_bytes() -> None:
    assert objects.adapt(Image.new("RGB", (2, 2))).bundle["image/png"].startswith(b"\x89PNG")


def test_a_styled_frame_is_shown_as_styled() -> None:
    shown = objects.adapt(pd.DataFrame({"x": [1]}).style.set_caption("Mine"))

    assert "<caption>Mine" in shown.bundle["text/html"]


def test_it_is_shown_anew_after_a_cell_that_changed_it(shell: InteractiveShell) -> None:
    shell.user_ns["score"] = score = Score()
    shown = objects.adapt(score)

    shell.run_cell("score.points = 2")

    assert shown.bundle["text/html"] == "<b>2</b>"


def test_what_displays_itself_is_kept_from_the_cell(shell: InteractiveShell, capsys: Any) -> None:
    class Itself:
        def _ipython_display_(self) -> None:
            display(HTML("<i>me</i>"))

    shown = objects.adapt(Itself())

    assert shown.bundle["text/html"] == "<i>me</i>"
    assert capsys.readouterr().out == ""


def test_a_wrapper_around_a_widget_is_that_widget() -> None:
    slider = IntSlider()

    class Wrapper:
        def _repr_mimebundle_(self, **_: Any) -> Any:
            return slider._repr_mimebundle_()

    assert objects.adapt(Wrapper()) is slider
    slider.close()


def test_a_repr_that_fails_later_is_told_and_the_last_one_stays(
    shell: InteractiveShell, caplog: pytest.LogCaptureFixture
) -> None:
    class Moody:
        def _repr_mimebundle_(self, **_: Any) -> Any:
            return {"text/html": "<b>fine</b>", "application/x": self.mood()}

        def mood(self) -> int:
            return 1

    moody = Moody()
    shown = objects.adapt(moody)
    shell.display_formatter.format = lambda _: 1 / 0

    shell.run_cell("1 + 1")

    assert "cannot be shown as it is now" in caplog.text
    assert shown.bundle["text/html"] == "<b>fine</b>"


def test_guests_never_write_what_becomes_a_page() -> None:
    shown = objects.adapt(HTML("x"))

    with pytest.raises(traitlets.TraitError, match="Only the notebook"):
        shown.bundle = {"text/html": "<script>"}


def test_nothing_stays_of_a_closed_one(shell: InteractiveShell) -> None:
    score = Score()
    shown = objects.adapt(score)
    gone = weakref.ref(shown), weakref.ref(score)

    objects.close(shown)
    del shown, score
    gc.collect()

    assert [one() for one in gone] == [None, None]
