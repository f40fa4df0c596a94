from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest
from traitlets import All

from cowidget.widgets.kinds.plotly import EVENTS, REPORTS, figure_now
from cowidget.widgets.values import plain


@pytest.fixture
def figure() -> go.FigureWidget:
    return go.FigureWidget([go.Scatter(y=[1, 2, 3])])


def test_a_newcomer_gets_what_was_assigned_to_a_trace(figure: go.FigureWidget) -> None:
    figure.data[0].y = [1, 2, 3, 4]

    assert figure_now(figure)["_widget_data"][0]["y"] == [1, 2, 3, 4]


def test_a_newcomer_gets_a_trace_that_was_added(figure: go.FigureWidget) -> None:
    figure.add_bar(y=[5])

    assert [trace["type"] for trace in figure_now(figure)["_widget_data"]] == ["scatter", "bar"]


def test_a_newcomer_gets_the_title_that_was_set(figure: go.FigureWidget) -> None:
    figure.update_layout(title="Late")

    assert figure_now(figure)["_widget_layout"]["title"] == {"text": "Late"}


def test_what_a_page_of_jupyterlab_took_for_a_default_is_still_the_figures(figure: go.FigureWidget) -> None:
    figure.data[0].y = [7, 8]
    figure._js2py_traceDeltas = {
        "trace_deltas": [{"uid": figure.data[0].uid, "y": [7, 8]}],
        "trace_edit_id": figure._last_trace_edit_id,
    }

    assert figure_now(figure)["_widget_data"][0]["y"] == [7, 8]


def test_what_is_set_goes_before_what_a_page_took_for_a_default(figure: go.FigureWidget) -> None:
    figure._js2py_traceDeltas = {
        "trace_deltas": [{"uid": figure.data[0].uid, "line": {"color": "red", "width": 2}}],
        "trace_edit_id": figure._last_trace_edit_id,
    }
    figure.data[0].line.color = "blue"

    assert figure_now(figure)["_widget_data"][0]["line"] == {"color": "blue", "width": 2}


def test_arrays_travel_as_bytes(figure: go.FigureWidget) -> None:
    figure.data[0].y = np.array([0.5, 1.5])

    y = plain(figure_now(figure))["_widget_data"][0]["y"]

    assert (y["dtype"], y["shape"], y["buffer"]) == ("float64", [2], np.array([0.5, 1.5]).tobytes())


def test_every_trait_that_an_update_assigns_is_an_event_or_hidden(figure: go.FigureWidget) -> None:
    assigned: set[str] = set()
    figure.observe(lambda change: assigned.add(change["name"]), names=All)

    figure.add_scatter(y=[1])
    with figure.batch_update():
        figure.data[0].y = [3]
        figure.layout.title = "both"
    with figure.batch_animate():
        figure.data[0].y = [4]
    figure.layout.title = "one"
    figure.data[0].name = "first"
    figure.data = figure.data[::-1]
    figure.data = figure.data[:1]

    assert assigned <= EVENTS | REPORTS
