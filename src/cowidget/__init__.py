"""Share any Jupyter widget with one link. The link grants a widget, not a kernel."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cowidget.errors import (
    BackendError,
    CowidgetError,
    FeedError,
    LinkError,
    NotAllowed,
    OwnerKeyError,
    PeerError,
    PhotoDeclined,
    RelayUnavailable,
    RoomClosed,
    ShareError,
    UsageError,
    WidgetFailed,
)

if TYPE_CHECKING:
    from cowidget.widgets.charts.chart import Chart
    from cowidget.widgets.charts.making import chart, live
    from cowidget.widgets.feeds.feed import Feed, feed
    from cowidget.widgets.feeds.source import source
    from cowidget.widgets.joined import JoinedRoom, join
    from cowidget.widgets.link import Link, dlink, link
    from cowidget.widgets.room import Room
    from cowidget.widgets.share import process, room, share

__all__ = [
    "BackendError",
    "Chart",
    "CowidgetError",
    "Feed",
    "FeedError",
    "JoinedRoom",
    "Link",
    "LinkError",
    "NotAllowed",
    "OwnerKeyError",
    "PeerError",
    "PhotoDeclined",
    "RelayUnavailable",
    "Room",
    "RoomClosed",
    "ShareError",
    "UsageError",
    "WidgetFailed",
    "chart",
    "dlink",
    "feed",
    "join",
    "link",
    "live",
    "process",
    "room",
    "share",
    "source",
]

# Imported when first used: the relay's process, which is this package too, must not load Jupyter.
_WIDGETS = {
    "Chart": "cowidget.widgets.charts.chart",
    "Feed": "cowidget.widgets.feeds.feed",
    "JoinedRoom": "cowidget.widgets.joined",
    "Link": "cowidget.widgets.link",
    "Room": "cowidget.widgets.room",
    "chart": "cowidget.widgets.charts.making",
    "dlink": "cowidget.widgets.link",
    "feed": "cowidget.widgets.feeds.feed",
    "join": "cowidget.widgets.joined",
    "link": "cowidget.widgets.link",
    "live": "cowidget.widgets.charts.making",
    "process": "cowidget.widgets.share",
    "room": "cowidget.widgets.share",
    "share": "cowidget.widgets.share",
    "source": "cowidget.widgets.feeds.source",
}


def __getattr__(name: str) -> Any:
    if name not in _WIDGETS:
        raise AttributeError(f"module 'cowidget' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_WIDGETS[name]), name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *_WIDGETS]
