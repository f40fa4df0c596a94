"""Altair's JupyterChart, with Vega from our own build: its code imports vega-embed and lodash from a CDN."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ipywidgets import Widget

from cowidget.errors import ShareError

_IMPORT = re.compile(
    r"""^[ \t]*import\s+([\w$]+)\s+from\s+["']https?://[^"']*/(vega-embed|lodash-es)@[^"']*["'];?[ \t]*$""",
    re.MULTILINE,
)
# Of a change it expects the model of Backbone with all changes, else the value, and gets the model.
_CHANGED = re.compile(r"(\w+)\.changed \? \1\.changed\.(\w+) : \1\b")
# A new page begins with the parameters of the chart's own text, and overlooks what Python has set since.
_BEGINNING = "const initialParams = {};"
_SET = """
        for (const [name, value] of Object.entries(model.get("_params") ?? {})) {
            if (value !== null) api.view.signal(name, value);
        }
        await api.view.runAsync();
"""
_OURS = {"vega-embed": "embed", "lodash-es": "debounce"}


def code(chart: Widget) -> tuple[str, str]:
    """The chart's code, without imports.

    Raises:
        ShareError: Vega has not been built.
    """
    script = str(chart._esm)
    if getattr(chart, "_is_offline", False):
        # Altair has put Vega into it by itself, and then there is nothing left to adapt.
        script = sys.modules["altair.jupyter.jupyter_chart"].load_js_src()
    return _bundled(script) if _IMPORT.search(script) else script, str(chart._css)


@lru_cache(maxsize=4)
def _bundled(script: str) -> str:
    built = Path(str(files("cowidget") / "static" / "vega.js"))
    if not built.is_file():
        raise ShareError("The code for Vega charts is not built. In the source folder run: make build.")
    # A script that defines `cowidgetVega`, and then the module that uses it.
    module = _IMPORT.sub(lambda found: f"const {found[1]} = cowidgetVega.{_OURS[found[2]]};", script)
    module = _CHANGED.sub(r'model.get("\2")', module)
    return built.read_text("utf-8") + module.replace(_BEGINNING, _SET + _BEGINNING)
