"""One room: who is connected, what they may push, and what everybody is told.

The store orders: `receive_*` turn a push into an `Append`, and `receive_appended` tells what came of it.
The room keeps no counter of its own, so one relay on SQLite and ten on Redis run this same file.
Every method takes the time (Unix seconds) and returns effects, to be run in order by the shell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cowidget.core import closing
from cowidget.core.access import Caller, closing_for
from cowidget.core.audience import Audience
from cowidget.core.closing import Closing
from cowidget.core.effects import (
    Close,
    DropBlobs,
    Effect,
    Entry,
    Hits,
    Opened,
    Ordered,
    ReadRows,
    Save,
    SealFeed,
    Send,
)
from cowidget.core.entrance import Entrance
from cowidget.core.feeds.changes import FeedChange, KeptRows
from cowidget.core.feeds.desk import FeedDesk
from cowidget.core.frames import (
    Absent,
    Challenge,
    Chunk,
    ClientFrame,
    Failed,
    FeedWish,
    Hello,
    Page,
    Ping,
    Pong,
    Presence,
    Proof,
    Pull,
    Push,
    Search,
    Upload,
    Welcome,
)
from cowidget.core.inbox import Inbox
from cowidget.core.ledger import Dismissal, Ledger
from cowidget.core.leftovers import Leftovers
from cowidget.core.members import Member, Members
from cowidget.core.photo_desk import PhotoDesk
from cowidget.core.presence import PresenceTable
from cowidget.core.values import LogEntry, Person
from cowidget.errors import AccessDenied, FrameError

_Said = Presence | Failed | Page | Search | Push | Pull | Chunk | Absent | Upload


class Room:
    """The rules of one room.

    Args:
        name: the room's name, as in links.
        opened: what the store holds of it.
        relay_key: the relay's own secret, the same after restarts; proves returning sessions.
        make_token: gives unguessable tokens, for the names of peers and epochs.
        runs_sources: there is a feed process for the sources of feeds.

    Attributes:
        photos: for the shell to bring it what becomes of photos, and what is asked by HTTP.
    """

    def __init__(
        self,
        name: str,
        opened: Opened,
        relay_key: bytes,
        make_token: Callable[[], str],
        *,
        runs_sources: bool = True,
    ) -> None:
        self.name = name
        self._ledger = Ledger(name, opened, relay_key)
        self._members = Members()
        self._presence = PresenceTable()
        self._entrance = Entrance(self._ledger, self._members)
        self._audience = Audience(self._ledger, self._members)
        self.photos = PhotoDesk(opened.photos, self._members, self._ledger.access.invitations, name, relay_key)
        self._inbox = Inbox(self._ledger, self._members, self._presence, self.photos)
        self._leftovers = Leftovers()
        self._feeds = FeedDesk(opened.feeds, make_token, runs_sources=runs_sources)
        self._make_token = make_token
        self._now = 0.0

    # What the shell asks.

    @property
    def connections(self) -> int:
        """How many are connected; the feed process does not count."""
        return len(self._members)

    @property
    def wants_feeder(self) -> bool:
        """Whether there is work for the feed process."""
        return self._feeds.has_sources and not self._ledger.stopped

    def deadline(self) -> float | None:
        """When `tick` has something to do, or None."""
        expiry = self._ledger.access.next_expiry(self._now) if len(self._members) else None
        sweeps = (self._presence.deadline(), self._leftovers.deadline(), self.photos.deadline())
        due = (*sweeps, self._ledger.save_deadline(), expiry)
        return min((moment for moment in due if moment is not None), default=None)

    def tick(self, now: float) -> list[Effect]:
        """Do what is due: tell presence, save the state, end expired sessions."""
        self._now = now
        effects: list[Effect] = []
        presence_due = self._presence.deadline()
        if presence_due is not None and now >= presence_due:
            effects += self._tell_presence()
        effects += [*self._end_expired(now), *self.photos.tick(now)]
        sweep_due = self._leftovers.deadline()
        if sweep_due is not None and now >= sweep_due:
            effects += self._sweep(now)
        return effects + self._save_when_due(now)

    def closing(self) -> tuple[Save, frozenset[str]]:
        """The last save before the shell lets go of this room, and the blobs that it still needs."""
        return self._ledger.take_save(), self._ledger.document.blobs()

    # Coming and going.

    def receive_hello(self, connection: str, hello: Hello, caller: Caller, now: float) -> list[Effect]:
        """Let somebody in, or close the connection with the reason."""
        self._now = now
        if caller.feeds:
            return self._welcome_feeder(connection, hello, now)
        try:
            admission = self._entrance.admit(hello, caller, now)
        except AccessDenied as denied:
            return [Close(connection, denied.closing)]
        rival = self._members.of(admission.peer)
        effects: list[Effect] = [self._close(rival, closing.REPLACED)] if rival is not None else []
        peer = admission.peer or self._make_token()
        effects += self._entrance.record(admission, peer, now)
        member = Member(
            connection=connection,
            peer=peer,
            instance=hello.instance,
            role=admission.role,
            kind="kernel" if admission.role == "owner" else hello.kind,
            invitation=admission.invitation.name,
        )
        return effects + self._welcome(member, hello, now)

    def receive_left(self, connection: str, now: float) -> list[Effect]:
        """A connection has ended. One that never joined, or that the room closed, is no news."""
        self._now = now
        self._leave(connection)
        return []

    def receive_congested(self, connection: str, now: float) -> list[Effect]:
        """The connection's outbox is full: it gets nothing more of sequences and feeds until it has drained."""
        self._now = now
        self._feeds.receive_congested(connection)
        member = self._members.at(connection)
        if member is not None and not member.lagging:
            member.at, member.log_at = self._ledger.at, self._ledger.log.top
            self._members.lag(member, lagging=True)
        return []

    def receive_drained(self, connection: str, now: float) -> list[Effect]:
        """The connection's outbox is empty again: bring it up to date (S10)."""
        self._now = now
        member = self._members.at(connection)
        effects: list[Effect] = []
        if member is not None and member.lagging:
            effects += self._audience.catch_up(member, self._presence.everybody())
        return effects + self._feeds.receive_drained(connection)

    # Frames.

    def receive(self, connection: str, frame: ClientFrame, now: float) -> list[Effect]:
        """A frame of a session that may send it (see `session.py`).

        Raises:
            FrameError: the frame makes no sense here; the shell closes the connection with its closing.
        """
        self._now = now
        if isinstance(frame, Challenge):
            mac = self._ledger.access.prove_ticket(frame.invitation, frame.nonce)
            return [Send((connection,), Proof(mac))]
        member = self._members.at(connection) or self._feeds.feeder(connection)
        if member is None:
            return []  # closed while this was on its way
        if isinstance(frame, Ping):
            return [Send((connection,), Pong(frame.sent))]
        if isinstance(frame, FeedWish):
            return self._feeds.receive(member, frame, now)
        if isinstance(frame, Hello):
            raise AssertionError("the session takes a hello only once, and the shell hands it to receive_hello")
        if member.role == "feeder":
            raise FrameError(closing.NOT_ALLOWED, "a feed process has nothing else to say")
        return self._receive(member, frame, now)

    def _receive(self, member: Member, frame: _Said, now: float) -> list[Effect]:
        match frame:
            case Presence():
                return self._receive_presence(member, frame, now)
            case Failed():
                return self._audience.tell_failure(member, frame, now)
            case Page() | Search():
                return [self._audience.read_log(frame, member.connection)]
            case Upload() | Pull() | Chunk() | Absent():
                return self._inbox.receive_bytes(member, frame, now)
        return self._inbox.receive_push(member, frame, now)

    def receive_kept(self, blob: str, now: float) -> list[Effect]:
        """The store has a blob: the pushes that waited for it go on."""
        self._now = now
        self._ledger.blobs.add(blob)
        return self._inbox.receive_kept(blob, now)

    def receive_keep_failed(self, blob: str, now: float) -> list[Effect]:
        """The store cannot keep a blob: those who wait for it are told to come back (C3)."""
        self._now = now
        return self._end(lambda member: member.intake.wanted == blob, closing.STORE_FAILED)

    def receive_log(self, connection: str, page: Page, entries: Sequence[Ordered], now: float) -> list[Effect]:
        """The store has read what `ReadLog` asked for."""
        self._now = now
        return [] if self._members.at(connection) is None else [self._audience.said(page, entries, connection)]

    def receive_found(self, connection: str, search: Search, hits: Hits, now: float) -> list[Effect]:
        """The store has found what `SearchLog` asked for."""
        self._now = now
        return [] if self._members.at(connection) is None else [self._audience.found(search, hits, connection)]

    # Feeds, kept by the store.

    def receive_feeds_kept(self, changes: Sequence[FeedChange], now: float) -> list[Effect]:
        """The store has done what `KeepFeeds` asked for."""
        self._now = now
        return self._feeds.receive_kept(changes, now)

    def receive_feeds_lost(self, changes: Sequence[FeedChange], now: float) -> list[Effect]:
        """The store could not: nothing of it is told, and the producers are told to come back (C3)."""
        self._now = now
        lost = self._feeds.receive_lost(changes)
        return self._end(lambda member: member.connection in lost, closing.STORE_FAILED) + self._feeds.dismiss(lost)

    def receive_sealed(self, sealed: SealFeed, chunks: Sequence[KeptRows], now: float) -> list[Effect]:
        """The store has sealed what `SealFeed` brought; with no chunks, it could not."""
        self._now = now
        return self._feeds.receive_sealed(sealed, chunks)

    def receive_rows(self, read: ReadRows, blocks: Sequence[KeptRows], now: float) -> list[Effect]:
        """The store has read rows."""
        self._now = now
        effects = self._feeds.receive_rows(read, blocks, now)
        for effect in effects:
            if isinstance(effect, Close):  # what it sent while it waited makes no sense
                self._leave(effect.connection)
        return effects

    def receive_unread(self, read: ReadRows, now: float) -> list[Effect]:
        """The store cannot read rows: who waits for them is told to come back."""
        self._now = now
        waiting = self._feeds.receive_unread(read)
        return self._end(lambda member: member.connection in waiting, closing.STORE_FAILED)

    # Ordered by the store.

    def receive_appended(self, ordered: Sequence[Ordered], now: float) -> list[Effect]:
        """The store has ordered these: apply them, tell everybody, acknowledge, end whose time has come."""
        self._now = now
        effects: list[Effect] = []
        touched: set[str] = set()
        said: list[LogEntry] = []
        dismissals: list[Dismissal] = []
        for each in ordered:
            outcome = self._ledger.apply(each, now)
            self._inbox.receive_ordered(each.entry)
            effects += self.photos.receive_ordered(each)
            touched |= outcome.applied.touched
            effects += self._audience.tell_rejections(outcome.applied)
            effects += self._audience.tell_refusal(each)
            if outcome.event is not None:
                effects += self._audience.tell_patch(touched, outcome.event.event.at - 1)
                touched.clear()
                effects += self._audience.tell_event(outcome.event)
            if outcome.said is not None:
                said.append(outcome.said)
            if outcome.locked is not None:
                effects += self._audience.tell_room(outcome.locked)
            if outcome.dismissal is not None:
                dismissals.append(outcome.dismissal)
        effects += self._audience.tell_patch(touched, self._ledger.at)
        effects += self._audience.tell_log(said)
        effects += self._audience.acknowledge(ordered)
        for dismissal in dismissals:
            effects += self._end(dismissal.concerns, dismissal.why)
            if dismissal.of_all:
                effects += self._feeds.dismiss_feeder(dismissal.why)
        effects += self._end(self._audience.has_lost, closing.SLOW)
        return effects + self._inbox.resume(now) + self._save_when_due(now)

    def receive_append_failed(self, entries: Sequence[Entry], now: float) -> list[Effect]:
        """The store could not keep these: nothing is shown, their authors are told to come back (C3)."""
        self._now = now
        self._inbox.receive_lost(entries)
        authors = {entry.author for entry in entries}
        lost = self._entrance.receive_lost(entries)
        ended = self._end(lambda member: member.peer in authors or member.invitation in lost, closing.STORE_FAILED)
        return ended + self._inbox.resume(now)

    # Letting in.

    def _welcome(self, member: Member, hello: Hello, now: float) -> list[Effect]:
        ledger = self._ledger
        self._members.add(member)
        self._presence.join(Person(member.peer, hello.name, hello.color, member.role, member.kind), now)
        resumed = member.peer == hello.peer
        plan = self._audience.plan(hello.state, hello.log)
        welcome = Welcome(
            peer=member.peer,
            proof=ledger.access.proof(member.peer, member.invitation),
            role=member.role,
            acked=ledger.acked.get(member.peer, 0) if resumed else 0,
            state=ledger.state_position,
            log=ledger.log_position,
            people=self._presence.everybody(),
            time=now,
            invitation=member.invitation,
            invitations=tuple(ledger.access.invitations.values()) if member.role == "owner" else (),
            reset=plan.reset,
            missed=plan.missed,
            locked=ledger.locked,
            photo_pass=self.photos.pass_of(member, now),
        )
        return [Send((member.connection,), welcome), *self._audience.bring(member, plan)]

    def _welcome_feeder(self, connection: str, hello: Hello, now: float) -> list[Effect]:
        try:
            self._entrance.admit_feeder(hello)
        except AccessDenied as denied:
            return [Close(connection, denied.closing)]
        feeder = Member(connection, self._make_token(), hello.instance, "feeder", "feeder", "")
        position = self._ledger.state_position, self._ledger.log_position
        welcome = Welcome(feeder.peer, "", "feeder", 0, *position, (), now)
        return [Send((connection,), welcome), *self._feeds.join_feeder(feeder)]

    # Taking frames.

    def _receive_presence(self, member: Member, presence: Presence, now: float) -> list[Effect]:
        if not self._presence.move(member.peer, presence, now):
            raise FrameError(closing.TOO_LARGE, "too much presence")
        return []

    # Telling and ending.

    def _tell_presence(self) -> list[Effect]:
        changes = self._presence.take_changes()
        return [] if changes is None else [Send(self._members.keeping_up(), changes)]

    def _end_expired(self, now: float) -> list[Effect]:
        invitations = self._ledger.access.invitations
        guests = [member for member in self._members if member.role != "owner"]
        reasons = [(member, closing_for(invitations.get(member.invitation), now)) for member in guests]
        return [self._close(member, why) for member, why in reasons if why is not None]

    def _end(self, concerns: Callable[[Member], bool], why: Closing) -> list[Effect]:
        return [self._close(member, why) for member in self._members if concerns(member)]

    def _close(self, member: Member, why: Closing) -> Close:
        self._leave(member.connection)
        return Close(member.connection, why)

    def _leave(self, connection: str) -> None:
        self._feeds.leave(connection)
        member = self._members.remove(connection)
        if member is not None and self._members.of(member.peer) is None:
            self._presence.leave(member.peer, self._now)
            self.photos.leave(member.peer, self._now)
            self._ledger.access.forget_tickets(member.peer)

    def _save_when_due(self, now: float) -> list[Effect]:
        return [self._ledger.take_save(), *self._sweep(now)] if self._ledger.save_is_due(now) else []

    def _sweep(self, now: float) -> list[Effect]:
        ledger = self._ledger
        dropped = self._leftovers.sweep(ledger.blobs - ledger.document.blobs() - self._inbox.blobs(), now)
        ledger.blobs.difference_update(dropped)
        return [DropBlobs(dropped)] if dropped else []
