from __future__ import annotations

import pytest

from cowidget.errors import RelayUnavailable
from cowidget.widgets.place import Place, find


def test_a_relay_elsewhere_is_dialled_with_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_RELAY", "wss://relay.example/team")
    monkeypatch.setenv("COWIDGET_TOKEN", "t0ken")

    place, found = Place("room"), find("room")

    assert (place.socket, place.page, place.port) == (
        "wss://relay.example/team/ws",
        "https://relay.example/team",
        0,
    )
    assert found.token == "t0ken"
    assert "t0ken" not in repr(found)


@pytest.mark.parametrize("text", ["carrier-pigeon", "ftp://host", "wss://"])
def test_what_is_no_relay_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_RELAY", text)

    with pytest.raises(RelayUnavailable, match="is none of"):
        find("room")
