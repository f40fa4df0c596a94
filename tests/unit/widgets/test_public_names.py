from __future__ import annotations

import subprocess
import sys

import cowidget


def test_the_public_names() -> None:
    assert sorted(cowidget.__all__) == [
        "BackendError", "Chart", "CowidgetError", "Feed", "FeedError", "JoinedRoom", "Link", "LinkError",
        "NotAllowed", "OwnerKeyError", "PeerError", "PhotoDeclined", "RelayUnavailable", "Room", "RoomClosed",
        "ShareError", "UsageError", "WidgetFailed", "chart", "dlink", "feed", "join", "link", "live", "process",
        "room", "share", "source",
    ]  # fmt: skip


def test_every_public_name_is_there() -> None:
    assert all(callable(getattr(cowidget, name)) for name in cowidget.__all__)


def test_the_relays_process_does_not_load_jupyter() -> None:
    code = "import sys, cowidget; print([m for m in ('ipywidgets', 'IPython', 'traitlets') if m in sys.modules])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
