from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cowidget.client import links
from cowidget.client.links import Link, OwnerKey, parse
from cowidget.core.access import hash_of
from cowidget.core.values import Invitation
from cowidget.errors import LinkError, OwnerKeyError

KEY = OwnerKey(b"0123456789abcdef")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("COWIDGET_KEY", raising=False)
    monkeypatch.setenv("COWIDGET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_same_words_give_the_same_secret() -> None:
    assert KEY.secret("room", "guests", 1) == OwnerKey(b"0123456789abcdef").secret("room", "guests", 1)


def test_every_word_counts() -> None:
    secrets = {
        KEY.secret("room", "guests", 1),
        KEY.secret("room", "guests", 2),
        KEY.secret("room", "viewers", 1),
        KEY.secret("rooms", "guests", 1),
        KEY.secret("roomg", "uests", 1),
        KEY.owner_secret("room"),
        OwnerKey(b"fedcba9876543210").secret("room", "guests", 1),
    }

    assert len(secrets) == 7


def test_a_room_name_fits_the_protocol() -> None:
    assert KEY.room_name("notebook", "/äöü/one.ipynb").isalnum()


def test_the_owner_key_is_made_once_and_for_its_user_only(home: Path) -> None:
    first = links.owner_key().owner_secret("room")

    assert links.owner_key().owner_secret("room") == first
    assert stat.S_IMODE((home / "owner.key").stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == ["owner.key"]


def test_a_key_in_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_KEY", "0123456789abcdef")

    assert links.owner_key().owner_secret("room") == KEY.owner_secret("room")
    assert not home.exists()


def test_a_short_key_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_KEY", "short")

    with pytest.raises(OwnerKeyError, match="at least 16 characters"):
        links.owner_key()


def test_a_home_that_cannot_be_made_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("COWIDGET_KEY", raising=False)
    monkeypatch.setenv("COWIDGET_HOME", str(tmp_path / "file" / "below"))

    with pytest.raises(OwnerKeyError, match="COWIDGET_HOME"):
        links.owner_key()


def test_a_link_survives_being_written_and_read() -> None:
    link = Link("https://host/user/ana", "lesson-1", "a secret+/=")

    assert parse(link.url) == link


def test_no_repr_shows_a_secret() -> None:
    assert "s3cret" not in repr(Link("https://host", "room", "s3cret"))
    assert "0123456789abcdef" not in repr(KEY)


@pytest.mark.parametrize(
    ("base", "socket"),
    [
        ("http://127.0.0.1:80", "ws://127.0.0.1:80/ws"),
        ("https://host/prefix", "wss://host/prefix/ws"),
        ("wss://host/", "wss://host/ws"),
    ],
)
def test_the_socket_is_beside_the_page(base: str, socket: str) -> None:
    assert links.socket_address(base) == socket


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lesson", "begins with http"),
        ("ftp://host/r/room#k=x", "begins with http"),
        ("https://host/room#k=x", "names no room"),
        ("https://host/r/ro om#k=x", "names no room"),
        ("https://host/r/room", "lost its end"),
        ("https://host/r/room#k=", "lost its end"),
        ("http://[host/r/room#k=x", "not an address"),
    ],
)
def test_what_is_no_link_is_told_why(text: str, says: str) -> None:
    with pytest.raises(LinkError, match=says):
        parse(text)


def test_an_invitation_holds_the_hash_of_its_secret() -> None:
    terms = Invitation(name="guests", role="viewer", hash="0" * 64, generation=3)

    assert links.invitation(KEY, "room", terms).hash == hash_of(KEY.secret("room", "guests", 3))


def test_a_ticket_is_good_once_for_a_minute_and_one_origin() -> None:
    secret, invitation = links.ticket(100.0, "http://lab")

    assert (invitation.once, invitation.expires, invitation.origin) == (True, 160.0, "http://lab")
    assert invitation.hash == hash_of(secret)
