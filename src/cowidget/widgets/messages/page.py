"""What was said as a page to read and print: one file that loads nothing but the pictures beside it.

All words in it are strangers'; each is escaped where it is put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cowidget.widgets.messages.photo import image_html
from cowidget.widgets.messages.table import Table

if TYPE_CHECKING:
    from cowidget.widgets.message import Message


@dataclass(frozen=True, slots=True)
class Files:
    """Where pictures are, beside the page: photos by their hashes, others by the number of their message."""

    photos: dict[str, str]
    pictures: dict[int, str]


_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ margin: 0 0 1.25rem; }}
article > p {{ margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }}
time, .about {{ color: #666; font-size: .85em; }}
figure {{ margin: .5rem 0; }}
table {{ border-collapse: collapse; font-size: .85em; display: block; overflow-x: auto; }}
th, td {{ border: 1px solid #ccc; padding: .15rem .5rem; text-align: start; }}
td.n {{ text-align: end; }}
</style>
</head>
<body>
<h1>{title}</h1>
"""
_FOOT = "</body>\n</html>\n"


def page(room: str, messages: Sequence[Message], files: Files) -> str:
    """The page of a room."""
    return _HEAD.format(title=escape(room)) + "".join(_article(each, files) for each in messages) + _FOOT


def _article(message: Message, files: Files) -> str:
    name = f"<bdi><b>{escape(message.name or '?')}</b></bdi>"
    time = f'<time datetime="{message.time.isoformat()}">{message.time:%Y-%m-%d %H:%M:%S %Z}</time>'
    marks = [
        f'answers <a href="#m{message.reply}">{message.reply}</a>' if message.reply else "",
        "edited" if message.edited else "",
        *(f"{escape(emoji)} {len(peers)}" for emoji, peers in message.reactions.items()),
    ]
    about = " · ".join(mark for mark in marks if mark)
    return (
        f'<article id="m{message.number}">\n<header>{name} {time} <span class="about">{about}</span></header>\n'
        f"{_content(message, files)}</article>\n"
    )


def _content(message: Message, files: Files) -> str:
    if message.erased:
        return '<p class="about">erased</p>\n'
    parts = [f'<p dir="auto">{escape(message.text)}</p>\n'] if message.text else []
    for photo in message.photos:
        source = files.photos.get(photo.sha256)
        shown = image_html(photo, source) if source else f"<i>{escape(photo.alt or 'photo')}: gone</i>"
        parts.append(f"<figure>{shown}</figure>\n")
    if message.table is not None:
        parts.append(_table(message.table))
    if (shared := message.moment or message.snapshot) is not None:
        picture = files.pictures.get(message.number)
        image = f'<img src="{escape(picture)}" alt="" style="max-width:100%">' if picture else ""
        parts.append(f"<figure>{image}<figcaption>{message.kind}: {escape(shared.share)}</figcaption></figure>\n")
    return "".join(parts)


def _table(table: Table) -> str:
    heads = "".join(f'<th title="{escape(column.dtype)}">{escape(column.name)}</th>' for column in table.columns)
    numeric = [' class="n"' if column.kind in ("integer", "number") else "" for column in table.columns]
    rows = "".join(
        "<tr>" + "".join(f"<td{mark}>{_cell(cell)}</td>" for mark, cell in zip(numeric, row, strict=True)) + "</tr>\n"
        for row in table.rows
    )
    size = f"{table.height:,} × {table.width:,}"
    return f'<table><tr>{heads}</tr>\n{rows}</table>\n<p class="about">{size}</p>\n'


def _cell(cell: object) -> str:
    return "" if cell is None else escape(str(cell))
