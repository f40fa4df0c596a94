"""A large state for somebody whose line is slow: page by page, while it changes."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core import limits
from cowidget.core.audience import Plan
from cowidget.core.effects import AwaitDrain
from cowidget.core.frames import Ack, Event, Patch, People, Said, Set
from cowidget.core.values import Change
from tests.support.hall import Hall, emits, says, sent, sets
from tests.support.rooms import entry


def steps(hall: Hall, plan: Plan, between: Any = None) -> list[list[object]]:
    """What Ada gets each time that her outbox has drained, until she keeps up."""
    effects = hall.audience.bring(hall.ada, plan)
    brought = [sent(effects, "ada")]
    while AwaitDrain("ada") in effects:
        assert hall.ada.lagging
        if between is not None:
            between()
        effects = hall.audience.catch_up(hall.ada, ())
        brought.append(sent(effects, "ada"))
        assert len(brought) < 50, "a page brings the client nearer"
    assert not hall.ada.lagging
    return brought


def pages(hall: Hall, plan: Plan, between: Any = None) -> list[Patch]:
    """The patches of these steps."""
    return [frame for frames in steps(hall, plan, between) for frame in frames if isinstance(frame, Patch)]


def crowded(monkeypatch: pytest.MonkeyPatch, keys: int = 6) -> Hall:
    monkeypatch.setattr(limits, "PATCH_BYTES", 250)
    hall = Hall()
    hall.order(*(sets(n + 1, **{f"x{n}": "x" * 100}) for n in range(keys)))
    return hall


@pytest.mark.rule("D7", "S10")
def test_a_large_state_is_sent_as_it_drains(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch)
    patches = pages(hall, hall.plan())

    assert [patch.reset for patch in patches] == [True, False, False]
    assert [patch.more for patch in patches] == [True, True, False]
    assert [state.key for patch in patches for state in patch.keys] == [f"/x{n}" for n in range(6)]


@pytest.mark.rule("D7")
def test_tombstones_that_were_dropped_long_ago_do_not_begin_a_large_state_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hall = crowded(monkeypatch)
    monkeypatch.setattr(limits, "MAX_TOMBSTONES", 0)
    hall.order(sets(8, gone=1), entry("ada", Set(9, (Change("/gone", deleted=True),))))
    patches = pages(hall, hall.plan())

    assert [patch.reset for patch in patches].count(True) == 1


@pytest.mark.rule("D7")
def test_a_tombstone_that_is_dropped_between_two_pages_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch)
    monkeypatch.setattr(limits, "MAX_TOMBSTONES", 0)
    deletions = iter([entry("ada", Set(9, (Change("/x0", deleted=True),)))])
    patches = pages(hall, hall.plan(), between=lambda: hall.order(*(each for each in [next(deletions, None)] if each)))
    last_reset = max(n for n, patch in enumerate(patches) if patch.reset)

    assert last_reset > 0
    assert {state.key for patch in patches[last_reset:] for state in patch.keys} == {f"/x{n}" for n in range(1, 6)}


@pytest.mark.rule("E1")
def test_events_between_two_pages_come_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch)
    happening = iter([[emits(1, "one"), sets(7, x0="new")], [emits(2, "two")]])
    brought = steps(hall, hall.plan(), between=lambda: hall.order(*next(happening, [])))

    assert [frame.content for frames in brought for frame in frames if isinstance(frame, Event)] == ["one", "two"]


@pytest.mark.rule("E1")
def test_a_newcomer_gets_no_event_from_before_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch)
    hall.order(emits(1, "old"))
    brought = steps(hall, hall.plan())

    assert (len(brought) > 2, [frame for frames in brought for frame in frames if isinstance(frame, Event)]) == (
        True,
        [],
    )


@pytest.mark.rule("E1")
def test_events_of_a_return_come_with_the_page_that_they_belong_to(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch)
    hall.order(emits(1, "one"), *(sets(7 + n, **{f"y{n}": "y" * 100}) for n in range(6)), emits(2, "two"))
    first, *_, last = steps(hall, hall.plan(5))

    assert [frame.content for frame in first if isinstance(frame, Event)] == ["one"]
    assert [frame.content for frame in last if isinstance(frame, Event)] == ["two"]


@pytest.mark.rule("S4", "S10")
def test_an_ack_waits_for_the_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = crowded(monkeypatch, keys=9)
    hall.audience.bring(hall.ada, hall.plan())
    acks = []
    while hall.ada.lagging:
        acks.append([frame for frame in sent(hall.audience.catch_up(hall.ada, ()), "ada") if isinstance(frame, Ack)])

    assert acks[-1] == [Ack(9)]
    assert not any(acks[:-1])


@pytest.mark.rule("S10")
def test_catching_up_tells_everybody_who_is_here_and_the_log_since() -> None:
    hall = Hall()
    hall.order(says(1), sets(2, x=1))
    hall.members.lag(hall.bob, lagging=True)
    hall.bob.at, hall.bob.log_at = 0, 0
    people, said, patch = sent(hall.audience.catch_up(hall.bob, ()), "bob")

    assert people == People(reset=True)
    assert isinstance(said, Said)
    assert isinstance(patch, Patch)
    assert ([each.at for each in said.entries], said.reset, patch.reset, patch.at) == ([1], False, False, 1)
    assert hall.members.keeping_up() == ("ada", "bob")
