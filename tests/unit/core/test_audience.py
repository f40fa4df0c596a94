"""Who is told what, and how somebody who was away is brought up to date."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.audience import Plan
from cowidget.core.effects import Entry, Ordered, ReadLog, Send
from cowidget.core.frames import Ack, Event, Page, Patch, People, Refused, Said, Set
from cowidget.core.values import Change, Position, Settlement
from tests.support.hall import Hall, emits, says, sent, sets
from tests.support.rooms import entry

# As it happens.


@pytest.mark.rule("D7")
def test_one_patch_goes_to_all_who_keep_up() -> None:
    hall = Hall()
    hall.order(sets(1, x=1, y=2))
    hall.members.lag(hall.bob, lagging=True)
    (effect,) = hall.audience.tell_patch({"/y", "/x"}, 1)

    assert effect == Send(("ada",), hall.ledger.document.patch(1, ["/x", "/y"]))


def test_no_change_is_no_patch() -> None:
    assert Hall().audience.tell_patch(set(), 1) == []


@pytest.mark.rule("E1")
def test_an_event_goes_to_those_it_is_for() -> None:
    hall = Hall()
    (ordered,) = hall.order(emits(1, by="bob"))
    addressed = hall.ledger.events
    outcome = hall.ledger.apply(Ordered(emits(2, by="bob", to="nobody"), 2), 0.0)

    assert outcome.event is not None
    assert hall.audience.tell_event(outcome.event) == []
    assert (ordered.at, [each.at for each in addressed.since(0, "ada")]) == (1, [1])


@pytest.mark.rule("L1")
def test_a_log_entry_goes_to_all_who_keep_up() -> None:
    hall = Hall()
    hall.order(says(1))
    hall.members.lag(hall.ada, lagging=True)
    (line,) = hall.ledger.log.last(1)

    assert hall.audience.tell_log([line]) == [Send(("bob",), Said((line,)))]


@pytest.mark.rule("L1")
def test_what_was_ordered_together_is_told_in_one_frame() -> None:
    hall = Hall()
    hall.order(says(1), says(2), says(3))
    lines = tuple(hall.ledger.log.last(3))

    assert hall.audience.tell_log(lines) == [Send(("ada", "bob"), Said(lines))]


@pytest.mark.rule("L1", "L4")
def test_more_than_a_page_is_told_in_several_frames() -> None:
    hall = Hall()
    hall.order(*(says(id, "x" * 30_000) for id in range(1, 21)))
    lines = tuple(hall.ledger.log.last(20))
    told = sent(hall.audience.tell_log(lines), "ada")

    assert [len(frame.entries) for frame in told] == [8, 8, 4]
    assert tuple(entry for frame in told for entry in frame.entries) == lines


@pytest.mark.rule("S4")
def test_one_ack_covers_all_of_an_author() -> None:
    hall = Hall()
    ordered = hall.order(sets(1, x=1), emits(1), sets(2, x=2))
    effects = hall.audience.acknowledge([*ordered, Ordered(sets(1, x=1), None)])

    assert (sent(effects, "ada"), sent(effects, "bob")) == ([Ack(2)], [Ack(1)])


@pytest.mark.rule("S4", "D8")
def test_who_lags_gets_the_ack_with_the_patch() -> None:
    hall = Hall()
    hall.members.lag(hall.ada, lagging=True)
    ordered = hall.order(sets(1, x=1))

    assert hall.audience.acknowledge(ordered) == []
    assert [type(frame) for frame in sent(hall.audience.catch_up(hall.ada, ()), "ada")] == [People, Patch, Ack]


def test_entries_of_the_relay_and_of_the_absent_need_no_ack() -> None:
    hall = Hall()
    ordered = [Ordered(Entry("", 0, "owner", 0.0, Set(1, ())), 1), Ordered(entry("eve", Set(1, ())), 2)]

    assert hall.audience.acknowledge(ordered) == []


@pytest.mark.rule("D5")
@pytest.mark.parametrize(
    ("reason", "text"), [("too loud", "too loud"), ("", "The host's notebook did not accept this value.")]
)
def test_the_writer_of_a_rejected_value_is_told_why(reason: str, text: str) -> None:
    hall = Hall()
    settlement = Settlement("slider/value", 3, "reject", reason=reason)
    (ordered,) = hall.order(sets(1, x=1))
    applied = hall.ledger.document.apply(2, ordered.entry)
    applied.rejected += [("ada", 7, settlement), ("eve", 8, settlement), ("bob", 0, settlement)]

    assert hall.audience.tell_rejections(applied) == [Send(("ada",), Refused(7, "rejected", text, ("slider/value",)))]


# What a return needs.


@pytest.mark.rule("D7", "L2")
def test_a_newcomer_begins_anew_and_has_missed_nothing() -> None:
    assert Hall(at=5, log_at=5).plan() == Plan(0, reset=True, missed=False, events_since=None, log_since=None)


@pytest.mark.rule("D7", "E2")
def test_a_return_goes_on_from_where_it_stood() -> None:
    hall = Hall()
    hall.order(sets(1, x=1), sets(2, x=2), says(3))

    assert hall.plan(1, 0) == Plan(1, reset=False, missed=False, events_since=1, log_since=0)


@pytest.mark.rule("D7", "E2", "L2")
def test_another_epoch_drops_what_was_held() -> None:
    plan = Hall(at=5).audience.plan(Position("older", 3), Position("older", 3))

    assert plan == Plan(0, reset=True, missed=True, events_since=None, log_since=None)


@pytest.mark.rule("D7", "L2")
def test_who_is_ahead_of_the_room_drops_what_it_holds() -> None:
    plan = Hall(at=5).plan(6, 1)

    assert (plan.reset, plan.missed, plan.log_since) == (True, True, None)


@pytest.mark.rule("E2")
def test_events_from_before_the_ring_are_missed_but_not_the_state() -> None:
    plan = Hall(at=5).plan(4)

    assert (plan.since, plan.reset, plan.missed, plan.events_since) == (4, False, True, None)


@pytest.mark.rule("D7")
def test_tombstones_that_do_not_reach_back_reset_the_state_and_keep_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TOMBSTONES", 0)
    hall = Hall()
    hall.order(sets(1, x=1), emits(1), entry("ada", Set(2, (Change("/x", deleted=True),))))
    plan = hall.plan(1)

    assert (plan.reset, plan.missed) == (True, False)
    assert [type(frame) for frame in hall.brought(plan)] == [Said, Patch, Event, Patch]


# Bringing it.


@pytest.mark.rule("D7")
def test_a_newcomer_gets_the_log_and_the_state_whole() -> None:
    hall = Hall()
    hall.order(sets(1, x=1), emits(1), says(2))
    said, patch = hall.brought(hall.plan())

    assert isinstance(said, Said)
    assert (said.reset, said.older, [each.at for each in said.entries]) == (True, False, [1])
    assert isinstance(patch, Patch)
    assert (patch.reset, patch.at, [state.key for state in patch.keys]) == (True, 2, ["/x"])


@pytest.mark.rule("E1", "D7")
def test_a_cut_between_patch_and_events_loses_none() -> None:
    hall = Hall()
    hall.order(sets(1, x=1), sets(2, x=2), emits(1), sets(3, x=3), emits(2))
    before, first, second, after = hall.brought(hall.plan(1, 0))

    assert (before.at, first.at, second.at, after) == (2, 3, 5, Patch(5))
    assert [state.value for state in before.keys] == [3]


def test_events_of_ones_own_are_not_sent_back() -> None:
    hall = Hall()
    hall.order(emits(1, by="ada"))

    assert hall.brought(hall.plan(0, 0)) == [Patch(1)]


@pytest.mark.rule("L2")
def test_a_newcomer_gets_the_end_of_a_long_log() -> None:
    hall = Hall()
    hall.order(*(says(n) for n in range(1, 61)))
    said, _ = hall.brought(hall.plan())

    assert isinstance(said, Said)
    assert ([each.at for each in said.entries], said.older, said.more) == (list(range(11, 61)), True, False)


@pytest.mark.rule("L2")
def test_a_return_gets_the_entries_after_its_own() -> None:
    hall = Hall()
    hall.order(*(says(n) for n in range(1, 6)))
    said, _ = hall.brought(hall.plan(0, 3))

    assert isinstance(said, Said)
    assert ([each.at for each in said.entries], said.reset, said.more) == ([4, 5], False, False)


@pytest.mark.rule("L2")
def test_a_return_that_has_the_whole_log_gets_none() -> None:
    hall = Hall()
    hall.order(says(1))

    assert hall.brought(hall.plan(0, 1)) == [Patch(0)]


@pytest.mark.rule("L2")
def test_what_the_tail_does_not_hold_is_read_from_the_store() -> None:
    hall = Hall(log_at=300)
    effects = hall.audience.bring(hall.ada, hall.plan(0, 10))

    assert ReadLog("ada", Page(after=10, count=limits.LOG_TAIL)) in effects


@pytest.mark.rule("L2", "M5")
def test_long_entries_come_in_smaller_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATCH_BYTES", 25)
    hall = Hall()
    hall.order(*(says(n, "x" * 10) for n in range(1, 6)))
    newest, _ = hall.brought(hall.plan())
    oldest, _ = hall.brought(hall.plan(0, 1))

    assert isinstance(newest, Said)
    assert ([each.at for each in newest.entries], newest.older) == ([4, 5], True)
    assert isinstance(oldest, Said)
    assert ([each.at for each in oldest.entries], oldest.more) == ([2, 3], True)
