from __future__ import annotations

from pathlib import Path

from cowidget.core.messages import made
from cowidget.core.values import LogEntry, Photo as Wire, Photos
from cowidget.errors import RelayUnavailable
from cowidget.widgets.message import message_of
from cowidget.widgets.messages.photo import Photo, photo_of

WIRE = Wire("ab" * 32, "cd" * 32, "image/png", 3, 2, 10, b"tiny", alt='"><script>', name="../../evil.png")


def read(sha256: str) -> bytes:
    return sha256[:2].encode()


def away(sha256: str) -> bytes:
    raise RelayUnavailable("The relay is away.")


def photo(fetch: object = read) -> Photo:
    return photo_of(WIRE, fetch)  # type: ignore[arg-type]


def test_a_photo_is_read_by_its_hash() -> None:
    assert photo().read() == b"ab"


def test_in_a_folder_it_has_a_name_that_its_poster_did_not_choose(tmp_path: Path) -> None:
    assert photo().save(tmp_path) == tmp_path / f"{'ab' * 8}.png"
    assert photo().save(tmp_path / "cat.png").read_bytes() == b"ab"


def test_a_notebook_shows_it_with_its_words_escaped() -> None:
    shown = photo()._repr_mimebundle_()

    assert 'src="data:image/png;base64,YWI="' in shown["text/html"]
    assert "<script" not in shown["text/html"]


def test_without_the_relay_a_notebook_shows_why() -> None:
    shown = photo(away)._repr_mimebundle_()

    assert list(shown) == ["text/plain"]
    assert "The relay is away." in shown["text/plain"]


class Chat:
    def act(self, message: object, act: object) -> None:
        raise AssertionError("nobody acts")

    def fetch(self, sha256: str) -> bytes:
        return read(sha256)


def test_a_message_shows_its_words_escaped_and_its_photos_small() -> None:
    entry = LogEntry(3, "p1", 1, "<b>", "", 1.0, Photos((WIRE,), "<script>alert(1)</script>"))
    message = message_of(made(entry), Chat())
    shown = message._repr_mimebundle_()

    assert (message.kind, message.photos[0].width, message.photos[0].read()) == ("photos", 3, b"ab")
    assert "<script" not in shown["text/html"]
    assert "<b>," not in shown["text/html"]
    assert "base64,Y2Q=" in shown["text/html"]
    assert not {"text/markdown"} & shown.keys()


def test_a_message_whose_photo_cannot_come_is_shown_with_its_words() -> None:
    entry = LogEntry(3, "p1", 1, "Ada", "", 1.0, Photos((WIRE,), "look"))
    chat = Chat()
    chat.fetch = away  # type: ignore[method-assign]
    shown = message_of(made(entry), chat)._repr_mimebundle_()

    assert "look" in shown["text/html"]
    assert "The relay is away." in shown["text/html"]
