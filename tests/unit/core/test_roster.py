"""The people who are here."""

from __future__ import annotations

from cowidget.core.frames import People
from cowidget.core.notes import PeopleChanged
from cowidget.core.roster import Roster
from cowidget.core.values import Moved, Person

ADA = Person("p1", "ada", "#008080", "participant")
BOB = Person("p2", "bob", "#ff0000", "viewer", about={"x": 1})


def roster_of(*people: Person) -> Roster:
    roster = Roster()
    roster.welcome(people)
    return roster


def test_a_welcome_tells_the_difference() -> None:
    moved = Person("p2", "bob", "#0000ff", "viewer")
    changed = roster_of(ADA, BOB).welcome([moved, Person("p3", "eve", "", "viewer")])
    assert changed == PeopleChanged(joined=("p3",), left=("p1",), moved=("p2",))


def test_a_reset_is_like_a_welcome() -> None:
    assert roster_of(ADA).receive(People(joined=(BOB,), reset=True)) == PeopleChanged(("p2",), ("p1",))


def test_who_leaves_is_gone() -> None:
    roster = roster_of(ADA, BOB)
    roster.receive(People(left=("p1",)))
    assert list(roster.people) == ["p2"]


def test_entries_of_about_are_merged_and_none_removes() -> None:
    roster = roster_of(BOB)
    roster.receive(People(moved=(Moved("p2", {"x": None, "y": 2}, name="Bob", color="#0000ff"),)))
    assert roster.people["p2"] == Person("p2", "Bob", "#0000ff", "viewer", about={"y": 2})


def test_who_moves_and_is_not_here_is_not_told() -> None:
    assert roster_of(ADA).receive(People(moved=(Moved("p9", {"x": 1}),))) == PeopleChanged()
