"""Who is here."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core import limits
from cowidget.core.frames import Presence
from cowidget.core.presence import COLORS, PresenceTable, clean_name
from cowidget.core.values import Moved, Person


def person(peer: str, **fields: Any) -> Person:
    return Person(**({"peer": peer, "name": peer.title(), "color": "#008080", "role": "participant"} | fields))


def table(*peers: str) -> PresenceTable:
    """A table that has told of these people."""
    made = PresenceTable()
    for peer in peers:
        made.join(person(peer), 0.0)
    made.take_changes()
    return made


def names(people: tuple[Person, ...]) -> list[str]:
    return [each.peer for each in people]


def test_people_are_told_in_the_order_they_came() -> None:
    made = table("bob", "ada")

    assert (names(made.everybody()), "ada" in made, "eve" in made, made["ada"].name) == (
        ["bob", "ada"],
        True,
        False,
        "Ada",
    )


@pytest.mark.rule("P1")
@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \n  Lovelace\t", "Ada Lovelace"),
        ("", "Guest"),
        (" \u200b\u202e ", "Guest"),
        ("evil\u202etxt", "eviltxt"),
        ("x" * 80, "x" * 64),
    ],
)
def test_a_name_is_one_printable_line(wish: str, name: str) -> None:
    assert clean_name(wish) == name


@pytest.mark.rule("P1")
def test_who_has_no_color_gets_one_in_turn() -> None:
    made = PresenceTable()
    for n in range(len(COLORS) + 1):
        made.join(person(f"p{n}", color=""), 0.0)

    assert tuple(each.color for each in made.everybody()) == (*COLORS, COLORS[0])


@pytest.mark.rule("P2")
def test_about_is_merged_entry_by_entry() -> None:
    made = table("ada")
    made.move("ada", Presence({"pointer": [1, 2], "typing": True}), 1.0)
    made.move("ada", Presence({"typing": None, "busy": 3}), 1.0)

    assert made["ada"].about == {"pointer": [1, 2], "busy": 3}


@pytest.mark.rule("P6", "P7", "P8", "P9")
def test_what_people_say_of_themselves_goes_on_as_it_is_and_fits() -> None:
    about = {
        "pointer": {"share": "slider", "x": 0.25, "y": 1.0},
        "typing": True,
        "idle": True,
        "following": "p" * 32,
        "view": {"share": "slider", "at": 0.5, "local": {"slider/camera": [1.0] * 16, "chart:chart": [1.5, 2.5]}},
        "alone": True,
        "spotlight": True,
        "hand": 1767225600.5,
        "asks": "control",
    }
    made = table("ada")

    assert (made.move("ada", Presence(about), 1.0), made["ada"].about) == (True, about)


@pytest.mark.rule("P2")
@pytest.mark.parametrize(("people", "interval"), [(1, 0.033), (82, 0.033), (200, 0.08), (1000, 0.1)])
def test_where_many_are_each_tick_is_longer(people: int, interval: float) -> None:
    made = table(*(f"p{n}" for n in range(people)))
    made.move("p0", Presence({"x": 1}), 1.0)

    assert made.deadline() == pytest.approx(1.0 + interval)


@pytest.mark.rule("P2")
def test_changes_within_a_tick_are_told_once() -> None:
    made = table("ada", "bob")
    made.move("ada", Presence({"pointer": 1, "typing": True}), 1.0)
    made.move("ada", Presence({"pointer": 2, "typing": None}), 1.02)
    due, changes = made.deadline(), made.take_changes()

    assert due == 1.0 + limits.PRESENCE_INTERVAL
    assert changes is not None
    assert changes.moved == (Moved("ada", {"pointer": 2, "typing": None}),)
    assert (made.deadline(), made.take_changes()) == (None, None)


@pytest.mark.rule("P2")
@pytest.mark.parametrize(
    "about",
    [{f"entry {n}": 1 for n in range(limits.MAX_ABOUT_ENTRIES)}, {"image": "x" * limits.MAX_ABOUT_BYTES}],
    ids=["entries", "bytes"],
)
def test_too_much_about_changes_nothing(about: dict[str, Any]) -> None:
    made = table("ada")
    made.move("ada", Presence({"typing": True}), 1.0)
    made.take_changes()

    assert not made.move("ada", Presence(about, name="Eve"), 1.0)
    assert (made["ada"].about, made["ada"].name, made.deadline()) == ({"typing": True}, "Ada", None)


@pytest.mark.rule("P1")
def test_a_new_name_and_color_are_told_until_the_next_one() -> None:
    made = table("ada")
    made.move("ada", Presence(name=" Countess  "), 1.0)
    made.move("ada", Presence(color="#ff0000"), 1.0)
    made.move("ada", Presence({"typing": True}), 1.0)
    changes = made.take_changes()

    assert changes is not None
    assert changes.moved == (Moved("ada", {"typing": True}, "Countess", "#ff0000"),)
    assert (made["ada"].name, made["ada"].color) == ("Countess", "#ff0000")


def test_who_joined_within_the_tick_is_told_whole() -> None:
    made = table("ada")
    made.join(person("bob"), 1.0)
    made.move("bob", Presence({"typing": True}), 1.0)
    changes = made.take_changes()

    assert changes is not None
    assert (names(changes.joined), changes.joined[0].about, changes.moved) == (["bob"], {"typing": True}, ())


@pytest.mark.rule("P3")
def test_who_leaves_is_told_as_left_only() -> None:
    made = table("ada", "bob")
    made.move("bob", Presence({"typing": True}), 1.0)
    made.leave("bob", 1.0)
    changes = made.take_changes()

    assert changes is not None
    assert (changes.left, changes.moved, names(made.everybody())) == (("bob",), (), ["ada"])


@pytest.mark.rule("P3")
def test_who_comes_back_within_the_tick_has_not_left() -> None:
    made = table("ada")
    made.leave("ada", 1.0)
    made.join(person("ada"), 1.0)
    changes = made.take_changes()

    assert changes is not None
    assert (names(changes.joined), changes.left) == (["ada"], ())


def test_a_stranger_who_leaves_is_no_news() -> None:
    made = table("ada")
    made.leave("eve", 1.0)

    assert made.take_changes() is None
