"""The last word about a peer."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core import limits
from cowidget.core.decisions import Decisions, is_notebook, is_shielded
from cowidget.core.effects import Entry
from cowidget.core.frames import Entrust, Remove, Stop
from cowidget.core.values import Invitation, Role
from tests.support.rooms import entry, invitation

LINK = invitation("link")
PANEL = invitation("ticket", "host", once=True)
OWNER = invitation("owner", "owner")


def decided(*entries: Entry) -> Decisions:
    made = Decisions()
    for each in entries:
        made.apply(each)
    return made


def by_host(push: Any) -> Entry:
    return entry("grace", push, "host")


@pytest.mark.rule("P10")
def test_of_whom_nobody_has_decided_anything_the_invitation_decides() -> None:
    assert (decided().removed("ada", LINK), decided().role_of("ada", LINK)) == (False, None)


@pytest.mark.rule("P10")
def test_the_last_word_holds() -> None:
    made = decided(by_host(Entrust(1, "ada", "viewer")), by_host(Remove(2, "ada")), by_host(Remove(3, "bob")))
    removed = [made.removed(peer, LINK) for peer in ("ada", "bob", "eve")]
    made.apply(by_host(Entrust(4, "ada", "participant")))

    assert (removed, made.removed("ada", LINK), made.role_of("ada", LINK)) == (
        [True, True, False],
        False,
        "participant",
    )


@pytest.mark.rule("P10")
@pytest.mark.parametrize(("role", "holds"), [("host", False), ("owner", True)])
def test_only_an_owner_decides_about_an_owners_panel(role: Role, holds: bool) -> None:
    made = decided(entry("grace", Remove(1, "panel"), role))

    assert made.removed("panel", PANEL) is holds


@pytest.mark.rule("P10")
def test_nobody_decides_about_an_owner() -> None:
    assert not decided(entry("kernel", Remove(1, "other"), "owner")).removed("other", OWNER)


@pytest.mark.rule("P10")
@pytest.mark.parametrize(
    ("one", "notebook", "from_host", "from_owner"),
    [
        (LINK, False, False, False),
        (invitation("link", "host"), False, False, False),
        (invitation("ticket", "participant", once=True), False, False, False),
        (PANEL, True, True, False),
        (OWNER, False, True, True),
        (None, False, False, False),
    ],
    ids=["a link", "a host's link", "a guest's ticket", "an owner's panel", "an owner", "a forgotten one"],
)
def test_who_is_shielded_from_whom(one: Invitation | None, notebook: bool, from_host: bool, from_owner: bool) -> None:
    assert (is_notebook(one), is_shielded(one, "host"), is_shielded(one, "owner")) == (notebook, from_host, from_owner)


@pytest.mark.rule("P10")
def test_what_is_saved_is_loaded_as_it_was() -> None:
    made = decided(by_host(Remove(1, "ada")), by_host(Entrust(2, "bob", "viewer")))
    rows = made.take_rows()
    loaded = Decisions()
    for row in rows:
        loaded.load(row)

    assert (loaded.removed("ada", LINK), loaded.role_of("bob", LINK), made.take_rows()) == (True, "viewer", [])


def test_a_room_remembers_so_many_people_and_changes_those_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DECISIONS", 1)
    made = decided(by_host(Remove(1, "ada")))

    assert (made.takes("ada"), made.takes("bob")) == (True, False)


def test_other_pushes_are_no_decisions() -> None:
    with pytest.raises(AssertionError, match="decides about a peer"):
        decided(by_host(Stop(1)))
