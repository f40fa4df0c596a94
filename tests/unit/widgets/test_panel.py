from __future__ import annotations

from typing import Any

import pytest

from cowidget.widgets import panel
from cowidget.widgets.panel import RoomPanel


def make(**traits: Any) -> tuple[RoomPanel, list[Any]]:
    heard: list[Any] = []
    return RoomPanel(heard.append, lambda content, buffers: heard.append((content, buffers)), **traits), heard


def receive(room_panel: RoomPanel, content: Any) -> None:
    room_panel._handle_custom_msg(content, [b"x"])


def test_a_panel_that_asks_for_a_ticket_tells_its_page() -> None:
    room_panel, heard = make()

    receive(room_panel, {"ask": "ticket", "origin": "http://lab"})

    assert heard == ["http://lab"]


def test_socket_messages_are_carried() -> None:
    room_panel, heard = make()

    receive(room_panel, {"way": "comm", "op": "open", "id": "1"})

    assert heard == [({"way": "comm", "op": "open", "id": "1"}, [b"x"])]


@pytest.mark.parametrize("content", [None, "text", {}, {"ask": "link"}, {"way": "pigeon"}])
def test_anything_else_is_ignored(content: Any) -> None:
    room_panel, heard = make()

    receive(room_panel, content)

    assert heard == []


def test_front_ends_without_the_panel_show_a_text_without_a_secret() -> None:
    room_panel, _ = make(room="abc", ticket="t1cket")

    data, _metadata = room_panel._repr_mimebundle_()

    assert data["text/plain"] == "<Room abc>"
    assert "abc" in data["text/html"]
    assert "t1cket" not in str(data)


def test_a_panel_that_was_not_built_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(panel, "files", lambda _: tmp_path)

    room_panel, _ = make()

    assert "not built" in room_panel.failure
    assert "not built" in room_panel._esm


def test_a_panel_with_one_share_is_called_by_it() -> None:
    room_panel, _ = make(room="abc", part="share", share="price")

    data, _metadata = room_panel._repr_mimebundle_()

    assert data["text/plain"] == "<price>"
    assert "A live chart" in data["text/html"]
