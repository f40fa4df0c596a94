"""A room as a file, of a chat that is made up; `tests/integration/test_kernel_messages.py` has a real one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from cowidget.core.replica import Identity, Replica
from cowidget.errors import RelayUnavailable, ShareError
from cowidget.widgets.message import Message, Moment, Snapshot
from cowidget.widgets.messages.archive import archive
from cowidget.widgets.messages.photo import Photo
from cowidget.widgets.messages.table import Column, Table

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"
SHA = "ab" * 32
HOSTILE = "</p><script>alert('x')</script><a href=javascript:alert(1)>\u202e"


class Desk:
    """A replica that nobody keeps in step."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._replica = Replica(Identity("lab", "kernel", "i"))
        self._replica.set(values)

    def ask(self, read: Any) -> Any:
        return read(self._replica)


class Chat:
    def __init__(self, *messages: Message) -> None:
        self._messages = list(messages)

    def history(self) -> list[Message]:
        return self._messages


def fetch(sha256: str) -> bytes:
    return PNG


def gone(sha256: str) -> bytes:
    raise ShareError("The room does not have this photo any more.")


def away(sha256: str) -> bytes:
    raise RelayUnavailable("The relay is away.")


def photo(fetch: Any, alt: str = "") -> Photo:
    return Photo(SHA, "image/png", 3, 2, 8, alt=alt, _fetch=fetch)


def written(path: Path, *messages: Message, **values: Any) -> dict[str, bytes]:
    desk: Any = Desk({f"/{name}": value for name, value in values.items()} or {"/a": 1})
    chat: Any = Chat(*messages)
    assert archive(desk, chat, (), path / "room.zip") == path / "room.zip"
    with ZipFile(path / "room.zip") as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def message(number: int = 1, text: str = "", **fields: Any) -> Message:
    return Message(number, fields.pop("name", "Ada"), text, NOW, "p1", **fields)


def lines(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["messages.jsonl"].decode().splitlines()]


def test_hostile_words_are_words_in_the_page(tmp_path: Path) -> None:
    table = Table((Column(HOSTILE, HOSTILE, "text"),), ((HOSTILE,),), 1, 1)
    files = written(
        tmp_path,
        message(1, HOSTILE, name=HOSTILE, photos=(photo(fetch, f'"{HOSTILE}'),), reactions={HOSTILE: ("p",)}),
        message(2, table=table),
        message(3, moment=Moment(HOSTILE, 1.0, 2.0)),
    )
    page = files["chat.html"].decode()

    assert not [word for word in ("<script", "<a href=javascript", '""') if word in page]
    assert page.count("&lt;script&gt;") == 8
    assert lines(files)[0]["text"] == HOSTILE


def test_pictures_of_moments_and_snapshots_are_files(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        message(1, moment=Moment("chart", 1.0, 2.0, PNG)),
        message(2, snapshot=Snapshot("slider", {"slider/raw": b"\xff", "slider/x": float("inf")}, b"RIFF....WEBP")),
    )
    moment, snapshot = (line[kind] for line, kind in zip(lines(files), ("moment", "snapshot"), strict=True))

    assert (moment["picture"], snapshot["picture"]) == ("pictures/1.png", "pictures/2.webp")
    assert files["pictures/1.png"] == PNG
    assert snapshot["values"]["slider/x"] == "inf"
    assert files[snapshot["values"]["slider/raw"]["$blob"]] == b"\xff"


def test_a_photo_that_is_gone_is_left_out(tmp_path: Path) -> None:
    files = written(tmp_path, message(photos=(photo(gone, "a cat"),)))

    assert lines(files)[0]["photos"][0]["file"] is None
    assert b"a cat: gone" in files["chat.html"]


def test_the_secrets_of_links_are_blacked_out_wherever_they_are(tmp_path: Path) -> None:
    link = "https://relay/r/room#k=s3cret_-A"
    files = written(tmp_path, message(1, link), message(2, snapshot=Snapshot("s", {"s/x": [link]})), link={"a": link})

    assert not [name for name, data in files.items() if b"s3cret" in data]
    assert lines(files)[0]["text"] == "https://relay/r/room#k=…"


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "room.zip").write_bytes(b"older")
    with pytest.raises(RelayUnavailable):
        written(tmp_path, message(photos=(photo(away),)))

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("room.zip", b"older")]


def test_nested_values_are_json_and_bytes_are_written_once(tmp_path: Path) -> None:
    files = written(tmp_path, raw=b"\x00", deep={"list": [1, None, {"raw": b"\x00"}]})
    states = json.loads(files["states.json"])

    assert states["/deep"]["list"][:2] == [1, None]
    assert states["/deep"]["list"][2]["raw"] == states["/raw"]
    assert [name for name in files if name.startswith("blobs/")] == [states["/raw"]["$blob"]]
