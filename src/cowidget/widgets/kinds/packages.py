"""Packages of classic widgets: what their traits do not tell.

Their views tell the kernel of clicks and moves in messages, for callbacks that the host has registered, as a button
does.
"""

from __future__ import annotations

from collections.abc import Mapping

from cowidget.widgets.kinds import canvas
from cowidget.widgets.kinds.kind import Kind

_SHOWN = Kind(listed=True)
_TELLING = Kind(messages=True, listed=True)

_LEAFLET: Mapping[str, Kind] = {
    # Where one looks is each viewer's own; and what a page tells of itself.
    "Map": Kind(
        local=frozenset(
            {
                "bottom",
                "center",
                "east",
                "fullscreen",
                "left",
                "north",
                "right",
                "south",
                "style",
                "top",
                "west",
                "window_url",
                "zoom",
            }
        ),
        messages=True,
        listed=True,
    ),
    "MapStyle": _SHOWN,
    "Layer": _TELLING,
    "TileLayer": Kind(local=frozenset({"loading"})),
    "Marker": Kind(writable=frozenset({"location"})),
    "Polyline": Kind(writable=frozenset({"locations"})),
    "Icon": _SHOWN,
    "Control": _TELLING,
    "DrawControlBase": Kind(writable=frozenset({"data"}), local=frozenset({"current_mode"})),
}

_BQPLOT: Mapping[str, Kind] = {
    "Figure": _SHOWN,
    "BaseAxis": _SHOWN,
    "Toolbar": _SHOWN,
    "Tooltip": _SHOWN,
    "Interaction": _SHOWN,
    "Mark": Kind(writable=frozenset({"selected"}), local=frozenset({"hovered_point"}), messages=True, listed=True),
    # All of a selector moves together: a brush is somebody's hand.
    "Selector": Kind(writable=frozenset({"selected", "selected_x", "selected_y", "brushing"}), listed=True),
}

# What part of the data a viewer has panned and zoomed to.
_SCALE = Kind(local=frozenset({"min", "max"}), listed=True)

_CANVAS: Mapping[str, Kind] = {
    # A picture of what one page has drawn.
    "_CanvasBase": Kind(local=frozenset({"image_data"}), messages=True, listed=True),
    "_CanvasManager": Kind(sent=canvas.sent, journal=canvas.journal, listed=True),
}

TABLE: Mapping[str, Kind] = {
    **{f"ipyleaflet:{name}": kind for name, kind in _LEAFLET.items()},
    **{f"bqplot:{name}": kind for name, kind in _BQPLOT.items()},
    **{f"ipycanvas:{name}": kind for name, kind in _CANVAS.items()},
    "bqscales:Scale": _SCALE,
}
