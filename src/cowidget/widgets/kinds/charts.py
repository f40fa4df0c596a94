"""Chart libraries' widgets: what their traits do not tell."""

from __future__ import annotations

from collections.abc import Mapping

from cowidget.widgets.charts import bound_altair
from cowidget.widgets.kinds import lonboard, perspective, plotly, vega
from cowidget.widgets.kinds.kind import Kind

# What a viewer of jupyter-scatter has for themselves: the camera, what the pointer does and is over, the lasso.
_SCATTER_VIEW = frozenset(
    {
        "camera_distance",
        "camera_is_fixed",
        "camera_rotation",
        "camera_target",
        "camera_view",
        "dom_element_id",
        "hovering",
        "label_tiles",
        "lasso_brush_size",
        "lasso_selection_polygon",
        "lasso_type",
        "mouse_mode",
        "zoom_level",
    }
)

_PLOTLY = Kind(events=plotly.EVENTS, hidden=plotly.REPORTS, snapshot=plotly.figure_now, listed=True)
"""Every page follows the figure; zooming, hiding traces and selecting is each viewer's own and stays in their page.

So the callbacks of `on_click`, `on_hover` and `on_selection` run for what the host does in JupyterLab's own view
(`display="native"`), and for nobody else.
"""

_ALTAIR = Kind(local=frozenset({"local_tz"}), code=vega.code, listed=True)
"""Charts and parameters that Python sets reach every page; a viewer's selections and parameters stay in their page.

Their traits begin with "_", so a page's writes are its own affair: it writes them whenever it draws, and would set
back those of all others. With VegaFusion the chart is computed in the host's time zone, as soon as a page of the
host's own JupyterLab has told it.
"""

_LONBOARD_MAP = Kind(
    writable=frozenset({"selected_bounds"}),
    local=frozenset({"view_state"}),
    # Only clicks, and only when the host has registered a callback for them.
    messages=True,
    code=lonboard.code,
    listed=True,
)
_LONBOARD_LAYER = Kind(writable=frozenset({"selected_index"}), snapshot=lonboard.tables_now, listed=True)

_SCATTER = Kind(
    # Lists of points: what is selected is seen by all.
    writable=frozenset({"selection", "filter"}),
    local=_SCATTER_VIEW,
    # A picture that one page took for its Python, and an order to download one.
    hidden=frozenset({"view_data", "view_download"}),
    listed=True,
)

_PERSPECTIVE = Kind(
    local=perspective.SETTINGS,
    messages=True,
    admits=perspective.reads,
    code=perspective.code,
    session=perspective.client,
    farewell=perspective.hangup,
    listed=True,
)

# Its updates are what VegaFusion's are; who comes later begins with the rows that are shown.
_BOUND_ALTAIR = Kind(events=bound_altair.EVENTS, snapshot=bound_altair.spec_now)

# Its rows come from feeds, and each viewer zooms and holds for themselves: there is nothing to write and no message.
_OWN = Kind(sent=lambda chart, content, buffers, name_model: None, listed=True)

TABLE: Mapping[str, Kind] = {
    "plotly:BaseFigureWidget": _PLOTLY,
    "altair:JupyterChart": _ALTAIR,
    "cowidget:BoundJupyterChart": _BOUND_ALTAIR,
    "cowidget:Chart": _OWN,
    "lonboard:Map": _LONBOARD_MAP,
    "lonboard:BaseWidget": Kind(listed=True),
    "lonboard:BaseLayer": _LONBOARD_LAYER,
    "jscatter:JupyterScatter": _SCATTER,
    "perspective:PerspectiveWidget": _PERSPECTIVE,
}
