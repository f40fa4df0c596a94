from __future__ import annotations

import gc
import weakref
from typing import Any

import altair as alt
import pandas as pd
import plotly.graph_objects as go
from IPython.core.interactiveshell import InteractiveShell

from cowidget.widgets import objects


def test_a_plotly_figure_becomes_its_widget() -> None:
    figure = go.Figure(go.Bar(y=[1, 2]))

    widget = objects.adapt(figure)

    assert isinstance(widget, go.FigureWidget)
    assert list(widget.data[0].y) == [1, 2]
    assert objects.adapt(figure) is widget


def test_a_figure_that_changes_in_place_takes_its_widget_along(shell: InteractiveShell) -> None:
    shell.user_ns["figure"] = figure = go.Figure(go.Bar(y=[1, 2]))
    widget: Any = objects.adapt(figure)

    shell.run_cell("figure.add_scatter(y=[5]); figure.update_layout(title_text='new')")

    assert [trace.type for trace in widget.data] == ["bar", "scatter"]
    assert widget.layout.title.text == "new"


def test_an_altair_chart_becomes_its_widget() -> None:
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x")

    widget = objects.adapt(chart)

    assert isinstance(widget, alt.JupyterChart)
    assert widget.chart is chart


def test_a_closed_one_lets_go_of_the_chart() -> None:
    figure = go.Figure()
    widget = objects.adapt(figure)
    gone = weakref.ref(figure)

    objects.close(widget)
    del figure
    gc.collect()

    assert gone() is None
    assert widget.comm is None


def test_a_widget_that_somebody_closed_is_made_again() -> None:
    figure = go.Figure()
    first = objects.adapt(figure)
    first.close()

    second = objects.adapt(figure)

    assert second is not first
    assert second.comm is not None
