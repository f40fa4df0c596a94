"""What the store has ordered for one room: state, events, log, invitations, and who pushed what.

The same entries in the same order make the same ledger, in every relay and after every restart.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowidget.core import closing, limits
from cowidget.core.access import OWNER, ROW as INVITATION_ROW, Access
from cowidget.core.closing import Closing
from cowidget.core.decisions import ROW as DECISION_ROW
from cowidget.core.document import Applied, Document
from cowidget.core.effects import Entry, Opened, Ordered, Row, Save
from cowidget.core.frames import Emit, Entrust, Event, Grant, Lock, Post, Remove, Revoke, Stop
from cowidget.core.history import Addressed, EventRing, LogTail
from cowidget.core.members import Member
from cowidget.core.values import Erase, Invitation, LogEntry, Position, Role

# Rows of other kinds begin with a letter (see `document.py`, `access.py`).
STOPPED_ROW, LOCKED_ROW = "!stopped", "!locked"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Why the sessions of an invitation end, or that of a peer unless it has a role; without either, all sessions."""

    why: Closing
    invitation: str | None = None
    peer: str | None = None
    unless: Role | None = None

    @property
    def of_all(self) -> bool:
        """Whether every session ends."""
        return self.invitation is None and self.peer is None

    def concerns(self, member: Member) -> bool:
        """Whether this session ends."""
        if self.peer is not None:
            return member.peer == self.peer and member.role != self.unless
        return self.invitation is None or member.invitation == self.invitation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one ordered entry means for those who are here. `locked`: whether the room is, if that was said."""

    applied: Applied
    event: Addressed | None = None
    said: LogEntry | None = None
    dismissal: Dismissal | None = None
    locked: bool | None = None


class Ledger:
    """One room's ordered history, as far as it is needed."""

    def __init__(self, name: str, opened: Opened, relay_key: bytes) -> None:
        self.document = Document()
        self.access = Access(name, relay_key)
        self.acked: dict[str, int] = dict(opened.acked)
        self.blobs: set[str] = set(opened.blobs)
        self.stopped = False
        self.locked = False
        self.at = opened.state.at
        self.events = EventRing(opened.state.at)
        self.log = LogTail(opened.log.at, [log_entry(ordered) for ordered in opened.tail])
        self._state_epoch = opened.state.epoch
        self._log_epoch = opened.log.epoch
        self._unsaved = 0
        self._save_due: float | None = None
        self._load(opened)

    # What is known.

    @property
    def state_position(self) -> Position:
        """The top of the state's sequence."""
        return Position(self._state_epoch, self.at)

    @property
    def log_position(self) -> Position:
        """The top of the log."""
        return Position(self._log_epoch, self.log.top)

    # Ordered entries.

    def apply(self, ordered: Ordered, now: float) -> Outcome:
        """Apply an entry at the position that the store gave it; without one, it changes nothing."""
        entry, at = ordered.entry, ordered.at
        if entry.id:
            self.acked[entry.author] = max(entry.id, self.acked.get(entry.author, 0))
        if at is None:
            return Outcome(Applied())
        if isinstance(entry.push, Post):
            said = log_entry(ordered)
            self.log.add(said)
            if isinstance(said.body, Erase):
                self.log.erase(said.body.entry)
            return Outcome(Applied(), said=said)
        return self._apply_state(at, entry, now)

    def _apply_state(self, at: int, entry: Entry, now: float) -> Outcome:
        if at != self.at + 1:
            raise AssertionError(f"the store gave position {at} after {self.at}")
        self.at = at
        self._unsaved += 1
        if self._save_due is None:
            self._save_due = now + limits.SAVE_INTERVAL
        push = entry.push
        match push:
            case Emit():
                what = (push.model, push.content, push.buffers, push.trait, push.count)
                addressed = Addressed(Event(at, push.id, entry.author, *what), push.to)
                self.events.add(addressed)
                return Outcome(Applied(), event=addressed)
            case Grant(invitation=invitation):
                return Outcome(Applied(), dismissal=self._apply_grant(invitation, entry.author))
            case Revoke(invitation=name):
                self.access.revoke(name)
                return Outcome(Applied(), dismissal=Dismissal(closing.REVOKED, name))
            case Stop():
                self.access.forget_all_but_owner()
                self.stopped = True
                return Outcome(Applied(), dismissal=Dismissal(closing.STOPPED))
            case Lock(on=on):
                self.locked = on
                return Outcome(Applied(), locked=on)
            case Remove() | Entrust():
                return Outcome(Applied(), dismissal=self._apply_decision(push, entry))
        return Outcome(self.document.apply(at, entry))

    def _apply_grant(self, invitation: Invitation, granter: str) -> Dismissal | None:
        previous = self.access.invitations.get(invitation.name)
        if not granter and invitation.name != OWNER and (previous is None or previous.revoked):
            return None  # withdrawn, or the room stopped, while its first hello was on its way to the store
        self.access.grant(invitation, granter)
        if not invitation.once:
            self.stopped = False
        changed = previous is not None and previous.role != invitation.role
        return Dismissal(closing.ROLE_CHANGED, invitation.name) if changed else None

    def _apply_decision(self, push: Remove | Entrust, entry: Entry) -> Dismissal:
        self.access.decisions.apply(entry)
        if isinstance(push, Remove):
            return Dismissal(closing.REMOVED, peer=push.peer)
        return Dismissal(closing.ROLE_CHANGED, peer=push.peer, unless=push.role)

    # Saved state.

    def save_deadline(self) -> float | None:
        """When the state should be saved, so that the journal stays short."""
        return self._save_due

    def save_is_due(self, now: float) -> bool:
        """Whether the journal has waited or grown enough."""
        if self._save_due is None:
            return False
        return now >= self._save_due or self._unsaved >= limits.MAX_JOURNAL_ENTRIES

    def take_save(self) -> Save:
        """Everything that changed since the last save."""
        rows, removed = self.document.take_rows()
        more_rows, more_removed = self.access.take_rows()
        for name, holds in ((STOPPED_ROW, self.stopped), (LOCKED_ROW, self.locked)):
            if holds:
                rows.append(Row(name, b""))
            else:
                removed.append(name)
        self._unsaved = 0
        self._save_due = None
        return Save((*rows, *more_rows), (*removed, *more_removed), self.at)

    def _load(self, opened: Opened) -> None:
        self.document.load(row for row in opened.rows if row.name not in (STOPPED_ROW, LOCKED_ROW))
        for row in opened.rows:
            if row.name == STOPPED_ROW:
                self.stopped = True
            elif row.name == LOCKED_ROW:
                self.locked = True
            elif row.name.startswith(INVITATION_ROW):
                self.access.load(row)
            elif row.name.startswith(DECISION_ROW):
                self.access.decisions.load(row)
        top = self.at
        for ordered in opened.journal:
            if ordered.at is None:
                raise AssertionError("a journal holds no duplicates")
            self.at = ordered.at - 1  # events leave holes in a journal: their content is not kept
            self._apply_state(ordered.at, ordered.entry, 0.0)
        self.at = top
        self.access.forget_unused_tickets()


def log_entry(ordered: Ordered) -> LogEntry:
    """The log's entry of an ordered post."""
    entry = ordered.entry
    if ordered.at is None or not isinstance(entry.push, Post):
        raise AssertionError("only an ordered post is a log entry")
    return LogEntry(ordered.at, entry.author, entry.id, entry.name, entry.color, entry.time, entry.push.body)
