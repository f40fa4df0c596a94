"""The client half of a room: what it shows, and what it still has to tell (pure).

The shell reports `receive_opened`, `receive` per frame and `receive_closed`; the application calls the
pushes. Each returns effects, to be run in order and before those of any later call: a push that overtakes
another is a duplicate (S3). `js/src/sync/replica.ts` is this machine too; `tests/wire/scenarios` hold both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cowidget.core import closing, frames, limits, notes
from cowidget.core.bodies import fault_of
from cowidget.core.closing import NextStep
from cowidget.core.frames import Push
from cowidget.core.identity import Identity, Stored
from cowidget.core.messages import Message
from cowidget.core.notes import Effect, Transmit
from cowidget.core.overlay import DELETED
from cowidget.core.packing import digest, pack, pack_settlements
from cowidget.core.phase import TRANSITIONS, Happening, Phase, ending_of
from cowidget.core.portable import encode_portable
from cowidget.core.pushes import Pushes
from cowidget.core.roster import Roster
from cowidget.core.standing import Standing
from cowidget.core.transcript import Transcript
from cowidget.core.values import (
    Body,
    Invitation,
    KeyState,
    LogEntry,
    Moved,
    Person,
    Refusal,
    Role,
    Settlement,
    Share,
    Trust,
)
from cowidget.core.view import View, state_changed
from cowidget.errors import FrameError

__all__ = ["DELETED", "Identity", "Phase", "Replica", "Stored"]


class Replica:
    """A room as one client has it. It goes through `away → greeting → joined` and back, for as long as it takes."""

    def __init__(self, identity: Identity) -> None:
        self.phase = Phase.AWAY
        self._standing = Standing(identity)
        self._view = View()
        self._pushes = Pushes(self._view)
        self._transcript = Transcript()
        self._roster = Roster()
        self._last_event = 0

    # What is known.

    @property
    def identity(self) -> Identity:
        """Who we are, as frames hold it."""
        return self._standing.identity

    @property
    def peer(self) -> str:
        """What the room calls us, from its first welcome on."""
        return self._standing.peer

    @property
    def role(self) -> Role | None:
        """What we may do, from the welcome on."""
        return self._standing.role

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """The room's invitations, if we are its owner."""
        return self._standing.invitations

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody here, by peer, ourselves included."""
        return self._roster.people

    @property
    def locked(self) -> bool:
        """Participants only look on, until a host unlocks the room (P10)."""
        return self._standing.locked

    @property
    def shares(self) -> Mapping[str, Share]:
        """The shared widgets by name."""
        return self._view.picture.shares

    @property
    def log(self) -> Sequence[LogEntry]:
        """The part of the log that is here: one run without gaps."""
        return self._transcript.entries

    @property
    def messages(self) -> Sequence[Message]:
        """Its texts and moments as they are after all acts, our own unacknowledged ones included."""
        return self._transcript.shown(self.peer, self._pushes.waiting)

    @property
    def log_older(self) -> bool:
        """Whether `page_back` would bring more."""
        return self._transcript.older

    @property
    def waiting(self) -> int:
        """Pushes that the room has not acknowledged."""
        return len(self._pushes)

    @property
    def pushes(self) -> tuple[Push, ...]:
        """These pushes, in order; the one made last has the highest id."""
        return self._pushes.waiting

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
        picture, transcript = self._view.picture, self._transcript
        return [Transmit((self._standing.hello(secret, picture.position, transcript.position, create),))]

    def receive(self, frame: frames.RelayFrame) -> list[Effect]:
        """Take one frame of the relay.

        Raises:
            FrameError: it cannot come now; close the connection.
        """
        if self.phase in (Phase.AWAY, Phase.ENDED) or isinstance(frame, _SHELLS):
            return []  # still in the pipe of a closed connection; or the shell's matter
        if self.phase is Phase.GREETING and not isinstance(frame, frames.Welcome):
            raise FrameError(closing.UNEXPECTED, f"{type(frame).__name__} before the welcome")
        return _RECEIVERS[type(frame)](self, frame)

    def receive_closed(self, code: int) -> list[Effect]:
        """The connection has ended, or could not be opened (any code outside the table)."""
        self._pushes.cut()
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
        self._pushes.set(values)
        return [*state_changed(values), *self._flush()]

    def settle(self, settlements: Sequence[Settlement]) -> list[Effect]:
        """Decide about pending writes, as their owner."""
        packed, blobs = pack_settlements(settlements)
        return self._push(lambda id: frames.Settle(id, packed), blobs)

    def declare(
        self,
        share: Share,
        values: Mapping[str, Any],
        blobs: Iterable[bytes] = (),
        restore: bool = True,
    ) -> list[Effect]:
        """Share a widget; `blobs` are the code and style that its models name."""
        packed = pack(values)
        offered = {**packed.blobs, **{digest(data): data for data in blobs}}
        return self._push(lambda id: frames.Declare(id, share, packed.changes, restore), offered)

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
        """Add an entry to the log. One that it cannot hold is refused here, with id 0 (L4, L6)."""
        if fault := fault_of(body):
            return _refused("invalid", fault)
        return [*self._transcript.changed([body]), *self._push(lambda id: frames.Post(id, body))]

    def grant(self, invitation: Invitation) -> list[Effect]:
        """Let people in."""
        return self._push(lambda id: frames.Grant(id, invitation))

    def revoke(self, invitation: str) -> list[Effect]:
        """Withdraw an invitation."""
        return self._push(lambda id: frames.Revoke(id, invitation))

    def stop(self) -> list[Effect]:
        """End the room for everybody."""
        return self._push(frames.Stop)

    def lock(self, *, on: bool) -> list[Effect]:
        """Lock or unlock the room, as its host."""
        return self._push(lambda id: frames.Lock(id, on))

    def remove(self, peer: str) -> list[Effect]:
        """Send somebody away, as a host."""
        return self._push(lambda id: frames.Remove(id, peer))

    def entrust(self, peer: str, role: Trust) -> list[Effect]:
        """Give somebody another role, as a host."""
        return self._push(lambda id: frames.Entrust(id, peer, role))

    # What is not kept: presence, pages, blobs.

    def present(
        self, about: Mapping[str, Any] | None = None, name: str | None = None, color: str | None = None
    ) -> list[Effect]:
        """Tell about ourselves, now or at the welcome; entries are merged, None removes one. Raises as `set` does."""
        said = self._standing.present(about or {}, name, color)
        if self.phase is not Phase.JOINED:
            return []
        moved = self._roster.move(Moved(self.peer, said.about, said.name, said.color))
        return [*([notes.PeopleChanged(moved=(self.peer,))] if moved else []), Transmit((said,))]

    def page_back(self, count: int = 50) -> list[Effect]:
        """Ask for older log entries; nothing happens when there are none or they are on their way."""
        if self.phase is not Phase.JOINED or (page := self._transcript.page_back(count)) is None:
            return []
        return [Transmit((page,))]

    def search(self, query: str, before: int | None = None, count: int = 20) -> list[Effect]:
        """Ask for messages that hold these words; `SearchAnswered` later. Nothing happens while we are away."""
        search = frames.Search(query, before, count)
        return [Transmit((search,))] if self.phase is Phase.JOINED else []

    def need_blob(self, sha256: str) -> list[Effect]:
        """Get bytes: `BlobArrived` at once or later, or `BlobMissing`."""
        return [*self._view.need_blob(sha256), *self._pull()]

    # Over a reload.

    def dump(self) -> Stored:
        """What `load` needs to go on as the same peer."""
        mine, pushes = self._standing, self._pushes
        offered = dict(self._view.blobs.offered)
        waiting = (pushes.last_id, pushes.tried, pushes.waiting)
        return Stored(mine.identity.instance, mine.peer, mine.proof, *waiting, offered)

    def load(self, stored: Stored) -> None:
        """Go on where another life of this client was; before the first opening."""
        self._standing.restore(stored)
        self._pushes.restore(stored)

    # Frames of the relay, by type.

    def _receive_welcome(self, welcome: frames.Welcome) -> list[Effect]:
        if self.phase is not Phase.GREETING:
            raise FrameError(closing.UNEXPECTED, "a second welcome")
        self._move(Happening.WELCOMED)
        locked = self._standing.receive_room(welcome)
        same_peer = self._standing.welcome(welcome)
        renumbered, resumed = self._pushes.resume(welcome.acked, same_peer)
        effects: list[Effect] = [
            notes.Welcomed(welcome.reset, welcome.missed, len(self._pushes), renumbered),
            self._roster.welcome(welcome.people),
            *locked,
            *resumed,
        ]
        if self._transcript.open(welcome.log.epoch):
            effects.append(notes.LogGrown((), reset=True))
        if self._view.welcome(welcome.state):
            self._last_event = 0
        effects += [*self._view.release(welcome.acked), *self._flush()]
        if (presence := self._standing.presence) is not None:
            self._roster.move(Moved(self.peer, presence.about, presence.name, presence.color))
            effects.append(Transmit((presence,)))
        return effects + self._pull()

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
                self._pushes.forget(entry.id)
        effects: list[Effect] = []
        if grown or said.reset:
            effects.append(notes.LogGrown(tuple(grown), said.reset))
        if not said.reset:
            effects += self._transcript.changed(entry.body for entry in grown)
        if page is not None:
            effects.append(Transmit((page,)))
        return effects

    def _receive_found(self, found: frames.Found) -> list[Effect]:
        return [notes.SearchAnswered(found)]

    def _receive_people(self, people: frames.People) -> list[Effect]:
        return [self._roster.receive(people)]

    def _receive_ack(self, ack: frames.Ack) -> list[Effect]:
        self._standing.acknowledge(self._pushes.acknowledge(ack.id))
        return [*self._view.release(ack.id), notes.Acked(ack.id), *self._flush()]

    def _receive_refused(self, refused: frames.Refused) -> list[Effect]:
        posted = [push.body for push in self._pushes.waiting if push.id == refused.id and isinstance(push, frames.Post)]
        fallen = self._pushes.refuse(refused)
        return [*fallen, *self._transcript.changed(posted), notes.RefusedPush(refused), *self._flush()]

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

    def _push(self, make: Callable[[int], Push], blobs: Mapping[str, bytes] | None = None) -> list[Effect]:
        self._pushes.add(make, blobs)
        return self._flush()

    def _flush(self) -> list[Effect]:
        pushes = self._pushes.take() if self.phase is Phase.JOINED else ()
        return [Transmit(pushes)] if pushes else []

    def _pull(self) -> list[Effect]:
        pulls = self._view.pulls() if self.phase is Phase.JOINED else ()
        return [Transmit(pulls)] if pulls else []


# What the shell takes care of.
_SHELLS = (frames.Proof, frames.Pong, frames.Ending, frames.Uploaded, frames.Declined, frames.Pass)

_RECEIVERS: dict[type[frames.RelayFrame], Callable[[Replica, Any], list[Effect]]] = {
    frames.Welcome: Replica._receive_welcome,
    frames.Patch: Replica._receive_patch,
    frames.Event: Replica._receive_event,
    frames.Said: Replica._receive_said,
    frames.Found: Replica._receive_found,
    frames.People: Replica._receive_people,
    frames.Room: lambda replica, room: replica._standing.receive_room(room),
    frames.Ack: Replica._receive_ack,
    frames.Refused: Replica._receive_refused,
    frames.Notice: Replica._receive_notice,
    frames.Pull: Replica._receive_pull,
    frames.Chunk: Replica._receive_chunk,
    frames.Absent: Replica._receive_absent,
}


def _refused(slug: Refusal, text: str) -> list[Effect]:
    return [notes.RefusedPush(frames.Refused(0, slug, text))]
