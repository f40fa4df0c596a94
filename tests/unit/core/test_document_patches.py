"""The shared state on its way: patches, diffs, blobs, saved rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from cowidget.core import limits
from cowidget.core.document import Applied, Document
from cowidget.core.effects import Row
from cowidget.core.frames import Patch
from cowidget.core.values import Change, KeyState, Share
from tests.support.paper import Paper, whole
from tests.support.rooms import share

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def paper() -> Paper:
    """A slider, declared at position 1."""
    made = Paper()
    made.declare({"slider/value": 10, "slider/label": "volume"})
    return made


def replayed(document: Document) -> Document:
    """What the saved rows bring back."""
    loaded = Document()
    rows, _ = document.take_rows()
    loaded.load(rows)
    return loaded


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
