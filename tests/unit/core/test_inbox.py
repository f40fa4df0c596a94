"""Pushes between their arrival and the store: whose a share is while its declaration is on its way."""

from __future__ import annotations

import hashlib

import pytest

from cowidget.core.frames import Absent, Declare, Refused, Unshare
from tests.support.rooms import Peer, RoomBench, changes, share

DATA = b"code" * 20_000
BLOB = hashlib.sha256(DATA).hexdigest()
VALUES = {"slider/value": 1, "slider/label": "b"}


@pytest.fixture
def other(bench: RoomBench) -> Peer:
    """Another kernel with the owner's secret, beside the one that shares a slider."""
    bench.share_slider()
    kernel = bench.join("owner")
    bench.owner.forget()
    return kernel


def not_owner(peer: Peer) -> list[tuple[int, tuple[str, ...]]]:
    return [(refused.id, refused.keys) for refused in peer.sees(Refused) if refused.slug == "not-owner"]


@pytest.mark.rule("A2")
def test_another_kernel_decides_nothing_about_a_share(bench: RoomBench, other: Peer, ada: Peer) -> None:
    ada.set({"slider/value": 5})
    version = bench.owner.holds()["slider/value"].version
    other.set({"slider/label": "mine"})
    other.settle("slider/value", version, "commit")
    other.push(Unshare, share="slider")

    assert not_owner(other) == [(1, ("slider/label",)), (2, ("slider/value",)), (3, ("slider",))]
    assert (ada.values(), ada.holds()["slider/value"].pending) == ({"slider/label": "volume", "slider/value": 5}, True)


@pytest.mark.rule("A2", "D6")
def test_a_declaration_takes_over_and_the_first_owner_is_told(bench: RoomBench, other: Peer) -> None:
    other.declare(share(), VALUES)
    other.set({"slider/label": "c"})
    bench.owner.set({"slider/label": "d"})

    assert (not_owner(other), not_owner(bench.owner)) == ([], [(5, ("slider/label",))])
    assert bench.picture()[0]["slider/label"].value == "c"


@pytest.mark.rule("A2")
def test_a_value_may_follow_its_declaration_before_the_store_has_that(bench: RoomBench, other: Peer) -> None:
    bench.hold()
    other.declare(share(), VALUES)
    other.set({"slider/label": "c"})
    bench.go_on()

    assert (not_owner(other), bench.picture()[0]["slider/label"].value) == ([], "c")


@pytest.mark.rule("A2", "D9")
def test_a_value_may_follow_a_declaration_that_waits_for_its_code(bench: RoomBench, other: Peer) -> None:
    other.push(Declare, share=share(code=BLOB), changes=changes(VALUES))
    other.set({"slider/label": "c"})
    other.send_blob(BLOB, DATA)

    assert (not_owner(other), bench.picture()[0]["slider/label"].value) == ([], "c")


@pytest.mark.rule("A2", "D9")
def test_a_declaration_without_its_code_takes_nothing_over(bench: RoomBench, other: Peer) -> None:
    other.push(Declare, share=share(code=BLOB), changes=changes(VALUES))
    other.send(Absent(BLOB))
    other.set({"slider/label": "c"})

    assert not_owner(other) == [(2, ("slider/label",))]


@pytest.mark.rule("A2", "C3")
def test_a_declaration_that_the_store_could_not_keep_takes_nothing_over(bench: RoomBench, other: Peer) -> None:
    bench.hold()
    other.declare(share(), VALUES)
    bench.go_on(fail=True)
    again = bench.comes_back(other)
    again.set({"slider/label": "c"})

    assert not_owner(again) == [(2, ("slider/label",))]


@pytest.mark.rule("A2")
def test_what_was_on_its_way_when_another_took_over_changes_nothing(bench: RoomBench, other: Peer) -> None:
    bench.hold()
    other.declare(share(), VALUES)
    bench.owner.set({"slider/label": "too late"})
    bench.owner.push(Unshare, share="slider")
    bench.go_on()

    assert bench.picture()[0]["slider/label"].value == "b"


@pytest.mark.rule("A2")
def test_of_two_declarations_of_one_kernel_the_later_keeps_the_claim(bench: RoomBench, other: Peer) -> None:
    bench.hold()
    other.declare(share(), VALUES)
    other.push(Declare, share=share(code=BLOB), changes=changes(VALUES))
    bench.go_on()
    bench.owner.declare(share(), VALUES)
    other.set({"slider/label": "c"})
    other.send_blob(BLOB, DATA)

    assert bench.picture()[0]["slider/label"].value == "c"
