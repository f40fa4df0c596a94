"""What an output area shows, put together from the messages of a kernel, in the shape of nbformat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Every change sends all outputs again. More, and a loop that prints fills lines and memories; less, and people
# miss what the notebook still shows.
MAX_TEXT = 1 << 20
MAX_BYTES = 8 << 20
MAX_OUTPUTS = 500
LEFT_OUT = "[earlier output is left out]\n"

KINDS = frozenset({"stream", "display_data", "execute_result", "error", "update_display_data", "clear_output"})
"""The types of messages that it is made of."""

_FIELDS = {
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}


@dataclass(slots=True)
class _Entry:
    """One output. A stream's `pieces` are what was printed since its text was last asked for."""

    output: dict[str, Any]
    display: str = ""
    pieces: list[str] = field(default_factory=list)
    size: int = 0


class Outputs:
    """The outputs of one area. Not for several threads at once."""

    def __init__(self, shown: Iterable[Mapping[str, Any]] = ()) -> None:
        self._entries = [_entry(dict(output)) for output in shown]
        # `clear_output(wait=True)`: what is there goes when the next output comes.
        self._clear_next = False

    @property
    def size(self) -> int:
        """About how many bytes they have."""
        return sum(entry.size for entry in self._entries)

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """A message of one of the `KINDS`."""
        if kind == "clear_output":
            self._clear(wait=bool(content.get("wait")))
        elif kind == "update_display_data":
            self._update(content)
        else:
            if self._clear_next:
                self._clear(wait=False)
            if kind == "stream":
                self._print(str(content["name"]), str(content["text"]))
            else:
                self._show(kind, content)

    def add(self, shown: Iterable[Mapping[str, Any]]) -> None:
        """Outputs as they are, such as those that somebody appended to the widget's own."""
        self._entries += [_entry(dict(output)) for output in shown]
        self._shorten()

    def shown(self) -> tuple[dict[str, Any], ...]:
        """All outputs, the texts of streams as a terminal would show them."""
        for entry in self._entries:
            if entry.pieces:
                text = terminal_text(entry.output["text"] + "".join(entry.pieces))
                entry.pieces.clear()
                entry.output = {**entry.output, "text": _shortened(text)}
                entry.size = len(text)
        return tuple(entry.output for entry in self._entries)

    def _clear(self, *, wait: bool) -> None:
        self._clear_next = wait
        if not wait:
            self._entries.clear()

    def _print(self, name: str, text: str) -> None:
        last = self._entries[-1].output if self._entries else {}
        if last.get("output_type") != "stream" or last.get("name") != name:
            self._entries.append(_entry({"output_type": "stream", "name": name, "text": ""}))
        entry = self._entries[-1]
        entry.pieces.append(text)
        entry.size += len(text)
        if entry.size > 2 * MAX_TEXT:
            self.shown()
        self._shorten()

    def _show(self, kind: str, content: Mapping[str, Any]) -> None:
        output = {"output_type": kind} | {name: content.get(name) for name in _FIELDS[kind]}
        entry = _entry(output)
        entry.display = _display(content)
        self._entries.append(entry)
        self._shorten()

    def _update(self, content: Mapping[str, Any]) -> None:
        display = _display(content)
        for entry in self._entries:
            if display and entry.display == display:
                entry.output = {**entry.output, "data": content.get("data"), "metadata": content.get("metadata")}
                entry.size = _size(entry.output)

    def _shorten(self) -> None:
        size = self.size
        if len(self._entries) <= MAX_OUTPUTS and size <= MAX_BYTES:
            return
        while len(self._entries) > 1 and (len(self._entries) >= MAX_OUTPUTS or size > MAX_BYTES):
            size -= self._entries.pop(0).size
        self._entries.insert(0, _entry({"output_type": "stream", "name": "stderr", "text": LEFT_OUT}))


def terminal_text(text: str) -> str:
    """What a terminal shows of a text: a carriage return makes what follows overwrite its line."""
    if "\r" not in text:
        return text
    return "\n".join(map(_overwritten, text.replace("\r\n", "\n").split("\n")))


def _overwritten(line: str) -> str:
    shown = ""
    for piece in line.split("\r"):
        shown = piece + shown[len(piece) :]
    # What is printed next overwrites this line as well.
    return shown + "\r" if line.endswith("\r") else shown


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else LEFT_OUT + text[len(LEFT_OUT) - MAX_TEXT :]


def _entry(output: dict[str, Any]) -> _Entry:
    return _Entry(output, size=_size(output))


def _display(content: Mapping[str, Any]) -> str:
    return str((content.get("transient") or {}).get("display_id") or "")


def _size(value: Any) -> int:
    match value:
        case str() | bytes():
            return len(value)
        case dict():
            return sum(map(_size, value.values()))
        case list() | tuple():
            return sum(map(_size, value))
        case _:
            return 8
