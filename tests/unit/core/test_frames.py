"""The shapes themselves."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from cowidget.core import frames
from cowidget.core.frames import ClientFrame, Frame, Hello, Patch, Push, RelayFrame
from cowidget.core.values import Position


def tags(union: object) -> list[str]:
    return [frame.__struct_config__.tag for frame in get_args(union)]


@pytest.mark.rule("M2")
@pytest.mark.parametrize("union", [ClientFrame, RelayFrame])
def test_each_frame_of_a_direction_has_its_own_type(union: object) -> None:
    assert len(set(tags(union))) == len(tags(union))


def test_every_tagged_struct_is_a_frame_of_a_direction() -> None:
    structs = [each for each in vars(frames).values() if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    tagged = {each for each in structs if each.__struct_config__.tag and each.__struct_config__.tag_field == "type"}

    assert tagged == set(get_args(Frame))


def test_every_push_is_a_client_frame_with_an_id() -> None:
    assert set(get_args(Push)) <= set(get_args(ClientFrame))
    assert all("id" in push.__struct_fields__ for push in get_args(Push))


def test_a_position_is_two_values_on_the_wire() -> None:
    assert msgspec.json.encode(Position("e", 7)) == b'["e",7]'


def test_what_is_as_usual_is_not_sent() -> None:
    assert msgspec.json.encode(Patch(at=7)) == b'{"type":"patch","at":7}'


@pytest.mark.parametrize("name", ["", "a room", "../etc", "x" * 65, "raum-ä"])
def test_a_room_name_fits_in_a_path(name: str) -> None:
    hello = {"type": "hello", "version": 1, "room": name, "instance": "i"}

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(hello, Hello)


@pytest.mark.rule("P1")
@pytest.mark.parametrize(("name", "color"), [("n" * 256, "#0A1b2c"), ("", "")])
def test_a_wish_may_be_longer_than_what_the_relay_makes_of_it(name: str, color: str) -> None:
    hello = {"type": "hello", "version": 1, "room": "r", "instance": "i", "name": name, "color": color}

    assert msgspec.convert(hello, Hello).name == name


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "set", "id": 0, "changes": [{"key": "/a"}]},
        {"type": "set", "id": 1, "changes": []},
        {"type": "set", "id": 1, "changes": [{"key": ""}]},
        {"type": "set", "id": 1, "changes": [{"key": "/a", "blob": "ABC"}]},
        {"type": "post", "id": 1, "body": {"kind": "text", "text": ""}},
        {"type": "post", "id": 1, "body": {"kind": "film", "text": "a"}},
        {"type": "hello", "version": 1, "room": "r", "instance": "i", "name": "n" * 257},
        {"type": "hello", "version": 1, "room": "r\n", "instance": "i"},
        {"type": "presence", "color": "red"},
        {"type": "presence", "color": "#12345g"},
        {"type": "presence", "color": "#123456\n"},
        {"type": "grant", "id": 1, "invitation": {"name": "n" * 65, "role": "viewer", "hash": "a" * 64}},
        {"type": "page", "count": 201},
        {"type": "pull", "blob": "a" * 64, "at": -1, "count": 1},
        {"type": "chunk", "blob": "a" * 64, "at": 0, "size": 1, "data": b"x" * ((1 << 18) + 1)},
    ],
)
def test_a_frame_outside_its_bounds_is_no_frame(frame: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(frame, ClientFrame)
