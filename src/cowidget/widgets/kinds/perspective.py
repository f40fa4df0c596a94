"""Perspective's widget: each page has a session of its own with the table's server, spoken in custom messages.

`{"type": "connect" | "binary_msg" | "hangup", "client_id": …}`, with the request or the answer in the one buffer.

The server serves every table of the kernel, shared or not, and a session may do with them what the kernel may:
replace, delete, make others. So of guests' requests only those pass that read the widget's own table, and these
pass without `allow=`: else there would be nothing to see. What is still told of other tables is their names.

Who may only look cannot send messages, so they see a sentence in place of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from ipywidgets import Widget

# How the viewer is set up is each viewer's own. Together with expressions, which make texts, columns that are
# drawn as links would otherwise let a guest put script into the host's page.
SETTINGS = frozenset(
    {
        "aggregates",
        "columns",
        "columns_config",
        "expressions",
        "filter",
        "group_by",
        "group_rollup_mode",
        "plugin",
        "plugin_config",
        "settings",
        "sort",
        "split_by",
        "split_rollup_mode",
        "theme",
        "title",
        "version",
    }
)

# Charts are drawn by a worker that is a module, which frames of an opaque origin must not have [Chromium 156]. There is
# another way, in the page itself.
_WORKER = re.compile(r'="worker"(?=,[\w$]+="blit")')
_EXPORT = re.compile(r"export\{([\w$]+) as default\b[^}]*\};")
_PATIENT = """
function cowidgetPatient(definition) {
  const words = "This table is read from the notebook while you look at it, and there is no answer yet. "
    + "The notebook may be busy or away, or your link is for looking only.";
  return { ...definition, async render(props) {
    const note = Object.assign(document.createElement("p"), { textContent: words });
    const late = setTimeout(() => props.el.before(note), 3000);
    props.signal.addEventListener("abort", () => { clearTimeout(late); note.remove(); });
    const cleanUp = await definition.render(props);
    clearTimeout(late);
    note.remove();
    return cleanUp;
  } };
}
export default cowidgetPatient(%s);
"""

# Fields of the protocol's `Request`: what is asked for is one of the others.
_NUMBER, _ENTITY = 1, 2
_OF_THE_SERVER = frozenset({3, 4, 17, 37})  # its features, the names of its tables, its memory, the end of that
# A port to write to, which alone writes nothing; a view, the schema and size, what an expression or a view would be;
# to be told of the table's end, and not any more.
_OF_THE_TABLE = frozenset({5, 6, 7, 8, 9, 29, 30, 41})
# Views have names that only their makers know, and all that one can do with them is to read and to delete them.
_OF_A_VIEW = frozenset({*range(10, 17), *range(18, 27), 34, 35, 36})


def code(widget: Widget) -> tuple[str, str]:
    """The widget's code, which draws without a worker and has a sentence for those who wait."""
    return _adapted(str(widget._esm)), str(widget._css)


@lru_cache(maxsize=2)
def _adapted(script: str) -> str:
    return _EXPORT.sub(lambda found: _PATIENT % found[1], _WORKER.sub('="page"', script))


def client(content: Any) -> str | None:
    """The session that a message belongs to."""
    found = content.get("client_id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else None


def hangup(session: str) -> dict[str, str]:
    """The message that ends a session."""
    return {"type": "hangup", "client_id": session}


def reads(widget: Widget, content: Any, buffers: Sequence[Any]) -> bool:
    """Whether a guest's message only reads the widget's table."""
    if client(content) is None:
        return False
    if content.get("type") != "binary_msg":
        return content.get("type") in ("connect", "hangup")
    try:
        (request,) = buffers
        fields = dict(_fields(bytes(request)))
    except (TypeError, ValueError):
        return False
    asked = frozenset(fields) - {_NUMBER, _ENTITY}
    table = fields.get(_ENTITY) == str(getattr(widget, "table_name", "")).encode()
    return len(asked) == 1 and asked <= _OF_THE_SERVER | _OF_A_VIEW | (_OF_THE_TABLE if table else frozenset())


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Numbers and values of a protobuf message's fields.

    Raises:
        ValueError: it is none.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        size = 0
        match key & 7:
            case 0:
                value, at = _varint(message, at)
                yield key >> 3, value
                continue
            case 1:
                size = 8
            case 2:
                size, at = _varint(message, at)
            case 5:
                size = 4
            case _:
                raise ValueError("a field of unknown kind")
        if at + size > len(message):
            raise ValueError("a field that ends too early")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("a number that does not end")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
