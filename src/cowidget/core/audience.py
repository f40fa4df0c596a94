"""Who is told what has been ordered, and how somebody who was away is brought up to date (D7, E1, E2, L2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.acts import body_of, sentence_for
from cowidget.core.document import Applied
from cowidget.core.effects import AwaitDrain, Effect, Hits, LogEffect, Ordered, ReadLog, SearchLog, Send
from cowidget.core.frames import Ack, Event, Failed, Found, Notice, Page, Patch, People, Refused, Room, Said, Search
from cowidget.core.history import Addressed, fitting
from cowidget.core.ledger import Ledger, log_entry
from cowidget.core.members import Member, Members
from cowidget.core.values import LogEntry, Person, Position


@dataclass(frozen=True, slots=True)
class Plan:
    """How a returning client is brought up to date.

    Attributes:
        since: the position from which it gets the state.
        reset: it must drop what it holds first.
        missed: events were lost to it.
        events_since: the position from which it gets events, or None when there are none for it.
        log_since: the log offset it holds, or None if it gets the end of the log anew.
    """

    since: int
    reset: bool
    missed: bool
    events_since: int | None
    log_since: int | None


class Audience:
    """Turns what happened into frames for those who are here."""

    def __init__(self, ledger: Ledger, members: Members) -> None:
        self._ledger = ledger
        self._members = members

    # As it happens.

    def tell_patch(self, touched: Iterable[str], at: int) -> list[Effect]:
        """The new state of these names as of `at`, to all who keep up."""
        keeping_up = self._members.keeping_up()
        return [Send(keeping_up, patch) for patch in self._ledger.document.patches(at, touched)]

    def tell_event(self, addressed: Addressed) -> list[Effect]:
        """An event, to those it is for."""
        connections = self._members.where(lambda member: addressed.is_for(member.peer))
        return [Send(connections, addressed.event)] if connections else []

    def tell_log(self, said: Sequence[LogEntry]) -> list[Effect]:
        """What has come to the log, to all who keep up: in one frame, where many write at once, or in few."""
        effects: list[Effect] = []
        while said:
            part = fitting(said)
            said = said[len(part) :]
            effects.append(Send(self._members.keeping_up(), Said(part)))
        return effects

    def tell_room(self, locked: bool) -> list[Effect]:
        """What holds for the whole room, to all: it is of no sequence, so those who lag are not told later (P10)."""
        return [Send(tuple(member.connection for member in self._members), Room(locked))]

    def tell_failure(self, member: Member, failed: Failed, now: float) -> list[Effect]:
        """To the kernel of a widget: its code threw at this member (E5)."""
        document = self._ledger.document
        if not document.has_model(failed.model) or not member.failures.take(1, now):
            return []
        owner = document.owner_of(failed.model)
        notice = Notice("failed", f"{failed.phase}: {failed.text}", failed.model, member.peer)
        return [Send(self._members.where(lambda each: each.peer == owner), notice)]

    def tell_rejections(self, applied: Applied) -> list[Effect]:
        """To each writer whose value the owner rejected: why."""
        effects: list[Effect] = []
        for peer, push_id, settlement in applied.rejected:
            if (member := self._members.of(peer)) is not None and push_id:
                text = settlement.reason or "The host's notebook did not accept this value."
                effects.append(Send((member.connection,), Refused(push_id, "rejected", text, (settlement.key,))))
        return effects

    def tell_refusal(self, ordered: Ordered) -> list[Effect]:
        """To the author of an act that has no effect: why (L7)."""
        member = self._members.of(ordered.entry.author)
        if member is None or not ordered.refusal:
            return []
        entry, slug = ordered.entry, ordered.refusal
        return [Send((member.connection,), Refused(entry.id, slug, sentence_for(slug, body_of(entry))))]

    def acknowledge(self, ordered: Sequence[Ordered]) -> list[Effect]:
        """To each author who keeps up: the last of these pushes (S4). The others get it with their patch (D8)."""
        last: dict[str, int] = {}
        for each in ordered:
            if each.entry.id:
                last[each.entry.author] = max(each.entry.id, last.get(each.entry.author, 0))
        members = ((self._members.of(peer), push_id) for peer, push_id in last.items())
        return [
            Send((member.connection,), Ack(push_id))
            for member, push_id in members
            if member is not None and not member.lagging
        ]

    def has_lost(self, member: Member) -> bool:
        """Whether events went by that this member can no longer be brought: it must come back to learn so (E2)."""
        return member.lagging and not self._ledger.events.reaches(max(member.at, member.heard))

    # The log, as it was asked for.

    def read_log(self, asked: Page | Search, to: str) -> Send | LogEffect:
        """What a connection asked for, from memory if that is possible."""
        log = self._ledger.log
        if isinstance(asked, Search):
            return SearchLog(to, asked)
        if asked.after is not None and log.reaches(asked.after):
            return self.said_after(log.after(asked.after, asked.count), to)
        return ReadLog(to, asked)

    def said(self, page: Page, entries: Sequence[Ordered], to: str) -> Send:
        """A page that the store has read."""
        tell = self.said_before if page.after is None else self.said_after
        return tell([log_entry(ordered) for ordered in entries], to)

    def found(self, search: Search, hits: Hits, to: str) -> Send:
        """What the store has found, the newest of it if it is too much."""
        kept = fitting([log_entry(ordered) for ordered in hits.entries])
        more = hits.more or len(kept) < len(hits.entries)
        return Send((to,), Found(search.query, kept, search.before, more))

    def said_after(self, entries: Sequence[LogEntry], to: str) -> Send:
        """These entries to a connection, the older ones if they are too many."""
        kept = fitting(entries)
        return Send((to,), Said(kept, more=bool(kept) and kept[-1].at < self._ledger.log.top))

    def said_before(self, entries: Sequence[LogEntry], to: str, *, reset: bool = False) -> Send:
        """These entries to a connection, the newer ones if they are too many."""
        kept = fitting(entries[::-1])[::-1]
        return Send((to,), Said(kept, reset=reset, older=bool(kept) and kept[0].at > 1))

    # After an absence.

    def plan(self, state: Position | None, log: Position | None, anew: int = 0, heard: int = 0) -> Plan:
        """What a client at these positions needs. `anew` and `heard` are those of its member."""
        ledger = self._ledger
        top, log_top = ledger.state_position, ledger.log_position
        since = state.at if state is not None and state.epoch == top.epoch and state.at <= top.at else None
        bridged = since is not None and ledger.document.bridges(max(since, anew))
        reached = since is not None and ledger.events.reaches(max(since, heard))
        log_known = log is not None and log.epoch == log_top.epoch and log.at <= log_top.at
        return Plan(
            since=since if bridged and since is not None else 0,
            reset=not bridged,
            missed=state is not None and not reached,
            events_since=max(since, heard) if reached and since is not None else None,
            log_since=log.at if log_known and log is not None else None,
        )

    def bring(self, member: Member, plan: Plan) -> list[Effect]:
        """Everything after the welcome; a large state goes on when the connection has drained."""
        return [*self._bring_log(member, plan), *self._bring_state(member, plan)]

    def catch_up(self, member: Member, people: tuple[Person, ...]) -> list[Effect]:
        """Bring a member that lagged up to date, from where it stands."""
        self._members.lag(member, lagging=False)
        top, log_top = self._ledger.state_position, self._ledger.log_position
        state, log = Position(top.epoch, member.at), Position(log_top.epoch, member.log_at)
        plan = self.plan(state, log, member.anew, member.heard)
        effects = [Send((member.connection,), People(joined=people, reset=True)), *self.bring(member, plan)]
        acked = self._ledger.acked.get(member.peer)
        if acked is not None and not member.lagging:
            effects.append(Send((member.connection,), Ack(acked)))
        return effects

    def _bring_state(self, member: Member, plan: Plan) -> list[Effect]:
        ledger, to = self._ledger, (member.connection,)
        patch = ledger.document.page(plan.since, ledger.at, reset=plan.reset)
        events = [] if plan.events_since is None else ledger.events.since(plan.events_since, member.peer)
        if plan.reset:
            member.anew = ledger.at
        if plan.reset or plan.events_since is None:
            member.heard = ledger.at  # all that are here come now, or the welcome has told that they are missed
        elif patch.more:
            events = [event for event in events if event.at <= patch.at]
        waits: list[Effect] = []
        if patch.more:
            # The rest follows when this has drained; until then the member stands where the page ends.
            member.at, member.log_at = patch.at, ledger.log.top
            self._members.lag(member, lagging=True)
            waits = [AwaitDrain(member.connection)]
        return [*(Send(to, frame) for frame in _with_events(patch, events)), *waits]

    def _bring_log(self, member: Member, plan: Plan) -> list[Effect]:
        log = self._ledger.log
        if plan.log_since is None:
            return [self.said_before(log.last(limits.LOG_ON_JOIN), member.connection, reset=True)]
        if log.reaches(plan.log_since):
            missing = log.after(plan.log_since, limits.LOG_TAIL)
            return [self.said_after(missing, member.connection)] if missing else []
        return [ReadLog(member.connection, Page(after=plan.log_since, count=limits.LOG_TAIL))]


def _with_events(patch: Patch, events: Sequence[Event]) -> list[Patch | Event]:
    """A client that is cut off between a patch and its events must still ask for them: the patch ends before."""
    if not events or events[0].at > patch.at:
        return [patch, *events]
    return [replace(patch, at=events[0].at - 1), *events, Patch(patch.at, more=patch.more)]
