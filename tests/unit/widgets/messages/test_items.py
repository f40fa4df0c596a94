from __future__ import annotations

import io
from typing import Any

import altair
import pandas as pd
import plotly.graph_objects as go
import pytest
from IPython.display import HTML
from ipywidgets import IntSlider
from PIL import Image

from cowidget.core.values import Snapshot, Table
from cowidget.errors import ShareError
from cowidget.widgets.messages.drafts import Picture
from cowidget.widgets.messages.items import piece_of


def absent(thing: Any) -> None:
    """Of a room in which nothing is."""


def png(colour: str = "red") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(data, "PNG")
    return data.getvalue()


class Bundled:
    """Shows itself as it was told."""

    def __init__(self, **shown: Any) -> None:
        self._shown = {name.replace("_", "/"): value for name, value in shown.items()}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self._shown


def test_a_text_is_a_text() -> None:
    assert piece_of("**hi**", absent) == "**hi**"


def test_a_table_is_no_html() -> None:
    assert isinstance(piece_of(pd.DataFrame({"a": [1]}), absent), Table)


def test_a_file_s_name_is_only_a_text() -> None:
    assert piece_of("a.png", absent) == "a.png"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({"image_png": png(), "text_markdown": "m", "text_plain": "p"}, Picture(png(), "p")),
        ({"text_markdown": "**m**", "text_latex": "$x$", "text_plain": "p", "text_html": "<b>"}, "**m**"),
        ({"text_latex": "$x$", "text_plain": "p"}, "$x$"),
        ({"text_html": "<b>h</b>", "text_plain": "p"}, "`p`"),
        ({"text_plain": "a\nb"}, "```\na\nb\n```"),
        ({"text_plain": "```\n[x](javascript:1)"}, "````\n```\n[x](javascript:1)\n````"),
    ],
)
def test_of_an_object_the_best_is_sent_and_never_html(shown: dict[str, Any], expected: object) -> None:
    assert piece_of(Bundled(**shown), absent) == expected


def test_a_representation_in_base64_is_decoded() -> None:
    class Shown:
        def _repr_png_(self) -> bytes:
            return png("blue")

    piece = piece_of(Shown(), absent)

    assert isinstance(piece, Picture)
    assert piece.data == png("blue")


def test_a_long_representation_is_cut() -> None:
    piece = piece_of(list(range(100_000)), absent)

    assert isinstance(piece, str)
    assert len(piece) < 8000


def test_what_is_in_the_room_is_a_snapshot() -> None:
    snapshot = Snapshot("slider", {"slider/value": 1}, b"")
    chart = go.Figure()

    assert piece_of(chart, lambda thing: snapshot if thing is chart else None) is snapshot


@pytest.mark.parametrize(
    "chart", [go.Figure(), altair.Chart(altair.NamedData("x")).mark_line()], ids=["plotly", "altair"]
)
def test_a_chart_that_cannot_be_drawn_says_what_to_do(chart: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object, *_: object, **options: object) -> None:
        raise ImportError("no renderer")

    monkeypatch.setattr(type(chart), "to_image" if hasattr(chart, "to_image") else "save", fail)
    with pytest.raises(ShareError, match=r"room\.share\(chart\).*pip install (kaleido|vl-convert-python)"):
        piece_of(chart, absent)


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [(None, "None cannot be shown"), (pytest, "module pytest cannot"), (IntSlider, "IntSlider is a class")],
)
def test_what_cannot_be_sent_is_said(thing: Any, sentence: str) -> None:
    with pytest.raises(ShareError, match=sentence):
        piece_of(thing, absent)


@pytest.mark.parametrize("thing", [object(), HTML("<b>bold</b>")])
def test_what_shows_nothing_but_html_says_what_to_do(thing: object) -> None:
    with pytest.raises(ShareError, match=r"shows nothing of itself.*room\.share"):
        piece_of(thing, absent)


def test_an_object_that_fails_is_named() -> None:
    class Angry:
        def __repr__(self) -> str:
            raise RuntimeError("not now")

    with pytest.raises(ShareError, match="Angry cannot be sent: RuntimeError: not now"):
        piece_of(Angry(), absent)
