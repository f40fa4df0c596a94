"""What a log entry may hold (L4, L6, L10, L11): clients ask before they push, the relay before it orders."""

from __future__ import annotations

import math
from typing import Any, assert_never

import msgspec

from cowidget.core.emoji import is_emoji
from cowidget.core.portable import encode_portable
from cowidget.core.values import Body, Edit, Erase, Erased, Moment, Photo, Photos, React, Snapshot, Table, Text

MAX_TEXT = 8000
MAX_PICTURE = 128 << 10
MAX_SHARE = 64
MAX_KEY = 512
MAX_PHOTOS = 12
MAX_COLUMNS = 64
MAX_ROWS = 200
# Of a column's name, and of its type's.
MAX_HEADING = 400
# Of MessagePack: 200 rows of 64 numbers fit. More: a page of the log holds less than two.
MAX_TABLE_BYTES = 128 << 10
# What a state's value holds inline (M5): whoever sets a snapshot's values again sends them in one message.
MAX_SNAPSHOT_BYTES = 64 << 10
# Anything else could be a page or a script, for a program that guesses the type by the content.
_PNG = b"\x89PNG\r\n\x1a\n"
# What JavaScript's numbers hold exactly; others travel as text.
_INTEGERS = range(-(1 << 53), (1 << 53) + 1)


def size_of(body: Body) -> int:
    """Bytes that a body adds to a message."""
    match body:
        case Text(text=text) | Edit(text=text) | React(emoji=text):
            return len(text.encode())
        case Moment(text=text, picture=picture):
            return len(text.encode()) + len(picture)
        case Photos(text=text, photos=photos):
            return len(text.encode()) + sum(map(_size_of_photo, photos))
        case Table() | Snapshot():
            return len(msgspec.msgpack.encode(body))
        case Erase() | Erased():
            return 0
        case _:
            assert_never(body)


def fault_of(body: Body) -> str:
    """Why this cannot be posted, as a sentence; empty if it can."""
    match body:
        case Text(text=text) | Edit(text=text):
            return _fault_of_text(text, 1)
        case Moment():
            return _fault_of_text(body.text, 0) or _fault_of_moment(body)
        case Photos():
            return _fault_of_text(body.text, 0) or _fault_of_photos(body)
        case Table():
            return _fault_of_text(body.text, 0) or _fault_of_table(body)
        case Snapshot():
            return _fault_of_text(body.text, 0) or _fault_of_snapshot(body)
        case React(emoji=emoji):
            return "" if is_emoji(emoji) else "A reaction is one emoji."
        case Erase():
            return ""
        case Erased():
            return "Only the room writes what is left of a message."
        case _:
            assert_never(body)


def _fault_of_text(text: str, least: int) -> str:
    return "" if least <= len(text) <= MAX_TEXT else f"A message has 1 to {MAX_TEXT} characters."


def _fault_of_moment(body: Moment) -> str:
    if not 1 <= len(body.share) <= MAX_SHARE:
        return "A moment is one of a shared chart."
    if not (math.isfinite(body.start) and math.isfinite(body.end) and body.start <= body.end):
        return "A moment has a beginning and an end."
    return _fault_of_picture("moment", body.picture)


def _fault_of_photos(body: Photos) -> str:
    different = len({photo.sha256 for photo in body.photos})
    if not 1 <= different <= MAX_PHOTOS:
        return f"A message shows 1 to {MAX_PHOTOS} photos."
    return "A message shows a photo once." if different < len(body.photos) else ""


def _fault_of_table(body: Table) -> str:
    columns, rows = len(body.columns), len(body.rows)
    if not 1 <= columns <= MAX_COLUMNS or rows > MAX_ROWS:
        return f"A table shows 1 to {MAX_COLUMNS} columns and up to {MAX_ROWS} rows."
    if any(max(len(column.name), len(column.dtype)) > MAX_HEADING for column in body.columns):
        return f"A column's name has at most {MAX_HEADING} characters, and its type's, too."
    if any(len(row) != columns for row in body.rows):
        return "A table's rows have a cell for each column."
    if not all(_is_cell(cell) for row in body.rows for cell in row):
        return "A table's cells are finite numbers, truth values, texts, or empty."
    if body.height < rows or body.index > columns or body.width < columns - body.index:
        return "A table is no smaller than what is shown of it."
    fits = len(msgspec.msgpack.encode((body.columns, body.rows))) <= MAX_TABLE_BYTES
    return "" if fits else f"What is shown of a table holds at most {MAX_TABLE_BYTES >> 10} KiB."


def _fault_of_snapshot(body: Snapshot) -> str:
    if not 1 <= len(body.share) <= MAX_SHARE or not body.values:
        return "A snapshot is one of something shared, and has its values."
    if not all(key.startswith(f"{body.share}/") and len(key) <= MAX_KEY for key in body.values):
        return "A snapshot holds values of its own share."
    try:
        size = len(encode_portable(body.values))
    except (TypeError, ValueError) as error:
        return f"A snapshot's values must be able to travel: {error}."
    if size > MAX_SNAPSHOT_BYTES:
        return f"A snapshot's values hold at most {MAX_SNAPSHOT_BYTES >> 10} KiB."
    return _fault_of_picture("snapshot", body.picture)


def _fault_of_picture(what: str, picture: bytes) -> str:
    if len(picture) > MAX_PICTURE:
        return f"A {what}'s picture holds at most {MAX_PICTURE >> 10} KiB."
    return "" if _is_picture(picture) else f"A {what}'s picture is PNG or WebP."


def _is_cell(cell: Any) -> bool:
    if isinstance(cell, float):
        return math.isfinite(cell)
    if isinstance(cell, int):
        return cell in _INTEGERS
    return cell is None or isinstance(cell, str)


def _size_of_photo(photo: Photo) -> int:
    return 2 * len(photo.sha256) + len(photo.placeholder) + len(photo.alt.encode()) + len(photo.name.encode())


def _is_picture(data: bytes) -> bool:
    return data == b"" or data.startswith(_PNG) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
