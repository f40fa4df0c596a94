"""One room's ordered history, and what a restart makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cowidget.core import closing, limits
from cowidget.core.access import is_unused
from cowidget.core.effects import Entry, Opened, Ordered, Row
from cowidget.core.frames import Declare, Emit, Grant, Post, Revoke, Set, Stop, Unshare
from cowidget.core.ledger import STOPPED_ROW, Dismissal, Ledger, log_entry
from cowidget.core.values import Invitation, LogEntry, Position, Text
from tests.support.rooms import RELAY_KEY, changes, entry, invitation, share


def opened(
    *,
    rows: Sequence[Row] = (),
    journal: Sequence[Ordered] = (),
    at: int = 0,
    tail: Sequence[Ordered] = (),
    acked: Mapping[str, int] | None = None,
) -> Opened:
    log = Position("log epoch", len(tail))
    return Opened(1, Position("state epoch", at), log, rows, journal, tail, acked or {}, frozenset({"blob"}))


def ledger(**fields: Any) -> Ledger:
    return Ledger("lesson", opened(**fields), RELAY_KEY)


def says(author: str, id: int, text: str = "hello") -> Entry:
    return Entry(author, id, "viewer", 5.0, Post(id, Text(text)), "Ada", "#008080")


def play(made: Ledger, *entries: Entry) -> list[Ordered]:
    """State entries at the next positions."""
    ordered = [Ordered(each, made.at + n) for n, each in enumerate(entries, 1)]
    for each in ordered:
        made.apply(each, 0.0)
    return ordered


def owners(push: Any) -> Entry:
    return entry("kernel", push, "owner")


SPENT = Entry("", 0, "owner", 0.0, Grant(1, invitation("ticket", once=True, hash="0" * 64)))
TICKET = owners(Grant(1, invitation("ticket", once=True)))
STORY = (
    owners(Grant(1, invitation("link"))),
    owners(Declare(2, share(), changes({"slider/value": 1, "slider/label": "a"}))),
    entry("ada", Set(1, changes({"slider/value": 5, "/x": 1}))),
    owners(Declare(3, share("pic"), changes({"pic/value": 1}))),
    owners(Unshare(4, "pic")),
    owners(Declare(5, share(), changes({"slider/value": 1}))),
    owners(Revoke(6, "link")),
)


def told(made: Ledger) -> tuple[object, ...]:
    """What a newcomer would be told."""
    page = made.document.page(0, made.at, reset=True)
    return page, dict(made.access.invitations), made.stopped, made.at


# Ordered entries.


@pytest.mark.rule("D2")
def test_the_store_leaves_no_gap_in_the_state() -> None:
    with pytest.raises(AssertionError, match="position 3 after 1"):
        ledger(at=1).apply(Ordered(entry("ada", Set(1, changes({"/x": 1}))), 3), 0.0)


@pytest.mark.rule("S3")
def test_a_duplicate_changes_nothing_and_is_remembered() -> None:
    made = ledger(at=1, acked={"ada": 2})
    outcome = made.apply(Ordered(entry("ada", Set(1, changes({"/x": 1}))), None), 0.0)

    assert (outcome.applied.touched, made.at, made.acked) == (set(), 1, {"ada": 2})


@pytest.mark.rule("S6")
def test_the_last_id_of_each_peer_is_known() -> None:
    made = ledger(acked={"bob": 7})
    play(made, entry("ada", Set(3, changes({"/x": 1}))), SPENT)

    assert made.acked == {"ada": 3, "bob": 7}


@pytest.mark.rule("L1")
def test_a_post_is_the_next_log_entry_and_no_state() -> None:
    made = ledger()
    outcome = made.apply(Ordered(says("ada", 1), 1), 0.0)

    assert outcome.said == LogEntry(1, "ada", 1, "Ada", "#008080", 5.0, Text("hello"))
    assert (made.log_position, made.state_position) == (Position("log epoch", 1), Position("state epoch", 0))


@pytest.mark.rule("E1")
def test_an_event_takes_a_position_of_the_state() -> None:
    made = ledger()
    outcome = made.apply(Ordered(entry("ada", Emit(1, "slider", "go", to="kernel")), 1), 0.0)

    assert outcome.event is not None
    assert (outcome.event.event.at, outcome.event.to, made.at) == (1, "kernel", 1)
    assert made.events.since(0, "kernel") == [outcome.event.event]


@pytest.mark.rule("A5")
def test_a_revocation_names_whom_it_concerns() -> None:
    made = ledger()
    play(made, owners(Grant(1, invitation("link"))))
    outcome = made.apply(Ordered(owners(Revoke(2, "link")), 2), 0.0)

    assert (outcome.dismissal, made.access.invitations["link"].revoked) == (Dismissal(closing.REVOKED, "link"), True)


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("granted", "dismissal"),
    [
        (invitation("link", "host"), Dismissal(closing.ROLE_CHANGED, "link")),
        (invitation("link", expires=9.0), None),
        (invitation("another", "host"), None),
    ],
    ids=["another role", "the same role", "another link"],
)
def test_a_grant_that_changes_the_role_ends_the_sessions_of_the_old_one(
    granted: Invitation, dismissal: Dismissal | None
) -> None:
    made = ledger()
    play(made, owners(Grant(1, invitation("link"))))

    assert made.apply(Ordered(owners(Grant(2, granted)), 2), 0.0).dismissal == dismissal


@pytest.mark.rule("A5")
def test_a_stopped_room_has_no_links_and_a_new_link_starts_it_again() -> None:
    made = ledger()
    play(made, owners(Grant(1, invitation("link"))))
    outcome = made.apply(Ordered(owners(Stop(2)), 2), 0.0)
    stopped = made.stopped, dict(made.access.invitations)
    play(made, owners(Grant(3, invitation("link"))))

    assert (outcome.dismissal, stopped, made.stopped) == (Dismissal(closing.STOPPED), (True, {}), False)


@pytest.mark.rule("A5", "A7")
def test_a_ticket_does_not_start_a_stopped_room() -> None:
    made = ledger()
    play(made, owners(Stop(1)), TICKET)

    assert made.stopped


@pytest.mark.rule("A7")
@pytest.mark.parametrize("end", [owners(Revoke(2, "ticket")), owners(Stop(2))])
def test_a_ticket_that_is_withdrawn_while_it_is_used_stays_withdrawn(end: Entry) -> None:
    made = ledger()
    play(made, TICKET)
    made.access.spend("ticket")
    play(made, end, SPENT)
    ticket = made.access.invitations.get("ticket")

    assert ticket is None or ticket.revoked


@pytest.mark.rule("A7")
def test_another_relay_learns_from_the_order_that_a_ticket_was_used() -> None:
    made = ledger()
    play(made, TICKET, SPENT)

    assert not is_unused(made.access.invitations["ticket"])


# Saves.


def test_the_state_is_saved_a_moment_after_the_first_change() -> None:
    made = ledger()
    quiet = made.save_deadline(), made.save_is_due(1e9)
    made.apply(Ordered(entry("ada", Set(1, changes({"/x": 1}))), 1), 10.0)
    made.apply(Ordered(entry("ada", Set(2, changes({"/x": 2}))), 2), 10.5)

    assert quiet == (None, False)
    assert made.save_deadline() == 10.0 + limits.SAVE_INTERVAL
    assert (made.save_is_due(10.9), made.save_is_due(11.0)) == (False, True)


def test_a_long_journal_is_saved_at_once() -> None:
    made = ledger()
    play(made, *(entry("ada", Set(n + 1, changes({"/x": n}))) for n in range(limits.MAX_JOURNAL_ENTRIES)))

    assert made.save_is_due(0.0)


def test_a_save_covers_the_journal_up_to_here_and_is_over() -> None:
    made = ledger()
    play(made, *STORY)
    save = made.take_save()

    assert (save.at, made.save_deadline(), made.take_save().rows) == (7, None, ())


def test_the_log_needs_no_save() -> None:
    made = ledger()
    made.apply(Ordered(says("ada", 1), 1), 0.0)

    assert made.save_deadline() is None


# Restarts.


@pytest.mark.rule("D2")
@pytest.mark.parametrize("saved", range(len(STORY) + 1))
def test_rows_and_the_journal_after_them_make_the_same_ledger(saved: int) -> None:
    made = ledger()
    play(made, *STORY[:saved])
    save = made.take_save()
    journal = play(made, *STORY[saved:])

    assert told(ledger(rows=save.rows, journal=journal, at=made.at)) == told(made)


@pytest.mark.rule("D2")
def test_events_leave_holes_in_the_journal() -> None:
    made = ledger()
    journal = play(
        made, STORY[0], entry("ada", Emit(1, "slider", "go")), *STORY[1:], entry("ada", Emit(2, "slider", "go"))
    )
    kept = [each for each in journal if not isinstance(each.entry.push, Emit)]

    assert told(ledger(journal=kept, at=made.at)) == told(made)


@pytest.mark.rule("A5")
def test_a_stopped_room_stays_stopped() -> None:
    made = ledger()
    play(made, owners(Stop(1)))

    assert ledger(rows=made.take_save().rows, at=1).stopped


def test_a_room_that_was_started_again_forgets_that_it_was_stopped() -> None:
    made = ledger()
    play(made, owners(Stop(1)), owners(Grant(2, invitation("link"))))

    assert STOPPED_ROW in made.take_save().removed


@pytest.mark.parametrize("name", ["topped", "slider", "h", "!stopped"])
def test_no_share_has_the_name_of_another_row(name: str) -> None:
    made = ledger()
    play(made, owners(Grant(1, invitation(name))), owners(Declare(2, share(name), changes({f"{name}/value": 1}))))
    save = made.take_save()
    loaded = ledger(rows=[row for row in save.rows if row.name not in save.removed], at=2)

    assert told(loaded) == told(made)


@pytest.mark.rule("A7")
def test_a_relay_that_starts_forgets_unused_tickets() -> None:
    assert ledger(journal=[Ordered(TICKET, 1)], at=1).access.invitations == {}


def test_a_ledger_knows_the_end_of_the_log_and_the_kept_blobs() -> None:
    made = ledger(tail=[Ordered(says("ada", 1), 1), Ordered(says("ada", 2), 2)])

    assert ([each.at for each in made.log.last(9)], made.log.top, made.blobs) == ([1, 2], 2, {"blob"})


@pytest.mark.rule("E2")
def test_events_from_before_a_restart_are_out_of_reach() -> None:
    made = ledger(at=4)

    assert (made.events.reaches(3), made.events.reaches(4)) == (False, True)


def test_a_journal_holds_no_duplicates() -> None:
    with pytest.raises(AssertionError, match="no duplicates"):
        ledger(journal=[Ordered(TICKET, None)], at=1)


@pytest.mark.parametrize("ordered", [Ordered(TICKET, 1), Ordered(says("ada", 1), None)])
def test_only_an_ordered_post_is_a_log_entry(ordered: Ordered) -> None:
    with pytest.raises(AssertionError, match="ordered post"):
        log_entry(ordered)
