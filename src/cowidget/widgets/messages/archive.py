"""A room as one ZIP file: what was said and shown, the photos, the values, the feeds."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from cowidget.client.handle import Handle
from cowidget.core.replica import Replica
from cowidget.errors import ShareError
from cowidget.widgets.messages.page import Files, page
from cowidget.widgets.messages.photo import Photo

if TYPE_CHECKING:
    from cowidget.widgets.chat import Chat
    from cowidget.widgets.feeds.feed import Feed
    from cowidget.widgets.message import Message

# What lets somebody in is behind this sign of a link.
_SECRET = re.compile(r"(#k=)[A-Za-z0-9_-]+")
_PNG = b"\x89PNG"


def archive(handle: Handle, chat: Chat, feeds: Iterable[Feed], path: Path) -> Path:
    """Write a room to a file; see `Room.export`."""
    messages = chat.history()
    room = handle.ask(lambda replica: replica.identity.room)
    states = handle.ask(_states)
    # Beside the file, so that it is there whole or not at all.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with ZipFile(aside, "x", ZIP_DEFLATED) as opened:
            writer = _Writer(opened)
            writer.write_photos(messages)
            writer.write_messages(messages, room)
            writer.write_states(states)
            writer.write_feeds(feeds)
            writer.write_json(
                "room.json", {"room": room, "exported": _iso(datetime.now(UTC)), "messages": len(messages)}
            )
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


class _Writer:
    """The files of one archive."""

    def __init__(self, opened: ZipFile) -> None:
        self._zip = opened
        # The photos that the room still has, by their hashes, and pictures by their message's number.
        self._files = Files({}, {})
        self._blobs: set[str] = set()

    def write_photos(self, messages: Sequence[Message]) -> None:
        photos = {photo.sha256: photo for message in messages for photo in message.photos}
        for sha256, photo in photos.items():
            if (data := _bytes(photo)) is not None:
                self._files.photos[sha256] = name = f"photos/{sha256}.{photo.ending}"
                self._zip.writestr(name, data, ZIP_STORED)
        for message in messages:
            shown = message.moment or message.snapshot
            if shown is not None and shown.picture:
                ending = "png" if shown.picture.startswith(_PNG) else "webp"
                self._files.pictures[message.number] = name = f"pictures/{message.number}.{ending}"
                self._zip.writestr(name, shown.picture, ZIP_STORED)

    def write_messages(self, messages: Sequence[Message], room: str) -> None:
        lines = [json.dumps(self._record(message), ensure_ascii=False, allow_nan=False) for message in messages]
        self._write_text("messages.jsonl", "".join(f"{line}\n" for line in lines))
        self._write_text("chat.html", page(room, messages, self._files))

    def write_states(self, states: dict[str, Any]) -> None:
        self.write_json("states.json", {key: self._plain(value) for key, value in states.items()})

    def write_feeds(self, feeds: Iterable[Feed]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, feed in enumerate(feeds, 1):
                # Two feeds may have one name, and names what files cannot.
                name = f"{number}-{re.sub(r'[^A-Za-z0-9_-]', '_', feed.name)[:80]}.csv"
                feed.save(Path(folder) / name)
                self._write_text(f"feeds/{name}", (Path(folder) / name).read_text("utf-8"))

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        self._write_text(name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def _write_text(self, name: str, text: str) -> None:
        self._zip.writestr(name, _SECRET.sub(r"\1…", text).encode("utf-8", "replace"))

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "number": message.number,
            "time": _iso(message.time),
            "name": message.name,
            "peer": message.peer,
            "color": message.color,
            "kind": message.kind,
            "text": message.text,
            "reply": message.reply,
            "edited": message.edited,
            "erased": message.erased,
            "reactions": {emoji: list(peers) for emoji, peers in message.reactions.items()},
            **self._shown(message),
        }

    def _shown(self, message: Message) -> dict[str, Any]:
        if message.photos:
            return {"photos": [self._photo(photo) for photo in message.photos]}
        if (table := message.table) is not None:
            columns = [{"name": one.name, "dtype": one.dtype, "kind": one.kind} for one in table.columns]
            size = {"height": table.height, "width": table.width, "index": table.index}
            return {"table": {"columns": columns, "rows": table.rows, **size}}
        picture = self._files.pictures.get(message.number)
        if (snapshot := message.snapshot) is not None:
            return {"snapshot": {"share": snapshot.share, "values": self._plain(snapshot.values), "picture": picture}}
        if (moment := message.moment) is not None:
            return {"moment": {"share": moment.share, "start": moment.start, "end": moment.end, "picture": picture}}
        return {}

    def _photo(self, photo: Photo) -> dict[str, Any]:
        names = ("sha256", "mime", "width", "height", "size", "frames", "alt", "name")
        return {"file": self._files.photos.get(photo.sha256)} | {name: getattr(photo, name) for name in names}

    def _plain(self, value: Any) -> Any:
        """A value as JSON has it; bytes are a file, and what is no number is a text."""
        match value:
            case bytes():
                return {"$blob": self._blob(value)}
            case dict():
                return {str(key): self._plain(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self._plain(inner) for inner in value]
            case float() if value - value != 0:
                return str(value)
        return value

    def _blob(self, data: bytes) -> str:
        name = f"blobs/{hashlib.sha256(data).hexdigest()}"
        if name not in self._blobs:
            self._blobs.add(name)
            self._zip.writestr(name, data)
        return name


def _states(replica: Replica) -> dict[str, Any]:
    return {key: replica.value(key) for key in replica.keys("")}


def _bytes(photo: Photo) -> bytes | None:
    try:
        return photo._read(photo.sha256)
    except ShareError:
        return None  # erased meanwhile


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()
