from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from ipywidgets import Image

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ipycanvas
    from ipycanvas.canvas import COMMANDS

from cowidget.widgets.kinds.canvas import journal, sent

NAMES = {code: name for name, code in COMMANDS.items()}


class Room:
    """What a room with these canvases, by key, is told."""

    def __init__(self, canvases: dict[str, ipycanvas.Canvas]) -> None:
        self.messages: list[tuple[Any, list[bytes]]] = []
        self._keys = {canvas.model_id: key for key, canvas in canvases.items()}
        self._manager = next(iter(canvases.values()))._canvas_manager
        self._manager.send = self._send

    def close(self) -> None:
        del self._manager.send

    @property
    def told(self) -> list[list[Any]]:
        """Names and arguments of all commands."""
        every = [command for _, buffers in self.messages for command in json.loads(buffers[0])]
        return [[NAMES[command[0]], *command[1]] for command in every if NAMES[command[0]] != "set"]

    def _send(self, content: Any, buffers: list[Any]) -> None:
        message = sent(self._manager, content, [bytes(buffer) for buffer in buffers], self._keys.get)
        if message is not None:
            self.messages.append(message)


Opens = Callable[..., Room]


@pytest.fixture
def opens() -> Iterator[Opens]:
    rooms: list[Room] = []

    def opened(**canvases: ipycanvas.Canvas) -> Room:
        rooms.append(Room({key.replace("__", "/"): canvas for key, canvas in canvases.items()}))
        return rooms[-1]

    yield opened
    for room in rooms:
        room.close()


@pytest.fixture
def canvas() -> ipycanvas.Canvas:
    return ipycanvas.Canvas(width=100, height=80)


def styles(message: tuple[Any, list[bytes]]) -> dict[int, Any]:
    return {command[1][0]: command[1][1] for command in json.loads(message[1][0]) if NAMES[command[0]] == "set"}


def test_a_command_names_the_canvas_as_the_room_does(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)

    canvas.fill_rect(1, 2, 3, 4)

    assert room.told == [["switchCanvas", "IPY_MODEL_sketch"], ["fillRect", 1, 2, 3, 4]]


def test_every_message_names_its_canvas(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)

    canvas.fill_rect(1, 2, 3)
    canvas.fill_rect(4, 5, 6)

    assert room.told[2] == ["switchCanvas", "IPY_MODEL_sketch"]


def test_what_is_drawn_on_a_canvas_outside_of_the_room_is_not_told(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)
    other = ipycanvas.Canvas()

    with ipycanvas.hold_canvas():
        canvas.fill_rect(1, 2, 3)
        other.fill_rect(7, 7, 7)
        canvas.fill_rect(4, 5, 6)
    other.fill_rect(8, 8, 8)

    assert [command[1] for command in room.told if command[0] == "fillRect"] == [1, 4]


def test_a_picture_that_is_a_widget_is_left_out(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)

    canvas.draw_image(Image(value=b""), 0, 0)

    assert "drawImage" not in [command[0] for command in room.told]


def test_arrays_come_with_their_command(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)
    other = ipycanvas.Canvas()
    many = np.arange(3, dtype="float32")

    with ipycanvas.hold_canvas():
        other.fill_rects(many + 1, many, many)
        canvas.fill_rects(many, many, many)

    (_, (_, *arrays)) = room.messages[-1]
    assert arrays[0] == many.tobytes()


def test_a_colour_from_before_the_room_is_told(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    canvas.fill_style = "red"
    room = opens(sketch=canvas)

    canvas.fill_rect(1, 2, 3)

    assert styles(room.messages[0])[canvas.ATTRS["fill_style"]] == "red"


def test_a_clear_makes_what_was_before_needless(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)

    canvas.fill_rect(1, 2, 3)
    canvas.clear()

    assert [journal(content) for content, _ in room.messages] == [True, "clear"]


def test_a_clear_keeps_how_the_canvas_draws(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)
    canvas.fill_style = "red"
    canvas.translate(5, 6)

    canvas.clear()

    assert styles(room.messages[-1])[canvas.ATTRS["fill_style"]] == "red"
    assert room.told[-1] == ["translate", 5, 6]


def test_a_clear_forgets_what_was_restored(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)
    canvas.save()
    canvas.translate(5, 6)
    canvas.restore()

    canvas.clear()

    assert room.told[-1] == ["clear"]


def test_a_clear_of_one_layer_keeps_the_others(opens: Opens) -> None:
    layers = ipycanvas.MultiCanvas(2)
    room = opens(layers___canvases__0=layers[0], layers___canvases__1=layers[1])

    layers[0].fill_rect(1, 2, 3)
    layers[1].clear()

    assert [journal(content) for content, _ in room.messages] == [True, True]


def test_a_canvas_of_another_size_is_empty(opens: Opens, canvas: ipycanvas.Canvas) -> None:
    room = opens(sketch=canvas)
    canvas.fill_rect(1, 2, 3)

    canvas.width = 200
    canvas.fill_rect(4, 5, 6)

    assert journal(room.messages[-1][0]) == "clear"
    assert [command[0] for command in room.told[-2:]] == ["clear", "fillRect"]
