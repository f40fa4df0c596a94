"""ipycanvas: every canvas of a kernel draws through one model, in messages that name the canvas inside of a buffer.

The messages are told anew for each room: with the room's names, without what is drawn on other canvases, and each by
itself, so that one that begins with "clear" is all that a newcomer needs. Images, gradients, patterns and paths that
are widgets of their own are none of the room's, and what is drawn with them is left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

from cowidget.widgets.values import CLASSIC

Command = list[Any]
Name = Callable[[str], str | None]

# A program that moves the pen for ever without a `restore` has no drawing that could be told anew.
MAX_MOVES = 1000

_MOVES = frozenset({"rotate", "scale", "setLineDash", "transform", "translate"})
_PLACES = frozenset({"resetTransform", "setTransform"})


class Pen:
    """How one canvas draws: what outlives a `clear`."""

    def __init__(self, styles: Mapping[int, Command]) -> None:
        self._levels: list[tuple[dict[int, Command], list[Command]]] = [(dict(styles), [])]

    def receive(self, name: str, command: Command) -> None:
        """The canvas was told this."""
        styles, moves = self._levels[-1]
        if name == "set":
            styles[command[1][0]] = command
        elif name in _PLACES:
            moves[:] = [command]
        elif name in _MOVES:
            moves.append(command)
            del moves[:-MAX_MOVES]
        elif name == "save":
            self._levels.append(({}, []))
        elif name == "restore" and len(self._levels) > 1:
            self._levels.pop()

    def commands(self, save: int) -> list[Command]:
        """What makes a new canvas draw like this one."""
        told: list[Command] = []
        for depth, (styles, moves) in enumerate(self._levels):
            told += [[save, []]] if depth else []
            told += [*styles.values(), *moves]
        return told


class Drawing:
    """All that goes through one model."""

    def __init__(self, codes: Mapping[str, int]) -> None:
        self._codes = codes
        self._names = {code: name for name, code in codes.items()}
        self._pens: dict[str, Pen] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        # The one that was named last.
        self._canvas = ""

    def retold(
        self, commands: Sequence[Command], buffers: Sequence[bytes], canvas: str, name: Name
    ) -> tuple[list[Command], list[bytes]]:
        """The commands and their buffers, as the room is given them; they begin on `canvas`, if that is known."""
        told: list[Command] = []
        carried: list[bytes] = []
        shown = ""
        self._canvas = canvas or self._canvas
        for code, arguments, own in _each(commands, buffers):
            if self._names.get(code) == "switchCanvas":
                self._canvas = arguments[0].removeprefix(CLASSIC)
                continue
            key = name(self._canvas)
            renamed = _renamed(arguments, name)
            if key is None or renamed is None:
                continue
            if shown != self._canvas:
                shown = self._canvas
                told.append([self._codes["switchCanvas"], [CLASSIC + key]])
                told += self._begun(shown)
            told += self._command(shown, [code, renamed, len(own)])
            carried += own
        return told, carried

    def clears(self, commands: Sequence[Command]) -> bool:
        """Whether what is told makes all that was told before needless: the share's one canvas is cleared."""
        switches = [arguments[0] for code, arguments, _ in _each(commands, ()) if code == self._codes["switchCanvas"]]
        cleared = any(code == self._codes["clear"] for code, _, _ in _each(commands, ()))
        return cleared and all("/" not in reference for reference in switches)

    def _begun(self, canvas: str) -> list[Command]:
        """A canvas that has another size is a new one; it is cleared, so that everybody knows."""
        widget = _instances.get(canvas)
        size = (getattr(widget, "width", 0), getattr(widget, "height", 0))
        before = self._sizes.get(canvas)
        self._sizes[canvas] = size
        if before is None:
            self._pens[canvas] = Pen(_styles(widget, self._codes["set"]))
            return self._pens[canvas].commands(self._codes["save"])
        if before == size:
            return []
        self._pens[canvas] = Pen({})
        return [[self._codes["clear"], []]]

    def _command(self, canvas: str, command: Command) -> list[Command]:
        name, pen = self._names.get(command[0], ""), self._pens[canvas]
        pen.receive(name, command)
        if name != "clear":
            return [command]
        return [command, *pen.commands(self._codes["save"])]


_drawings: WeakKeyDictionary[Widget, Drawing] = WeakKeyDictionary()


def sent(model: Widget, content: Any, buffers: Sequence[bytes], name: Name) -> tuple[Any, list[bytes]] | None:
    """A message of the drawing model as the room is given it; None if nothing of it is the room's."""
    commands = json.loads(buffers[0])
    batch = commands if commands and isinstance(commands[0], list) else [commands]
    told, carried = _drawing(model).retold(batch, buffers[1:], _canvas(model, batch), name)
    if not told:
        return None
    text = json.dumps(told).encode()
    return {**content, "shape": [len(text)], "clears": _drawing(model).clears(told)}, [text, *carried]


def journal(content: Any) -> bool | str:
    """How a message, as the room is given it, adds up to the picture."""
    return "clear" if content["clears"] else True


def _drawing(model: Widget) -> Drawing:
    if model not in _drawings:
        _drawings[model] = Drawing(_codes())
    return _drawings[model]


def _canvas(model: Any, commands: Sequence[Command]) -> str:
    """The canvas that commands are for that name none: it may have been named before anybody listened."""
    named = any(code == _codes()["switchCanvas"] for code, _, _ in _each(commands, ()))
    return "" if named or model._current_canvas is None else str(model._current_canvas.model_id)


def _codes() -> Mapping[str, int]:
    # Whoever has such a model has loaded it.
    codes: Mapping[str, int] = sys.modules["ipycanvas.canvas"].COMMANDS
    return codes


def _each(commands: Sequence[Command], buffers: Sequence[bytes]) -> Iterator[tuple[int, list[Any], list[bytes]]]:
    """Each command's code, arguments and buffers."""
    at = 0
    for command in commands:
        count = command[2] if len(command) > 2 else 0
        yield command[0], command[1] if len(command) > 1 else [], list(buffers[at : at + count])
        at += count


def _renamed(arguments: Sequence[Any], name: Name) -> list[Any] | None:
    renamed: list[Any] = []
    for argument in arguments:
        if isinstance(argument, str) and argument.startswith(CLASSIC):
            key = name(argument.removeprefix(CLASSIC))
            if key is None:
                return None
            argument = CLASSIC + key
        renamed.append(argument)
    return renamed


def _styles(canvas: Any, code: int) -> dict[int, Command]:
    """What a canvas has been told before anybody listened."""
    attributes: Mapping[str, int] = getattr(canvas, "ATTRS", {})
    values = {at: getattr(canvas, attribute) for attribute, at in attributes.items()}
    return {at: [code, [at, value]] for at, value in values.items() if not isinstance(value, Widget)}
