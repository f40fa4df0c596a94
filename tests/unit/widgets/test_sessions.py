from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from cowidget.widgets.kinds import table
from cowidget.widgets.kinds.kind import Kind, named
from cowidget.widgets.sessions import Sessions


class Server(ipywidgets.DOMWidget):
    """Talks to each front end by its `client`."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.on_msg(lambda _, content, __: self.heard.append(content))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    kind = Kind(
        session=lambda content: content.get("client") if isinstance(content, dict) else None,
        farewell=lambda key: {"client": key, "bye": True},
    )
    monkeypatch.setattr(table, "_TABLE", {named(Server): kind})
    return Server()


def test_what_belongs_to_a_session_goes_to_the_peer_that_began_it(server: Server) -> None:
    sessions = Sessions(server)
    sessions.receive({"client": "c1"}, "ana")

    assert sessions.address({"client": "c1"}) == "ana"


def test_what_belongs_to_none_goes_to_all(server: Server) -> None:
    assert Sessions(server).address({"hello": 1}) == ""


def test_what_belongs_to_the_hosts_own_front_end_goes_to_nobody(server: Server) -> None:
    assert Sessions(server).address({"client": "in JupyterLab"}) is None


def test_nobody_speaks_for_somebody_elses_session(server: Server) -> None:
    sessions = Sessions(server)
    sessions.receive({"client": "c1"}, "ana")

    assert not sessions.receive({"client": "c1"}, "bob")
    assert sessions.address({"client": "c1"}) == "ana"


def test_one_peer_has_so_many_sessions(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cowidget.widgets.sessions.MOST", 2)
    sessions = Sessions(server)

    assert [sessions.receive({"client": f"c{n}"}, "ana") for n in (1, 2, 3, 1)] == [True, True, False, True]


def test_the_widget_is_told_when_a_front_end_has_gone(server: Server) -> None:
    sessions = Sessions(server)
    sessions.receive({"client": "c1"}, "ana")
    sessions.receive({"client": "c2"}, "bob")

    sessions.leave("ana")
    sessions.leave("ana")

    assert server.heard == [{"client": "c1", "bye": True}]
    assert (sessions.address({"client": "c1"}), sessions.address({"client": "c2"})) == (None, "bob")


def test_a_share_that_ends_ends_every_session(server: Server) -> None:
    sessions = Sessions(server)
    sessions.receive({"client": "c1"}, "ana")
    sessions.receive({"client": "c2"}, "bob")

    sessions.leave()

    assert [content["client"] for content in server.heard] == ["c1", "c2"]
