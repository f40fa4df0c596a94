"""The shared state: who wins, who decides, what is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowidget.core import limits
from cowidget.core.document import Applied, Document
from cowidget.core.effects import Entry, Row
from cowidget.core.frames import Declare, Patch, Post, Set, Settle, Unshare
from cowidget.core.values import Change, KeyState, Model, Settlement, Share, Text
from tests.support.rooms import changes, entry, share

A, B, C = "a" * 64, "b" * 64, "c" * 64


class Paper:
    """A document and its sequence: each entry takes the next position."""

    def __init__(self) -> None:
        self.document = Document()
        self.at = 0

    def apply(self, pushed: Entry) -> Applied:
        self.at += 1
        return self.document.apply(self.at, pushed)

    def set(self, author: str, values: Mapping[str, Any]) -> Applied:
        return self.change(author, *changes(values))

    def change(self, author: str, *changed: Change) -> Applied:
        role = "owner" if author == "kernel" else "participant"
        return self.apply(entry(author, Set(self.at + 1, changed), role))

    def declare(
        self, values: Mapping[str, Any], shared: Share | None = None, *, restore: bool = True, by: str = "kernel"
    ) -> Applied:
        push = Declare(self.at + 1, shared or share(), changes(values), restore)
        return self.apply(entry(by, push, "owner"))

    def settle(self, key: str, version: int, outcome: str, value: Any = None, **fields: Any) -> Applied:
        settlement = Settlement(key, version, outcome, value, **fields)
        return self.apply(entry("kernel", Settle(self.at + 1, (settlement,)), "owner"))

    def unshare(self, name: str) -> Applied:
        return self.apply(entry("kernel", Unshare(self.at + 1, name), "owner"))

    def state(self, key: str) -> KeyState | None:
        return next(iter(self.document.patch(self.at, [key]).keys), None)

    def value(self, key: str) -> Any:
        state = self.state(key)
        return None if state is None else state.value


@pytest.fixture
def paper() -> Paper:
    """A slider, declared at position 1."""
    made = Paper()
    made.declare({"slider/value": 10, "slider/label": "volume"})
    return made


def whole(document: Document, at: int) -> Patch:
    return document.page(0, at, reset=True)


def replayed(document: Document) -> Document:
    """What the saved rows bring back."""
    loaded = Document()
    rows, _ = document.take_rows()
    loaded.load(rows)
    return loaded


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


# Patches.


@pytest.mark.rule("D7")
def test_a_diff_holds_what_was_touched_since(paper: Paper) -> None:
    paper.set("ada", {"/x": 1, "/y": 1})
    since = paper.at
    paper.set("ada", {"/y": 2, "/z": 2})
    paper.change("ada", Change("/x", deleted=True))
    paper.unshare("slider")

    assert paper.document.page(since, paper.at, reset=False) == Patch(
        5,
        (KeyState("/y", 3, "ada", 2), KeyState("/z", 3, "ada", 2)),
        gone=("/x", "slider", "slider/label", "slider/value"),
    )


@pytest.mark.rule("D7")
def test_a_large_state_comes_in_pages_that_are_each_complete(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATCH_BYTES", 400)
    for n in range(8):
        paper.set("ada", {f"/x{n}": "x" * 100, f"/y{n}": B})
    pages = [paper.document.page(0, paper.at, reset=True)]
    while pages[-1].more:
        pages.append(paper.document.page(pages[-1].at, paper.at, reset=False))

    assert len(pages) > 2
    assert [page.reset for page in pages] == [True] + [False] * (len(pages) - 1)
    assert pages[-1].at == paper.at
    for page in pages:  # the keys of one position are not torn apart
        assert max((state.version for state in page.keys), default=0) <= page.at
    assert sum(len(page.keys) for page in pages) == 18


@pytest.mark.rule("D7")
def test_a_page_ends_where_the_state_of_a_position_is_complete(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATCH_BYTES", 10)
    paper.set("ada", {f"/x{n}": "x" * 100 for n in range(5)})
    page = paper.document.page(1, paper.at, reset=False)

    assert (len(page.keys), page.at, page.more) == (5, 2, False)


@pytest.mark.rule("D7")
def test_a_diff_is_exact_as_far_as_the_tombstones_reach(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TOMBSTONES", 2)
    for n in range(3):
        paper.set("ada", {f"/x{n}": 1})
        paper.change("ada", Change(f"/x{n}", deleted=True))  # at 3, 5, 7

    assert [paper.document.bridges(since) for since in (1, 2, 3, 7)] == [False, False, True, True]
    assert whole(paper.document, paper.at).gone == ("/x1", "/x2")


def test_a_blob_weighs_nothing_in_a_page(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATCH_BYTES", 300)
    paper.change("ada", Change("/x", blob=A, size=10_000_000))
    paper.change("ada", Change("/y", blob=B, size=10_000_000))

    assert not paper.document.page(1, paper.at, reset=False).more


# Blobs.


def test_a_document_knows_the_blobs_that_it_needs(paper: Paper) -> None:
    paper.change("kernel", Change("slider/value", blob=A))
    paper.declare({"pic/value": 0}, share("pic", code=B, style=C))

    assert (paper.document.blobs(), paper.document.holds_blob(A)) == (frozenset({A, B, C}), True)


def test_a_blob_is_needed_as_long_as_one_key_names_it(paper: Paper) -> None:
    paper.change("ada", Change("/x", blob=A))
    paper.change("ada", Change("/y", blob=A))
    paper.set("ada", {"/x": 1})
    once = paper.document.holds_blob(A)
    paper.change("ada", Change("/y", deleted=True))

    assert (once, paper.document.holds_blob(A), paper.document.blobs()) == (True, False, frozenset())


def test_the_blobs_of_a_share_go_with_it(paper: Paper) -> None:
    paper.declare({"pic/value": 0}, share("pic", code=B))
    paper.unshare("pic")

    assert paper.document.blobs() == frozenset()


# Saved state.


def test_saved_rows_bring_the_document_back(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TOMBSTONES", 1)
    paper.set("ada", {"slider/value": 11, "/x": {"b": b"\x00"}, "/y": 1, "/z": 1})
    paper.change("ada", Change("/y", deleted=True))
    paper.change("ada", Change("/z", deleted=True))
    loaded = replayed(paper.document)

    assert whole(loaded, paper.at) == whole(paper.document, paper.at)
    assert [loaded.bridges(since) for since in (2, 3)] == [False, True]


def test_only_what_changed_is_saved_again(paper: Paper) -> None:
    paper.set("ada", {"/x": 1, "/y": 1})
    paper.document.take_rows()
    paper.change("ada", Change("/x", deleted=True))
    rows, removed = paper.document.take_rows()

    assert sorted(row.name for row in rows) == ["h", "t/x"]
    assert {"k/x", "s/x"} == set(removed)
    assert paper.document.take_rows() == ([], [])


def test_rows_of_others_are_ignored() -> None:
    document = Document()
    document.load([Row("ilink", b"\xc0")])

    assert whole(document, 0) == Patch(0, reset=True)


KEYS = st.sampled_from(["/x", "/y", "slider/value", "slider/label", "pic/value"])
PEOPLE = st.sampled_from(["kernel", "ada", "bob"])
SHARES = st.sampled_from(["slider", "pic"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), PEOPLE, KEYS, st.integers(0, 3)),
        st.tuples(st.just("delete"), PEOPLE, st.sampled_from(["/x", "/y"])),
        st.tuples(
            st.just("settle"),
            KEYS,
            st.sampled_from(["commit", "reject", "rebase"]),
            st.integers(0, 3),
            st.integers(0, 3),
        ),
        st.tuples(st.just("declare"), SHARES, st.sets(st.sampled_from(["value", "label"])), st.booleans()),
        st.tuples(st.just("unshare"), SHARES),
    ),
    max_size=25,
)


def played(step: tuple[Any, ...], paper: Paper) -> Applied:
    match step:
        case "set", author, key, value:
            return paper.set(author, {key: value})
        case "delete", author, key:
            return paper.change(author, Change(key, deleted=True))
        case "settle", key, outcome, back, value:
            state = paper.state(key)
            return paper.settle(key, state.version - back % 2 if state else 0, outcome, value)
        case "declare", name, traits, restore:
            return paper.declare({f"{name}/{trait}": 0 for trait in sorted(traits)}, share(name), restore=restore)
        case _, name:
            return paper.unshare(name)


@pytest.mark.rule("D2", "D7")
@given(STEPS, st.data())
def test_patches_diffs_and_rows_all_tell_the_same_document(steps: list[Any], data: st.DataObject) -> None:
    paper, live, frozen = Paper(), Picture(), Picture()
    saved_at = data.draw(st.integers(0, len(steps)))
    since = data.draw(st.integers(0, len(steps)))
    rows: dict[str, Row] = {}
    for number, step in enumerate(steps):
        if number == saved_at:
            keep(rows, paper.document)
        live.take(paper.document.patch(paper.at, played(step, paper).touched))
        if paper.at == since:
            frozen.take(whole(paper.document, paper.at))
    keep(rows, paper.document)
    loaded, newcomer = Document(), Picture()
    loaded.load(rows.values())
    newcomer.take(whole(loaded, paper.at))
    frozen.take(paper.document.page(since if frozen.taken else 0, paper.at, reset=False))

    assert live.states == newcomer.states == frozen.states
    assert live.shares == newcomer.shares == frozen.shares


def keep(rows: dict[str, Row], document: Document) -> None:
    changed, removed = document.take_rows()
    rows.update((row.name, row) for row in changed)
    for name in removed:
        rows.pop(name, None)


class Picture:
    """What patches say, read as D7 tells it."""

    def __init__(self) -> None:
        self.states: dict[str, KeyState] = {}
        self.shares: dict[str, Share] = {}
        self.taken = 0

    def take(self, patch: Patch) -> None:
        self.taken += 1
        if patch.reset:
            self.states, self.shares = {}, {}
        for name in patch.gone:
            self.states.pop(name, None)
            self.shares.pop(name, None)
        self.shares.update((each.name, each) for each in patch.shares)
        self.states.update((each.key, each) for each in patch.keys)
