from __future__ import annotations

from typing import Any

import pytest

from cowidget.client import links
from cowidget.widgets.joined_panel import way_of
from cowidget.widgets.panel import JoinedPanel


def make(**traits: Any) -> tuple[JoinedPanel, list[Any]]:
    heard: list[Any] = []
    carry = lambda content, buffers: heard.append(content)  # noqa: E731
    return JoinedPanel(lambda: heard.append("session"), carry, room="abc", **traits), heard


@pytest.mark.parametrize(
    ("link", "way"),
    [
        ("http://127.0.0.1:8000/r/x#k=s", (8000, "")),
        ("http://localhost/r/x#k=s", (80, "")),
        ("https://relay.example/team/r/x#k=s", (0, "https://relay.example/team")),
        # Plain HTTP from another machine: whoever is in between could take what lets the panel in.
        ("http://192.168.1.5:8000/r/x#k=s", (0, "")),
        # Somebody's Jupyter server: the port is not the relay's.
        ("http://localhost:8888/proxy/8000/r/x#k=s", (0, "")),
    ],
)
def test_the_pages_way_is_one_that_can_be_trusted_with_a_session(link: str, way: tuple[int, str]) -> None:
    assert way_of(links.parse(link)) == way


def test_the_panel_asks_for_its_kernels_session() -> None:
    panel, heard = make()

    panel._handle_custom_msg({"ask": "session"}, [])
    panel._handle_custom_msg({"ask": "ticket"}, [])
    panel._handle_custom_msg({"way": "comm", "op": "open", "id": "1"}, [])

    assert heard == ["session", {"way": "comm", "op": "open", "id": "1"}]


@pytest.mark.parametrize(
    ("traits", "text"),
    [({}, "<room abc, joined>"), ({"part": "widget", "share": "slider"}, "<slider of room abc>")],
)
def test_front_ends_without_the_panel_show_what_it_is(traits: dict[str, str], text: str) -> None:
    panel, _ = make(**traits)

    data, _metadata = panel._repr_mimebundle_()

    assert data["text/plain"] == text
    assert "abc" in data["text/html"]
