"""The shared state: who wins, who decides, what is told."""

from __future__ import annotations

import pytest

from cowidget.core.document import Applied
from cowidget.core.frames import Patch, Post
from cowidget.core.values import Change, KeyState, Model, Share, Text
from tests.support.paper import Paper, whole
from tests.support.rooms import entry, share

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def paper() -> Paper:
    """A slider, declared at position 1."""
    made = Paper()
    made.declare({"slider/value": 10, "slider/label": "volume"})
    return made


# Names.


@pytest.mark.rule("D1")
def test_a_key_names_share_path_and_trait(paper: Paper) -> None:
    models = (
        Model("", "Box", ("x",), writable=("x",)),
        Model("children.0", "S", ("y",), writable=("y",), messages=True),
    )
    paper.declare({"box/x": 1, "box/children.0/y": 2}, Share("box", models))
    document = paper.document

    assert [document.writable(key) for key in ("box/x", "box/children.0/y", "box/y", "box/children.0/x")] == [
        True,
        True,
        False,
        False,
    ]
    assert [document.listens(model) for model in ("box", "box/children.0", "none")] == [False, True, False]


@pytest.mark.rule("D1")
def test_a_key_without_a_share_has_no_owner(paper: Paper) -> None:
    owners = [paper.document.owner_of(key) for key in ("/x", "slider/value", "other/value")]

    assert (owners, paper.document.writable("/x")) == ([None, "kernel", None], True)


# Writes.


@pytest.mark.rule("D2")
def test_the_version_of_a_key_is_the_position_of_its_last_write(paper: Paper) -> None:
    paper.set("ada", {"/x": 1})
    paper.set("bob", {"/y": 1})
    paper.set("bob", {"/x": 2})

    assert paper.state("/x") == KeyState("/x", 4, "bob", 2)


@pytest.mark.rule("D3")
def test_the_last_writer_wins_per_key(paper: Paper) -> None:
    paper.set("ada", {"/x": 1, "/y": 1})
    paper.set("bob", {"/x": 2})

    assert (paper.value("/x"), paper.value("/y")) == (2, 1)


@pytest.mark.rule("D3")
def test_the_last_change_of_a_push_wins(paper: Paper) -> None:
    paper.change("ada", Change("/x", 1), Change("/x", 2))

    assert paper.value("/x") == 2


@pytest.mark.rule("D4")
def test_a_persons_write_to_an_owned_key_is_pending_and_shown(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})

    assert paper.state("slider/value") == KeyState("slider/value", 2, "ada", 11, pending=True)


@pytest.mark.rule("D4")
@pytest.mark.parametrize(("author", "key"), [("ada", "/x"), ("kernel", "/x"), ("kernel", "slider/value")])
def test_other_writes_are_decided_at_once(paper: Paper, author: str, key: str) -> None:
    paper.set(author, {key: 5})

    assert paper.state(key) == KeyState(key, 2, author, 5)


@pytest.mark.rule("D4")
def test_the_owners_write_ends_what_was_pending(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.set("kernel", {"slider/value": 12})

    assert paper.state("slider/value") == KeyState("slider/value", 3, "kernel", 12)


def test_a_write_to_a_share_that_has_gone_changes_nothing(paper: Paper) -> None:
    paper.unshare("slider")

    assert paper.set("ada", {"slider/value": 11}).touched == set()
    assert paper.state("slider/value") is None


@pytest.mark.rule("A4")
def test_a_write_that_a_newer_declaration_does_not_allow_changes_nothing(paper: Paper) -> None:
    paper.declare({"slider/label": "volume"}, share(writable=()))

    assert paper.set("ada", {"slider/value": 11}).touched == set()
    assert paper.state("slider/value") is None


def test_a_deleted_key_is_gone(paper: Paper) -> None:
    paper.set("ada", {"/x": 1})
    applied = paper.change("bob", Change("/x", deleted=True))

    assert paper.document.patch(paper.at, applied.touched) == Patch(3, gone=("/x",))


def test_deleting_what_never_was_leaves_no_trace(paper: Paper) -> None:
    assert paper.change("bob", Change("/x", deleted=True)).touched == set()
    assert whole(paper.document, paper.at).gone == ()


def test_a_key_may_come_back(paper: Paper) -> None:
    paper.set("ada", {"/x": 1})
    paper.change("ada", Change("/x", deleted=True))
    paper.set("ada", {"/x": 2})

    assert paper.document.patch(paper.at, ["/x"]) == Patch(4, (KeyState("/x", 4, "ada", 2),))


def test_an_entry_of_another_kind_touches_nothing(paper: Paper) -> None:
    assert paper.apply(entry("ada", Post(1, Text("hello")))) == Applied()


@pytest.mark.parametrize(("changed", "count"), [("/x", 1), ("slider/value", 0)])
def test_keys_without_an_owner_are_counted(paper: Paper, changed: str, count: int) -> None:
    paper.set("ada", {changed: 1})

    assert paper.document.shared_keys() == count


def test_a_cell_tells_the_push_that_wrote_it(paper: Paper) -> None:
    paper.set("ada", {"/x": 1})
    cell = paper.document.cell("/x")

    assert cell is not None
    assert (cell.shown.by, cell.id, paper.document.cell("/y")) == ("ada", 2, None)


# Settlements.


@pytest.mark.rule("D5")
def test_a_commit_keeps_the_value_and_its_version(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.settle("slider/value", 2, "commit")

    assert paper.state("slider/value") == KeyState("slider/value", 2, "ada", 11)


@pytest.mark.rule("D5")
def test_a_commit_is_told_to_those_who_saw_it_pending(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.settle("slider/value", 2, "commit")

    assert paper.document.page(2, paper.at, reset=False).keys == (KeyState("slider/value", 2, "ada", 11),)


@pytest.mark.rule("D5")
def test_a_reject_shows_the_owners_value_and_names_the_writer(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    applied = paper.settle("slider/value", 2, "reject", 10, reason="odd")

    assert paper.state("slider/value") == KeyState("slider/value", 3, "kernel", 10)
    assert [(by, push, each.reason) for by, push, each in applied.rejected] == [("ada", 2, "odd")]


@pytest.mark.rule("D5")
def test_a_rebase_is_still_the_persons_wish(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 500})
    applied = paper.settle("slider/value", 2, "rebase", 100)

    assert paper.state("slider/value") == KeyState("slider/value", 3, "ada", 100)
    assert applied.rejected == []


@pytest.mark.rule("D5")
@pytest.mark.parametrize("outcome", ["commit", "reject", "rebase"])
def test_a_settlement_of_another_version_is_ignored(paper: Paper, outcome: str) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.set("bob", {"slider/value": 12})

    assert paper.settle("slider/value", 2, outcome, 0) == Applied()
    assert paper.state("slider/value") == KeyState("slider/value", 3, "bob", 12, pending=True)


@pytest.mark.rule("D5")
@pytest.mark.parametrize("key", ["slider/value", "/unknown"])
def test_a_settlement_of_what_is_not_pending_is_ignored(paper: Paper, key: str) -> None:
    assert paper.settle(key, 1, "rebase", 0) == Applied()


# Declarations.


@pytest.mark.rule("D6")
def test_a_declaration_brings_share_and_values(paper: Paper) -> None:
    shown = whole(paper.document, paper.at)

    assert [each.by for each in shown.shares] == ["kernel"]
    assert {state.key: state.value for state in shown.keys} == {"slider/value": 10, "slider/label": "volume"}


@pytest.mark.rule("D6")
def test_keys_that_a_share_no_longer_has_are_gone(paper: Paper) -> None:
    applied = paper.declare({"slider/value": 10})

    assert paper.document.patch(paper.at, applied.touched).gone == ("slider/label",)


@pytest.mark.rule("D6")
def test_a_declaration_gives_values_to_its_own_keys_only(paper: Paper) -> None:
    paper.declare({"slider/value": 1, "/x": 2, "other/value": 3})

    assert (paper.value("slider/value"), paper.value("/x"), paper.value("other/value")) == (1, None, None)


@pytest.mark.rule("D6")
@pytest.mark.parametrize("settled", [True, False])
def test_a_persons_value_outlives_a_new_declaration_pending(paper: Paper, settled: bool) -> None:
    paper.set("ada", {"slider/value": 11})
    if settled:
        paper.settle("slider/value", 2, "commit")
    paper.declare({"slider/value": 0, "slider/label": "volume"}, by="kernel 2")

    assert paper.state("slider/value") == KeyState("slider/value", paper.at, "ada", 11, pending=True)


@pytest.mark.rule("D6")
def test_the_owner_wins_where_people_may_not_write(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.declare({"slider/value": 0}, share(writable=()))

    assert paper.state("slider/value") == KeyState("slider/value", 3, "kernel", 0)


@pytest.mark.rule("D6")
def test_the_owner_wins_where_it_wrote_last(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.set("kernel", {"slider/value": 12})
    paper.declare({"slider/value": 0})

    assert paper.state("slider/value") == KeyState("slider/value", 4, "kernel", 0)


@pytest.mark.rule("D6")
def test_the_owner_wins_without_restore(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.declare({"slider/value": 0}, restore=False)

    assert paper.state("slider/value") == KeyState("slider/value", 3, "kernel", 0)


@pytest.mark.rule("D6")
def test_a_value_that_both_agree_on_needs_no_decision_and_stays_a_persons(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.declare({"slider/value": 11})
    agreed = paper.state("slider/value")
    paper.declare({"slider/value": 0})
    kept = paper.state("slider/value")

    assert agreed is not None
    assert kept is not None
    assert (agreed.pending, agreed.value, kept.pending, kept.value) == (False, 11, True, 11)


@pytest.mark.rule("D5", "D6")
def test_a_rejected_wish_is_not_restored(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.settle("slider/value", 2, "reject", 10)
    paper.declare({"slider/value": 0})

    assert paper.state("slider/value") == KeyState("slider/value", 4, "kernel", 0)


@pytest.mark.rule("D5", "D6")
def test_a_reject_falls_back_to_a_persons_earlier_value_that_is_restored(paper: Paper) -> None:
    paper.set("ada", {"slider/value": 11})
    paper.settle("slider/value", 2, "commit")
    paper.set("bob", {"slider/value": 999})
    paper.set("bob", {"slider/value": 1000})
    paper.settle("slider/value", 5, "reject", 11)
    paper.declare({"slider/value": 0})

    assert paper.value("slider/value") == 11


@pytest.mark.rule("D6")
def test_an_unshared_widget_is_gone_with_its_keys(paper: Paper) -> None:
    paper.set("ada", {"/x": 1})
    applied = paper.unshare("slider")

    assert paper.document.patch(paper.at, applied.touched).gone == ("slider", "slider/label", "slider/value")
    assert (paper.document.share("slider"), paper.value("/x")) == (None, 1)


def test_unsharing_what_is_not_shared_changes_nothing(paper: Paper) -> None:
    assert paper.unshare("other") == Applied()


def test_a_share_may_come_back(paper: Paper) -> None:
    paper.unshare("slider")
    paper.declare({"slider/value": 1})
    shown = whole(paper.document, paper.at)

    assert ([each.name for each in shown.shares], shown.gone) == (["slider"], ("slider/label",))
