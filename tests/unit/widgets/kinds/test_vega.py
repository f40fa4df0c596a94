from __future__ import annotations

import altair as alt
import pytest

from cowidget.widgets.code.es_imports import remote_imports
from cowidget.widgets.kinds.vega import code


@pytest.fixture
def chart() -> alt.JupyterChart:
    return alt.JupyterChart(alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q"))


def test_the_code_imports_nothing(chart: alt.JupyterChart) -> None:
    assert remote_imports(str(chart._esm))
    assert not remote_imports(code(chart)[0])


def test_what_the_code_called_its_imports_is_there(chart: alt.JupyterChart) -> None:
    script, _ = code(chart)

    assert "const vegaEmbed = cowidgetVega.embed;" in script
    assert "const lodashDebounce = cowidgetVega.debounce;" in script


def test_the_style_comes_along(chart: alt.JupyterChart) -> None:
    assert ".vega-embed" in code(chart)[1]


def test_other_code_stays_as_it_is(chart: alt.JupyterChart) -> None:
    chart._esm = "export default { render() {} };"

    assert code(chart)[0] == "export default { render() {} };"


def test_a_change_is_read_from_the_model(chart: alt.JupyterChart) -> None:
    script, _ = code(chart)

    assert 'Object.entries(model.get("_params"))' in script
    assert ".changed._" not in script


def test_a_page_begins_with_what_python_has_set(chart: alt.JupyterChart) -> None:
    script, _ = code(chart)

    assert script.index("api.view.signal(name, value)") < script.index("const initialParams = {};")


def test_a_chart_that_altair_has_made_whole_is_adapted_too(
    chart: alt.JupyterChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapted = code(chart)

    monkeypatch.setattr(alt.JupyterChart, "_is_offline", True)
    chart._esm = "/* Vega */ export default { render() {} };"

    assert code(chart) == adapted
