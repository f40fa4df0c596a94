"""What goes to a store comes back as it was."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from cowidget.core.effects import Entry, Row
from cowidget.core.frames import (
    Declare,
    Emit,
    Entrust,
    Grant,
    Lock,
    Post,
    Push,
    Remove,
    Revoke,
    Set,
    Settle,
    Stop,
    Unshare,
)
from cowidget.core.values import Change, Invitation, Model, Settlement, Share, Text

PUSHES = [
    Set(1, (Change("/a", value=[1, {"b": b"\x00"}]), Change("/b", deleted=True))),
    Settle(2, (Settlement("s/v", 4, "reject", 3, reason="no"),)),
    Declare(3, Share("s", (Model("", "Slider", ("v",)),)), (Change("s/v", blob="a" * 64, size=70_000),)),
    Unshare(4, "s"),
    Emit(5, "s", {"do": 1}, (b"\x01",), to="p"),
    Post(6, Text("hello")),
    Grant(7, Invitation("link", "viewer", "b" * 64, expires=9.5)),
    Revoke(8, "link"),
    Stop(9),
    Lock(10, on=True),
    Remove(11, "p"),
    Entrust(12, "p", "host"),
]


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: type(push).__name__)
def test_an_entry_survives_the_store(push: Push) -> None:
    entry = Entry("peer", push.id, "owner", 12.5, push, "Ada", "#008080")

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(entry), type=Entry) == entry


def test_every_push_was_tried() -> None:
    assert {type(push) for push in PUSHES} == set(get_args(Push))


def test_a_row_is_opaque_bytes() -> None:
    row = Row("k/a", b"\xff\x00")

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=Row) == row
