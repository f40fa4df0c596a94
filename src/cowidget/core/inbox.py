"""The members' pushes, from their arrival until they go to the store: judged, complete, addressed (A3, D9, E3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.effects import Append, Effect, Entry, FetchBlob, KeepBlob, Send
from cowidget.core.frames import (
    Absent,
    Chunk,
    Declare,
    Emit,
    Entrust,
    Lock,
    Post,
    Pull,
    Push,
    Refused,
    Remove,
    Upload,
)
from cowidget.core.ledger import Ledger
from cowidget.core.members import Member, Members
from cowidget.core.photo_desk import PhotoDesk
from cowidget.core.presence import PresenceTable
from cowidget.core.references import blobs_of
from cowidget.core.rights import Verdict, judge, judge_about, locks_out
from cowidget.core.values import Refusal

# Of a union, Python makes a new object each time that it is asked about.
_DECISIONS = (Remove, Entrust)


class Inbox:
    """The order of each author is kept: behind a push that waits for a blob, all wait."""

    def __init__(self, ledger: Ledger, members: Members, presence: PresenceTable, photos: PhotoDesk) -> None:
        self._ledger = ledger
        self._members = members
        self._presence = presence
        self._photos = photos
        # Blobs of pushes on their way to the store: not in the document yet.
        self._sent: Counter[str] = Counter()
        # Locks and removals on their way to the store hold for all that comes behind them.
        self._locks: list[bool] = []
        self._removals: list[str] = []
        # Their removal came to nothing: it was made twice, or the store could not keep it.
        self._spared: set[str] = set()

    def blobs(self) -> set[str]:
        """What pushes name that the document does not know yet."""
        parked = {blob for member in self._members for push in member.intake.parked for blob in blobs_of(push)}
        return parked | self._sent.keys()

    def receive_push(self, member: Member, push: Push, now: float) -> list[Effect]:
        """Take what its author may do of a push, and say what not.

        Raises:
            FrameError: too many wait already.
        """
        verdict = self._judge(member, push)
        effects: list[Effect] = []
        if verdict.refused is not None:
            effects.append(Send((member.connection,), verdict.refused))
        if verdict.notices:
            managers = self._members.where(lambda m: m.role in ("owner", "host"))
            effects += [Send(managers, notice) for notice in verdict.notices]
        if verdict.push is not None:
            member.intake.park(verdict.push)
            if isinstance(verdict.push, Declare):
                member.claims[verdict.push.share.name] = verdict.push.id
            if len(member.intake.parked) == 1:
                effects += self._advance(member, now)
        return effects

    def receive_bytes(self, member: Member, frame: Upload | Pull | Chunk | Absent, now: float) -> list[Effect]:
        """Somebody wants bytes, or has some: of a photo, or of what a push or a share names.

        Raises:
            FrameError: bytes that were not asked for, or are not what their hash says.
        """
        if self._photos.takes(member, frame):
            return self._photos.receive(member, frame, now)
        match frame:
            case Pull(blob=blob) if self._ledger.document.holds_blob(blob) and blob in self._ledger.blobs:
                return [FetchBlob(member.connection, frame)]
            case Chunk():
                return self._receive_chunk(member, frame, now)
            case Absent(blob=blob):
                return self._receive_absent(member, blob, now)
        return [Send((member.connection,), Absent(frame.blob))]

    def _receive_chunk(self, member: Member, chunk: Chunk, now: float) -> list[Effect]:
        try:
            answer = member.intake.receive_chunk(chunk, limits.ALLOWANCES[member.role].blob)
        except ValueError as too_large:
            return self._give_up(member, "too-large", f"This value is too large: {too_large}.", now)
        match answer:
            case bytes():
                return [KeepBlob(chunk.blob, answer)]
            case Pull():
                return [Send((member.connection,), answer)]
            case None:
                return []
        assert_never(answer)

    def _receive_absent(self, member: Member, blob: str, now: float) -> list[Effect]:
        if member.intake.wanted != blob:
            return []
        return self._give_up(member, "unknown", "The value did not arrive.", now)

    def receive_kept(self, blob: str, now: float) -> list[Effect]:
        """The store has a blob: the pushes that waited for it go on."""
        effects: list[Effect] = []
        for member in self._members:
            if member.intake.wanted == blob:
                member.intake.release()
                effects += self._advance(member, now)
        return effects

    def receive_ordered(self, entry: Entry) -> None:
        """The store has a push: what it declared is in the document."""
        self._arrive(entry)
        member = self._members.of(entry.author)
        if member is not None and isinstance(entry.push, Declare):
            _settle_claim(member, entry.push)

    def resume(self, now: float) -> list[Effect]:
        """Those who are still here although their removal was on its way go on."""
        spared, self._spared = self._spared - set(self._removals), set()
        members = [member for member in self._members if member.peer in spared]
        return [effect for member in members for effect in self._advance(member, now)]

    def receive_lost(self, entries: Iterable[Entry]) -> None:
        """The store could not keep these."""
        for entry in entries:
            self._arrive(entry)

    def _judge(self, member: Member, push: Push) -> Verdict:
        verdict = judge(push, member.peer, member.role, self._ledger.document, member.claims)
        if isinstance(verdict.push, _DECISIONS):
            target = self._members.of(verdict.push.peer)
            if refused := judge_about(verdict.push, member, target, self._ledger.access):
                return Verdict(None, refused)
        return verdict

    def _give_up(self, member: Member, slug: Refusal, text: str, now: float) -> list[Effect]:
        push = member.intake.give_up()
        if isinstance(push, Declare):
            _settle_claim(member, push)
        return [Send((member.connection,), Refused(push.id, slug, text)), *self._advance(member, now)]

    def _advance(self, member: Member, now: float) -> list[Effect]:
        """Let the parked pushes go on, up to one whose blob is missing."""
        intake, effects = member.intake, list[Effect]()
        while intake.parked and intake.wanted is None and member.peer not in self._removals:
            missing = [blob for blob in blobs_of(intake.parked[0]) if blob not in self._ledger.blobs]
            if missing:
                return [*effects, Send((member.connection,), intake.want(missing[0]))]
            effects.append(self._accept(member, intake.parked.pop(0), now))
        return effects

    def _accept(self, member: Member, parked: Push, now: float) -> Effect:
        push = self._photos.fill(parked, now)
        if isinstance(push, Refused):
            return Send((member.connection,), push)
        if self._locked and locks_out(push, member.role):
            return Send((member.connection,), Refused(push.id, "locked", "The host has locked this room for now."))
        if isinstance(push, Emit) and member.role != "owner":
            owner = self._owner_for(push)
            if owner is None:
                return Send((member.connection,), Refused(push.id, "owner-away", "The host's kernel is away."))
            push = replace(push, to=owner)
        self._depart(push)
        person = self._presence[member.peer]
        name, color = (person.name, person.color) if isinstance(push, Post) else ("", "")
        return Append((Entry(member.peer, push.id, member.role, now, push, name, color),))

    @property
    def _locked(self) -> bool:
        return self._locks[-1] if self._locks else self._ledger.locked

    def _depart(self, push: Push) -> None:
        for blob in blobs_of(push):
            self._sent[blob] += 1
        if isinstance(push, Lock):
            self._locks.append(push.on)
        elif isinstance(push, Remove):
            self._removals.append(push.peer)

    def _arrive(self, entry: Entry) -> None:
        if isinstance(entry.push, Lock):
            self._locks.pop(0)
        elif isinstance(entry.push, Remove):
            self._removals.remove(entry.push.peer)
            self._spared.add(entry.push.peer)
        for blob in blobs_of(entry.push):
            self._sent[blob] -= 1
            if not self._sent[blob]:
                del self._sent[blob]

    def _owner_for(self, emit: Emit) -> str | None:
        if emit.model:
            peer = self._ledger.document.owner_of(emit.model + "/")
            return peer if peer is not None and self._members.of(peer) is not None else None
        return next((member.peer for member in self._members if member.role == "owner"), None)


def _settle_claim(member: Member, declare: Declare) -> None:
    # A later declare of the same share may be on its way still.
    if member.claims.get(declare.share.name) == declare.id:
        del member.claims[declare.share.name]
