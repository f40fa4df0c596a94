"""Who is told what, and how somebody who was away is brought up to date."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core import limits
from cowidget.core.audience import Audience, Plan
from cowidget.core.effects import AwaitDrain, Effect, Entry, Opened, Ordered, ReadLog, Send
from cowidget.core.frames import Ack, Emit, Event, Page, Patch, People, Post, Refused, Said, Set
from cowidget.core.ledger import Ledger
from cowidget.core.members import Member, Members
from cowidget.core.values import Change, Position, Settlement, Text
from tests.support.rooms import RELAY_KEY, changes, entry


class Hall:
    """An audience of Ada and Bob before a ledger at the positions given."""

    def __init__(self, at: int = 0, log_at: int = 0) -> None:
        opened = Opened(1, Position("s", at), Position("l", log_at), [], [], [], {}, frozenset())
        self.ledger = Ledger("lesson", opened, RELAY_KEY)
        self.members = Members()
        self.audience = Audience(self.ledger, self.members)
        self.ada, self.bob = member("ada"), member("bob")
        self.members.add(self.ada)
        self.members.add(self.bob)

    def order(self, *entries: Entry) -> list[Ordered]:
        """The entries at their next positions, applied."""
        ordered = []
        for each in entries:
            at = self.ledger.log.top + 1 if isinstance(each.push, Post) else self.ledger.at + 1
            ordered.append(Ordered(each, at))
            self.ledger.apply(ordered[-1], 0.0)
        return ordered

    def plan(self, state: int | None = None, log: int | None = None, **fields: Any) -> Plan:
        return self.audience.plan(
            None if state is None else Position("s", state), None if log is None else Position("l", log), **fields
        )

    def brought(self, plan: Plan) -> list[object]:
        return sent(self.audience.bring(self.ada, plan), "ada")


def member(name: str) -> Member:
    return Member(name, name, "instance", "participant", "guest", "link")


def sent(effects: list[Effect], to: str) -> list[object]:
    return [each.frame for each in effects if isinstance(each, Send) and to in each.connections]


def sets(id: int, **values: Any) -> Entry:
    return entry("ada", Set(id, changes({f"/{name}": value for name, value in values.items()})))


def emits(id: int, content: Any = "go", by: str = "bob", to: str = "") -> Entry:
    return entry(by, Emit(id, "slider", content, to=to))


def says(id: int, text: str = "hello") -> Entry:
    return entry("ada", Post(id, Text(text)))


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

    assert hall.audience.tell_log(line) == [Send(("bob",), Said((line,)))]


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


# Slowly.


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
