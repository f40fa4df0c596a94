"""The client half of a room: what it shows, and what it still has to tell (pure).

The shell reports `receive_opened`, `receive` per frame and `receive_closed`; the application calls the
pushes. Each returns effects, to be run in order and before those of any later call: a push that overtakes
another is a duplicate (S3). `js/src/sync/replica.ts` is this machine too; `tests/wire/scenarios` hold both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cowidget.core import closing, frames, limits, notes
from cowidget.core.bodies import fault_of
from cowidget.core.closing import NextStep
from cowidget.core.frames import Push
from cowidget.core.identity import Identity, Stored, fitted
from cowidget.core.notes import Effect, Transmit
from cowidget.core.outbox import MOST_CHANGES, Outbox
from cowidget.core.overlay import DELETED
from cowidget.core.packing import Packed, digest, pack, pack_settlements
from cowidget.core.phase import TRANSITIONS, Happening, Phase, ending_of
from cowidget.core.portable import encode_portable
from cowidget.core.roster import Roster, merge_about
from cowidget.core.transcript import Transcript
from cowidget.core.values import Body, Invitation, KeyState, LogEntry, Moved, Person, Refusal, Role, Settlement, Share
from cowidget.core.view import View, state_changed
from cowidget.errors import FrameError

__all__ = ["DELETED", "Identity", "Phase", "Replica", "Stored"]


class Replica:
    """A room as one client has it. It goes through `away → greeting → joined` and back, for as long as it takes."""

    def __init__(self, identity: Identity) -> None:
        self.identity = fitted(identity)
        self.phase = Phase.AWAY
        self.peer = ""
        self.role: Role | None = None
        self.invitations: tuple[Invitation, ...] = ()
        self._proof = ""
        self._about: dict[str, Any] = {}
        self._greeted_as = self.identity
        self._outbox = Outbox()
        self._view = View()
        self._transcript = Transcript()
        self._roster = Roster()
        self._acked = 0
        self._last_event = 0

    # What is known.

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody here, by peer, ourselves included."""
        return self._roster.people

    @property
    def shares(self) -> Mapping[str, Share]:
        """The shared widgets by name."""
        return self._view.picture.shares

    @property
    def log(self) -> Sequence[LogEntry]:
        """The part of the log that is here: one run without gaps."""
        return self._transcript.entries

    @property
    def log_older(self) -> bool:
        """Whether `page_back` would bring more."""
        return self._transcript.older

    @property
    def waiting(self) -> int:
        """Pushes that the room has not acknowledged."""
        return len(self._outbox)

    @property
    def pushes(self) -> tuple[Push, ...]:
        """These pushes, in order; the one made last has the highest id."""
        return tuple(self._outbox)

    def value(self, key: str, default: Any = None) -> Any:
        """The value to show: our own until the room has it, then the room's."""
        return self._view.value(key, default)

    def state(self, key: str) -> KeyState | None:
        """What the room holds for a key, whatever we show."""
        return self._view.state(key)

    def keys(self, prefix: str = "") -> list[str]:
        """The keys that have a value to show, sorted."""
        return self._view.keys(prefix)

    def outstanding(self, key: str) -> bool:
        """Whether a set of ours of this key is not acknowledged yet."""
        return self._view.outstanding(key)

    # The connection.

    def receive_opened(self, secret: str, create: str = "") -> list[Effect]:
        """A connection is open: say who we are. `secret` may be empty once we have a proof (S6)."""
        self._move(Happening.OPENED)
        self._greeted_as = self.identity
        hello = frames.Hello(
            frames.VERSION,
            self.identity.room,
            self.identity.instance,
            secret,
            name=self.identity.name,
            color=self.identity.color,
            kind=self.identity.kind,
            peer=self.peer,
            proof=self._proof,
            state=self._view.picture.position,
            log=self._transcript.position,
            create=create,
        )
        return [Transmit((hello,))]

    def receive(self, frame: frames.RelayFrame) -> list[Effect]:
        """Take one frame of the relay.

        Raises:
            FrameError: it cannot come now; close the connection.
        """
        if self.phase in (Phase.AWAY, Phase.ENDED) or isinstance(frame, frames.Proof | frames.Pong | frames.Ending):
            return []  # still in the pipe of a closed connection; or the shell's matter
        if self.phase is Phase.GREETING and not isinstance(frame, frames.Welcome):
            raise FrameError(closing.UNEXPECTED, f"{type(frame).__name__} before the welcome")
        return _RECEIVERS[type(frame)](self, frame)

    def receive_closed(self, code: int) -> list[Effect]:
        """The connection has ended, or could not be opened (any code outside the table)."""
        self._outbox.cut()
        self._transcript.cut()
        self._view.blobs.cut()
        if closing.next_step(code) in (NextStep.RETRY, NextStep.RETRY_SLOWLY):
            self._move(Happening.CUT)
            return []
        self._move(Happening.STOPPED)
        return [notes.Ended(ending_of(code))]

    # Pushes: shown or queued at once, sent when we are joined.

    def set(self, values: Mapping[str, Any]) -> list[Effect]:
        """Set keys together and show them at once; `DELETED` removes one.

        Sets that wait are joined, the newest value per key. More than 1000 keys are several pushes.

        Raises:
            TypeError, ValueError: a value cannot travel (M4); says why. Nothing has changed.
        """
        keys = list(values)
        parts = [{key: values[key] for key in keys[n : n + MOST_CHANGES]} for n in range(0, len(keys), MOST_CHANGES)]
        for part, packed in [(part, pack(part)) for part in parts]:
            self._view.put(self._queue_set(packed), part)
        return [*state_changed(keys), *self._flush()]

    def settle(self, settlements: Sequence[Settlement]) -> list[Effect]:
        """Decide about pending writes, as their owner."""
        packed, blobs = pack_settlements(settlements)
        self._view.blobs.offer(blobs)
        return self._push(lambda id: frames.Settle(id, packed))

    def declare(
        self,
        share: Share,
        values: Mapping[str, Any],
        blobs: Iterable[bytes] = (),
        restore: bool = True,
    ) -> list[Effect]:
        """Share a widget; `blobs` are the code and style that its models name."""
        packed = pack(values)
        self._view.blobs.offer({**packed.blobs, **{digest(data): data for data in blobs}})
        return self._push(lambda id: frames.Declare(id, share, packed.changes, restore))

    def unshare(self, name: str) -> list[Effect]:
        """Take a share away, as its owner."""
        return self._push(lambda id: frames.Unshare(id, name))

    def emit(  # noqa: PLR0913 - the frame has as many fields
        self, model: str, content: Any, buffers: Sequence[bytes] = (), to: str = "", trait: str = "", count: int = 0
    ) -> list[Effect]:
        """Send a model's message (E4). One that is too large is refused here, with id 0 (M5). Raises as `set` does."""
        if len(encode_portable(content)) + sum(len(buffer) for buffer in buffers) > limits.MAX_EMIT_BYTES:
            return _refused("too-large", f"A message holds at most {limits.MAX_EMIT_BYTES >> 10} KiB.")
        return self._push(lambda id: frames.Emit(id, model, content, tuple(buffers), to, trait, count))

    def post(self, body: Body) -> list[Effect]:
        """Add an entry to the log. One that it cannot hold is refused here, with id 0 (L4)."""
        if fault := fault_of(body):
            return _refused("invalid", fault)
        return self._push(lambda id: frames.Post(id, body))

    def grant(self, invitation: Invitation) -> list[Effect]:
        """Let people in."""
        return self._push(lambda id: frames.Grant(id, invitation))

    def revoke(self, invitation: str) -> list[Effect]:
        """Withdraw an invitation."""
        return self._push(lambda id: frames.Revoke(id, invitation))

    def stop(self) -> list[Effect]:
        """End the room for everybody."""
        return self._push(frames.Stop)

    # What is not kept: presence, pages, blobs.

    def present(
        self, about: Mapping[str, Any] | None = None, name: str | None = None, color: str | None = None
    ) -> list[Effect]:
        """Tell about ourselves, now or at the welcome; entries are merged, None removes one. Raises as `set` does."""
        encode_portable(about or {})
        self._about = merge_about(self._about, about or {})
        mine = self.identity
        wishes = (mine.name if name is None else name, mine.color if color is None else color)
        self.identity = fitted(dataclasses.replace(mine, name=wishes[0], color=wishes[1]))
        if self.phase is not Phase.JOINED:
            return []
        said = frames.Presence(dict(about or {}), name and self.identity.name, color and self.identity.color)
        moved = self._roster.move(Moved(self.peer, said.about, said.name, said.color))
        return [*([notes.PeopleChanged(moved=(self.peer,))] if moved else []), Transmit((said,))]

    def page_back(self, count: int = 50) -> list[Effect]:
        """Ask for older log entries; nothing happens when there are none or they are on their way."""
        if self.phase is not Phase.JOINED or (page := self._transcript.page_back(count)) is None:
            return []
        return [Transmit((page,))]

    def need_blob(self, sha256: str) -> list[Effect]:
        """Get bytes: `BlobArrived` at once or later, or `BlobMissing`."""
        return [*self._view.need_blob(sha256), *self._pull()]

    # Over a reload.

    def dump(self) -> Stored:
        """What `load` needs to go on as the same peer."""
        return Stored(
            self.identity.instance,
            self.peer,
            self._proof,
            self._outbox.last_id,
            self._outbox.tried,
            self.pushes,
            dict(self._view.blobs.offered),
        )

    def load(self, stored: Stored) -> None:
        """Go on where another life of this client was; before the first opening."""
        self.identity = dataclasses.replace(self.identity, instance=stored.instance)
        self.peer, self._proof = stored.peer, stored.proof
        self._view.blobs.offer(stored.blobs)
        self._outbox.restore(stored.last_id, stored.pushes, stored.tried)
        self._view.restore(stored.pushes)

    # Frames of the relay, by type.

    def _receive_welcome(self, welcome: frames.Welcome) -> list[Effect]:
        if self.phase is not Phase.GREETING:
            raise FrameError(closing.UNEXPECTED, "a second welcome")
        self._move(Happening.WELCOMED)
        renumbered, uncovered = self._resume(welcome)
        effects: list[Effect] = [
            notes.Welcomed(welcome.reset, welcome.missed, len(self._outbox), renumbered),
            self._roster.welcome(welcome.people),
            *uncovered,
        ]
        if welcome.acked > self._acked:
            effects.append(notes.Acked(welcome.acked))
        self._acked = welcome.acked
        if self._transcript.open(welcome.log.epoch):
            effects.append(notes.LogGrown((), reset=True))
        if self._view.welcome(welcome.state):
            self._last_event = 0
        effects += [*self._view.release(welcome.acked), *self._flush()]
        return effects + self._present_again() + self._pull()

    def _present_again(self) -> list[Effect]:
        # What the hello did not tell; somebody may have renamed themselves before the welcome came.
        mine, told = self.identity, self._greeted_as
        name = mine.name if mine.name != told.name else None
        color = mine.color if mine.color != told.color else None
        if not self._about and name is None and color is None:
            return []
        self._roster.move(Moved(self.peer, self._about, name, color))
        return [Transmit((frames.Presence(self._about, name, color),))]

    def _resume(self, welcome: frames.Welcome) -> tuple[dict[int, int], list[Effect]]:
        same_peer = welcome.peer == self.peer
        first = min((push.id for push in self._outbox), default=self._outbox.last_id + 1)
        renumbered = self._outbox.resume(welcome.acked, same_peer)
        uncovered: list[Effect] = []
        if same_peer:
            self._view.renumber(renumbered)
        else:
            self._acked = 0
            uncovered = self._view.begin_anew(first, renumbered)
        self._settle_blobs()
        self.peer, self._proof, self.role = welcome.peer, welcome.proof, welcome.role
        self.invitations = welcome.invitations
        return renumbered, uncovered

    def _receive_patch(self, patch: frames.Patch) -> list[Effect]:
        return [*self._view.receive_patch(patch), *self._pull()]

    def _receive_event(self, event: frames.Event) -> list[Effect]:
        if event.at <= self._last_event:
            return []
        self._last_event = event.at
        self._view.picture.pass_event(event.at)
        return [notes.EventReceived(event)]

    def _receive_said(self, said: frames.Said) -> list[Effect]:
        grown, page = self._transcript.receive(said)
        for entry in grown:
            if entry.by == self.peer:
                self._outbox.drop(entry.id)
        effects: list[Effect] = []
        if grown or said.reset:
            effects.append(notes.LogGrown(tuple(grown), said.reset))
        if page is not None:
            effects.append(Transmit((page,)))
        return effects

    def _receive_people(self, people: frames.People) -> list[Effect]:
        return [self._roster.receive(people)]

    def _receive_ack(self, ack: frames.Ack) -> list[Effect]:
        for push in self._outbox.acknowledge(ack.id):
            match push:
                case frames.Grant(invitation=granted):
                    others = [known for known in self.invitations if known.name != granted.name]
                    self.invitations = (*others, granted)
                case frames.Revoke(invitation=name):
                    self.invitations = tuple(known for known in self.invitations if known.name != name)
        self._settle_blobs()
        self._acked = max(self._acked, ack.id)
        return [*self._view.release(ack.id), notes.Acked(ack.id), *self._flush()]

    def _receive_refused(self, refused: frames.Refused) -> list[Effect]:
        self._outbox.drop(refused.id, refused.keys)
        self._settle_blobs()
        fallen = self._view.withdraw(refused.id, refused.keys)
        return [*fallen, notes.RefusedPush(refused), *self._flush()]

    def _receive_notice(self, notice: frames.Notice) -> list[Effect]:
        return [notes.NoticeReceived(notice)]

    def _receive_pull(self, pull: frames.Pull) -> list[Effect]:
        return [Transmit(self._view.blobs.receive_pull(pull))]

    def _receive_chunk(self, chunk: frames.Chunk) -> list[Effect]:
        return [*self._view.receive_chunk(chunk), *self._pull()]

    def _receive_absent(self, absent: frames.Absent) -> list[Effect]:
        return [*self._view.receive_absent(absent), *self._pull()]

    # Parts of the above.

    def _move(self, happening: Happening) -> None:
        try:
            self.phase = TRANSITIONS[self.phase, happening]
        except KeyError:
            raise AssertionError(f"{happening} while {self.phase}: the shell opens once and closes it first") from None

    def _push(self, make: Callable[[int], Push]) -> list[Effect]:
        self._outbox.add(make)
        return self._flush()

    def _queue_set(self, packed: Packed) -> int:
        self._view.blobs.offer(packed.blobs)
        if (merged := self._outbox.merge(packed.changes, packed.sizes)) is not None:
            self._settle_blobs()
            return merged
        return self._outbox.add(lambda id: frames.Set(id, packed.changes), packed.sizes)

    def _flush(self) -> list[Effect]:
        pushes = self._outbox.take() if self.phase is Phase.JOINED else ()
        return [Transmit(pushes)] if pushes else []

    def _pull(self) -> list[Effect]:
        pulls = self._view.pulls() if self.phase is Phase.JOINED else ()
        return [Transmit(pulls)] if pulls else []

    def _settle_blobs(self) -> None:
        if self._view.blobs.offered:
            self._view.blobs.settle(self._outbox.blobs())


_RECEIVERS: dict[type[frames.RelayFrame], Callable[[Replica, Any], list[Effect]]] = {
    frames.Welcome: Replica._receive_welcome,
    frames.Patch: Replica._receive_patch,
    frames.Event: Replica._receive_event,
    frames.Said: Replica._receive_said,
    frames.People: Replica._receive_people,
    frames.Ack: Replica._receive_ack,
    frames.Refused: Replica._receive_refused,
    frames.Notice: Replica._receive_notice,
    frames.Pull: Replica._receive_pull,
    frames.Chunk: Replica._receive_chunk,
    frames.Absent: Replica._receive_absent,
}


def _refused(slug: Refusal, text: str) -> list[Effect]:
    return [notes.RefusedPush(frames.Refused(0, slug, text))]
