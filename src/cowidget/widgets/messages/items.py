"""Whatever somebody sends to the chat, as pieces of messages."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from inspect import isclass
from types import ModuleType
from typing import Any

from ipywidgets import Widget

from cowidget.core.bodies import MAX_TEXT
from cowidget.errors import CowidgetError, ShareError
from cowidget.widgets.messages.drafts import Picture, Piece, well_formed
from cowidget.widgets.messages.pictures import figure_picture, picture_of
from cowidget.widgets.messages.tables import table_of
from cowidget.widgets.objects.chart import maker_for
from cowidget.widgets.objects.refusal import refusal
from cowidget.widgets.objects.rich import representations
from cowidget.widgets.remote import RemoteWidget

Shown = Callable[[Any], Piece | None]
"""What the room shows of a thing, None if it is not in the room. Raises `ShareError` as `shares.shown_of` does."""

_IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_MARKUPS = ("text/markdown", "text/latex")
_PLAIN = "text/plain"
# What Python says of objects that do not say anything.
_BARE = re.compile(r"<[\w.<>]+(?: object| at 0x[0-9a-fA-F]+| object at 0x[0-9a-fA-F]+)>")
# What fences add to a text.
_FENCES = 100


def piece_of(item: Any, shown: Shown) -> Piece:
    """What a message shows of something: a text, a picture, a table, a snapshot.

    Raises:
        ShareError: nothing; says why and what to do.
    """
    if isinstance(item, str):
        return well_formed(item)
    try:
        return _piece_of(item, shown)
    except CowidgetError:
        raise
    except Exception as error:
        raise ShareError(f"{type(item).__name__} cannot be sent: {type(error).__name__}: {error}") from error


def _piece_of(item: Any, shown: Shown) -> Piece:
    if isinstance(item, (Widget, RemoteWidget)):
        found = shown(item)
    else:
        kinds: tuple[Shown, ...] = (picture_of, table_of, figure_picture, shown, _chart_picture, _representation)
        found = next((piece for kind in kinds if (piece := kind(item)) is not None), None)
    if found is None:
        raise ShareError(f"{type(item).__name__} has no way to be shown.")
    return found


def _chart_picture(item: Any) -> Picture | None:
    """A picture of a chart of plotly or altair, drawn by what they bring for that."""
    if maker_for(item) is None:
        return None
    kind = type(item).__name__
    try:
        if hasattr(item, "to_image"):
            return Picture(item.to_image(format="png", scale=2), f"Chart ({kind})")
        data = io.BytesIO()
        item.save(data, format="png", scale_factor=2)
    except Exception as error:
        package = "kaleido" if hasattr(item, "to_image") else "vl-convert-python"
        raise ShareError(
            f"This {kind} cannot be drawn here. Share it, then send it: room.share(chart); or, for a picture: "
            f"pip install {package}."
        ) from error
    return Picture(data.getvalue(), f"Chart ({kind})")


def _representation(item: Any) -> Piece:
    """The best of what it shows of itself; HTML is code to run, and none of it."""
    if item is None or isinstance(item, ModuleType) or isclass(item):
        raise refusal(item)
    found, _ = representations(item)
    for mime in _IMAGES:
        if mime in found:
            return Picture(_bytes(found[mime]), _plain(found))
    for mime in _MARKUPS:
        if mime in found:
            return well_formed(str(found[mime]))
    plain = _plain(found) or repr(item)
    if _BARE.fullmatch(plain):
        kind = type(item).__name__
        raise ShareError(f"{kind} shows nothing of itself that the chat takes. To show it live: room.share(…).")
    return _fenced(well_formed(plain))


def _plain(found: Mapping[str, Any]) -> str:
    return str(found.get(_PLAIN, ""))


def _bytes(data: Any) -> bytes:
    return b64decode(data) if isinstance(data, str) else bytes(data)


def _fenced(text: str) -> str:
    """As code: what an object says of itself is no markdown."""
    text = text if len(text) <= MAX_TEXT - _FENCES else f"{text[: MAX_TEXT - _FENCES]}…"
    if "\n" not in text and "`" not in text:
        return f"`{text}`"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
